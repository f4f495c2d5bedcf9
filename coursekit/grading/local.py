"""The local check: what the rubric says on the check cohort, as ranges of points.

It is the grader's own code on other patients. It shows a range and never one
number, because the hidden patients are others; and it cannot see what only hidden
patients show, such as a leak.
"""

import time
from dataclasses import dataclass, replace
from html import escape

from coursekit.errors import BadInput
from coursekit.grading.asking import ask
from coursekit.grading.explain import ends
from coursekit.grading.holdout import draw_function_inputs, practice_cases
from coursekit.grading.limits import from_mapping
from coursekit.grading.measures import WORDS
from coursekit.grading.patients import Patients
from coursekit.grading.score import score
from coursekit.grading.serving import servings

HEADINGS = (
    *("kind", "criterion", "seen", "90 % interval", "points now", "of"),
    *("none at", "all at"),
)
WORDY = {"kind", "criterion", "none at", "all at"}
OTHERS = (
    "Measured on the check patients. Your mark is measured on others: expect points in "
    "these ranges, unless something is found that only the others can show, which can "
    "cost many points. How your mark is made leads from this table to a mark. Nothing "
    "has been sent yet: save, then hand the notebook in."
)


@dataclass(frozen=True)
class LocalCheck:
    """The check's table, as text and as HTML."""

    rows: tuple
    codes: tuple
    told: tuple = ()  # sentences below the table
    whole: bool = True  # not of one kind of points only

    def of_kind(self, kind):
        """Return the check of one kind of points only."""
        kinds = {row["kind"] for row in self.rows}
        if kind not in kinds:
            raise BadInput(f"There are no {kind!r} points here, only {sorted(kinds)}.")
        rows = tuple(row for row in self.rows if row["kind"] == kind)
        return LocalCheck(rows, (), whole=False)

    def cells(self):
        """Return the table as rows of strings, headings first."""
        return [HEADINGS, *(row_cells(row) for row in self.rows), *self.total()]

    @property
    def points(self):
        """The lowest and the highest sum of the points, and the most there are."""
        ranges = [row["points_range"] or (0.0, 0.0) for row in self.rows]
        low, high = (sum(ends) for ends in zip(*ranges, strict=True))
        return low, high, sum(row["max_points"] for row in self.rows)

    def total(self):
        """Return the last row, where there is one: the points of all rows."""
        if not self.whole:
            return []
        low, high, most = self.points
        return [("together", "", "", "", spanned(low, high), f"{most:g}", "", "")]

    def __repr__(self):
        table = self.cells()
        widths = [max(len(row[i]) for row in table) for i in range(len(HEADINGS))]
        lines = [
            "  ".join(
                cell.ljust(width) for cell, width in zip(row, widths, strict=True)
            )
            for row in table
        ]
        notes = [f"{each['code']}: {note(each)}" for each in self.codes]
        return "\n".join([*(line.rstrip() for line in lines), *self.told, *notes])

    def _repr_html_(self):
        head, *body = self.cells()
        table = html_row(head, "th") + "".join(html_row(row, "td") for row in body)
        notes = [
            f"<li><b>{escape(each['code'])}</b>: {escape(note(each))}</li>"
            for each in self.codes
        ]
        paragraphs = "".join(f"<p>{escape(text)}</p>" for text in self.told)
        listed = f"<ul>{''.join(notes)}</ul>" if notes else ""
        return f"<table>{table}</table>{paragraphs}{listed}"


def html_row(cells, tag):
    """Return one row of the table as HTML, words to the left and numbers to the right.

    Examples
    --------
    >>> html_row(("fairness",), "td")
    '<tr><td style="text-align: left">fairness</td></tr>'
    """
    shown = []
    for heading, cell in zip(HEADINGS, cells, strict=False):
        side = "left" if heading in WORDY else "right"
        shown.append(f'<{tag} style="text-align: {side}">{escape(cell)}</{tag}>')
    return f"<tr>{''.join(shown)}</tr>"


def note(each):
    """Return a feedback code as a note: what was seen, or its title, and a hint.

    Examples
    --------
    >>> note({"seen": "name 'modl' is not defined", "hint": "Call it yourself."})
    "name 'modl' is not defined. Call it yourself."
    """
    seen = (each["seen"] or each["title"]).rstrip()
    return f"{seen}{'' if seen[-1:] in '.!?' else '.'} {each['hint']}"


def row_cells(row):
    """Return one row as strings."""
    low, high = row["points_range"] or (0.0, 0.0)
    interval = "" if row["low"] is None else f"{row['low']:.3f} to {row['high']:.3f}"
    seen = "" if row["value"] is None else f"{row['value']:.3f}"
    points = spanned(low, high), f"{row['max_points']:g}"
    return (row["kind"], row["label"], seen, interval, *points, row["none"], row["all"])


def spanned(low, high):
    """Return a range of points, or one number where its ends are the same.

    Examples
    --------
    >>> spanned(9.01, 10), spanned(5, 5)
    ('9.0 to 10.0', '5.0')
    """
    return f"{low:.1f} to {high:.1f}" if high - low > 0.05 else f"{high:.1f}"


def local_check(lock, cohort, answers):
    """Grade answers on the check cohort.

    Parameters
    ----------
    lock : Rubric
        Resolved.
    cohort : ShownCohort
        The check cohort, with audited outcomes.
    answers : dict of str to callable

    Returns
    -------
    LocalCheck
    """
    whole, lock = lock, shown_here(lock)
    inputs = {"hidden": cohort.X}
    for answer in lock.answers:
        if answer.contract == "function":
            inputs[answer.name] = draw_function_inputs(answer, "check")
    patients = {"hidden": Patients.of(cohort)}
    for answer in lock.answers:
        if answer.generator:
            cases = practice_cases(answer)
            patients[answer.name], inputs[answer.name] = Patients.of(cases), cases.X
    began = time.monotonic()
    replies = {
        each.name: ask(answers[each.answer], each) for each in servings(lock, inputs)
    }
    slow = too_slow(lock, time.monotonic() - began, len(cohort.X))
    record = score(lock, patients, replies, inputs)
    worth = decisions(lock, record["usefulness"])
    told = [text for text in (worth, to_gain(record["criteria"]), OTHERS, slow) if text]
    thresholds = {each.id: ends(each) for each in whole.criteria}
    rows = [
        row | dict(zip(("none", "all"), thresholds[row["id"]], strict=True))
        for row in (*record["criteria"], *only_hidden(whole, lock))
    ]
    return LocalCheck(tuple(rows), tuple(record["codes"]), tuple(told))


def to_gain(rows, most=3):
    """Return where most points are to be gained, in one sentence.

    Examples
    --------
    >>> rows = [{"label": "Ranking", "points_range": (6, 8), "max_points": 10},
    ...         {"label": "Contract", "points_range": (4, 4), "max_points": 4}]
    >>> to_gain(rows)
    'Still to gain: Ranking (2.0 to 4.0 points).'
    """
    gains = []
    for row in rows:
        low, high = row["points_range"] or (0.0, 0.0)
        gains.append((row["max_points"] - high, row["max_points"] - low, row["label"]))
    gains = sorted((each for each in gains if each[1] > 0.05), reverse=True)[:most]
    named = "; ".join(f"{label} ({spanned(a, b)} points)" for a, b, label in gains)
    return f"Still to gain: {named}." if named else ""


def too_slow(lock, seconds, n_asked):
    """Return a warning where the hidden patients may take longer than is allowed.

    Parameters
    ----------
    lock : Rubric
    seconds : float
        That the answers took here.
    n_asked : int
        For so many patients.

    Returns
    -------
    str
        Empty where they would take less than a third of the time of the graded run.
    """
    allowed = from_mapping(lock.limits).seconds
    n_hidden = lock.cohorts["hidden"]
    expected = seconds * n_hidden / n_asked
    if expected < allowed / 3:
        return ""
    return (
        f"Too slow? Your answers took {seconds:.0f} s here. For the {n_hidden:,} "
        f"hidden patients that is about {expected:.0f} s, and the whole graded run is "
        f"stopped after {allowed:.0f} s. Do in fit what need not be done for each "
        "patient, ask the model for a whole table at once, or choose a smaller model."
    )


def shown_here(lock):
    """Return the rubric without what only hidden patients show.

    The check cohort stands alone, and its truth is its outcome: nothing to compare it
    with, and no lesion beside which a map could be laid. Of some criteria the rubric
    says so, such as where two groups differ by chance among the hidden only.
    """
    maps = {answer.name for answer in lock.answers if answer.contract == "map"}
    here = [
        replace(each, withheld_above=None)
        for each in lock.criteria
        if not each.against
        and not each.hidden_only
        and (each.answer not in maps or each.measure == "contract")
    ]
    return replace(lock, criteria=tuple(here))


def only_hidden(lock, here):
    """Return the table's rows of the criteria that are not judged here."""
    judged = {each.id for each in here.criteria}
    return [
        {
            "id": each.id,
            "kind": each.kind,
            "label": f"{each.label} (only the hidden patients show it)",
            "max_points": each.points,
            "points_range": (0.0, each.points),
            **dict.fromkeys(("value", "low", "high")),
        }
        for each in lock.criteria
        if each.id not in judged
    ]


def decisions(lock, useful):
    """Return how many are flagged and what that is worth, in one sentence.

    Examples
    --------
    >>> decisions(None, {"alert_rate": None, "value": None, "ramp": 0.0})
    ''
    """
    if useful["value"] is None:
        return ""
    factor = (
        "so the rows marked × in How your mark is made are multiplied by "
        f"{useful['ramp']:.2f}."
    )
    if useful["alert_rate"] is None:
        word = WORDS[lock.operating_point.measure]
        return f"{word} {useful['value']:.3f}, {factor}"
    low, high = lock.operating_point.alert_rate
    return (
        f"Flagged {useful['alert_rate']:.1%} (graded at {low:.0%} to {high:.0%}); net "
        f"benefit {useful['value']:.3f}, {factor}"
    )
