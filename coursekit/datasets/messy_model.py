"""What is true about the encounters of `make_messy_ehr` in one course.

The weights change from secret to secret; the share of encounters with the outcome
(25 %) and the AUROC of the true risk (0.82) do not.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit

from coursekit.datasets.readmission_model import auroc_of_true_risk
from coursekit.datasets.seeds import generator_from

PREVALENCE = 0.25
ORACLE_AUROC = 0.82
N_REFERENCE = 20_000  # encounters by which prevalence and AUROC are held
OLD_OF_NEW = {  # ICD-10 -> ICD-9
    "I50.9": "428.0",
    "J18.9": "486",
    "A41.9": "038.9",
    "N39.0": "599.0",
    "N17.9": "584.9",
    "J44.1": "491.21",
    "K92.2": "578.9",
    "I21.4": "410.71",
}
ICD10_OF_ICD9 = {old: new for new, old in OLD_OF_NEW.items()}
DIAGNOSES = tuple(OLD_OF_NEW)
WEIGHTS = {  # log odds for one standard deviation, before scaling
    "age_years": 0.35,
    "temperature_c": 0.40,
    "heart_rate_bpm": 0.35,
    "systolic_mmhg": -0.35,
    "respiratory_rate_min": 0.40,
    "glucose_mmol_l": 0.45,
    "creatinine_umol_l": 0.35,
    "lactate_mmol_l": 0.40,
    "albumin_g_l": -0.35,
}
CONCERN = 0.40  # of a clinician's impression, which no column holds
CENTRES = {  # mean and spread by which a column is told in standard deviations
    "age_years": (65.0, 14.0),
    "temperature_c": (0.6, 0.5),
    "heart_rate_bpm": (89.0, 15.0),
    "systolic_mmhg": (125.0, 16.0),
    "respiratory_rate_min": (19.0, 4.0),
    "glucose_mmol_l": (2.0, 0.35),
    "creatinine_umol_l": (4.5, 0.35),
    "lactate_mmol_l": (1.9, 0.8),
    "albumin_g_l": (37.0, 4.5),
}
BENT = {  # how a column enters the log odds
    "temperature_c": lambda x: np.abs(x - 37.0),
    "glucose_mmol_l": lambda x: np.log(np.maximum(x, 0.1)),
    "creatinine_umol_l": lambda x: np.log(np.maximum(x, 1.0)),
}


@dataclass(frozen=True)
class MessyModel:
    """How the outcome comes about in the hospitals of one course."""

    intercept: float
    scale: float
    weights: dict  # column -> log odds before scaling
    diagnoses: dict  # code -> log odds before scaling

    def risk(self, clean, concern):
        """Return the true probability of the outcome, (n,), from the clean table."""
        return expit(self.intercept + self.scale * drive(self, clean, concern))


def drive(model, clean, concern):
    """Return the log odds before scaling, without intercept."""
    total = CONCERN * concern + clean["diagnosis"].map(model.diagnoses).to_numpy()
    for name, weight in model.weights.items():
        total = total + weight * in_spreads(name, clean[name].to_numpy(float))
    return total


def in_spreads(name, values):
    """Return the values of a column, bent where it is, in standard deviations.

    Examples
    --------
    >>> in_spreads("heart_rate_bpm", np.array([89.0, 119.0]))
    array([0., 2.])
    >>> in_spreads("temperature_c", np.array([35.9, 38.1])).round(6)
    array([1., 1.])
    """
    bend = BENT.get(name, lambda x: x)
    centre, spread = CENTRES[name]
    return (bend(values) - centre) / spread


@lru_cache(maxsize=256)
def draw_messy_model(secret):
    """Draw the weights of one course; prevalence and AUROC are held.

    Parameters
    ----------
    secret : str
        The same secret gives the same model, whatever the role.

    Returns
    -------
    MessyModel

    Examples
    --------
    >>> draw_messy_model("demo") == draw_messy_model("demo")
    True
    """
    from coursekit.datasets.messy_patients import draw_encounters

    rng = generator_from(secret, "messy", "model")
    weights = {name: w * rng.uniform(0.8, 1.2) for name, w in WEIGHTS.items()}
    codes = dict(zip(DIAGNOSES, rng.permutation(np.linspace(-1, 1, 8)), strict=True))
    rough = MessyModel(0.0, 1.0, weights, codes)
    people = draw_encounters(N_REFERENCE * 2 // 3, generator_from("messy", "reference"))
    scale, intercept = calibrate(drive(rough, people.clean, people.concern))
    return MessyModel(intercept, scale, weights, codes)


def calibrate(total):
    """Find scale and intercept that give the stated prevalence and AUROC.

    Parameters
    ----------
    total : ndarray of shape (n,)
        Log odds before scaling of a reference population.

    Returns
    -------
    scale, intercept : float
    """
    total = np.sort(total)
    share = np.full(len(total), 1 / len(total))

    def intercept_at(scale):
        return brentq(
            lambda level: expit(level + scale * total).mean() - PREVALENCE, -60, 60
        )

    def auroc_error(scale):
        risk = expit(intercept_at(scale) + scale * total)
        return auroc_of_true_risk(risk, share) - ORACLE_AUROC

    scale = brentq(auroc_error, 0.05, 10, xtol=1e-6)
    return round(float(scale), 6), round(float(intercept_at(scale)), 6)
