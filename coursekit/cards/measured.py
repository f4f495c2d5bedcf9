"""Every number of a card, computed from a run: nobody types them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from coursekit.errors import BadInput, NotEstimable
from coursekit.metrics import (
    auroc_interval,
    brier_interval,
    calibration_slope_interval,
    gap_interval,
    group_table,
    net_benefit_interval,
)
from coursekit.metrics.inputs import read_binary, read_outcome_and_risk, same_length

WHOLE = {
    "auroc": auroc_interval,
    "brier": brier_interval,
    "calibration_slope": calibration_slope_interval,
}
DIGITS = 6


@dataclass(frozen=True, eq=False)
class Run:
    """What a card is computed from: outcomes, replies, groups, and where they are from.

    Examples
    --------
    >>> run = Run([1, 0], [0.8, 0.1], pd.DataFrame({"sex": ["F", "M"]}), threshold=0.5)
    >>> run.alerts.tolist()
    [1, 0]
    """

    y: object  # (n,) 0/1
    risk: object  # (n,) in [0, 1], the model's replies
    groups: pd.DataFrame  # (n, n_attributes)
    threshold: float  # alert at this risk or above
    external_cohort: str | None = None  # its name, where y is another hospital's
    training_age_years: tuple | None = None  # (youngest, oldest)
    decisions: object | None = None  # (n,) 0/1, where they were handed in beside risks

    def __post_init__(self):
        ill, risk = read_outcome_and_risk(self.y, self.risk)
        same_length(y=ill, groups=self.groups)
        object.__setattr__(self, "y", ill.astype(int))
        object.__setattr__(self, "risk", risk)
        if not 0 < self.threshold < 1:
            raise BadInput(f"The threshold is {self.threshold}, not between 0 and 1.")
        if self.decisions is not None:
            decided = read_binary(self.decisions, "decisions").astype(int)
            same_length(y=ill, decisions=decided)
            object.__setattr__(self, "decisions", decided)

    @property
    def alerts(self):
        """Who gets an alert, (n,), 0 or 1: as decided, else by the threshold."""
        if self.decisions is not None:
            return self.decisions
        return (self.risk >= self.threshold).astype(int)


def measured_numbers(run, *, level=0.90):
    """Return every number that a card holds.

    Parameters
    ----------
    run : Run
    level : float in (0, 1), default=0.90

    Returns
    -------
    dict of str to dict
        ``{"value", "low", "high"}``, rounded to six digits; None what these patients
        cannot show. Names: ``auroc``, ``brier``, ``calibration_slope``,
        ``net_benefit``, ``alert_rate``, ``sensitivity``, ``ppv``; for a group
        ``sensitivity/sex=F`` and ``n/sex=F``; for a gap ``sensitivity_gap/sex``
        (limits that hold for all pairs at once).

    Examples
    --------
    >>> y, sex = [1, 0] * 30, pd.DataFrame({"sex": ["F", "F", "M", "M"] * 15})
    >>> numbers = measured_numbers(Run(y, [0.8, 0.3] * 30, sex, threshold=0.5))
    >>> numbers["sensitivity/sex=F"]["value"], numbers["n/sex=F"]["value"]
    (1.0, 30)
    """
    found = {name: of(measure, run, level) for name, measure in WHOLE.items()}
    found["net_benefit"] = entry(
        net_benefit_interval(run.y, run.alerts, run.threshold, level=level)
    )
    everybody = group_table(
        run.y, run.alerts, np.repeat("all", len(run.y)), level=level
    )
    for rate in ("alert_rate", "sensitivity", "ppv"):
        found[rate] = row_entry(everybody.iloc[0], rate)
    for attribute in run.groups:
        found |= group_numbers(run, attribute, level)
    return found


def group_numbers(run, attribute, level):
    """Return the numbers of the groups of one attribute, and the gap between them.

    Examples
    --------
    >>> run = Run([1, 1], [0.8, 0.1], pd.DataFrame({"sex": ["F", "M"]}), threshold=0.5)
    >>> sorted(group_numbers(run, "sex", 0.90))[:3]
    ['n/sex=F', 'n/sex=M', 'sensitivity/sex=F']
    """
    group = run.groups[attribute]
    table = group_table(run.y, run.alerts, group, level=level)
    found = {}
    for label, row in table.iterrows():
        found[f"n/{attribute}={label}"] = {"value": int(row["n_rows"])}
        found[f"sensitivity/{attribute}={label}"] = row_entry(row, "sensitivity")
    try:
        gap = entry(gap_interval(run.y, run.alerts, group, level=level))
    except NotEstimable:
        gap = {"value": None, "low": None, "high": None}
    return {**found, f"sensitivity_gap/{attribute}": gap}


def of(measure, run, level):
    """Return a measure of outcome and risk, or Nones where it cannot be estimated."""
    try:
        return entry(measure(run.y, run.risk, level=level))
    except NotEstimable:
        return {"value": None, "low": None, "high": None}


def entry(estimate):
    """Return value and limits of an estimate or gap, rounded.

    Examples
    --------
    >>> from coursekit.metrics import Estimate
    >>> entry(Estimate(1 / 3, 0.25, 0.5))
    {'value': 0.333333, 'low': 0.25, 'high': 0.5}
    """
    return {part: rounded(getattr(estimate, part)) for part in ("value", "low", "high")}


def row_entry(row, rate):
    """Return a rate and its limits from a row of a group table."""
    names = {"value": rate, "low": f"{rate}_low", "high": f"{rate}_high"}
    return {part: rounded(row[name]) for part, name in names.items()}


def rounded(value):
    """Return a number with six digits, None where it is missing.

    Examples
    --------
    >>> rounded(np.nan), rounded(0.1234567)
    (None, 0.123457)
    """
    return None if np.isnan(value) else round(float(value), DIGITS)
