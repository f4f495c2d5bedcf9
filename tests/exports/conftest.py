"""A class of every kind: whole, open, failed, absent."""

from pathlib import Path

import pytest
from marked_course import MarkedCourse

from coursekit.exports import export

NAMES = ("Ann", "Doe"), ("Bob", "Roe"), ("Cid", "Coe"), ("Dan", "Dow"), ("Eve", "Eve")
GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture(scope="session")
def whole_class(marked_template, tmp_path_factory):
    """Ann has 53 of 65, Bob 56.335; Cid has an open question, Dan failed; no Eve."""
    marked = MarkedCourse(marked_template, tmp_path_factory.mktemp("class") / "course")
    for number, (first, last) in enumerate(NAMES, 701):
        student = first.lower()
        names = {"first_name": first, "last_name": last}
        marked.list(student, email=f"{student}@uni.edu", **names)
        if student != "eve":
            sent = f"{first} {last}_{number}_assignsubmission_file_/tiny.ipynb"
            marked.receive(student, came_as=(sent,))
    marked.graded("ann")
    marked.graded("bob", accuracy=33.335)
    marked.graded("cid", manual=None)
    marked.failed("dan")
    return marked.folder


@pytest.fixture
def class_of_five(whole_class, tmp_path):
    """A fresh copy of the class."""
    return MarkedCourse(whole_class, tmp_path / "course")


@pytest.fixture
def exported(class_of_five, tmp_path):
    """A function that exports the class: returns (Exported, bytes written or None)."""

    def run(to, template=None, output=None, **more):
        if isinstance(template, str):
            template = GOLDEN / template
        path = output or tmp_path / "out.csv"
        done = export(
            class_of_five.folder, "tiny", to, template=template, output=path, **more
        )
        return done, path.read_bytes() if path.is_file() else None

    return run


@pytest.fixture
def edited(tmp_path):
    """A function that makes a template by changing a golden one."""

    def make(name, *changes):
        text = (GOLDEN / name).read_bytes().decode("utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "template.csv"
        path.write_bytes(text.encode("utf-8"))
        return path

    return make
