"""The true risk of the patients of `make_explained`, drawn from a course's secret."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit

from coursekit.datasets.explained_patients import clinical_columns, draw_luck
from coursekit.datasets.readmission_model import auroc_of_true_risk
from coursekit.datasets.seeds import generator_from
from coursekit.errors import BadInput

PLANTED = ("treated-asthma", "interaction", "distractor", "group-proxy")
PREVALENCE = 0.20
ORACLE_AUROC = 0.82
N_REFERENCE = 4_000
WEIGHTS = {  # of each column's part, in the order of the table
    "age_years": 0.80,
    "systolic_mmhg": 0.50,
    "respiratory_rate_per_min": 0.50,
    "urea_mmol_l": 0.65,
    "creatinine_umol_l": 0.0,
    "albumin_g_l": 0.40,
    "temperature_c": 0.0,
    "asthma": 0.40,
    "care_home": 0.60,
    "distance_km": 0.0,
}
INTERACTION = 0.40
SAVED_BY_CARE = 1.20


@dataclass(frozen=True)
class ExplainedModel:
    """How the true log odds of one course come about."""

    intercept: float
    weights: dict  # column -> log odds for one unit of its part
    interaction: float  # of the parts of age and systolic pressure
    saved_by_care: float  # log odds that intensive care takes away
    correlation: float  # of the distractor with urea, where planted
    farther_in_b_km: float  # where planted

    def parts(self, X):
        """Return what each column adds to the log odds, (n, n_features)."""
        columns = column_parts(X)
        return columns * np.array([self.weights[name] for name in WEIGHTS])

    def log_odds(self, X):
        """Return the true log odds of death, (n,)."""
        columns = column_parts(X)
        together = self.interaction * columns[:, 0] * columns[:, 1]
        return self.intercept + self.parts(X).sum(axis=1) + together

    def risk(self, X):
        """Return the true probability of death, (n,), in (0, 1)."""
        return expit(self.log_odds(X))


def column_parts(X):
    """Return each column on the scale on which it enters the log odds.

    Parameters
    ----------
    X : DataFrame of n rows, or array-like of shape (n, n_features)
        Columns in the order of `WEIGHTS`.

    Returns
    -------
    ndarray of float, shape (n, n_features)
        Age, respiratory rate and (falling) albumin in standard deviations; systolic
        pressure in 20 mmHg below 120, else 0; urea in doublings from 7 mmol/L.

    Examples
    --------
    >>> patient = [[82, 100, 28, 14, 90, 31, 38.0, 1, 0, 10]]
    >>> column_parts(patient)[0, :4]
    array([1., 1., 1., 1.])
    """
    values = np.array(X, dtype=float)
    parts = np.zeros_like(values)
    parts[:, 0] = (values[:, 0] - 68) / 14
    parts[:, 1] = np.maximum(120 - values[:, 1], 0) / 20
    parts[:, 2] = (values[:, 2] - 22) / 6
    parts[:, 3] = np.log2(values[:, 3] / 7)
    parts[:, 5] = (36 - values[:, 5]) / 5
    parts[:, 7:9] = values[:, 7:9]
    return parts


@lru_cache(maxsize=512)
def draw_explained_model(secret, on=PLANTED):
    """Draw the coefficients of one course, and switch off what is not planted.

    Intercept and scale are those with all planted, so that what is off changes
    nothing else.

    Parameters
    ----------
    secret : str
    on : tuple of str

    Returns
    -------
    ExplainedModel

    Examples
    --------
    >>> draw_explained_model("demo").weights["asthma"] < 0
    True
    >>> draw_explained_model("demo", ()).weights["asthma"] > 0
    True
    """
    model = draw_full_model(secret)
    weights = dict(model.weights)
    if "treated-asthma" in on:
        weights["asthma"] -= model.saved_by_care
    together = model.interaction if "interaction" in on else 0.0
    return replace(model, weights=weights, interaction=together)


@lru_cache(maxsize=512)
def draw_full_model(secret):
    """Draw the model of a course in which asthma is not treated.

    Examples
    --------
    >>> 0.88 <= draw_full_model("demo").correlation <= 0.94
    True
    """
    rng = generator_from(secret, "explained", "model")
    factors = rng.uniform(0.85, 1.15, len(WEIGHTS) + 2)
    sizes = np.array([*WEIGHTS.values(), INTERACTION, SAVED_BY_CARE]) * factors
    model = model_of(
        sizes,
        intercept=0.0,
        correlation=float(rng.uniform(0.88, 0.94)),
        farther_in_b_km=float(rng.uniform(7, 9)),
    )
    treated = replace(
        model,
        weights={
            **model.weights,
            "asthma": model.weights["asthma"] - model.saved_by_care,
        },
    )
    scale, intercept = calibrate(treated, secret)
    return model_of(
        np.round(sizes * scale, 6),
        intercept=round(intercept, 6),
        correlation=model.correlation,
        farther_in_b_km=model.farther_in_b_km,
    )


def model_of(sizes, **others):
    """Return a model with these weights, interaction and effect of care.

    Examples
    --------
    >>> sizes = range(12)
    >>> others = {"intercept": 0, "correlation": 0.9, "farther_in_b_km": 8}
    >>> model_of(sizes, **others).interaction
    10.0
    """
    *weights, interaction, saved = (float(size) for size in sizes)
    return ExplainedModel(
        weights=dict(zip(WEIGHTS, weights, strict=True)),
        interaction=interaction,
        saved_by_care=saved,
        **others,
    )


def calibrate(model, secret):
    """Find the scale and intercept that give the stated prevalence and AUROC.

    Returns
    -------
    scale, intercept : float

    Examples
    --------
    >>> model = draw_explained_model("demo")
    >>> abs(calibrate(model, "demo")[0] - 1) < 1e-4
    True
    """
    luck = draw_luck(N_REFERENCE, generator_from(secret, "explained", "reference"))
    X = clinical_columns(luck, model, PLANTED)
    drive = np.sort(model.log_odds(X) - model.intercept)
    share = np.full(len(drive), 1 / len(drive))

    def intercept_at(scale):
        return brentq(lambda b: expit(b + scale * drive).mean() - PREVALENCE, -40, 40)

    def auroc_error(scale):
        risk = expit(intercept_at(scale) + scale * drive)
        return auroc_of_true_risk(risk, share) - ORACLE_AUROC

    scale = brentq(auroc_error, 0.1, 6, xtol=1e-6)
    return float(scale), float(intercept_at(scale))


def read_planted(planted):
    """Return what is planted, in the order of `PLANTED`; None is all.

    Raises
    ------
    BadInput
        If a name is unknown.

    Examples
    --------
    >>> read_planted(["distractor", "interaction"])
    ('interaction', 'distractor')
    >>> read_planted("leak")
    Traceback (most recent call last):
        ...
    coursekit.errors.BadInput: leak cannot be planted; what can is treated-asthma, ...
    """
    if planted is None:
        return PLANTED
    if isinstance(planted, str):
        planted = (planted,)
    unknown = [str(name) for name in planted if name not in PLANTED]
    if unknown:
        raise BadInput(
            f"{', '.join(unknown)} cannot be planted; what can is {', '.join(PLANTED)}."
        )
    return tuple(name for name in PLANTED if name in planted)
