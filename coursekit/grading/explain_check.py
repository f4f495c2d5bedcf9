"""From the local check to the mark, in words: parts of "How your mark is made".

The local check is the grader's own code on patients that the student has, so its
table says a good deal about the mark, and leaves out what only hidden patients show.
"""

import math

from coursekit.grading.award import award
from coursekit.grading.contract import CASES
from coursekit.grading.holdout import N_PROBED
from coursekit.grading.probes import OTHERS
from coursekit.metrics.intervals import Estimate

SEEN = {"train": "your training patients", "check": "the check patients"}


def about_cases(lock):
    """Return True where the assignment's own cohort holds cases, not patients."""
    return any(
        answer.contract in CASES and not answer.generator for answer in lock.answers
    )


def unlike_check(lock):
    """Return True where hidden patients are other in kind than the check patients."""
    return any(each.against or each.hidden_only for each in lock.criteria)


def narrower(lock):
    """Return how wide hidden intervals are, those of the check patients being 1.

    Intervals shrink with the square root of the number of patients.
    """
    return math.sqrt(lock.cohorts["check"] / lock.cohorts["hidden"])


def from_check(lock):
    """Return how a student gets from the local check's table to the mark."""
    if about_cases(lock):
        return (
            "**From the local check to your mark.** `submit` shows this table for "
            "cases that you have. Your mark is measured anew, on others of the same "
            "kind: expect about these points, not the same."
        )
    check, hidden = (f"{lock.cohorts[role]:,}" for role in ("check", "hidden"))
    told = (
        "**From the local check to your mark.** `submit` shows this table for the "
        f"{check} check patients, as ranges: the points at the worse and at the better "
        f"end of each interval. Your mark is measured anew, on {hidden} others"
    )
    if unlike_check(lock):
        return (
            f"{told}, who differ from the check patients as the task says. The ranges "
            "hold as far as your answers do not mind that difference, else the mark is "
            "lower."
        )
    share = narrower(lock)
    return (
        f"{told}. Their intervals are {share:.2f} times as wide, and only the better "
        "end counts. To guess the points of a row, take what was *seen*, move it "
        f"{share:.2f} of the way to the better end of its interval, and see where that "
        "lies between *none* and *all*. Other patients differ by chance: a row whose "
        "whole interval is better than *all* or worse than *none* will stay there; "
        "any other may come out at either end of its range, and with several of those "
        "the sum may be some 5 points off. And it holds for honest tables only: if you "
        "fitted or tuned on the check patients, the hidden ones will show less."
    )


def besides(lock):
    """Return what the local check does not test, and what it costs."""
    items = [costs(probe, lock) for probe in lock.probes]
    if any(answer.contract == "risk" for answer in lock.answers):
        items.append(
            "A result better than the true risk of every patient allows is withheld "
            "from the gradebook, and a person decides."
        )
    listed = "".join(f"\n- {item}" for item in items)
    unseen = (
        f"**What the local check does not test**, and what it costs:\n{listed}\n\n"
        if items
        else ""
    )
    return (
        f"{unseen}**Contracts.** An answer that breaks its contract (another shape, a "
        "value out of range, another answer for the same patient in another batch) "
        f"earns nothing in any of its rows; if it is `{lock.operating_point.answer}`, "
        "the rows marked × earn nothing either. What was wrong is named in your "
        "feedback."
    )


def costs(probe, lock):
    """Return what a probe asks and what is lost by what it finds."""
    answer, tolerance = f"`{probe.answer}`", f"{probe.tolerance:g}"
    if probe.finds == "redraw":
        asked = (
            f"{answer} has learnt from a column that is filled in only afterwards. "
            "Such columns are drawn anew, one at a time, for "
            f"{N_PROBED:,} hidden patients; it has if the risks then move by more than "
            f"{tolerance} on average"
        )
    else:
        others = OTHERS.get(probe.against, "the hidden ones")
        more = f"by more than {tolerance} (AUROC) and " if probe.tolerance else ""
        asked = (
            f"{answer} ranks {SEEN[probe.finds]} better than {others}, {more}by more "
            "than chance allows"
        )
    return f"{asked} (`{probe.code}`): {price(probe, lock)}"


def price(probe, lock):
    """Return what a finding of a probe costs."""
    if probe.caps:
        return (
            f"**all {lock.kinds[probe.caps]:g} {probe.caps} points are lost**, "
            "whatever the local check shows in those rows. The other rows stay as they "
            "are."
        )
    return "this is named and costs nothing by itself; the rows say what it cost."


def example(lock):
    """Return one worked example: a gap in the middle, on check and on hidden ones."""
    gaps = [each for each in lock.criteria if not each.rises and not each.band]
    if not gaps:
        return ""
    gap = gaps[0]
    seen = (gap.floor + gap.full) / 2
    cases = about_cases(lock)
    width = 0 if cases else abs(gap.floor - gap.full) / 5
    given = award(gap, Estimate(seen, seen - width, seen + width))
    there = "" if cases or unlike_check(lock) else in_check(gap, seen, width, lock)
    return f"**An example**, invented ({gap.label}). {there}*{given.sentence}*"


def in_check(gap, seen, width, lock):
    """Return what the check showed of an example, and the way from there."""
    wide = width / narrower(lock)
    low, high = max(0.0, seen - wide), seen + wide
    worse, better = award(gap, Estimate(seen, low, high)).points_range
    graded = seen - narrower(lock) * (seen - low)
    return (
        f"The local check says *{seen:.3f}, {low:.3f} to {high:.3f}, points "
        f"{worse:.1f} to {better:.1f}*. {narrower(lock):.2f} of the way from "
        f"{seen:.3f} to {low:.3f} is {graded:.3f}, so that is the guess. If the hidden "
        "patients show the same, the feedback says: "
    )
