"""Looking for a model that changed over time.

Every month is a chance to be fooled: of twelve months, one looks odd half the time at
the usual level. So every later period is compared with the beginning, the limits of
all comparisons hold at once (Bonferroni), and the late third as a whole is compared
with the early third, which sees slow changes that no single month shows.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm

from coursekit.audit.measuring import LEVEL, log_ratio, measure
from coursekit.metrics import auroc_influence, auroc_interval, standard_error, wilson

FEWEST_EVENTS = 20  # of the rarer outcome in a period, for it to be compared
USUAL_EVENTS = 50  # in the median month, or quarters are taken


@dataclass(frozen=True, eq=False)
class Drift:
    """The scores period by period, and what differs from the beginning.

    Examples
    --------
    >>> Drift("month", pd.DataFrame(), pd.DataFrame()).period
    'month'
    """

    period: str  # "month", "quarter" or "year"
    table: pd.DataFrame  # one row a period
    changes: pd.DataFrame  # measure, period, change, low, high: simultaneous limits


def drift_of(scores, alerts, *, error=0.01):
    """Return how the scores do over time, or None without at least two periods.

    Parameters
    ----------
    scores : Scores
        With dates; rows without one are left out.
    alerts : ndarray of shape (n,)
    error : float in (0, 1)
        Probability that any change's limits leave out 0 although nothing changed.
    """
    if scores.date is None:
        return None
    dated = scores.date.notna().to_numpy()
    period, names = periods_of(scores.date[dated], scores.y[dated])
    codes, seen = pd.factorize(names, sort=True)
    if len(seen) < 2:
        return None
    patient = None if scores.patient is None else scores.patient[dated]
    columns = scores.y[dated], scores.risk[dated], alerts[dated], patient
    rows = [part(columns, codes == code) for code in range(len(seen))]
    table = pd.DataFrame(
        [row_of(*each) for each in rows], index=pd.Index(seen, name=period)
    )
    return Drift(period, table, changes_of(columns, codes, list(seen), error))


def periods_of(dates, y):
    """Return the kind of period and each row's period: months if they are large enough.

    Examples
    --------
    >>> dates = pd.Series(pd.to_datetime(["2024-01-05", "2024-04-05"] * 60))
    >>> kind, names = periods_of(dates, np.ones(120))
    >>> kind, names[0], names[1]
    ('month', '2024-01', '2024-04')
    """
    year, month = dates.dt.year.to_numpy(), dates.dt.month.to_numpy()
    choices = {
        "month": (year * 100 + month, lambda k: f"{k // 100}-{k % 100:02}"),
        "quarter": (
            year * 10 + (month + 2) // 3,
            lambda k: f"{k // 10} Q{k % 10}",
        ),
        "year": (year, str),
    }
    for kind, (key, _) in choices.items():
        codes, keys = pd.factorize(key)
        n_ill = np.bincount(codes, weights=y)
        if np.median(n_ill) >= USUAL_EVENTS or kind == "year":
            break
    written = choices[kind][1]
    return kind, np.array([written(int(k)) for k in keys], dtype=object)[codes]


def part(columns, rows):
    """Return outcomes, risks, alerts and patients of some rows."""
    return [None if each is None else each[rows] for each in columns]


def row_of(y, risk, alerts, patient):
    """Return counts and measures of one period, NaN where it is too small."""
    given = {"patient": patient, "level": LEVEL}
    n_rarer = min(y.sum(), len(y) - y.sum())
    large = n_rarer >= FEWEST_EVENTS
    auroc = measure(auroc_interval, y, risk, **given) if large else None
    ratio = log_ratio(risk, y, patient) if large else None
    flagged = wilson(int(alerts.sum()), len(alerts), LEVEL)
    return {
        "n_rows": len(y),
        "n_ill": int(y.sum()),
        **ends("auroc", auroc),
        **ends("expected_to_observed", ratio, np.exp),
        **ends("alert_rate", flagged),
    }


def ends(name, estimate, transformed=float):
    """Return an estimate as three columns; NaN if there is none.

    Examples
    --------
    >>> ends("auroc", None)
    {'auroc': nan, 'auroc_low': nan, 'auroc_high': nan}
    """
    names = name, f"{name}_low", f"{name}_high"
    if estimate is None:
        return dict.fromkeys(names, np.nan)
    values = estimate.value, estimate.low, estimate.high
    return {key: float(transformed(v)) for key, v in zip(names, values, strict=True)}


def changes_of(columns, codes, names, error):
    """Return each later period's difference from the first third, all limits at once.

    ``auroc`` is a difference, ``expected_to_observed`` a log ratio: above 0 the scores
    are higher, beside what happened, than at the beginning.
    """
    reach = np.cumsum(np.bincount(codes)) / len(codes)
    first = int(np.searchsorted(reach, 1 / 3))
    last = max(first + 1, int(np.searchsorted(reach, 2 / 3)))
    spans = {names[code]: codes == code for code in range(first + 1, len(names))}
    spans[f"{names[min(last, len(names) - 1)]} to {names[-1]}"] = codes >= last
    start = summary(*part(columns, codes <= first))
    found = []
    for name, rows in spans.items():
        now = summary(*part(columns, rows))
        if start and now:
            for key, (value, se) in now.items():
                change = value - start[key][0]
                found.append((key, name, change, np.hypot(se, start[key][1])))
    changes = pd.DataFrame(found, columns=["measure", "period", "change", "se"])
    wide = norm.ppf(1 - error / 2 / max(len(changes), 1)) * changes["se"]
    return changes.assign(low=changes["change"] - wide, high=changes["change"] + wide)


def summary(y, risk, alerts, patient):
    """Return AUROC and log of expected to observed with their errors, {} if too few."""
    if min(y.sum(), len(y) - y.sum()) < FEWEST_EVENTS:
        return {}
    auroc = auroc_interval(y, risk, patient=patient, level=LEVEL)
    ratio = log_ratio(risk, y, patient)
    if ratio is None:
        return {}
    influence = risk / risk.mean() - y / y.mean()
    return {
        "auroc": (
            auroc.value,
            standard_error(auroc_influence(y, risk), patient),
        ),
        "expected_to_observed": (ratio.value, standard_error(influence, patient)),
    }
