"""Check a notebook: look at it, run it, and take what its local check says."""

from dataclasses import dataclass
from pathlib import Path

from coursekit.checking.failing import failures
from coursekit.checking.looking import look, nothing_submitted
from coursekit.checking.notebook import find_lock, read_notebook
from coursekit.checking.running import run
from coursekit.grading.local import LocalCheck


@dataclass(frozen=True)
class Checked:
    """What is known about a notebook before it is handed in."""

    title: str
    accidents: tuple  # of Accident, as they were found
    check: LocalCheck | None  # None where nothing came to be handed in
    sandbox: str  # "" where it was not run
    by_hand: float  # points that a person gives

    @property
    def is_well(self):
        """True where there is a check, and no accident is grave."""
        return self.check is not None and not any(a.grave for a in self.accidents)


def check_notebook(path, sandbox="auto"):
    """Run a notebook as grading does, on the patients of its own local check.

    Parameters
    ----------
    path : path
        The notebook, in the folder that it came in.
    sandbox : {"auto", "bubblewrap", "none"}
        ``auto`` runs it in the sandbox where there is one, and as the student
        herself where there is none.

    Returns
    -------
    Checked

    Raises
    ------
    BadInput
        If the notebook cannot be read, or its data are not beside it.
    SandboxUnavailable
        If a sandbox was asked for by name and does not work here.
    """
    notebook, lock = read_notebook(path), find_lock(path)
    seen, check, used = look(notebook, lock), None, ""
    if all(each.code != "OTHER-ASSIGNMENT" for each in seen):
        ran = run(notebook, Path(path).parent, lock, sandbox)
        seen, used = [*seen, *failures(ran, lock)], ran.sandbox
        check = as_check(ran.told)
        if check is None and not any(each.grave for each in seen):
            seen.append(nothing_submitted(lock))
    by_hand = sum(lock.manual.values())
    return Checked(lock.title, tuple(seen), check, used, by_hand)


def as_check(told):
    """Return the local check of what a run told, or None."""
    if told is None:
        return None
    return LocalCheck(tuple(told["rows"]), tuple(told["codes"]), tuple(told["told"]))
