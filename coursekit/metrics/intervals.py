"""How sure a number is: estimates with their intervals, clustered by patient.

Most measures here are, for many patients, their true value plus a mean of one
*influence* value a row: how much that row moves the measure. The rows of one patient
stand or fall together, so influence is summed per patient before its spread is taken.

Nothing here uses BLAS on rows, so results do not depend on the number of threads.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from coursekit.errors import BadInput, NotEstimable
from coursekit.metrics.inputs import read_numbers, read_patient
from coursekit.metrics.limits import normal_quantile, t_quantile, wilson_limits


@dataclass(frozen=True)
class Estimate:
    """A value with the ends of its interval.

    Examples
    --------
    >>> round(Estimate(0.75, 0.72, 0.78).half_width, 3)
    0.03
    """

    value: float
    low: float
    high: float
    level: float = 0.90  # share of intervals made like this that hold the true value

    @property
    def half_width(self):
        """Half the distance from `low` to `high`; 0 where both are the same."""
        return 0.0 if self.low == self.high else (self.high - self.low) / 2


def sum_by_patient(values, patient=None):
    """Return the sum of the values of each patient.

    Parameters
    ----------
    values : array-like of shape (n,)
    patient : array-like of shape (n,), optional
        None means one row a patient.

    Examples
    --------
    >>> sum_by_patient([1.0, 2.0, 5.0], ["p", "p", "q"])
    array([3., 5.])
    """
    values = read_numbers(values, "influence")
    codes, n_patients = read_patient(patient, len(values))
    return np.bincount(codes, values, n_patients)


def count_patients(rows, patient=None):
    """Return how many patients the rows belong to.

    Examples
    --------
    >>> count_patients([0.1, 0.2, 0.3], ["p", "p", "q"])
    2
    """
    return len(rows) if patient is None else read_patient(patient, len(rows))[1]


def standard_error(influence, patient=None):
    """Return the standard error of a measure from its influence values.

    With n rows, influence ``phi`` (mean 0) and g patients,
    ``se = sqrt(g / (g - 1) * sum over patients of (sum of the patient's phi)^2) / n``.
    For a mean, ``phi = x - mean(x)``, and with one row a patient this is the textbook
    ``s / sqrt(n)``.

    Parameters
    ----------
    influence : array-like of shape (n,)
        In the unit of the measure.
    patient : array-like of shape (n,), optional
        Whose row it is; None means one row a patient.

    Raises
    ------
    NotEstimable
        If there are fewer than two patients.

    References
    ----------
    Liang & Zeger 1986, Biometrika 73:13-22.

    Examples
    --------
    >>> influence = [1.0, 1.0, -1.0, -1.0]
    >>> round(standard_error(influence), 3)
    0.577
    >>> standard_error(influence, patient=["p", "p", "q", "q"])
    1.0
    """
    totals = sum_by_patient(influence, patient)
    g = len(totals)
    if g < 2:
        raise NotEstimable("One patient alone shows no spread. Give at least two.")
    return float(np.sqrt(g / (g - 1) * (totals**2).sum()) / len(influence))


def interval_from_influence(value, influence, patient=None, level=0.90, bounds=None):
    """Return a measure with its interval, from its influence values.

    The ends are ``value ± t * se``, t with (number of patients - 1) degrees of
    freedom, cut at `bounds`.

    Parameters
    ----------
    value : float
    influence : array-like of shape (n,)
    patient : array-like of shape (n,), optional
    level : float in (0, 1)
    bounds : (float, float), optional
        What the measure cannot leave, such as ``(0, 1)``.

    Examples
    --------
    >>> x = np.array([0.2, 0.4, 0.6, 0.8])
    >>> round(interval_from_influence(x.mean(), x - x.mean(), bounds=(0, 1)).low, 3)
    0.196
    """
    se = standard_error(influence, patient)
    reach = t_quantile(level, count_patients(influence, patient) - 1) * se
    low, high = bounds or (-np.inf, np.inf)
    ends = np.clip([value - reach, value + reach], low, high).tolist()
    return Estimate(float(value), *ends, level)


def logit_interval(value, se, level=0.90, degrees=np.inf):
    """Return a share with an interval that is symmetric on the logit scale.

    It stays within [0, 1] and, near the ends, covers better than ``value ± t * se``.

    Parameters
    ----------
    value : float in (0, 1)
    se : float
        Of the share itself.
    level : float in (0, 1)
    degrees : float
        Of freedom, for Student's t.

    Examples
    --------
    >>> found = logit_interval(0.95, 0.03)
    >>> round(found.low, 2), round(found.high, 2)
    (0.87, 0.98)
    """
    reach = t_quantile(level, degrees) * se / (value * (1 - value))
    ends = expit(logit(value) + np.array([-reach, reach])).tolist()
    return Estimate(float(value), *ends, level)


def wilson(successes, n, level=0.90):
    """Return a share with Wilson's interval, for one row a patient.

    Parameters
    ----------
    successes, n : int
    level : float in (0, 1)

    Raises
    ------
    NotEstimable
        If n is 0.

    References
    ----------
    Wilson 1927, JASA 22:209-212.

    Examples
    --------
    >>> share = wilson(0, 20)
    >>> share.low, round(share.high, 3)
    (0.0, 0.119)
    """
    if n == 0:
        raise NotEstimable("A share of no patients cannot be known.")
    if not 0 <= successes <= n:
        raise BadInput(f"{successes} successes among {n} cannot be. Count again.")
    low, high = wilson_limits(successes / n, n, normal_quantile(level))
    return Estimate(successes / n, float(low), float(high), level)


def paired_standard_error(influence_a, influence_b, patient=None):
    """Return the standard error of a difference measured on the same rows.

    Examples
    --------
    >>> same = [0.5, -0.5, 0.1, -0.1]
    >>> paired_standard_error(same, same)
    0.0
    """
    a = read_numbers(influence_a, "influence_a")
    b = read_numbers(influence_b, "influence_b")
    if len(a) != len(b):
        raise BadInput(f"Paired rows must be the same: {len(a)} and {len(b)} given.")
    return standard_error(a - b, patient)


def paired_difference(
    value_a, influence_a, value_b, influence_b, patient=None, level=0.90
):
    """Return a minus b, both measured on the same rows, with its interval.

    Parameters
    ----------
    value_a, value_b : float
        A measure of two models.
    influence_a, influence_b : array-like of shape (n,)
        Row by row, in the same order.
    patient : array-like of shape (n,), optional
    level : float in (0, 1)

    Examples
    --------
    >>> better = paired_difference(0.8, [0.1, -0.1], 0.7, [0.1, -0.1])
    >>> round(better.low, 3), round(better.high, 3)
    (0.1, 0.1)
    """
    se = paired_standard_error(influence_a, influence_b, patient)
    degrees = count_patients(influence_a, patient) - 1
    difference, reach = value_a - value_b, t_quantile(level, degrees) * se
    ends = float(difference - reach), float(difference + reach)
    return Estimate(float(difference), *ends, level)


def replicate_counts(counts, n_replicates=1000, random_state=0):
    """Return the counts that a bootstrap of the patients would give.

    Where each patient has one row and falls into one cell, resampling n patients with
    replacement is one multinomial draw over the cells; no patient is touched.

    Parameters
    ----------
    counts : array-like of int, any shape
        Patients in each cell, such as (n_groups, 4) for group by true/false
        positive/negative.
    n_replicates : int
    random_state : int or Generator

    Returns
    -------
    ndarray of int, shape (n_replicates, *counts.shape)
        Each replicate adds up to the number of patients.

    Examples
    --------
    >>> replicate_counts([[30, 10], [5, 5]], n_replicates=3).sum(axis=(1, 2))
    array([50, 50, 50])
    """
    counts = np.asarray(counts)
    n_patients = int(counts.sum())
    if n_patients == 0:
        raise NotEstimable("There are no patients to draw from.")
    rng = np.random.default_rng(random_state)
    drawn = rng.multinomial(n_patients, counts.ravel() / n_patients, size=n_replicates)
    return drawn.reshape(n_replicates, *counts.shape)
