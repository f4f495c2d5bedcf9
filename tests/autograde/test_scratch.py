import os
import subprocess
import sys
import tempfile

import pytest

from coursekit.autograde import scratch as scratches
from coursekit.autograde.scratch import left_over, remove, scratch, sweep

KILLED = """
import os, signal
from coursekit.autograde.scratch import scratch

with scratch() as folder:
    (folder / "box").mkdir(mode=0)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Where temporary folders go; none is too young to be swept."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(scratches, "YOUNG_SECONDS", 0)
    return tmp_path


def killed(place):
    run = [sys.executable, "-c", KILLED]
    subprocess.run(run, env=os.environ | {"TMPDIR": str(place)}, check=False)
    [folder] = place.iterdir()
    return folder


def test_the_folder_of_a_killed_run_is_swept_and_that_of_a_living_one_stays(place):
    folder = killed(place)
    with scratch() as mine:
        assert left_over() == [folder]
        sweep()
        assert list(place.iterdir()) == [mine]
    assert not mine.exists()


def test_a_young_folder_may_not_be_locked_yet_and_stays(place, monkeypatch):
    folder = killed(place)
    monkeypatch.setattr(scratches, "YOUNG_SECONDS", 10)
    sweep()
    assert folder.exists()


def test_a_link_of_that_name_is_not_followed(place, tmp_path_factory):
    thesis = tmp_path_factory.mktemp("thesis")
    (thesis / "thesis.tex").write_text("years of work")
    (place / "coursekit-run-x").symlink_to(thesis)
    sweep()
    remove(place / "coursekit-run-x")
    assert (thesis / "thesis.tex").exists()
    assert not list(place.iterdir())
