"""From replies to a score record.

The same code grades the check cohort in a student's session, the archetypes of a
certificate and the hidden patients of a run; only the patients differ. A record is
plain data and, for the same replies, the same bytes.
"""

import dataclasses
import json
import math

import numpy as np

from coursekit.errors import NotEstimable
from coursekit.grading import measures
from coursekit.grading.award import award, no_points, withhold
from coursekit.grading.cleaning_mistakes import cleaning_mistakes
from coursekit.grading.clustering_mistakes import clustering_mistakes
from coursekit.grading.codes import explain
from coursekit.grading.contract import Breach, breaches, gravely
from coursekit.grading.evaluation_mistakes import evaluation_mistakes
from coursekit.grading.explanation_mistakes import explanation_mistakes
from coursekit.grading.findings import apply_findings
from coursekit.grading.spans import without_wrong
from coursekit.grading.unfinished import PERSON, is_cut_off, left_open
from coursekit.grading.usefulness import ramp_for, usefulness

RECORD_FORMAT = 1
MISTAKES = {
    "explanation": explanation_mistakes,
    "table": cleaning_mistakes,
    "numbers": evaluation_mistakes,
    "verdict": evaluation_mistakes,
}


def score(lock, patients, replies, inputs):
    """Return the score record of one submission.

    Parameters
    ----------
    lock : Rubric
        Resolved: every threshold is a number.
    patients : dict of str to Patients
        "hidden" is the cohort that sets the marks; the others serve probes.
    replies : dict of str to Reply
    inputs : dict of str to object
        What was served: by cohort, and to the function questions by name.

    Returns
    -------
    dict
        ``criteria``, ``kinds``, ``usefulness``, ``codes``: JSON-able.
    """
    broken = {
        answer.name: breaches(
            *(answer, replies[answer.name], patients[answer.cohort].groups),
            inputs.get(answer.cohort),
        )
        for answer in lock.answers
    }
    replies = readable(lock, replies, inputs)
    useful = usefulness(lock, patients, replies, broken)
    awards = [
        judge(lock, criterion, patients, replies, inputs, broken, useful)
        for criterion in lock.criteria
    ]
    awards, named = apply_findings(lock, awards, patients, replies, broken)
    named += [*useful.breaches, *(each for found in broken.values() for each in found)]
    named += mistakes(lock, replies, inputs, broken)
    named += misunderstood(lock, patients, replies, inputs, broken)
    return {
        "format": RECORD_FORMAT,
        "assignment": lock.assignment,
        "rubric_version": lock.version,
        "status": "scored",
        "reason": "",
        "criteria": [plain(each) for each in awards],
        "kinds": {kind: total(lock, kind, awards) for kind in lock.kinds},
        "usefulness": {key: tidy(value) for key, value in useful.plain(lock).items()},
        "codes": explain(named, awards),
        "off": lock.off,
    }


def readable(lock, replies, inputs):
    """Return the replies with nothing found in the notes whose spans are none."""
    spans = {answer.name for answer in lock.answers if answer.contract == "spans"}
    cleaned = {}
    for name, reply in replies.items():
        answer, _, cohort = name.partition("~")
        if answer in spans and reply.status == "ok":
            values, _ = without_wrong(reply.values, inputs[cohort or "hidden"])
            reply = dataclasses.replace(reply, values=values)
        cleaned[name] = reply
    return cleaned


def judge(lock, criterion, patients, replies, inputs, broken, useful):
    """Return the award for one criterion."""
    answer = lock.answer(criterion.answer)
    found = broken[answer.name]
    if why := left_open(lock, criterion, broken):
        return withhold(no_points(criterion, (), ""), ("CUT-OFF",), why)
    if criterion.measure == "contract":
        return judge_contract(criterion, found)
    if gravely(found):
        return no_points(criterion, (), f"{answer.name} breaks its contract.")
    if criterion.at_operating_point and not useful.in_band:
        return no_points(criterion, (), useful.breaches[0].seen)
    if criterion.against and (trouble := compared(criterion, answer, replies, inputs)):
        return trouble
    if answer.contract == "function":
        estimate = measures.share_right(
            answer, replies[answer.name], inputs[answer.name]
        )
        return award(criterion, estimate)
    try:
        estimate = measures.estimate(criterion, patients, replies)
    except NotEstimable as error:
        return no_points(criterion, ("NOT-ESTIMABLE",), str(error))
    ramp = ramp_for(lock, criterion, useful, patients, replies)
    given = award(criterion, estimate, ramp)
    if criterion.withheld_above is not None:
        return looked_at(given, criterion)
    return named_by_own_loss(given, criterion, patients, replies)


def looked_at(given, criterion):
    """Withhold an award that lies above all that honest work has come to.

    The whole interval must lie there: nobody is stopped by luck.
    """
    if given.low <= criterion.withheld_above:
        return given
    why = (
        f"We saw {given.value:.3f}; up to {criterion.withheld_above:.3f} no questions "
        f"are asked. {PERSON}"
    )
    return withhold(given, ("BEYOND-REACH",), why)


def named_by_own_loss(given, criterion, patients, replies):
    """Return an award whose feedback code speaks of what the answer itself loses.

    Points count the other cohort as at least so good; to say that much was lost where
    little was there to lose would be wrong.
    """
    if criterion.at_least is None or criterion.low_code not in given.codes:
        return given
    alone = dataclasses.replace(criterion, at_least=None)
    lost = award(alone, measures.estimate(alone, patients, replies))
    if criterion.low_code in lost.codes:
        return given
    codes = tuple(code for code in given.codes if code != criterion.low_code)
    return dataclasses.replace(given, codes=codes)


def compared(criterion, answer, replies, inputs):
    """Return the award where the other cohort's reply cannot be used, else None."""
    reply = replies[f"{answer.name}~{criterion.against}"]
    found = breaches(answer, reply, inputs=inputs.get(criterion.against))
    if is_cut_off(found):
        why = f"{found[0].seen} {PERSON}"
        return withhold(no_points(criterion, (), ""), ("CUT-OFF",), why)
    if gravely(found):
        return no_points(criterion, (), found[0].seen)
    return None


def judge_contract(criterion, found):
    """Return all points for a kept contract, none for a broken one."""
    if found:
        return no_points(criterion, (), found[0].seen)
    kept = f"Kept: {criterion.points:g} of {criterion.points:g}."
    given = no_points(criterion, (), "")
    return dataclasses.replace(
        given,
        points=criterion.points,
        points_range=(criterion.points, criterion.points),
        verdict="all",
        sentence=kept,
    )


def mistakes(lock, replies, inputs, broken):
    """Name the wrong ways in which a function question was answered."""
    named = []
    for answer in lock.answers:
        if broken[answer.name]:
            continue
        for mistake in answer.mistakes:
            given = (answer, replies[answer.name], inputs[answer.name])
            same = measures.equal_to(*given, mistake.instead)
            right = measures.equal_to(*given, {})
            if np.mean(same) > 0.9 > np.mean(right):
                seen = f"{answer.name} gave what comes out with {words(mistake)}."
                named.append(Breach(mistake.code, seen, kind_of(lock, answer)))
    return named


def misunderstood(lock, patients, replies, inputs, broken):
    """Name what was done with cases instead of what was asked."""
    named = []
    for answer in lock.answers:
        if gravely(broken[answer.name]):
            continue
        given = answer, patients[answer.cohort], replies[answer.name]
        if answer.contract == "clustering":
            cases = inputs[answer.cohort]
            named += clustering_mistakes(*given, cases, kind_of(lock, answer))
        elif answer.contract in MISTAKES:
            named += MISTAKES[answer.contract](*given, kind_of(lock, answer))
    return named


def kind_of(lock, answer):
    """Return the kind of points that an answer's first criterion earns."""
    return next(each.kind for each in lock.criteria if each.answer == answer.name)


def words(mistake):
    """Return a mistake's inputs in words.

    Examples
    --------
    >>> from coursekit.grading.rubric import Mistake
    >>> words(Mistake("X", {"fixed_cost": 0, "cost_per_enrolled": 0}))
    'fixed_cost = 0 and cost_per_enrolled = 0'
    """
    return " and ".join(f"{key} = {value:g}" for key, value in mistake.instead.items())


def total(lock, kind, awards):
    """Return the points of a kind; None where a part of it is withheld."""
    parts = [each for each in awards if each.kind == kind]
    if any(each.points is None for each in parts):
        return {"points": None, "max_points": lock.kinds[kind], "points_range": None}
    return {
        "points": round(sum(each.points for each in parts), 2),
        "max_points": lock.kinds[kind],
        "points_range": [
            round(sum(each.points_range[end] for each in parts), 2) for end in (0, 1)
        ],
    }


def plain(given):
    """Return an award as JSON-able data with tidy numbers."""
    table = dataclasses.asdict(given)
    table["codes"] = list(given.codes)
    table["points_range"] = given.points_range and list(given.points_range)
    return {key: tidy(value) for key, value in table.items()}


def tidy(value):
    """Round to 6 decimals, so that a record reads well; what is infinite is None.

    Examples
    --------
    >>> tidy(0.12345678), tidy(float("inf")), tidy("all")
    (0.123457, None, 'all')
    """
    if isinstance(value, bool) or not isinstance(value, float):
        return value
    return round(float(value), 6) if math.isfinite(value) else None


def to_bytes(record):
    r"""Return the one way in which a record is written.

    Examples
    --------
    >>> to_bytes({"b": 1, "a": None})
    b'{\n "a": null,\n "b": 1\n}\n'
    """
    text = json.dumps(record, indent=1, sort_keys=True, ensure_ascii=False)
    return (text + "\n").encode(errors="replace")
