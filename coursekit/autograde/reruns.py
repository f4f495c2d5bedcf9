"""Runs of the same submission: which one sets the mark, and what the others changed.

The run of record is the first valid one, that is the first that ended ``ok``. A run
that was forced is kept beside it, as ``DIGEST~1``, and never sets the mark, unless no
run before it is valid. Only another notebook, other patients, limits or versions make
a new run of record; where that was forced, the run that it replaces is kept too. The
score record remembers all of them, with what they would have earned.
"""

import secrets
import shutil
from dataclasses import replace
from pathlib import Path

from coursekit.autograde.differences import differences
from coursekit.autograde.runner import read_run

REPLACES = "replaces.txt"  # in the folder of a run: the name of the one before it
BESIDE, REPLACED = "kept beside", "replaced"


def beside(first):
    """Return the folders of the forced runs beside a first one, in order."""
    found = first.parent.glob(f"{first.name}~*")
    numbered = [(each.name.rpartition("~")[2], each) for each in found]
    return [each for number, each in sorted(numbered, key=in_order) if number.isdigit()]


def in_order(numbered):
    """Return what sorts numbered folders: 2 before 10."""
    return len(numbered[0]), numbered[0]


def first_of(folder):
    """Return the folder of the first run of the submission that a run is of."""
    return folder.with_name(folder.name.partition("~")[0])


def of_record(run):
    """Return the run that sets the mark: the first valid one, or the first.

    Parameters
    ----------
    run : Run
        The first run of a submission.

    Returns
    -------
    Run
    """
    if run.folder is None or run.status == "ok":
        return run
    later = (read_run(folder) for folder in beside(run.folder))
    return next((each for each in later if each.status == "ok"), run)


def others(run):
    """Return the runs that are compared with the run of record: [(role, run)]."""
    if run.folder is None:
        return []
    first = first_of(run.folder)
    found = [
        (BESIDE, folder)
        for folder in (first, *beside(first))
        if folder != run.folder and (folder / "run.json").is_file()
    ]
    before = replaced(first)
    if before is not None:
        found.insert(0, (REPLACED, before))
    return [(role, read_run(folder)) for role, folder in found]


def replaced(first):
    """Return the folder of the run that a forced one replaced, if it is still there."""
    try:
        name = (first / REPLACES).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    before = first.with_name(Path(name).name)
    return before if (before / "run.json").is_file() else None


class Places:
    """Where runs are made: in their places, or, forced, first in a folder of their own.

    Use it as a context manager.

    Parameters
    ----------
    runs : Path
        Folder of all runs of the assignment.
    force : bool
    """

    def __init__(self, runs, force):
        self.runs, self.force = runs, force
        self.out = runs / f".again-{secrets.token_hex(8)}" if force else runs
        self.settled = {}  # name -> folder of the first run; two may hand in the same

    def __enter__(self):
        self.out.mkdir(mode=0o700, exist_ok=True)
        return self

    def __exit__(self, *_):
        if self.force:
            shutil.rmtree(self.out, ignore_errors=True)

    def settle(self, run, known):
        """Put a run in its place; return the one that sets the mark.

        Parameters
        ----------
        run : Run
            As it was made in `out`; one that could not be started is returned.
        known : Path or None
            The run of record up to now.
        """
        try:
            return self.of_record(run, known)
        except (OSError, ValueError, KeyError) as error:
            reason = f"It was not kept: {type(error).__name__}: {error}"
            return replace(run, folder=None, status="not-run", reason=reason)

    def of_record(self, run, known):
        """Return the run that sets the mark; put a forced one in its place first."""
        if run.folder is None or not self.force:
            return of_record(run)
        name = run.folder.name
        if name not in self.settled:
            self.settled[name] = settle(run, self.runs, known).folder
        return of_record(read_run(self.settled[name]))


def settle(fresh, runs, known):
    """Put a forced run beside the first one of its submission, and return that."""
    first, note = runs / fresh.folder.name, None
    if known is not None and known.is_dir() and first_of(known) != first:
        if same_inputs(fresh, read_run(known)):
            first = first_of(known)
        else:
            note = known.name + "\n"
    whole = runs / f".{secrets.token_hex(8)}"
    shutil.copytree(fresh.folder, whole)
    if note is not None:
        newest = first if first.exists() else whole
        (newest / REPLACES).write_text(note, encoding="utf-8")
    place = next_free(first)
    whole.rename(place)
    return read_run(first if first.exists() else place)


def same_inputs(fresh, known):
    """Return True if two runs of a submission differ in nothing but the sandbox."""
    return (fresh.versions, fresh.limits) == (known.versions, known.limits)


def next_free(first):
    """Return the first free place of a run: its own, else the next one beside it."""
    if not first.exists():
        return first
    taken = [int(each.name.rpartition("~")[2]) for each in beside(first)]
    return first.with_name(f"{first.name}~{max(taken, default=0) + 1}")


def compared(run, scored, score):
    """Return what a score record remembers of the other runs of a submission.

    Parameters
    ----------
    run, scored : Run, dict
        The run of record and its score.
    score : callable
        Returns the score of another run.

    Returns
    -------
    list of dict
        In the order in which they ran.
    """
    return [
        comparison(role, run, scored, other, score(other))
        for role, other in others(run)
    ]


def comparison(role, run, scored, other, other_scored):
    """Return what one other run would have earned, and how far it differs."""
    points = {
        kind: [total["points"], other_scored["kinds"][kind]["points"]]
        for kind, total in scored["kinds"].items()
    }
    return {
        "role": role,
        "run": other.folder.name,
        "status": other_scored["status"],
        "sandbox": other.sandbox,
        "points": points,  # kind -> [of record, of this run]
        "predictions": differences(run, other),
    }


def in_words(record):
    """Return what the other runs of a submission changed, one sentence for each.

    Examples
    --------
    >>> rerun = {"role": "kept beside", "run": "ab~1", "status": "scored"}
    >>> rerun["points"] = {"accuracy": [24.0, 23.5]}
    >>> rerun["predictions"] = {"model": {"rows": 40, "differ": 2, "largest": 0.01}}
    >>> in_words({"reruns": [rerun]})
    ['another run (kept beside, sets no mark): accuracy 24 -> 23.5; model: 2 of 40 \
predictions differ, by at most 0.01']
    """
    return [sentence(each) for each in record.get("reruns", ())]


def sentence(rerun):
    """Return what one other run changed."""
    instead = rerun["role"] == REPLACED
    order = slice(None, None, -1) if instead else slice(None)
    said = [
        f"{kind} {' -> '.join(shown(each) for each in points[order])}"
        for kind, points in rerun["points"].items()
        if points[0] != points[1]
    ]
    said = said or ["the same points"]
    said += [
        f"{name}: {each['differ']:,} of {each['rows']:,} predictions differ{most(each)}"
        for name, each in rerun["predictions"].items()
        if each["differ"]
    ]
    if len(said) == 1 and said[0] == "the same points":
        said.append("the same predictions")
    if rerun["status"] != "scored":
        said.insert(0, rerun["status"])
    if instead:
        return f"a new run of record (before -> now): {'; '.join(said)}"
    return f"another run (kept beside, sets no mark): {'; '.join(said)}"


def shown(points):
    """Return points as they are printed."""
    return "?" if points is None else f"{points:.4g}"


def most(each):
    """Return the largest difference in words, where there is one."""
    return "" if each["largest"] is None else f", by at most {each['largest']:.3g}"
