"""Resolve a rubric for the patients of one course.

Anchored thresholds become numbers, criteria that these patients cannot show are
switched off by name and their points go to the others of their kind. The result is
`rubric.lock.toml`: a rubric like any other, with nothing left open.
"""

import dataclasses
from dataclasses import replace

import tomli_w

from coursekit.errors import BadRubric, NotEstimable
from coursekit.grading import comparisons, measures
from coursekit.grading.award import award
from coursekit.grading.rubric import Anchor, load_rubric
from coursekit.grading.usefulness import use_of

GOOD = "good"
ORACLE = "oracle"
PREVALENCE = "prevalence"


def resolve(rubric, patients, replies):
    """Return the rubric with every threshold a number.

    Parameters
    ----------
    rubric : Rubric
    patients : dict of str to Patients
        By cohort; "hidden" are the hidden patients of this course.
    replies : dict of str to dict of str to Reply
        Archetype -> serving -> reply on these patients. ``good`` must be there, and
        ``oracle`` where the truth is known.

    Returns
    -------
    Rubric

    Raises
    ------
    BadRubric
        If a whole kind of points would be left without a criterion.
    """
    point = resolve_point(rubric.operating_point, patients, replies)
    on = [each for each in rubric.criteria if each.id not in rubric.off]
    criteria = [
        anchored(with_least(each, patients, replies), patients, replies) for each in on
    ]
    reasons = dict(rubric.off)
    for criterion in criteria:
        reason = inadmissible(criterion, patients, replies)
        if reason:
            reasons[criterion.id] = reason
    return switch_off(
        replace(rubric, operating_point=point, criteria=tuple(criteria)), reasons
    )


def resolve_point(point, patients, replies):
    """Return the operating point with its threshold and its ramp as numbers."""
    if point.threshold_probability == PREVALENCE:
        prevalence = round(float(patients["hidden"].y.mean()), 4)
        point = replace(point, threshold_probability=prevalence)

    def number(threshold):
        if not isinstance(threshold, Anchor):
            return threshold
        seen = use_of(point, patients, archetype(threshold, replies)).value
        return round(float(seen * threshold.share + threshold.plus), 6)

    return replace(point, useless=number(point.useless), useful=number(point.useful))


def anchored(criterion, patients, replies):
    """Return the criterion with its thresholds as numbers, in their old order."""

    def number(threshold):
        if not isinstance(threshold, Anchor):
            return threshold
        given = archetype(threshold, replies)
        seen = measures.estimate(criterion, patients, given).value
        return round(float(seen * threshold.share + threshold.plus), 4)

    floor, full = number(criterion.floor), number(criterion.full)
    above = number(criterion.withheld_above)
    if anchored_both(criterion) and (full > floor) != measures.rises(criterion):
        raise BadRubric(
            f"On these patients {criterion.full.archetype!r} ({full:g}) is no better "
            f"than {criterion.floor.archetype!r} ({floor:g}) in {criterion.id}, so no "
            "marks can be set between them. Use more patients, or map more columns."
        )
    return replace(criterion, floor=floor, full=full, withheld_above=above)


def with_least(criterion, patients, replies):
    """Return the criterion with what the other cohort is taken to reach as a number."""
    anchor = criterion.at_least
    if not isinstance(anchor, Anchor):
        return criterion
    given = archetype(anchor, replies)
    seen = comparisons.reached_there(criterion, patients, given).value
    return replace(
        criterion, at_least=round(float(seen * anchor.share + anchor.plus), 4)
    )


def anchored_both(criterion):
    """Return True where both thresholds are told by archetypes."""
    return isinstance(criterion.floor, Anchor) and isinstance(criterion.full, Anchor)


def archetype(anchor, replies):
    """Return an archetype's replies, or say that the anchor points nowhere."""
    try:
        return replies[anchor.archetype]
    except KeyError:
        raise BadRubric(
            f"A threshold is anchored to the archetype {anchor.archetype!r}, which did "
            f"not run here. It can be anchored to {', '.join(replies)}."
        ) from None


def inadmissible(criterion, patients, replies):
    """Return why these patients cannot show a criterion, or None where they can.

    The half width of its interval must be at most a quarter of the way from `floor`
    to `full`, so that leniency cannot decide; and the oracle must earn all points.
    """
    if not measures.is_estimated(criterion) or criterion.band:
        return None
    if criterion.rises != measures.rises(criterion):
        return "Here even good work does not come to where the points begin."
    try:
        width = measures.half_width(criterion, patients, replies[GOOD])
    except NotEstimable as error:
        return str(error)
    allowed = abs(criterion.full - criterion.floor) / 4
    if width > allowed:
        return (
            f"With these patients it is known only to within {width:.3f}; "
            f"the rubric needs {allowed:.3f}."
        )
    if criterion.attribute and ORACLE in replies:
        oracle = measures.estimate(criterion, patients, replies[ORACLE])
        if award(replace(criterion, ramped=False), oracle).verdict != "all":
            return "Even the true risks do not earn all points: needs differ by group."
    return None


def switch_off(rubric, reasons):
    """Switch criteria off by name; their points go to the others of their kind."""
    left = [each for each in rubric.criteria if each.id not in reasons]
    shared = []
    for criterion in left:
        kept = sum(each.points for each in left if each.kind == criterion.kind)
        factor = rubric.kinds[criterion.kind] / kept
        shared.append(replace(criterion, points=round(criterion.points * factor, 4)))
    for kind in rubric.kinds:
        if not any(each.kind == kind for each in left):
            listed = "; ".join(f"{name}: {why}" for name, why in reasons.items())
            raise BadRubric(
                f"No criterion of kind {kind} is left for these patients ({listed}). "
                "Use more patients, merge groups, or widen the thresholds."
            )
    return replace(rubric, criteria=tuple(shared), off=dict(sorted(reasons.items())))


def write_lock(rubric, path):
    """Write a resolved rubric; the same rubric always gives the same bytes."""
    path.write_text(tomli_w.dumps(to_table(rubric)), encoding="utf-8")


def read_lock(path):
    """Read a resolved rubric, and refuse one that still has anchors."""
    lock = load_rubric(path)
    point = lock.operating_point
    thresholds = [point.useful, point.useless]
    for each in lock.criteria:
        thresholds += [each.floor, each.full, each.at_least, each.withheld_above]
    still_open = any(isinstance(threshold, Anchor) for threshold in thresholds)
    if still_open or point.threshold_probability == PREVALENCE:
        raise BadRubric(
            f"{path} still has anchored thresholds. Resolve it with coursekit init or "
            "coursekit holdout."
        )
    return lock


def to_table(value):
    """Return dataclasses as TOML tables, leaving out what is None.

    Examples
    --------
    >>> to_table(Anchor("good", plus=-0.01))
    {'archetype': 'good', 'plus': -0.01, 'share': 1.0}
    """
    if dataclasses.is_dataclass(value):
        fields = {
            item.name: getattr(value, item.name) for item in dataclasses.fields(value)
        }
        return {key: to_table(item) for key, item in fields.items() if item is not None}
    if isinstance(value, tuple | list):
        return [to_table(item) for item in value]
    if isinstance(value, dict):
        return {key: to_table(item) for key, item in value.items()}
    return value
