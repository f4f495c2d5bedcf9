"""What an audit names, and when: each rule wants both a size and certainty.

A finding is named only if the difference is large enough to matter and its interval,
widened for all looks that the rule takes, leaves out no difference. Each of the three
rules that compare may err in at most 1 audit of 100 of a fine model.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import norm

from coursekit.audit.measuring import log_ratio, measure, ratio_interval
from coursekit.metrics import (
    auroc_interval,
    calibration_slope_interval,
    interval_from_influence,
    reliability_table,
)

ERROR = 0.01  # of each rule, on a fine model
TOO_GOOD = 0.95  # AUROC that models of clinical outcomes hardly ever reach
TOO_FAR = 1.25  # expected to observed, or its inverse, and the slope likewise
FEWEST_EVENTS = 100  # of the rarer outcome, before "nothing found" means anything
FEWEST_IN_GROUP = 10  # ill patients without an alert, for a group to be compared
Z = norm.ppf(0.975)


@dataclass(frozen=True)
class Finding:
    """One thing found; the code is stable.

    Examples
    --------
    >>> Finding("DRIFTED", "The scores fell behind.", "Ask for an update.").code
    'DRIFTED'
    """

    code: str
    said: str  # one or two plain sentences, with the figures
    next_step: str
    about: str | None = None  # the group or period


def findings_of(scores, alerts, drift, tolerance):
    """Return what is named, most urgent first; empty if nothing is.

    Parameters
    ----------
    scores : Scores
    alerts : ndarray of shape (n,)
    drift : Drift or None
    tolerance : float in (0, 1)
        Differences in AUROC and in sensitivity below this do not matter.
    """
    return (
        *leak_like(scores),
        *under_served(scores, alerts, tolerance),
        *miscalibrated(scores),
        *drifted(drift, tolerance),
    )


def leak_like(scores):
    """Name scores that rank as well as if they had seen the outcome."""
    found = measure(
        auroc_interval, scores.y, scores.risk, patient=scores.patient, level=1 - ERROR
    )
    if found is None or found.low < TOO_GOOD:
        return
    yield Finding(
        "LEAK-LIKE",
        f"The scores rank patients almost perfectly (AUROC {found.value:.3f}). Scores "
        "made before the outcome was known hardly ever do.",
        "Ask when each score was computed, and whether anything that is recorded only "
        "after the outcome went into it. Do not rely on the other figures until then.",
    )


def miscalibrated(scores):
    """Name scores that are too high, too low, too extreme or too flat."""
    level = 1 - ERROR / 3
    ratio = ratio_interval(scores.risk, scores.y, scores.patient, level)
    slope = measure(
        calibration_slope_interval,
        scores.y,
        scores.risk,
        patient=scores.patient,
        level=level,
    )
    if ratio is not None and is_far(ratio):
        way = "too high" if ratio.value > 1 else "too low"
        said = (
            f"The scores are {way} on the whole: they predict {ratio.value:.2f} times "
            "as many outcomes as were recorded."
        )
    elif slope is not None and is_far(slope):
        way = "too extreme" if slope.value < 1 else "too cautious"
        said = (
            f"The scores are {way}: high ones and low ones lie "
            f"{'too far apart' if slope.value < 1 else 'too close together'} "
            f"(calibration slope {slope.value:.2f}; it should be near 1)."
        )
    elif far_bin(scores, level) is not None:
        bent = far_bin(scores, level)
        said = (
            f"Among patients scored about {bent['mean_risk']:.0%}, "
            f"{bent['event_share']:.0%} had the outcome."
        )
    else:
        return
    yield Finding(
        "MISCALIBRATED",
        said,
        "Do not read a score as a chance. Ask for the model to be recalibrated on "
        "local patients, then audit again.",
    )


def is_far(estimate):
    """Return whether a ratio is surely not 1 and also far from 1.

    Examples
    --------
    >>> from coursekit.metrics import Estimate
    >>> is_far(Estimate(1.4, 1.1, 1.8)), is_far(Estimate(1.1, 1.05, 1.15))
    (True, False)
    """
    sure = estimate.low > 1 or estimate.high < 1
    return sure and not 1 / TOO_FAR < estimate.value < TOO_FAR


def far_bin(scores, level):
    """Return the tenth of the patients whose scores miss most, or None if none does."""
    table = reliability_table(
        scores.y,
        scores.risk,
        patient=scores.patient,
        level=1 - (1 - level) / 10,
    )
    sure = (table["mean_risk"] < table["low"]) | (table["mean_risk"] > table["high"])
    off = (table["mean_risk"] - table["event_share"]).abs()
    allowed = np.maximum(0.05, 0.25 * table["mean_risk"])
    far = table[sure & (off >= allowed)]
    return None if far.empty else far.loc[off[far.index].idxmax()]


def drifted(drift, tolerance):
    """Name the largest change since the beginning that is sure and large enough."""
    if drift is None or drift.changes.empty:
        return
    changes = drift.changes
    sure = (changes["low"] > 0) | (changes["high"] < 0)
    falls = (changes["measure"] == "auroc") & (changes["change"] <= -tolerance)
    strays = (changes["measure"] == "expected_to_observed") & (
        changes["change"].abs() >= np.log(TOO_FAR)
    )
    named = changes[sure & (falls | strays)]
    if named.empty:
        return
    worst = named.loc[(named["change"] / named["se"]).abs().idxmax()]
    if worst["measure"] == "auroc":
        said = (
            f"The scores rank patients less well than at the beginning: AUROC fell by "
            f"{-worst['change']:.2f} ({worst['period']})."
        )
    else:
        times = np.exp(worst["change"])
        said = (
            "Beside what happened, the scores are "
            f"{times:.2f} times what they were at the beginning ({worst['period']})."
        )
    yield Finding(
        "DRIFTED",
        said,
        "Ask what changed at that time: a new coding rule, test, kind of patient or "
        "version of the model. Ask for an update, and watch it monthly.",
        worst["period"],
    )


def under_served(scores, alerts, tolerance):
    """Name each group whose ill patients are missed more than the scores allow for.

    A group of lower risk is flagged less, and its ill found less often, by the best of
    models. So a group is named only if, among its patients without an alert, the
    outcome was more frequent than in all other patients with the same scores.
    """
    if scores.groups.shape[1] == 0:
        return
    scores = replace(scores, risk=as_recorded(scores.y, scores.risk))
    comparisons = [
        each
        for name in scores.groups
        for each in comparisons_of(scores, alerts, scores.groups[name], name)
    ]
    if not comparisons:
        return
    z = norm.ppf(1 - ERROR / len(comparisons) / 2)
    for each in comparisons:
        missed = each["excess"] - z * each["excess_se"] > 0
        large = each["excess"] >= np.log(TOO_FAR)
        lower = each["gap"] >= tolerance and each["gap"] > z * each["gap_se"]
        if missed and (large or lower):
            yield finding_of(each)


def finding_of(each):
    """Return the finding about one group."""
    return Finding(
        "UNDER-SERVED",
        f"Patients with {each['attribute']} = {each['group']} are served worse. Of "
        f"their patients who had the outcome, {each['sensitivity']:.0%} were flagged; "
        f"of all others, {each['sensitivity_rest']:.0%}. Among those not flagged, the "
        f"outcome was {np.exp(each['excess']):.2f} times as frequent, for the same "
        "scores, as in all others.",
        f"Do not use a score below the cut-off to reassure patients with "
        f"{each['attribute']} = {each['group']}. Ask the maker how many of them the "
        "model learnt from, and whether what it measures means the same for them.",
        f"{each['attribute']} = {each['group']}",
    )


def as_recorded(y, risk):
    """Return, for each score, how often the outcome happened to patients scored alike.

    Scores that are wrong for everyone are set right first, or they would look wrong
    for the groups that have many high ones.

    Examples
    --------
    >>> as_recorded(np.array([0, 1, 1, 1]), np.array([0.2, 0.2, 0.9, 0.9])).tolist()
    [0.5, 0.5, 1.0, 1.0]
    """
    from sklearn.isotonic import IsotonicRegression

    return IsotonicRegression(out_of_bounds="clip").fit_transform(risk, y)


def comparisons_of(scores, alerts, group, attribute):
    """Return, for each group large enough, its shortfall beside all other patients."""
    if group.nunique() < 2:
        return
    for label in sorted(set(group)):
        inside = (group == label).to_numpy()
        here, rest = (shortfall(scores, alerts, rows) for rows in (inside, ~inside))
        if here is None or rest is None:
            continue
        yield {
            "attribute": attribute,
            "group": label,
            "excess": here[0].value - rest[0].value,
            "excess_se": np.hypot(half_width(here[0]), half_width(rest[0])) / Z,
            "sensitivity": here[1].value,
            "sensitivity_rest": rest[1].value,
            "gap": rest[1].value - here[1].value,
            "gap_se": np.hypot(half_width(here[1]), half_width(rest[1])) / Z,
        }


def shortfall(scores, alerts, rows):
    """Return some patients' log of observed to expected if unflagged, and sensitivity.

    None if fewer than 10 of the ill were missed.
    """
    ill, missed = rows & (scores.y == 1), rows & (alerts == 0)
    if scores.y[missed].sum() < FEWEST_IN_GROUP:
        return None
    whose = scores.patient
    of_ill, of_missed = (
        None if whose is None else whose[kept] for kept in (ill, missed)
    )
    excess = log_ratio(scores.y[missed], scores.risk[missed], of_missed)
    value = alerts[ill].mean()
    found = measure(
        interval_from_influence, value, alerts[ill] - value, of_ill, level=0.95
    )
    return None if excess is None or found is None else (excess, found)


def half_width(estimate):
    """Return half the width of an interval."""
    return (estimate.high - estimate.low) / 2


def too_small(scores):
    """Return whether the table is too small for "nothing found" to mean much.

    Examples
    --------
    >>> import types
    >>> too_small(types.SimpleNamespace(y=np.array([1] * 99 + [0] * 500)))
    True
    """
    n_ill = int(scores.y.sum())
    return min(n_ill, len(scores.y) - n_ill) < FEWEST_EVENTS
