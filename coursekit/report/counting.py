"""What a class has in common: counted, so that nobody has to be named."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from statistics import mean, median, quantiles

from coursekit.report.student import NOTHING, SCORED, UNGRADED

MOST_NAMED = 20  # students that are listed where many are alike
OPEN = ("CUT-OFF",)  # codes that say that a person has to look, not what was wrong
EPSILON = 0.005  # points


@dataclass(frozen=True)
class CriterionFigures:
    """How a class did on one criterion.

    `lost` are the points lost: lower quartile, median, upper quartile; None where
    nobody was judged.
    """

    id: str
    kind: str
    label: str
    max_points: float
    n_all: int = 0  # students with all points
    n_part: int = 0
    n_none: int = 0
    n_withheld: int = 0
    lost: tuple[float, float, float] | None = None
    mean_share: float | None = None  # of the most points, in [0, 1]

    @property
    def n_judged(self):
        """Students who have points for it, 0 among them."""
        return self.n_all + self.n_part + self.n_none


@dataclass(frozen=True)
class CodeFigures:
    """One feedback code, and how many of the class it was said to."""

    code: str
    title: str
    why: str
    hint: str
    n: int
    of: int  # students with a score

    @property
    def share(self):
        """The share of the class, in [0, 1]."""
        return self.n / self.of


@dataclass(frozen=True)
class QuestionFigures:
    """One question that a person marks, and how many wait for it."""

    notebook: str
    name: str
    n_waiting: int
    n: int


def criteria_figures(criteria, students):
    """Return the figures of each criterion, in the order of the rubric.

    Parameters
    ----------
    criteria : sequence of Criterion
    students : sequence of StudentFigures
    """
    return tuple(criterion_figures(each, students) for each in criteria)


def criterion_figures(criterion, students):
    """Return the figures of one criterion."""
    found = [each.criteria.get(criterion.id) for each in students]
    found = [each for each in found if each is not None]
    points = [each.points for each in found if each.points is not None]
    most = criterion.points
    n_all = sum(each >= most - EPSILON for each in points)
    n_none = sum(each <= EPSILON for each in points)
    return CriterionFigures(
        *(criterion.id, criterion.kind, criterion.label, most),
        n_all=n_all,
        n_part=len(points) - n_all - n_none,
        n_none=n_none,
        n_withheld=len(found) - len(points),
        lost=quartiles([most - each for each in points]),
        mean_share=mean(points) / most if points and most else None,
    )


def quartiles(values):
    """Return lower quartile, median and upper quartile; None where there is nothing.

    Examples
    --------
    >>> quartiles([0.0, 1.0, 2.0, 3.0, 4.0])
    (1.0, 2.0, 3.0)
    >>> quartiles([7.5]), quartiles([])
    ((7.5, 7.5, 7.5), None)
    """
    if not values:
        return None
    if len(values) == 1:
        return (values[0],) * 3
    low, _, high = quantiles(values, n=4, method="inclusive")
    return low, median(values), high


def code_figures(students):
    """Return the feedback codes of a class, the commonest first.

    Their share is of those who have a score at all.
    """
    scored = [each for each in students if each.criteria]
    counts, texts = Counter(), {}
    for each in scored:
        counts.update(each.codes.keys())
        texts |= each.codes
    return tuple(
        CodeFigures(
            *(code, texts[code]["title"], texts[code]["why"], texts[code]["hint"]),
            *(n, len(scored)),
        )
        for code, n in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
        if code not in OPEN
    )


def status_counts(students):
    """Return how many students have each status: scored first, the missing last."""
    counts = Counter(each.status for each in students)
    order = {SCORED: -1, UNGRADED: 1, NOTHING: 2}
    return dict(sorted(counts.items(), key=lambda each: (order.get(each[0], 0), each)))


def question_figures(students):
    """Return the questions that a person marks, in the order of the notebooks."""
    cells = defaultdict(list)
    for each in students:
        for cell in each.mark.cells:
            if cell.by_hand:
                cells[cell.notebook, cell.name].append(cell)
    return tuple(
        QuestionFigures(*place, sum(cell.is_open for cell in found), len(found))
        for place, found in cells.items()
    )


def named(students, most=MOST_NAMED):
    """Return the ids of the first students, and how many more there are.

    Examples
    --------
    >>> named(["ann", "bob", "cy"], most=2)
    (('ann', 'bob'), 1)
    """
    return tuple(students[:most]), max(0, len(students) - most)
