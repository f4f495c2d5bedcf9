"""From an estimate to points, and the one sentence that explains them.

A measure is graded at the end of its interval that favours the student, so nobody
loses points for what the patients cannot show.
"""

import math
from dataclasses import dataclass, replace

from coursekit.grading.measures import WORDS
from coursekit.metrics.intervals import Estimate


@dataclass(frozen=True)
class Award:
    """Points for one criterion, and why.

    `points` is None where the mark is withheld and a person decides.
    """

    id: str
    kind: str
    label: str
    max_points: float
    points: float | None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    graded: float | None = None
    points_range: tuple[float, float] | None = None  # at the two ends of the interval
    verdict: str = "none"  # all, part, none, withheld
    sentence: str = ""
    codes: tuple[str, ...] = ()


def award(criterion, estimate, ramp=1.0):
    """Return the award for an estimate.

    Parameters
    ----------
    criterion : Criterion
        With its thresholds resolved to numbers.
    estimate : Estimate
    ramp : float in [0, 1]
        How useful the decisions are; multiplies ramped criteria.

    Examples
    --------
    >>> from coursekit.grading.rubric import Criterion
    >>> gap = Criterion(id="gap", kind="fairness", label="Gap", answer="decide",
    ...     measure="sensitivity_gap", points=30, floor=0.14, full=0.06)
    >>> award(gap, Estimate(0.10, 0.08, 0.12)).points
    22.5
    """
    seen = distance_to_band(estimate, criterion.band) if criterion.band else estimate
    graded = favourable_end(criterion, seen)
    share = points_share(criterion, graded)
    factor = ramp if criterion.ramped else 1.0
    points = round(float(criterion.points * share * factor), 2)
    return Award(
        id=criterion.id,
        kind=criterion.kind,
        label=criterion.label,
        max_points=criterion.points,
        points=points,
        value=estimate.value,
        low=estimate.low,
        high=estimate.high,
        graded=graded,
        points_range=points_range(criterion, seen, factor),
        verdict=verdict(points, criterion.points),
        sentence=sentence(criterion, estimate, graded, points, factor),
        codes=codes_for(criterion, share, factor),
    )


def favourable_end(criterion, estimate):
    """Return the end of the interval that favours the student."""
    return estimate.high if criterion.rises else estimate.low


def points_share(criterion, graded):
    """Return the share of the points, in [0, 1], linear from floor to full."""
    share = (graded - criterion.floor) / (criterion.full - criterion.floor)
    return min(1.0, max(0.0, share))


def points_range(criterion, estimate, factor):
    """Return the points at the end that is worse for the student, and at the better.

    Examples
    --------
    >>> from coursekit.grading.rubric import Criterion
    >>> gap = Criterion(id="gap", kind="fairness", label="Gap", answer="decide",
    ...     measure="sensitivity_gap", points=30, floor=0.14, full=0.06)
    >>> points_range(gap, Estimate(0.10, 0.08, 0.12), 1.0)
    (7.5, 22.5)
    """
    ends = [points_share(criterion, end) for end in (estimate.low, estimate.high)]
    worse, better = sorted(round(float(s * factor * criterion.points), 2) for s in ends)
    return worse, better


def distance_to_band(estimate, band):
    """Return how far an interval lies from a band on the log scale; 0 if it touches.

    Examples
    --------
    >>> distance_to_band(Estimate(0.9, 0.85, 0.95), (0.8, 1.25)).low
    0.0
    >>> round(distance_to_band(Estimate(0.4, 0.3, 0.5), (0.8, 1.25)).low, 2)
    0.47
    """
    low, high = band
    ends = [distance(end, low, high) for end in (estimate.low, estimate.high)]
    touches = estimate.low <= high and estimate.high >= low
    nearest = 0.0 if touches else min(ends)
    return Estimate(distance(estimate.value, low, high), nearest, max(ends))


def distance(value, low, high):
    """Return the distance of one value from a band, on the log scale."""
    if value <= 0:
        return math.inf
    return max(0.0, math.log(low / value), math.log(value / high))


def verdict(points, max_points):
    """Return the verdict in one word."""
    if points >= max_points - 0.005:
        return "all"
    return "part" if points > 0 else "none"


def codes_for(criterion, share, factor):
    """Return the feedback codes of an award."""
    codes = []
    if criterion.low_code and share < 0.5:
        codes.append(criterion.low_code)
    if factor < 0.5:
        codes.append("NOT-USEFUL")
    return tuple(codes)


def sentence(criterion, estimate, graded, points, factor):
    """Return the one fixed sentence that explains a mark."""
    if criterion.band:
        return band_sentence(criterion, estimate, points, factor)
    word, digits = WORDS[criterion.measure], 3
    side, bound, all_, none = ("high", "At least", criterion.full, criterion.floor)
    if not criterion.rises:
        side, bound = ("small", "At most")
    article = "an" if word[0] in "AEIO" else "a"
    text = f"We saw {article} {word} of {estimate.value:.{digits}f}. "
    if abs(graded - estimate.value) > 5e-4:
        text += (
            f"With this many patients the true {word} could be as {side} as "
            f"{graded:.{digits}f}, so we graded {graded:.{digits}f}: "
        )
    else:
        text += "Graded as seen: "
    text += f"{points:g} of {criterion.points:g}. {bound} {all_:.{digits}f} earns "
    text += f"all, {none:.{digits}f} none."
    if criterion.at_least is not None:
        text += f" What is reached there counts as at least {criterion.at_least:.3f}."
    return text + ramp_note(factor)


def band_sentence(criterion, estimate, points, factor):
    """Return the sentence of a measure whose target is a band."""
    low, high = criterion.band
    worst = (low * math.exp(-criterion.floor), high * math.exp(criterion.floor))
    return (
        f"We saw a slope of {estimate.value:.2f}; with this many patients the true "
        f"slope could lie anywhere from {estimate.low:.2f} to {estimate.high:.2f}: "
        f"{points:g} of {criterion.points:g}. Between {low:g} and {high:g} earns all, "
        f"below {worst[0]:.2f} or above {worst[1]:.2f} none.{ramp_note(factor)}"
    )


def ramp_note(factor):
    """Return what the usefulness ramp did, if it did anything."""
    if factor > 0.995:
        return ""
    return (
        f" Multiplied by {factor:.2f}, because these answers help few patients "
        "(see usefulness)."
    )


def no_points(criterion, codes, why):
    """Return an award of no points, by name and in words."""
    return Award(
        id=criterion.id,
        kind=criterion.kind,
        label=criterion.label,
        max_points=criterion.points,
        points=0.0,
        points_range=(0.0, 0.0),
        sentence=f"{why} 0 of {criterion.points:g}.",
        codes=tuple(codes),
    )


def withhold(given, codes, why):
    """Return an award whose points a person must set."""
    return replace(
        given,
        points=None,
        points_range=None,
        verdict="withheld",
        sentence=why,
        codes=(*given.codes, *codes),
    )
