import os
from pathlib import Path

from coursekit.autograde.quarantine import kept_as, move
from coursekit.autograde.submission import readable


def test_a_long_path_is_kept_under_a_name_that_a_file_system_takes(tmp_path):
    deep = Path("a" * 200, "b" * 200, "notes.txt")
    kept = kept_as("readmission", deep)
    assert kept != kept_as("readmission", deep.with_name("other.txt"))
    (tmp_path / "notes.txt").write_text("mine")
    move(tmp_path / "notes.txt", tmp_path / kept)
    assert (tmp_path / kept).read_text() == "mine"


def test_a_name_that_is_no_text_can_be_printed_and_stored():
    name = readable(os.fsdecode(b"notes\xff.txt"))
    assert name.encode("utf-8").endswith(b".txt")
