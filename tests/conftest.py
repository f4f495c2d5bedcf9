from pathlib import Path

import pytest

from coursekit.grading.assignment import find_assignment
from coursekit.grading.certificate import rehearse

LONGEST = ("test_labs.py", "test_kill.py", "test_assignments.py")


@pytest.fixture(scope="session")
def readmission():
    return find_assignment("readmission")


@pytest.fixture(scope="session")
def rehearsed(readmission):
    """One drawn course with every archetype graded (about 10 s)."""
    return rehearse(readmission, "tests")


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    """The small course as it is laid out, nobody in it."""
    from small_course import lay_out

    return lay_out(tmp_path_factory.mktemp("courses") / "template")


@pytest.fixture(scope="session")
def marked_template(tmp_path_factory):
    """A course whose marks are made up, nobody in it."""
    from marked_course import lay_out_marked

    return lay_out_marked(tmp_path_factory.mktemp("marked") / "template")


@pytest.fixture
def marked(marked_template, tmp_path):
    """A fresh copy of it."""
    from marked_course import MarkedCourse

    return MarkedCourse(marked_template, tmp_path / "marked")


def pytest_collection_modifyitems(items):
    """Begin with the files that take longest, so that none is left alone at the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    whole = {item.path for item in items if item.get_closest_marker("e2e")}
    longest = {path for path in slow if path.name in LONGEST}
    items.sort(
        key=lambda item: (
            item.path not in longest,
            item.path not in whole,
            item.path not in slow,
        )
    )


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Give each file to one worker; and the red team whole, which is graded once."""
    from xdist.scheduler import LoadFileScheduling

    class ByFile(LoadFileScheduling):
        def _split_scope(self, nodeid):
            path = Path(super()._split_scope(nodeid))
            return str(path.parent if path.parent.name == "redteam" else path)

    return ByFile(config, log)
