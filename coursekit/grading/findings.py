"""What findings about an answer do to marks: withhold what is impossible, cap leaks.

A finding looks at all that an answer said, so it may change criteria that were
judged before.
"""

import dataclasses

from coursekit.grading import probes
from coursekit.grading.award import withhold
from coursekit.grading.contract import gravely
from coursekit.grading.unfinished import PERSON, unprobed


def apply_findings(lock, awards, patients, replies, broken):
    """Withhold what is impossible and cap what leaks; return awards and breaches.

    Parameters
    ----------
    lock : Rubric
    awards : list of Award
    patients : dict of str to Patients
    replies : dict of str to Reply
    broken : dict of str to list of Breach
        By answer.

    Returns
    -------
    tuple of (list of Award, list of Breach)
    """
    named = []
    for answer in lock.answers:
        if answer.contract != "risk" or gravely(broken[answer.name]):
            continue
        beyond = probes.impossible(patients["hidden"], replies[answer.name])
        if beyond is not None:
            named.append(beyond)
            awards = [withheld(each, lock, answer, beyond) for each in awards]
    for probe, breach in probed(lock, patients, replies, broken):
        named.append(breach)
        awards = [capped(each, probe, breach) for each in awards]
    return awards, named


def probed(lock, patients, replies, broken):
    """Return what the probes found: (Probe, Breach), the cut off ones last."""
    sound = {name for name, found in broken.items() if not gravely(found)}
    tried = tuple(probe for probe in lock.probes if probe.answer in sound)
    lock = dataclasses.replace(lock, probes=tried)
    complete = {
        name: each for name, each in replies.items() if each.status != "cut-off"
    }
    found = probes.findings(lock, patients, complete)
    certain = {probe.name for probe, _ in found}
    return found + [
        each for each in unprobed(lock, replies) if each[0].name not in certain
    ]


def withheld(each, lock, answer, breach):
    """Withhold the accuracy of an answer that is too good to be true."""
    criterion = next(item for item in lock.criteria if item.id == each.id)
    if criterion.answer != answer.name or criterion.kind != "accuracy":
        return each
    return withhold(each, (breach.code,), f"{breach.seen} {PERSON}")


def capped(each, probe, breach):
    """Take the points of the capped kind where a probe found something.

    Where the run ended before the probe did, a person decides.
    """
    if probe.caps is None or each.kind != probe.caps or not each.points:
        return each
    if breach.code == "CUT-OFF":
        return withhold(each, (breach.code,), f"{breach.seen} {PERSON}")
    sentence = f"0 of {each.max_points:g}, because: {breach.seen} Else: {each.sentence}"
    nothing = {"points": 0.0, "points_range": (0.0, 0.0), "verdict": "none"}
    return dataclasses.replace(each, **nothing, sentence=sentence)
