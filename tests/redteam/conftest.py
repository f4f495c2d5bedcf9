"""The whole corpus in one class, graded once; and the same students in a quiet one."""

from pathlib import Path

import pytest

from attacks import attacks_of
from coursekit.autograde import sandbox
from hostile_class import HostileClass, Listener

WHY_NOT = sandbox.complaint()
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    """Mark what needs the class, and skip it where submissions cannot be shut in."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.e2e)
            why = f"no bubblewrap: {WHY_NOT}"
            item.add_marker(pytest.mark.skipif(bool(WHY_NOT), reason=why))


def pytest_generate_tests(metafunc):
    """Give a test each attack of its module."""
    if "attack" in metafunc.fixturenames:
        found = attacks_of(metafunc.module)
        metafunc.parametrize("attack", found, ids=[each.student for each in found])


@pytest.fixture(scope="session")
def graded(request, tmp_path_factory):
    """Grade all attacks of the modules that were collected, in one class."""
    collected = {
        item.module for item in request.session.items if HERE in item.path.parents
    }
    attacks = [attack for module in collected for attack in attacks_of(module)]
    both = HostileClass(tmp_path_factory.mktemp("redteam"))
    listener = Listener()
    try:
        both.hand_in(attacks, listener.port)
        both.grade_both()
    finally:
        listener.close()
    both.heard = listener.heard
    return both
