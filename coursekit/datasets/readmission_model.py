"""What is true about readmission in one course: drawn from its secret.

The coefficients change from secret to secret by up to 20 %; the share of patients
readmitted (25 %) and the AUROC of the true risk (0.82) do not: intercept and scale
are solved for on a grid that covers every kind of patient, so nothing is left to
the luck of a draw.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, logit, ndtr

from coursekit.datasets.seeds import generator_from

PREVALENCE = 0.25
ORACLE_AUROC = 0.82
AGE_MEAN_YEARS, AGE_SD_YEARS = 64, 14
AGE_LIMITS_YEARS = (18, 100)
AGE_CENTRE_YEARS = 65
LABS = ("haemoglobin_g_dl", "sodium_mmol_l", "creatinine_umol_l", "albumin_g_l")
LAB_INFORMATION = 2.1  # signal to noise, squared, of all laboratory values together


@dataclass(frozen=True)
class Coefficients:
    """How patients of one course come about.

    `intercept`, `need`, `age_per_decade` and `emergency` are log odds of
    readmission. The others are loadings: by how much one standard deviation of
    need moves the log mean of a count, or how clearly a laboratory value shows it.
    """

    intercept: float
    need: float
    age_per_decade: float
    emergency: float
    comorbidity: float
    utilisation: float
    stay: float
    destination: float
    labs: tuple[float, ...]  # one each of LABS; signal per unit of noise
    access_in_b: float  # log rate ratio of recorded care, B to A, at equal need
    missed_in_b: float  # share of B's readmissions that are not recorded
    calls_readmitted: float  # mean calls in 30 days where a readmission is recorded
    calls_otherwise: float

    def risk(self, need, age_years, emergency):
        """Return the true probability of readmission, elementwise, in (0, 1)."""
        decades = (age_years - AGE_CENTRE_YEARS) / 10
        return expit(
            self.intercept
            + self.need * need
            + self.age_per_decade * decades
            + self.emergency * emergency
        )


@lru_cache(maxsize=512)
def draw_coefficients(secret):
    """Draw the coefficients of one course.

    Parameters
    ----------
    secret : str
        The same secret gives the same coefficients, whatever the role.

    Returns
    -------
    Coefficients

    Examples
    --------
    >>> draw_coefficients("demo") == draw_coefficients("demo")
    True
    >>> 0.28 <= draw_coefficients("demo").missed_in_b <= 0.42
    True
    """
    rng = generator_from(secret, "readmission", "coefficients")

    def around(value):
        return value * rng.uniform(0.8, 1.2)

    weights = np.array([around(1.5), around(0.26), around(0.30)])
    scale, intercept = calibrate(weights)
    need, age_per_decade, emergency = (round(float(w), 6) for w in scale * weights)
    return Coefficients(
        intercept=round(intercept, 6),
        need=need,
        age_per_decade=age_per_decade,
        emergency=emergency,
        comorbidity=around(0.34),
        utilisation=around(0.66),
        stay=around(0.22),
        destination=around(0.45),
        labs=draw_lab_loadings(rng),
        access_in_b=around(-1.15),
        missed_in_b=rng.uniform(0.28, 0.42),
        calls_readmitted=around(5.0),
        calls_otherwise=around(0.6),
    )


def draw_lab_loadings(rng):
    """Draw which laboratory values show need most; together they show it equally well.

    The sum of squares is the same for every secret: it is what a model can learn.
    """
    usual = np.array([0.65, 0.55, 0.60, 0.85])
    loadings = usual * rng.uniform(0.8, 1.2, len(LABS))
    fixed = LAB_INFORMATION / np.sum(loadings**2)
    return tuple(float(loading) for loading in loadings * np.sqrt(fixed))


def emergency_probability(need):
    """Return the chance that an admission is an emergency, given need."""
    return expit(0.2 + 0.4 * np.asarray(need))


@lru_cache(maxsize=1)
def reference_patients():
    """Return need, age, emergency and weight on a grid of all kinds of patients.

    Examples
    --------
    >>> need, age_years, emergency, weight = reference_patients()
    >>> round(float(weight.sum()), 6), abs(round(float(np.sum(weight * need)), 6))
    (1.0, 0.0)
    """
    need = np.linspace(-5, 5, 61)
    age = np.arange(AGE_LIMITS_YEARS[0], AGE_LIMITS_YEARS[1] + 1)
    edges = np.concatenate([[-np.inf], age[:-1] + 0.5, [np.inf]])
    age_weight = np.diff(ndtr((edges - AGE_MEAN_YEARS) / AGE_SD_YEARS))
    density = np.exp(-(need**2) / 2)
    need_weight = density / density.sum()
    grid = np.meshgrid(need, age, [0, 1], indexing="ij")
    needs, ages, emergency = (axis.ravel() for axis in grid)
    if_emergency = emergency_probability(needs)
    weight = np.outer(need_weight, age_weight).repeat(2)
    weight = weight * np.where(emergency == 1, if_emergency, 1 - if_emergency)
    return needs, ages, emergency, weight


def calibrate(weights):
    """Find the scale and intercept that give the stated prevalence and AUROC.

    Parameters
    ----------
    weights : ndarray of shape (3,)
        Relative log odds of need, age per decade and emergency.

    Returns
    -------
    scale, intercept : float
    """
    needs, ages, emergency, share = reference_patients()
    decades = (ages - AGE_CENTRE_YEARS) / 10
    drive = weights[0] * needs + weights[1] * decades + weights[2] * emergency
    order = np.argsort(drive)
    drive, share = drive[order], share[order]

    def intercept_at(scale):
        intercept = logit(PREVALENCE)
        for _ in range(8):  # Newton; the prevalence is smooth in the intercept
            risk = expit(intercept + scale * drive)
            slope = np.sum(share * risk * (1 - risk))
            intercept -= (np.sum(share * risk) - PREVALENCE) / slope
        return float(intercept)

    def auroc_error(scale):
        risk = expit(intercept_at(scale) + scale * drive)
        return auroc_of_true_risk(risk, share) - ORACLE_AUROC

    scale = brentq(auroc_error, 0.3, 3, xtol=1e-5)
    return scale, intercept_at(scale)


def auroc_of_true_risk(risk, share):
    """Return the AUROC of the true risk itself, over patients sorted by risk.

    Parameters
    ----------
    risk : ndarray of shape (n,), ascending
        True probabilities.
    share : ndarray of shape (n,)
        How common each kind of patient is.

    Examples
    --------
    >>> float(auroc_of_true_risk(np.array([0.0, 1.0]), np.array([0.5, 0.5])))
    1.0
    """
    cases, others = share * risk, share * (1 - risk)
    others_below = np.cumsum(others) - others / 2
    return np.sum(cases * others_below) / (cases.sum() * others.sum())
