"""The numbers of an audit: how the scores do, for all and for each group."""

from itertools import combinations

import numpy as np
import pandas as pd
from scipy.stats import norm

from coursekit.errors import BadInput, NotEstimable
from coursekit.metrics import (
    auroc_interval,
    average_precision_interval,
    brier_interval,
    calibration_intercept_interval,
    calibration_slope_interval,
    gap_interval,
    group_table,
    interval_from_influence,
    mean_calibration_error_interval,
    net_benefit_interval,
)

LEVEL = 0.95
WIDEST = 0.10  # half width of a sensitivity's interval that still says something
FEWEST_SHOWN = 11  # patients; smaller groups could point at a person
RATES_SHOWN = ("sensitivity", "specificity", "ppv", "npv", "alert_rate")


def operating_point(risk, alert_rate=None, threshold=None):
    """Return the score from which an alert is raised.

    Parameters
    ----------
    risk : ndarray of shape (n,)
        Probabilities.
    alert_rate : float in (0, 1), optional
        At most this share of patients is flagged; 0.2 if nothing is given. Equal
        scores are flagged together or not at all, except that someone is flagged.
    threshold : float in (0, 1), optional

    Examples
    --------
    >>> float(operating_point(np.array([0.1, 0.2, 0.3, 0.4, 0.5]), alert_rate=0.4))
    0.4
    """
    if alert_rate is not None and threshold is not None:
        raise BadInput("Give --alert-rate or --threshold, not both.")
    given = threshold if threshold is not None else alert_rate
    if given is not None and not 0 < given < 1:
        raise BadInput(f"{given:g} must lie between 0 and 1, such as 0.2 for 20 %.")
    if threshold is not None:
        return threshold
    levels, counts = np.unique(risk, return_counts=True)
    share = counts[::-1].cumsum()[::-1] / len(risk)
    within = levels[share <= (alert_rate or 0.2) + 1e-12]
    return within[0] if len(within) else levels[-1]


def measure(function, *arguments, **options):
    """Return an estimate, or None where these patients cannot show it.

    Examples
    --------
    >>> measure(auroc_interval, [1, 1], [0.2, 0.3]) is None
    True
    """
    try:
        return function(*arguments, **options)
    except NotEstimable:
        return None


def performance(scores, alerts, threshold):
    """Return every measure of all patients, by name; None where not estimable."""
    given = {"patient": scores.patient, "level": LEVEL}
    of_risk = {
        "auroc": auroc_interval,
        "average_precision": average_precision_interval,
        "brier": brier_interval,
        "mean_error": mean_calibration_error_interval,
        "slope": calibration_slope_interval,
        "intercept": calibration_intercept_interval,
    }
    found = {
        name: measure(function, scores.y, scores.risk, **given)
        for name, function in of_risk.items()
    }
    found["net_benefit"] = measure(
        net_benefit_interval,
        scores.y,
        alerts,
        float(np.clip(threshold, 1e-6, 1 - 1e-6)),
        **given,
    )
    found["expected_to_observed"] = ratio_interval(
        scores.risk, scores.y, scores.patient, LEVEL
    )
    return found


def log_ratio(numerator, denominator, patient=None, level=LEVEL):
    """Return the log of a ratio of two means with its interval, None if one is 0.

    Examples
    --------
    >>> found = log_ratio([0.2, 0.4] * 30, [0, 1] * 30)
    >>> round(found.value, 2), found.low < found.value < found.high
    (-0.51, True)
    """
    top, bottom = np.asarray(numerator, float), np.asarray(denominator, float)
    if len(top) < 2 or top.mean() <= 0 or bottom.mean() <= 0:
        return None
    influence = top / top.mean() - bottom / bottom.mean()
    value = np.log(top.mean() / bottom.mean())
    return measure(interval_from_influence, value, influence, patient, level)


def ratio_interval(numerator, denominator, patient=None, level=LEVEL):
    """Return a ratio of two means with its interval, set on the log scale.

    Examples
    --------
    >>> round(ratio_interval([0.2, 0.4] * 30, [0, 1] * 30).value, 2)
    0.6
    """
    found = log_ratio(numerator, denominator, patient, level)
    if found is None:
        return None
    ends = np.exp([found.value, found.low, found.high]).tolist()
    return type(found)(*ends, level)


def tables_by_group(scores, alerts):
    """Return a group table for each attribute, with what is missing to judge it."""
    return {
        name: judged(
            group_table(
                scores.y,
                alerts,
                scores.groups[name],
                scores.risk,
                scores.patient,
                LEVEL,
            )
        )
        for name in scores.groups
    }


def gaps_of(scores, alerts, tables):
    """Return each attribute's largest difference in sensitivity, or None.

    Between groups with enough patients only; None where there are not two of them.
    """
    found = {}
    for name, table in tables.items():
        enough = table.index[table["enough"]]
        rows = scores.groups[name].isin(enough).to_numpy()
        patient = None if scores.patient is None else scores.patient[rows]
        found[name] = len(enough) > 1 or None
        if found[name]:
            found[name] = measure(
                gap_interval,
                scores.y[rows],
                alerts[rows],
                scores.groups[name][rows],
                patient=patient,
                level=LEVEL,
            )
    return found


def pairs_of_groups(scores, alerts):
    """Return one table of the attributes taken two by two, those large enough.

    Returns
    -------
    table : DataFrame or None
        Indexed by ``attributes`` and ``group``; None with fewer than two attributes.
    n_small : int
        Combinations that are too small to be judged and are not in the table.
    """
    tables = []
    for first, second in combinations(scores.groups, 2):
        both = scores.groups[first] + ", " + scores.groups[second]
        table = judged(group_table(scores.y, alerts, both, None, scores.patient, LEVEL))
        table.index = pd.MultiIndex.from_product(
            [[f"{first} and {second}"], table.index], names=["attributes", "group"]
        )
        tables.append(table)
    if not tables:
        return None, 0
    table = pd.concat(tables)
    enough = table["more_patients"] == 0
    return table[enough], int((~enough).sum())


def judged(table):
    """Add how many more patients each group needs before it can be judged.

    A group is judged if the half width of its sensitivity's interval is at most 0.10;
    what it needs is planned at its own sensitivity, kept within 0.2 and 0.8.

    Examples
    --------
    >>> table = group_table([1, 0] * 10, [1, 0] * 10, ["f"] * 20)
    >>> judged(table)["more_ill"].tolist()
    [52]
    """
    half = (table["sensitivity_high"] - table["sensitivity_low"]) / 2
    planned = table["sensitivity"].fillna(0.5).clip(0.2, 0.8)
    needed = planned * (1 - planned) * (norm.ppf((1 + LEVEL) / 2) / WIDEST) ** 2
    short = ~(half <= WIDEST)
    more = np.ceil(needed - table["n_ill"]).clip(lower=1).where(short, 0)
    overall = table["n_ill"].sum() / table["n_rows"].sum()
    prevalence = (table["n_ill"] / table["n_rows"]).where(table["n_ill"] > 4, overall)
    return table.assign(
        enough=~short,
        shown=table["n_patients"] >= FEWEST_SHOWN,
        more_ill=more.astype(int),
        more_patients=np.ceil(more / prevalence).astype(int),
    )
