"""The local check: what the rubric says on the check cohort, as ranges of points.

It is the grader's own code on other patients. It shows a range and never one
number, because the hidden patients are others; and it cannot see what only hidden
patients show, such as a leak.
"""

from dataclasses import dataclass, replace
from html import escape

from coursekit.errors import BadInput
from coursekit.grading.asking import ask
from coursekit.grading.holdout import draw_function_inputs, practice_cases
from coursekit.grading.measures import WORDS
from coursekit.grading.patients import Patients
from coursekit.grading.score import score
from coursekit.grading.serving import servings

HEADINGS = ("kind", "criterion", "seen", "90 % interval", "points", "of")
ON_CHECK = (
    "On the check patients. The hidden ones are others: expect points in these ranges, "
    "if nothing is found that they alone can show. That can cost many points: see How "
    "your mark is made, which also leads from this table to a mark."
)


@dataclass(frozen=True)
class LocalCheck:
    """The check's table, as text and as HTML."""

    rows: tuple
    codes: tuple
    decisions: str = ""  # what the decisions are worth at the operating point

    def of_kind(self, kind):
        """Return the check of one kind of points only."""
        kinds = {row["kind"] for row in self.rows}
        if kind not in kinds:
            raise BadInput(f"There are no {kind!r} points here, only {sorted(kinds)}.")
        return replace(
            self, rows=tuple(row for row in self.rows if row["kind"] == kind), codes=()
        )

    def cells(self):
        """Return the table as rows of strings, headings first."""
        rows = [row_cells(row) for row in self.rows]
        return [HEADINGS, *rows, together(self.rows)]

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
        told = [*([self.decisions] if self.decisions else []), ON_CHECK]
        return "\n".join([*(line.rstrip() for line in lines), *told, *notes])

    def _repr_html_(self):
        head, *body = self.cells()
        heading = "".join(f"<th>{escape(cell)}</th>" for cell in head)
        lines = [
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
            for row in body
        ]
        notes = [
            f"<li><b>{escape(each['code'])}</b>: {escape(note(each))}</li>"
            for each in self.codes
        ]
        return (
            f"<table><tr>{heading}</tr>{''.join(lines)}</table>"
            f"<p>{escape(self.decisions)} {ON_CHECK}</p><ul>{''.join(notes)}</ul>"
        )


def note(each):
    """Return a feedback code as a note: what was seen, or its title, and a hint."""
    return f"{each['seen'] or each['title'] + '.'} {each['hint']}"


def row_cells(row):
    """Return one row as strings."""
    points = in_range(*(row["points_range"] or (0.0, 0.0)))
    interval = "" if row["low"] is None else f"{row['low']:.3f} to {row['high']:.3f}"
    seen = "" if row["value"] is None else f"{row['value']:.3f}"
    return (row["kind"], row["label"], seen, interval, points, f"{row['max_points']:g}")


def in_range(low, high):
    """Return a range of points in words.

    Examples
    --------
    >>> in_range(12.5, 20.0), in_range(4.0, 4.0)
    ('12.5 to 20.0', '4.0')
    """
    return f"{low:.1f} to {high:.1f}" if high - low > 0.05 else f"{high:.1f}"


def together(rows):
    """Return the table's last row: the points of all rows together, as strings.

    Examples
    --------
    >>> one = {"points_range": (2.0, 5.0), "max_points": 10}
    >>> together([one, {"points_range": None, "max_points": 4}])
    ('together', '', '', '', '2.0 to 5.0', '14')
    """
    ranges = [row["points_range"] or (0.0, 0.0) for row in rows]
    low, high = (sum(ends) for ends in zip(*ranges, strict=True))
    most = sum(row["max_points"] for row in rows)
    return "together", *[""] * 3, in_range(low, high), f"{most:g}"


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
    replies = {
        each.name: ask(answers[each.answer], each) for each in servings(lock, inputs)
    }
    record = score(lock, patients, replies, inputs)
    told = decisions(lock, record["usefulness"])
    rows = [*record["criteria"], *only_hidden(whole, lock)]
    return LocalCheck(tuple(rows), tuple(record["codes"]), told)


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
        "so the rows marked × on the page of marks are multiplied by "
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
