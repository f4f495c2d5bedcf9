import os
import resource
import stat
import struct
import subprocess
import sys
import zipfile
import zlib

import pytest

from coursekit.autograde.lms_names import read_name
from coursekit.autograde.lms_zip import ZipLimits, directory_size, opened
from coursekit.errors import BadData, SubmissionFailed

CANVAS = "doeann_34_568_tiny.ipynb"


def make_zip(path, members, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", method) as zipped:
        for name, content in members:
            zipped.writestr(name, content)
    return path


def statuses(source, **limits):
    """Return path -> the bytes, or the status and reason with which it is refused."""
    found = {}
    with opened(source, ZipLimits(**limits)) as members:
        for member in members:
            try:
                found[member.path] = member.read()
            except SubmissionFailed as failure:
                found[member.path] = failure.status, failure.reason
    return found


@pytest.mark.parametrize(
    ("path", "lms", "number", "late", "original"),
    [
        ("doeann_34_568_tiny.ipynb", "Canvas", "34", False, "tiny.ipynb"),
        ("doeann_LATE_34_568_tiny-1.ipynb", "Canvas", "34", True, "tiny-1.ipynb"),
        ("anon_x7Ab_568_tiny.ipynb", "Canvas", "anon_x7Ab", False, "tiny.ipynb"),
        ("LATE_anon_x7_568_tiny.ipynb", "Canvas", "anon_x7", True, "tiny.ipynb"),
        ("doeann_34_568_99_100_x.ipynb", "Canvas", "34", False, "99_100_x.ipynb"),
        ("submissions/doeann_34_568_t.ipynb", "Canvas", "34", False, "t.ipynb"),
        ("Ann_7_assignsubmission_file_/a/t.ipynb", "Moodle", "7", False, "t.ipynb"),
        ("Ann_7_assignsubmission_file/t.ipynb", "Moodle", "7", False, "t.ipynb"),
        ("Ann_7_assignsubmission_file_my_t.ipynb", "Moodle", "7", False, "my_t.ipynb"),
        ("x/Ann_7_assignsubmission_file_/t.ipynb", "Moodle", "7", False, "t.ipynb"),
        (
            "Ann_7_assignsubmission_file_/Bob_8_assignsubmission_file_/34_5_6_t.ipynb",
            *("Moodle", "7", False, "34_5_6_t.ipynb"),
        ),
    ],
)
def test_a_name_says_who_sent_it_whatever_the_student_called_it(
    path, lms, number, late, original
):
    says = read_name(path)
    assert (says.sender.lms, says.sender.number) == (lms, number)
    assert (says.is_late, says.original) == (late, original)


@pytest.mark.parametrize("path", ["tiny.ipynb", "2024_01_notes.ipynb", "", "a/b"])
def test_other_names_say_nothing(path):
    assert read_name(path) is None


@pytest.mark.parametrize(
    ("original", "stem"),
    [("tiny.ipynb", "tiny"), ("tiny-12.ipynb", "tiny"), ("tiny (1).ipynb", "tiny")],
)
def test_a_second_file_of_a_name_is_known(original, stem):
    assert read_name(f"doeann_34_568_{original}").stem == stem


@pytest.mark.parametrize(
    "name", ["../x", "a/../x", "/etc/x", "C:/x", "C:x", "a\\x", "\\\\host\\x", "a//x"]
)
def test_a_name_that_leads_elsewhere_is_refused_and_nothing_is_written(tmp_path, name):
    source = make_zip(tmp_path / "all.zip", [(name, b"{}"), (CANVAS, b"fine")])
    before = set(tmp_path.rglob("*"))
    found = statuses(source)
    assert found[CANVAS] == b"fine"
    assert found[name] == ("unreadable", "Its name in the zip leads out of it.")
    assert set(tmp_path.rglob("*")) == before


def test_a_link_in_the_zip_is_refused(tmp_path):
    link = zipfile.ZipInfo(CANVAS)
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    source = make_zip(tmp_path / "all.zip", [(link, b"/etc/shadow")])
    assert statuses(source)[CANVAS][0] == "not-a-regular-file"


def test_an_encrypted_member_is_refused(tmp_path):
    source = make_zip(tmp_path / "all.zip", [(CANVAS, b"{}")])
    content = bytearray(source.read_bytes())
    for signature, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        content[content.index(signature) + place] |= 1
    source.write_bytes(content)
    assert statuses(source)[CANVAS] == ("unreadable", "It is encrypted.")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_python_unpacks_in_one_go_is_refused(tmp_path, method):
    source = make_zip(tmp_path / "all.zip", [(CANVAS, bytes(10**7))], method)
    assert statuses(source)[CANVAS] == ("unreadable", "It is packed in an unusual way.")


def test_a_bomb_is_told_by_what_it_says(tmp_path):
    members = [(CANVAS, bytes(40 * 10**6)), ("roebob_35_569_x.ipynb", bytes(10**8))]
    found = statuses(make_zip(tmp_path / "all.zip", members))
    assert "more than 200-fold" in found[CANVAS][1]
    assert "100 MB; at most 50 MB" in found["roebob_35_569_x.ipynb"][1]
    assert {status for status, _ in found.values()} == {"too-large"}


def test_a_bomb_that_lies_about_its_size_fills_no_memory(tmp_path):
    """3 GB of zeros said to be 10 bytes, read by a process that may take 1 GB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = b"".join(packer.compress(bytes(10**6)) for _ in range(3000))
    packed += packer.flush()
    source = make_zip(tmp_path / "all.zip", [(CANVAS, b"")], zipfile.ZIP_STORED)
    with zipfile.ZipFile(source) as zipped:
        start = zipped.start_dir
    content = source.read_bytes()
    head, directory = bytearray(content[:start]), bytearray(content[start:])
    struct.pack_into("<H", head, 8, zipfile.ZIP_DEFLATED)
    struct.pack_into("<LL", head, 18, len(packed), 10)
    struct.pack_into("<H", directory, 10, zipfile.ZIP_DEFLATED)
    struct.pack_into("<LL", directory, 20, len(packed), 10)
    end = directory.index(b"PK\5\6")
    struct.pack_into("<L", directory, end + 16, len(head) + len(packed))
    source.write_bytes(bytes(head) + packed + bytes(directory))
    script = (
        "import sys; from coursekit.autograde.lms_zip import opened\n"
        "from coursekit.errors import SubmissionFailed\n"
        "with opened(sys.argv[1]) as [member]:\n"
        "    try: print(len(member.read()))\n"
        "    except SubmissionFailed as failure: print(failure.status)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, source],
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (10**9, 10**9)),
    )
    assert done.stdout == "unreadable\n", done.stderr


def test_a_damaged_member_harms_no_other(tmp_path):
    source = make_zip(tmp_path / "all.zip", [(CANVAS, os.urandom(999)), ("b", b"fine")])
    content = bytearray(source.read_bytes())
    content[40 + len(CANVAS) : 50 + len(CANVAS)] = b"\xff" * 10
    source.write_bytes(content)
    found = statuses(source)
    assert found["b"] == b"fine"
    assert found[CANVAS][0] == "unreadable"


def test_too_many_members_are_refused_as_a_whole(tmp_path):
    source = make_zip(tmp_path / "all.zip", [(str(n), b"") for n in range(30)])
    with pytest.raises(BadData, match="more than 29 files"):
        statuses(source, members=29)
    assert len(statuses(source, members=30)) == 30


def test_a_long_list_of_members_is_refused_before_it_is_read(tmp_path, monkeypatch):
    source = make_zip(tmp_path / "all.zip", [(str(n), b"") for n in range(30)])
    with open(source, "rb") as file, zipfile.ZipFile(source) as zipped:
        end = source.read_bytes().index(b"PK\5\6")
        assert directory_size(file) == end - zipped.start_dir
    monkeypatch.setattr(zipfile, "ZipFile", None)
    with pytest.raises(BadData, match="files: that is no download"):
        statuses(source, directory_mb=0.0001)


def test_so_is_that_of_a_zip_in_the_large_format(tmp_path, monkeypatch):
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 5)
    source = make_zip(tmp_path / "all.zip", [(str(n), b"") for n in range(30)])
    assert b"PK\6\6" in source.read_bytes()
    with open(source, "rb") as file:
        size = directory_size(file)
    assert size == source.read_bytes().index(b"PK\6\6") - source.read_bytes().index(
        b"PK\1\2"
    )
    assert len(statuses(source)) == 30


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\5\6", b"PK\5\6" + bytes(17)])
def test_what_is_no_zip_is_an_error_that_says_so(tmp_path, content):
    (tmp_path / "all.zip").write_bytes(content)
    with pytest.raises(BadData, match="is not a zip"):
        statuses(tmp_path / "all.zip")


def test_names_in_any_encoding_can_be_read(tmp_path):
    source = make_zip(tmp_path / "all.zip", [("Zoë_7_assignsubmission_file_/t", b"")])
    content = bytearray(source.read_bytes())
    for signature, place in ((b"PK\3\4", 7), (b"PK\1\2", 9)):
        content[content.index(signature) + place] &= ~0x08
    source.write_bytes(content)
    [path] = statuses(source)
    assert path == "Zoë_7_assignsubmission_file_/t"
    content = bytes(content).replace("Zoë".encode(), b"Zo\xff\xff")
    source.write_bytes(content)
    [path] = statuses(source)
    path.encode()


def test_a_folder_is_read_as_the_zip_is_and_links_in_it_are_not_followed(tmp_path):
    folder = tmp_path / "download"
    (folder / "Ann_7_assignsubmission_file_").mkdir(parents=True)
    (folder / "Ann_7_assignsubmission_file_/t.ipynb").write_text("fine")
    (folder / "link.ipynb").symlink_to("/dev/zero")
    (folder / "up").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe.ipynb")
    (folder / ".DS_Store").write_text("")
    found = statuses(folder)
    assert found.pop("Ann_7_assignsubmission_file_/t.ipynb") == b"fine"
    assert set(found) == {"link.ipynb", "up", "pipe.ipynb"}
    assert {status for status, _ in found.values()} == {"not-a-regular-file"}
