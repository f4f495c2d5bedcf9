"""The page "How your mark is made", with the numbers of one course."""

from coursekit.grading.award import award
from coursekit.grading.measures import WORDS
from coursekit.metrics.intervals import Estimate

MARKER = "<!-- coursekit: how-your-mark-is-made -->"


def mark_page(lock):
    """Return the page as Markdown.

    Parameters
    ----------
    lock : Rubric
        Resolved for this course.

    Returns
    -------
    str
    """
    parts = [
        MARKER,
        "## How your mark is made",
        introduction(lock),
        table(lock),
        decisions(lock),
        inputs(lock),
        example(lock),
        limits(lock),
    ]
    return "\n\n".join(part for part in parts if part)


def introduction(lock):
    """Return what the points come from."""
    kinds = ", ".join(f"{points:g} for {kind}" for kind, points in lock.kinds.items())
    by_hand = sum(lock.manual.values())
    return (
        f"{sum(lock.kinds.values()):g} points are given by measurement ({kinds}) and "
        f"{by_hand:g} by a person who reads your text. Your answers are asked about "
        f"{lock.cohorts['hidden']:,} patients whom your notebook never sees; their "
        f"outcomes are {lock.labels}. Each measure earns nothing up to *none*, "
        "everything from *all*, and in between in proportion. Every measure has a 90 % "
        "interval, and **the end that is better for you counts**: you lose nothing for "
        "what these patients cannot show."
    )


def table(lock):
    """Return the criteria as a Markdown table."""
    rows = [
        "| kind | what | answer | points | none | all |",
        "|---|---|---|---|---|---|",
    ]
    for each in lock.criteria:
        none, all_ = ends(each)
        rows.append(
            f"| {each.kind} | {each.label} ({WORDS[each.measure]}) | `{each.answer}` | "
            f"{each.points:g} | {none} | {all_} |"
        )
    for name, why in lock.off.items():
        rows.append(f"| off | {name}: {why} | | 0 | | |")
    return "\n".join(rows)


def ends(criterion):
    """Return where a criterion earns none and all of its points, in words."""
    if criterion.measure == "contract":
        return "broken", "kept"
    if criterion.band:
        low, high = criterion.band
        return "far outside", f"{low:g} to {high:g}"
    return f"{criterion.floor:.3f}", f"{criterion.full:.3f}"


def decisions(lock):
    """Return what is asked of the decisions."""
    point = lock.operating_point
    low, high = point.alert_rate
    return (
        f"**Decisions** are graded where {low:.0%} to {high:.0%} of the patients are "
        "flagged. Outside that band there are no fairness points. Fairness and "
        "calibration are multiplied by a *usefulness ramp*: from 0 where the alerts "
        f"have a net benefit of {point.useless:.3f} or less, to 1 at "
        f"{point.useful:.3f} "
        f"(threshold probability {point.threshold_probability:g}). Alerts at random "
        "are fair and find nobody; they earn nothing here."
    )


def inputs(lock):
    """Return which group columns the answers are handed."""
    if not lock.given:
        return "**Group columns** are not handed to your answers."
    return f"**Group columns** handed to your answers: {', '.join(lock.given)}."


def example(lock):
    """Return one worked example: the sentence of a gap in the middle."""
    gaps = [each for each in lock.criteria if not each.rises and not each.band]
    if not gaps:
        return ""
    gap = gaps[0]
    seen = (gap.floor + gap.full) / 2
    width = abs(gap.floor - gap.full) / 5
    given = award(gap, Estimate(seen, seen - width, seen + width))
    return f"**An example** ({gap.label}): *{given.sentence}*"


def limits(lock):
    """Return the limits under which the notebook is run for marks."""
    if not lock.limits:
        return ""
    listed = ", ".join(
        f"{key.replace('_', ' ')} {value:g}" for key, value in lock.limits.items()
    )
    return f"**Limits** of the graded run: {listed}. It has no network."
