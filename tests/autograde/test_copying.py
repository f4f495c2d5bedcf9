import os
import socket
import time
from datetime import UTC, datetime

import pytest

from coursekit.autograde import copying
from coursekit.autograde.copying import FolderLimits, Walk
from coursekit.errors import SubmissionFailed

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can change owners")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "in/src").mkdir(parents=True)
    (tmp_path / "in/a1.ipynb").write_text("{}")
    (tmp_path / "in/src/model.py").write_text("risk = 1")
    (tmp_path / "out").mkdir()
    return tmp_path / "in"


def copied(folder, **limits):
    walk = Walk(FolderLimits(**limits), folder.with_name("out"))
    walk.through(folder)
    return walk


def names(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_files_and_folders_arrive_as_they_are(folder):
    copied(folder)
    out = folder.with_name("out")
    assert names(out) == names(folder)
    assert (out / "src/model.py").read_text() == "risk = 1"


def test_links_pipes_sockets_and_devices_are_left_out_and_named(folder, tmp_path):
    (tmp_path / "secret.txt").write_text("the labels")
    (folder / "secret").symlink_to(tmp_path / "secret.txt")
    (folder / "zero").symlink_to("/dev/zero")
    (folder / "up").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe")
    here = socket.socket(socket.AF_UNIX)
    here.bind(str(folder / "line"))
    here.close()
    walk = copied(folder)
    kinds = ["line (a socket)", "pipe (a pipe)", "secret (a link)", "up (a link)"]
    assert walk.left_out_words.split(", ") == [*kinds, "zero (a link)"]
    assert names(folder.with_name("out")) == ["a1.ipynb", "src", "src/model.py"]


def test_a_folder_that_is_a_link_is_refused(folder, tmp_path):
    (tmp_path / "link").symlink_to(folder)
    with pytest.raises(SubmissionFailed, match="is a link or a file") as failed:
        Walk(FolderLimits()).through(tmp_path / "link")
    assert failed.value.status == "not-a-regular-file"


def test_a_link_put_in_the_place_of_a_file_after_the_look_is_not_followed(
    folder, tmp_path, monkeypatch
):
    (tmp_path / "secret.txt").write_text("the labels")
    stat = os.stat

    def swap(name, **more):
        kind = stat(name, **more)
        if name == "a1.ipynb":
            (folder / name).unlink()
            (folder / name).symlink_to(tmp_path / "secret.txt")
        return kind

    monkeypatch.setattr(copying.os, "stat", swap)
    with pytest.raises(SubmissionFailed) as failed:
        copied(folder)
    assert failed.value.status == "unreadable"
    assert not (tmp_path / "out/a1.ipynb").exists()


def test_a_link_put_in_the_place_of_a_folder_is_not_followed(
    folder, tmp_path, monkeypatch
):
    (tmp_path / "course").mkdir()
    (tmp_path / "course/labels.csv").write_text("1")
    stat = os.stat

    def swap(name, **more):
        kind = stat(name, **more)
        if name == "src":
            (folder / name).rename(tmp_path / "elsewhere")
            (folder / name).symlink_to(tmp_path / "course")
        return kind

    monkeypatch.setattr(copying.os, "stat", swap)
    with pytest.raises(SubmissionFailed):
        copied(folder)
    assert "src/labels.csv" not in names(tmp_path / "out")


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"file_mb": 1}, "big.bin has 200 MB; at most 1 MB are taken"),
        ({"file_mb": 500, "total_mb": 150}, "more than 150 MB in all"),
    ],
)
def test_what_is_too_much_is_refused_before_it_is_written(folder, limits, words):
    with open(folder / "big.bin", "wb") as sparse:
        sparse.truncate(200_000_000)
    start = time.monotonic()
    with pytest.raises(SubmissionFailed, match=words) as failed:
        copied(folder, **limits)
    assert failed.value.status == "too-large"
    assert not (folder.with_name("out") / "big.bin").exists()
    assert time.monotonic() - start < 5


@pytest.mark.parametrize(
    ("limits", "words"),
    [({"files": 3}, "more than 3 files"), ({"depth": 1}, "more than 1 deep")],
)
def test_so_is_a_folder_of_many_files_or_deep_ones(folder, limits, words):
    for number in range(3):
        (folder / f"src/{number}").mkdir()
    with pytest.raises(SubmissionFailed, match=words) as failed:
        copied(folder, **limits)
    assert failed.value.status == "too-large"


def test_a_file_that_grows_while_it_is_read_is_refused(folder, monkeypatch):
    read = os.read

    def growing(file, size):
        if (folder / "a1.ipynb").stat().st_size < 100:
            with open(folder / "a1.ipynb", "a") as mine:
                mine.write("more")
        return read(file, size)

    monkeypatch.setattr(copying.os, "read", growing)
    with pytest.raises(SubmissionFailed, match="changed while it was read"):
        copied(folder)


def test_the_time_of_receipt_is_the_file_systems_whatever_the_owner_sets(folder):
    before = datetime.now(UTC).replace(tzinfo=None)
    for path in (folder / "a1.ipynb", folder / "src", folder):
        os.utime(path, (0, 0))
    (folder / "timestamp.txt").write_text("1999-01-01 00:00:00 UTC")
    walk = copied(folder)
    assert abs((walk.received - before).total_seconds()) < 60
    assert walk.claim == "1999-01-01 00:00:00 UTC"
    assert "timestamp.txt" not in names(folder.with_name("out"))


def test_a_later_change_of_any_file_makes_the_receipt_later(folder):
    first = copied(folder).received
    time.sleep(0.05)
    (folder / "src/model.py").write_text("risk = 0")
    os.utime(folder / "src/model.py", (0, 0))
    looking = Walk(FolderLimits())
    looking.through(folder)
    assert looking.received > first


def test_ignored_names_are_passed_over(folder):
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / ".ipynb_checkpoints/a1.ipynb").write_text("{}")
    (folder / "notes.txt").write_text("")
    copied(folder, ignore=(".ipynb_*",), include=("*.ipynb",))
    assert names(folder.with_name("out")) == ["a1.ipynb", "src"]


@needs_root
def test_a_file_of_somebody_else_is_left_out(folder):
    os.link(__file__, folder / "a-hard-link.py")
    for path in (folder, folder / "src", folder / "a1.ipynb", folder / "src/model.py"):
        os.chown(path, 12345, 12345)
    walk = copied(folder)
    assert walk.left_out == {"a-hard-link.py": "somebody else's"}
    assert walk.owner == 12345
