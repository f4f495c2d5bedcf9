"""What went wrong while a notebook was run, in the words of its accident."""

import re

from coursekit.checking.accidents import accident
from coursekit.checking.notebook import calls, label_of, made_in, place

SLOW_SECONDS = 20.0  # no cell of an assignment needs more
MOST = 3  # cells that are told of; what fails after them fails because of them
LAST_LINES = 6
NETWORK = re.compile(
    r"URLError|HTTPError|gaierror|Connect\w*(Error|Timeout)|MaxRetryError|SSLError"
    r"|Max retries exceeded|[Nn]ame resolution|Name or service not known"
    r"|Network is unreachable|There is no internet"
)
UNDEFINED = re.compile(r"name '(\w+)' is not defined")
ABSENT = re.compile(r"No module named '([\w.]+)'")
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
# A frame of IPython's traceback that lies in the notebook, and its line.
OWN_LINE = re.compile(r"Cell In\s?\[\d+\], line \d+.*?^-+> (\d+) ([^\n]*)", re.S | re.M)
FITTED = "NotFittedError"


def failures(ran, lock):
    """Return the accidents of a run, the first of them first.

    The cells of the rubric's kinds only show what `submit` found, so they are left out.

    Parameters
    ----------
    ran : Ran
    lock : Rubric

    Returns
    -------
    list of Accident
    """
    found, broken = [], set()
    for number, cell in enumerate(ran.notebook.cells):
        error = error_of(cell)
        if error is None or label_of(cell) in lock.kinds or follows(error, broken):
            continue
        found.append(failure(ran, number, error, lock))
        broken |= {*made_in(cell.source), label_of(cell)}
    left = len(found) - MOST
    found = [*found[:MOST], *slow(ran)]
    if left > 0:
        found.append(accident("CELL-RAISED", place=f"{left} more", error="errors."))
    if ran.stopped:
        found.append(accident("STOPPED", reason=ran.stopped))
    return [*found, *unfitted(ran, found)]


def error_of(cell):
    """Return the error that a cell ended with, or None."""
    shown = (each for each in cell.get("outputs", []) if each.output_type == "error")
    return next(shown, None)


def follows(error, broken):
    """Say whether an error only follows from a cell that failed before."""
    name = UNDEFINED.search(error.evalue)
    return error.ename == "NameError" and bool(name) and name[1] in broken


def failure(ran, number, error, lock):
    """Return the accident that a cell's error stands for."""
    notebook, where = ran.notebook, place(ran.notebook, number)
    source = notebook.cells[number].source
    told = f"{error.ename}: {error.evalue}".strip(": ")
    name = UNDEFINED.search(error.evalue) if error.ename == "NameError" else None
    if error.ename == "NotImplementedError" and "NotImplementedError" in source:
        return accident("NOT-ANSWERED", place=where)
    if error.ename in ("KeyboardInterrupt", "CellTimeoutError"):
        seconds = f"{lock.limits.get('seconds_per_cell', 60):g}"
        return accident("TOO-LONG", place=where, seconds=seconds)
    if error.ename == FITTED:
        return accident("NOT-FITTED", what=f"{where} raised {told}")
    if NETWORK.search(told):
        return accident("OFFLINE", place=where, error=told[:200])
    if name and (later := later_cell(notebook, number, name[1])) is not None:
        words = {"name": name[1], "later": place(notebook, later)}
        return accident("NAME-LATER", place=where, **words)
    if name and calls(source, "submit"):
        words = {"name": name[1], "instead": instead_of(notebook, name[1])}
        return accident("RENAMED", place=where, **words)
    if absent := ABSENT.search(error.evalue):
        return accident("NO-MODULE", place=where, name=absent[1])
    return accident("CELL-RAISED", place=where, error=last_lines(error, told))


def instead_of(notebook, name):
    """Return what the cell of an answer makes instead of it, in words."""
    for cell in notebook.cells:
        if label_of(cell) == name and (made := made_in(cell.source)):
            return f"; its cell makes {', '.join(sorted(made))}"
    return ""


def later_cell(notebook, number, name):
    """Return the number of a cell further down that makes a name, or None."""
    for later in range(number + 1, len(notebook.cells)):
        cell = notebook.cells[later]
        if cell.cell_type == "code" and name in made_in(cell.source):
            return later
    return None


def last_lines(error, told):
    """Return an error with the line of the cell that raised it, without colours.

    Where the traceback does not show it, its last lines.
    """
    text = COLOURS.sub("", "\n".join(error.get("traceback", [])))
    if line := OWN_LINE.search(text):
        return f"{told}\n    in line {line[1]}: {line[2].strip()}"
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    return "\n".join([told, *(f"    {line}" for line in lines[-LAST_LINES:-1])])


def slow(ran):
    """Return the cells that took longer than any needs, and were not interrupted."""
    return [
        accident("TOO-SLOW", place=place(ran.notebook, number), seconds=f"{took:.0f}")
        for number, took in enumerate(ran.seconds[: len(ran.notebook.cells)])
        if took > SLOW_SECONDS and error_of(ran.notebook.cells[number]) is None
    ]


def unfitted(ran, found):
    """Find a model that was handed in unfitted: the check's own rows say so."""
    if any(each.code == "NOT-FITTED" for each in found):
        return []
    for each in (ran.told or {}).get("codes", ()):
        if FITTED in each["seen"]:
            return [accident("NOT-FITTED", what=each["seen"])]
    return []
