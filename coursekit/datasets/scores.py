"""Scores whose AUROC and calibration curve are known exactly: the binormal model.

Scores of the well are standard normal, those of the ill lie `distance` higher. Then the
AUROC is ``Phi(distance / sqrt(2))``, and Bayes' rule gives the true risk at each score.
"""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit, logit, ndtr, ndtri

from coursekit.errors import BadInput

GRID = np.linspace(-8.0, 14.0, 4401)


@dataclass(frozen=True)
class ScoreModel:
    """Who is ill, how scores tell it, and how wrong the risks are that are told.

    Parameters
    ----------
    auroc : float in (0.5, 1)
    prevalence : float in (0, 1)
        The knob: scores of the ill and the well stay as they are.
    slope, shift : float
        The risk told has the log odds ``shift + slope * (true log odds)``. With 1 and 0
        it is the true risk; a slope above 1 tells risks that are too extreme.

    References
    ----------
    Pepe 2003, The Statistical Evaluation of Medical Tests, 4.4 (binormal ROC curve).

    Examples
    --------
    >>> model = ScoreModel(auroc=0.8, prevalence=0.25, slope=2.0)
    >>> told = model.told(model.true_risk([0.0, 2.0]))
    >>> told.round(2).tolist(), model.true_risk_at(told).round(2).tolist()
    ([0.03, 0.76], [0.14, 0.64])
    """

    auroc: float = 0.80
    prevalence: float = 0.25
    slope: float = 1.0
    shift: float = 0.0

    def __post_init__(self):
        if not 0.5 < self.auroc < 1 or not 0 < self.prevalence < 1:
            raise BadInput("auroc must lie in (0.5, 1), prevalence in (0, 1).")
        if not self.slope > 0 or not math.isfinite(self.shift):
            raise BadInput("slope must be above 0, and shift finite.")

    @property
    def distance(self):
        """How much higher the mean score of the ill is, in standard deviations."""
        return math.sqrt(2) * float(ndtri(self.auroc))

    def true_risk(self, score):
        """Return the true probability of being ill at a score."""
        score, d = np.asarray(score, float), self.distance
        return expit(logit(self.prevalence) + d * score - d**2 / 2)

    def told(self, risk):
        """Return the risk that is told where this is the true one."""
        return expit(self.shift + self.slope * logit(risk))

    def true_risk_at(self, told):
        """Return the calibration curve: the true risk where this one is told."""
        return expit((logit(np.asarray(told, float)) - self.shift) / self.slope)

    def mean(self, values):
        """Return the mean over patients of values on a grid of scores."""
        d = self.distance
        ill, well = np.exp(-((GRID - d) ** 2) / 2), np.exp(-(GRID**2) / 2)
        weight = self.prevalence * ill + (1 - self.prevalence) * well
        return float((weight * values).sum() / weight.sum())

    def calibration(self):
        """Return the true intercept (the slope held at 1), slope and ICI of the risks.

        Examples
        --------
        >>> told = ScoreModel(shift=1.0).calibration()
        >>> {name: round(value, 3) for name, value in told.items()}
        {'intercept': -1.0, 'slope': 1.0, 'ici': 0.165}
        """
        from scipy.optimize import brentq  # heavy: no kernel needs it

        true = self.true_risk(GRID)
        told = self.told(true)

        def too_few(moved):
            return self.mean(expit(logit(told) + moved)) - self.prevalence

        return {
            "intercept": float(brentq(too_few, -20, 20)),
            "slope": 1 / self.slope,
            "ici": self.mean(np.abs(told - true)),
        }

    def sensitivity(self, threshold):
        """Return the share of the ill whom a risk of at least this is told."""
        return float(ndtr(self.distance - self.score_at(threshold)))

    def specificity(self, threshold):
        """Return the share of the well whom a lower risk is told."""
        return float(ndtr(self.score_at(threshold)))

    def score_at(self, told):
        """Return the score at which a risk is told.

        Examples
        --------
        >>> model = ScoreModel()
        >>> round(float(model.told(model.true_risk(model.score_at(0.3)))), 9)
        0.3
        """
        d = self.distance
        odds = (logit(told) - self.shift) / self.slope
        return (odds - logit(self.prevalence) + d**2 / 2) / d


def make_scores(
    n_patients,
    *,
    auroc=0.80,
    prevalence=0.25,
    rows=1,
    shared=0.5,
    slope=1.0,
    shift=0.0,
    random_state=0,
):
    """Draw patients with an outcome and the risk that a model tells, truth known.

    Parameters
    ----------
    n_patients : int
    auroc, prevalence, slope, shift : float
        As for `ScoreModel`.
    rows : int or (int, int), default=1
        Rows of each patient, such as one a visit; a range is drawn from uniformly,
        whoever is ill. All rows of a patient have one outcome.
    shared : float in [0, 1], default=0.5
        Correlation of the scores of one patient, given the outcome. It leaves the AUROC
        and the calibration curve as they are, and makes rows worth less.
    random_state : int or Generator

    Returns
    -------
    DataFrame
        One row a visit: ``patient`` (number from 0), ``y`` (0 or 1), ``risk`` (told)
        and ``true_risk``.

    Raises
    ------
    BadInput
        If an argument is out of range.

    Examples
    --------
    >>> make_scores(500, rows=(2, 4)).columns.tolist()
    ['patient', 'y', 'risk', 'true_risk']
    >>> from coursekit.metrics import auroc
    >>> drawn = make_scores(40_000, auroc=0.75)
    >>> round(auroc(drawn["y"], drawn["risk"]), 2)
    0.75
    """
    model = ScoreModel(auroc, prevalence, slope, shift)
    fewest, most = (rows, rows) if isinstance(rows, int) else rows
    if n_patients < 1 or not 1 <= fewest <= most or not 0 <= shared <= 1:
        raise BadInput("n_patients and rows start at 1, and shared lies in [0, 1].")
    rng = np.random.default_rng(random_state)
    patient = np.repeat(
        np.arange(n_patients), rng.integers(fewest, most, n_patients, endpoint=True)
    )
    y = (rng.random(n_patients) < prevalence).astype(int)[patient]
    own, common = rng.standard_normal(len(y)), rng.standard_normal(n_patients)
    noise = math.sqrt(shared) * common[patient] + math.sqrt(1 - shared) * own
    true = model.true_risk(noise + model.distance * y)
    return pd.DataFrame(
        {"patient": patient, "y": y, "risk": model.told(true), "true_risk": true}
    )
