"""How much an answer would help: a ramp from 0 to 1 that weighs other points.

What treats groups alike because it finds nobody, or what is calibrated because it
says the same of everybody, is of no use and earns nothing for it.
"""

import dataclasses

import numpy as np

from coursekit.errors import NotEstimable
from coursekit.grading import measures
from coursekit.grading.contract import Breach, gravely
from coursekit.grading.explanation_measures import share_explained
from coursekit.grading.rubric import Criterion
from coursekit.grading.unfinished import is_cut_off

NET_BENEFIT = "net_benefit"


@dataclasses.dataclass(frozen=True)
class Usefulness:
    """What an answer is worth at the rubric's operating point."""

    ramp: float | None = 0.0  # None where the run ended before all answers came
    value: float | None = None  # of the rubric's measure of use
    alert_rate: float | None = None  # None where there are no decisions
    in_band: bool = False
    breaches: tuple = ()

    def plain(self, lock):
        """Return the record's view of it."""
        return {
            "measure": lock.operating_point.measure,
            "value": self.value,
            "ramp": self.ramp,
            "alert_rate": self.alert_rate,
            "in_band": self.in_band,
        }


def usefulness(lock, patients, replies, broken):
    """Judge an answer at the operating point: the alert band and the ramp.

    Parameters
    ----------
    lock : Rubric
    patients : dict of str to Patients
    replies : dict of str to Reply
    broken : dict of str to list of Breach
        By answer.
    """
    point = lock.operating_point
    if gravely(broken[point.answer]):
        return Usefulness(ramp=None if is_cut_off(broken[point.answer]) else 0.0)
    try:
        use = use_of(point, patients, replies)
    except NotEstimable:
        return Usefulness(in_band=point.alert_rate is None)
    ramp = ramp_at(point, use)
    if point.alert_rate is None:
        return Usefulness(ramp, use.value, in_band=True)
    low, high = point.alert_rate
    rate = measures.alert_rate(patients["hidden"], replies[point.answer])
    in_band = bool(rate.low <= high and rate.high >= low)
    found = () if in_band else (out_of_band(rate, point),)
    return Usefulness(ramp, use.value, rate.value, in_band, found)


def use_of(point, patients, replies):
    """Return the rubric's measure of use, with its interval."""
    if point.measure == NET_BENEFIT:
        return measures.net_benefit(patients["hidden"], replies[point.answer], point)
    criterion = Criterion(
        *("usefulness", "", "", point.measure, point.answer),
        *(0.0, point.useless, point.useful),
    )
    return measures.estimate(criterion, patients, replies)


def ramp_at(point, use):
    """Return how useful an answer is, from 0 to 1, at the favourable end."""
    ramp = (use.high - point.useless) / (point.useful - point.useless)
    return min(1.0, max(0.0, ramp))


def ramp_for(lock, criterion, useful, patients, replies):
    """Return by what the points of one criterion are multiplied, if it is ramped.

    Risks count no more than they would help themselves, and an explanation counts by
    how far it explains, whatever was handed in beside them.

    Parameters
    ----------
    lock : Rubric
    criterion : Criterion
    useful : Usefulness
    patients : dict of str to Patients
    replies : dict of str to Reply
    """
    contract, reply = lock.answer(criterion.answer).contract, replies[criterion.answer]
    if criterion.ramped and contract == "explanation":
        return share_explained(measures.asked_about(criterion, patients), reply)
    if criterion.ramped and contract == "risk":
        given = patients["hidden"], reply
        return min(useful.ramp, ramp_of_risks(lock.operating_point, *given))
    return useful.ramp


def ramp_of_risks(point, patients, reply):
    """Return how useful risks are if the highest of them are flagged.

    Evidence about a model counts only as far as the model itself would help, whatever
    the decisions that were handed in beside it.
    """
    cut_off = np.quantile(reply.values, 1 - sum(point.alert_rate) / 2)
    flagged = dataclasses.replace(reply, values=(reply.values >= cut_off) * 1.0)
    return ramp_at(point, measures.net_benefit(patients, flagged, point))


def out_of_band(rate, point):
    """Return the breach of decisions outside the alert band."""
    low, high = point.alert_rate
    if rate.value == 0:
        return Breach("NO-ALERTS", "No patient at all was flagged.", "fairness")
    seen = (
        f"{rate.value:.1%} of the patients were flagged; decisions are graded at "
        f"{low:.0%} to {high:.0%}."
    )
    return Breach("OPERATING-POINT", seen, "fairness")
