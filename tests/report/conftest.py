import pytest

from coursekit.report import read_figures
from mixed_report import mixed_class


@pytest.fixture(scope="session")
def mixed(tmp_path_factory):
    """The course folder of a small class in which everything occurs."""
    return mixed_class(tmp_path_factory.mktemp("mixed") / "course")


@pytest.fixture(scope="session")
def figures(mixed):
    """The figures of that class, with names."""
    return read_figures(mixed, "tiny", names=True)
