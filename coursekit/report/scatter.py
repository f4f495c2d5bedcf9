"""Accuracy against fairness, as points of a plane: where each mark and line stands.

The template draws what is computed here, so that the picture takes the colours of the
page, light or dark, and its words are escaped like all others.
"""

import math
from dataclasses import dataclass

from coursekit.grading.measures import WORDS
from coursekit.report.student import Measure

WIDTH, HEIGHT = 640.0, 430.0
LEFT, RIGHT, TOP, BOTTOM = 70.0, 560.0, 22.0, 372.0
ROOM = 18.0  # between the edge and what stands on it
SMALLEST, LARGEST = 5.0, 16.0  # radius of a mark


@dataclass(frozen=True)
class Axis:
    """One axis: from which value to which, and what stands on it.

    `first` is the value at the left or at the bottom; where small values are better it
    is the larger one, so that better is always right and up.
    """

    label: str
    first: float
    last: float
    ticks: tuple[float, ...]
    marks: tuple[tuple[float, str], ...] = ()  # values with a line across, in words

    def place(self, value, start, end):
        """Return where a value stands between two places.

        Examples
        --------
        >>> Axis("points", 0.0, 40.0, ()).place(10.0, 100.0, 200.0)
        125.0
        """
        share = (value - self.first) / (self.last - self.first)
        return round(start + min(1.0, max(0.0, share)) * (end - start), 1)

    def x(self, value):
        """Return how far right a value stands."""
        return self.place(value, LEFT + ROOM, RIGHT - ROOM)

    def y(self, value):
        """Return how far down a value stands."""
        return self.place(value, BOTTOM - ROOM, TOP + ROOM)


@dataclass(frozen=True)
class Dot:
    """One student, or several who stand at the same place."""

    x: float
    y: float
    radius: float
    students: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """What the picture says of one student, for its table."""

    student: str
    across: Measure
    up: Measure


@dataclass(frozen=True)
class Scatter:
    """A picture of a class in two dimensions, with all that its table needs."""

    across: Axis
    up: Axis
    rows: tuple[Row, ...]
    n_left_out: int  # with a score, and without one of the two values

    @property
    def dots(self):
        """The marks, the larger the more students stand there."""
        places = {}
        for row in self.rows:
            at = self.across.x(row.across.value), self.up.y(row.up.value)
            places.setdefault(at, []).append(row.student)
        return [
            Dot(*at, radius(len(students)), tuple(students))
            for at, students in sorted(places.items(), key=lambda each: -len(each[1]))
        ]

    @property
    def intervals(self):
        """The lines of the intervals: (x1, y1, x2, y2), each once."""
        lines = {}
        for row in self.rows:
            x, y = self.across.x(row.across.value), self.up.y(row.up.value)
            ends = self.across.x(row.across.low), self.across.x(row.across.high)
            lines[ends[0], y, ends[1], y] = None
            ends = self.up.y(row.up.low), self.up.y(row.up.high)
            lines[x, ends[0], x, ends[1]] = None
        return [line for line in lines if line[:2] != line[2:]]


def radius(n):
    """Return the radius of the mark of so many students; its area grows with them.

    Examples
    --------
    >>> radius(1), radius(4), radius(500)
    (5.0, 10.0, 16.0)
    """
    return round(min(LARGEST, SMALLEST * math.sqrt(n)), 1)


def points_scatter(students, across="accuracy", up="fairness"):
    """Return the class by two kinds of points, or None where nobody has both.

    Parameters
    ----------
    students : sequence of StudentFigures
    across, up : str
        Kinds of points.
    """
    scored = [each for each in students if each.criteria]
    rows = tuple(
        Row(each.student, in_points(each.kinds[across]), in_points(each.kinds[up]))
        for each in scored
        if {across, up} <= each.kinds.keys()
        and None not in (each.kinds[across].points, each.kinds[up].points)
    )
    if not rows:
        return None
    most = scored[0].kinds
    axes = [points_axis(kind, most[kind].max_points) for kind in (across, up)]
    return Scatter(*axes, rows, len(scored) - len(rows))


def in_points(points):
    """Return points as a value with an interval."""
    return Measure(points.points, points.low, points.high)


def points_axis(kind, most):
    """Return the axis of a kind of points."""
    label = f"{kind.capitalize()}, points of {most:g}"
    return Axis(label, 0.0, float(most), ticks(0.0, most), ((most / 2, ""),))


def measures_scatter(criteria, students, across="accuracy", up="fairness"):
    """Return the class by what was measured, or None where nobody has both.

    Of each kind it takes the criterion that is worth most and was measured.

    Parameters
    ----------
    criteria : sequence of Criterion
        Of the rubric, with thresholds in numbers.
    students : sequence of StudentFigures
    """
    scored = [each for each in students if each.criteria]
    chosen = [chief(criteria, scored, kind) for kind in (across, up)]
    if None in chosen:
        return None
    one, other = (each.id for each in chosen)
    rows = tuple(
        Row(each.student, each.measures[one], each.measures[other])
        for each in scored
        if {one, other} <= each.measures.keys()
    )
    if not rows:
        return None
    axes = (
        measure_axis(chosen[0], [row.across for row in rows]),
        measure_axis(chosen[1], [row.up for row in rows]),
    )
    return Scatter(*axes, rows, len(scored) - len(rows))


def chief(criteria, students, kind):
    """Return the criterion of a kind that is worth most and was measured, or None."""
    measured = {name for each in students for name in each.measures}
    found = [
        each
        for each in criteria
        if each.kind == kind and each.id in measured and each.band is None
    ]
    return max(found, key=lambda each: each.points, default=None)


def measure_axis(criterion, measured):
    """Return the axis of a measure: all values, intervals and thresholds are on it."""
    thresholds = ((criterion.full, "all points"), (criterion.floor, "no points"))
    values = [criterion.full, criterion.floor]
    values += [end for each in measured for end in (each.low, each.high)]
    low, high = min(values), max(values)
    if low == high:
        low, high = low - 0.5, high + 0.5
    marks = ticks(low, high)
    ends = (low, high) if criterion.rises else (high, low)
    label = f"{criterion.label} ({WORDS[criterion.measure]})"
    return Axis(label, *ends, marks, thresholds)


def ticks(low, high, about=5):
    """Return round numbers from one value to another.

    Examples
    --------
    >>> ticks(0.0, 40.0)
    (0.0, 10.0, 20.0, 30.0, 40.0)
    >>> ticks(0.61, 0.83)
    (0.65, 0.7, 0.75, 0.8)
    """
    raw = (high - low) / about
    unit = 10.0 ** math.floor(math.log10(raw))
    step = unit * next(each for each in (1, 2, 2.5, 5, 10) if each * unit >= raw * 0.99)
    start = math.ceil(low / step - 1e-9)
    end = math.floor(high / step + 1e-9)
    return tuple(round(number * step, 10) for number in range(start, end + 1))


def crossed(scatter, parts=4):
    """Return how many students stand in each part of the plane, best row first.

    Parameters
    ----------
    scatter : Scatter
    parts : int
        Of each axis.

    Returns
    -------
    list of list of int
        ``[row][column]``: rows from the top of the picture down, columns from its left.
    """
    table = [[0] * parts for _ in range(parts)]
    for row in scatter.rows:
        across = part(scatter.across, row.across.value, parts)
        table[parts - 1 - part(scatter.up, row.up.value, parts)][across] += 1
    return table


def part(axis, value, parts):
    """Return in which part of an axis a value lies, from 0; an end is the last one's.

    Examples
    --------
    >>> axis = Axis("points", 0.0, 40.0, ())
    >>> [part(axis, value, 4) for value in (0, 9.99, 10, 40)]
    [0, 0, 1, 3]
    """
    share = (value - axis.first) / (axis.last - axis.first)
    return min(parts - 1, max(0, int(share * parts + 1e-9)))
