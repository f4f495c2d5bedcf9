"""Notebooks that are really run, each in a kernel of its own."""

import dataclasses
import io
import os
import shutil
import subprocess
import sys

import pytest
import typer
from nbformat.v4 import new_code_cell
from rich.console import Console

from coursekit.checking import check_notebook, checking
from coursekit.checking.failing import failures
from coursekit.checking.notebook import read_notebook
from coursekit.checking.running import Ran, run
from coursekit.checking.showing import as_page, show
from coursekit.cli.check import check
from coursekit.datasets.storage import read_cohort
from coursekit.grading import handin
from coursekit.grading.local import local_check

# What a Windows machine lacks is taken away before anything of ours is imported; the
# libraries go by the name of the system, so they are loaded before.
WINDOWS = """
import os, sys
import IPython, nbclient, nbgrader, pandas, rich, sklearn, typer
for name in ("fcntl", "resource", "pwd", "grp", "termios"):
    sys.modules[name] = None
for name in ("fork", "getuid", "geteuid", "O_NOFOLLOW", "sched_getaffinity"):
    delattr(os, name)
from coursekit.cli import main
main()
"""


def printed(checked, width=100):
    console = Console(width=width, record=True, file=io.StringIO())
    show(checked, console)
    return console.export_text()


@pytest.fixture(scope="module")
def good(released):
    return check_notebook(released / "tiny.ipynb", sandbox="none")


def test_the_check_is_the_one_that_the_notebook_shows(good, released, lock):
    class Sickness:
        def predict_proba(self, X):
            import numpy as np

            risk = X["prior_admissions_12m"].fillna(0).clip(0, 9) / 10
            return np.column_stack([1 - risk, risk])

    answers = {
        "model": handin.risk_function(Sickness()),
        "decide": lambda X: (Sickness().predict_proba(X)[:, 1] > 0.1).astype(int),
    }
    cohort = read_cohort(released / "data", "check")
    assert repr(good.check) == repr(local_check(lock, cohort, answers))


def test_a_good_notebook_is_shown_with_its_points_and_where_it_was_run(good):
    assert good.is_well
    text = printed(good)
    assert "Ranking" in text
    assert "of 50 points" in text
    assert "A person gives up to 10 more" in text
    assert "not in a sandbox" in text
    page = as_page(good)
    assert "<table>" in page
    assert "default-src 'none'" in page


def several(notebook):
    """Let a notebook download and import a helper; then hand in."""
    for number, source in enumerate(
        [
            "import urllib.request\nurllib.request.urlopen('http://example.org')",
            "import my_helpers",
        ]
    ):
        notebook.cells.insert(1, new_code_cell(source, id=f"accident-{number}"))


@pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is missing")
def test_accidents_are_named_and_the_rest_still_runs(released, student, tmp_path):
    folder = tmp_path / "given"
    shutil.copytree(released, folder)
    (folder / "my_helpers.py").write_text("")
    shutil.move(student(several, "accidents"), folder / "mine.ipynb")
    checked = check_notebook(folder / "mine.ipynb")
    codes = {each.code for each in checked.accidents if each.grave}
    assert codes == {"OFFLINE", "NO-MODULE"}
    assert checked.sandbox == "bubblewrap"
    assert checked.check is not None
    assert not checked.is_well
    assert "&lt;urlopen error" in as_page(checked)


def test_a_cell_that_takes_too_long_is_interrupted_and_named(student, lock):
    def wait(notebook):
        source = "import time\ntime.sleep(60)"
        notebook.cells = [new_code_cell(source, id="wait")]

    path = student(wait)
    hasty = dataclasses.replace(lock, limits={"seconds_per_cell": 1})
    ran = run(read_notebook(path), path.parent, hasty, "none")
    [found] = failures(ran, hasty)
    assert found.code == "TOO-LONG"
    assert "Cell 1 (import time) took longer than the 1 s" in found.says


def test_a_submit_that_is_never_reached_is_named(student, monkeypatch):
    monkeypatch.setattr(checking, "run", lambda notebook, *_: Ran(notebook))
    checked = check_notebook(student())
    assert [each.code for each in checked.accidents] == ["NO-SUBMIT"]
    assert "there are no points to tell" in printed(checked)


@pytest.mark.parametrize(("is_well", "code"), [(True, 0), (False, 1)])
def test_the_exit_code_tells_whether_anything_is_to_be_mended(
    good, monkeypatch, tmp_path, is_well, code
):
    shown = good if is_well else dataclasses.replace(good, check=None)
    monkeypatch.setattr("coursekit.checking.check_notebook", lambda *_: shown)
    with pytest.raises(typer.Exit) as ended:
        check(tmp_path / "mine.ipynb", html=tmp_path / "page.html")
    assert ended.value.exit_code == code
    assert (tmp_path / "page.html").read_text("utf-8").startswith("<!DOCTYPE html>")


def test_a_machine_without_what_only_linux_has_checks_too_in_any_locale(student):
    def with_an_umlaut(notebook):
        notebook.cells[2].source += "\nprint('größer')"
        several(notebook)

    path = student(with_an_umlaut, name="my notebook")
    plain = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C"}
    # No bubblewrap is found there.
    done = subprocess.run(
        [sys.executable, "-c", WINDOWS, "check", path, "--html", f"{path}.html"],
        env={**os.environ, **plain, "PYTHONIOENCODING": "cp1252", "PATH": ""},
        capture_output=True,
    )
    assert done.returncode == 1, done.stderr.decode("cp1252")
    shown = done.stdout.decode("cp1252")
    assert "not in a sandbox" in shown
    assert shown.count("Mend, ") == 2
    assert "There is no internet when this is graded" in shown
    assert "Cell 2 (import my_helpers) imports my_helpers" in shown
    assert "Ranking" in path.with_name(f"{path.name}.html").read_text("utf-8")
