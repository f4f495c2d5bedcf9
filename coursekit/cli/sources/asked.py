"""The assignment that a command was asked for: coursekit's, or one's own."""

from coursekit.authoring import build_all
from coursekit.content import content
from coursekit.errors import BadInput
from coursekit.grading.assignment import find_assignment


def asked_for(name):
    """Return an assignment by name or folder; one's own must be built as it stands.

    Parameters
    ----------
    name : str
        Such as ``readmission``, or ``./my_ulcers``.

    Returns
    -------
    Assignment

    Raises
    ------
    BadInput
        If there is none, or its notebook is older than its source.

    Examples
    --------
    >>> asked_for("readmission").name
    'readmission'
    """
    found = find_assignment(name)
    if is_own(found) and build_all(found.folder, check=True):
        raise BadInput(
            f"{found.name}.ipynb is out of date: its source has changed. First: "
            f"coursekit build {name}"
        )
    return found


def is_own(assignment):
    """Say whether an assignment is not one of those that ship with coursekit."""
    return assignment.folder.parent != content("assignments")
