"""An audit: every number of the report, before anything is drawn or written."""

from dataclasses import dataclass

import pandas as pd

from coursekit.audit.checks import DataCheck, check_table
from coursekit.audit.columns import Columns, scores_of
from coursekit.audit.deidentification import RareGroups, rare_groups, suspicions
from coursekit.audit.drift import Drift, drift_of
from coursekit.audit.findings import findings_of, too_small
from coursekit.audit.measuring import (
    LEVEL,
    gaps_of,
    operating_point,
    pairs_of_groups,
    performance,
    tables_by_group,
)
from coursekit.errors import BadInput
from coursekit.metrics import decision_curve, group_table, reliability_table


@dataclass(frozen=True, eq=False)
class Audit:
    """All that an audit found, as plain values.

    Examples
    --------
    >>> table = pd.DataFrame({"y": list("1000") * 50, "p": [".25"] * 200})
    >>> found = audit_scores(table, "y", "p")
    >>> found.data.n_used, found.verdict
    (200, 'too few patients')
    """

    columns: Columns
    tolerance: float
    threshold: float  # score from which a patient is flagged
    asked_alert_rate: float | None
    data: DataCheck
    notes: tuple  # how the columns were read
    suspicions: tuple  # columns that could point at a person
    rare: RareGroups | None
    performance: dict  # measure -> Estimate or None
    at_threshold: pd.Series  # counts and rates of all patients, with limits
    reliability: pd.DataFrame
    curve: pd.DataFrame
    groups: dict  # attribute -> DataFrame, one row a group
    gaps: dict  # attribute -> Gap in sensitivity, or None
    pairs: pd.DataFrame | None
    n_small_pairs: int
    drift: Drift | None
    findings: tuple
    is_small: bool

    @property
    def verdict(self):
        """``"something found"``, ``"nothing found"`` or ``"too few patients"``."""
        if self.findings:
            return "something found"
        return "too few patients" if self.is_small else "nothing found"


def audit_scores(
    table,
    truth,
    score,
    *,
    groups=(),
    date=None,
    patient=None,
    alert_rate=None,
    threshold=None,
    tolerance=0.05,
    date_format=None,
    percent=False,
):
    """Audit a model's scores.

    Parameters
    ----------
    table : DataFrame
        One row a patient, or an encounter if `patient` names whose it is; cells as
        text (see `read_table`) or as values.
    truth, score : str
        The columns of the outcome (1 or 0) and of the probability in [0, 1]. Rows in
        which one of them is empty are left out and counted.
    groups : sequence of str
        Columns whose values are groups of patients, at most 30 each.
    date, patient : str, optional
        Columns.
    alert_rate, threshold : float in (0, 1), optional
        Whom the clinic would flag: this share, or those from this score on. One of
        them at most; the highest 20 % if neither is given.
    tolerance : float in (0, 1)
        Differences in AUROC and in sensitivity below this do not matter.
    date_format : str, optional
        ``"iso"``, ``"dmy"``, ``"mdy"`` or a `strptime` format.
    percent : bool
        The score runs from 0 to 100.

    Returns
    -------
    Audit

    Raises
    ------
    BadInput, BadData
        Saying what is the case and what to do.

    References
    ----------
    Liu et al. 2022, Lancet Digital Health 4:e384-e397.

    Examples
    --------
    >>> table = pd.DataFrame({"y": list("1000") * 50, "p": [".4", ".2"] * 100})
    >>> audit_scores(table, "y", "p", threshold=0.3).data.n_ill
    50
    """
    if not 0 < tolerance < 1:
        raise BadInput(f"tolerance is {tolerance:g}; give a share such as 0.05.")
    columns = Columns(truth, score, tuple(groups), date, patient)
    scores = scores_of(table, columns, date_format=date_format, percent=percent)
    cut = operating_point(scores.risk, alert_rate, threshold)
    alerts = (scores.risk >= cut).astype(int)
    pairs, n_small = pairs_of_groups(scores, alerts)
    drift = drift_of(scores, alerts)
    tables = tables_by_group(scores, alerts)
    everyone = ["everyone"] * len(scores.y)
    given = {"patient": scores.patient, "level": LEVEL}
    return Audit(
        columns=columns,
        tolerance=tolerance,
        threshold=float(cut),
        asked_alert_rate=None if threshold is not None else alert_rate or 0.2,
        data=check_table(table, columns, scores),
        notes=scores.notes,
        suspicions=suspicions(table, columns),
        rare=rare_groups(scores.groups),
        performance=performance(scores, alerts, cut),
        at_threshold=group_table(scores.y, alerts, everyone, **given).iloc[0],
        reliability=reliability_table(scores.y, scores.risk, **given),
        curve=decision_curve(scores.y, scores.risk),
        groups=tables,
        gaps=gaps_of(scores, alerts, tables),
        pairs=pairs,
        n_small_pairs=n_small,
        drift=drift,
        findings=findings_of(scores, alerts, drift, tolerance),
        is_small=too_small(scores),
    )
