"""What is true about the patients of `make_gap` in one course, drawn from its secret.

Coefficients and the strength of each mechanism change from secret to secret; the
share of patients who fall ill (25 %) and the AUROC of the true risk (0.82) do not.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, logit, ndtri

from coursekit.datasets.gap_differences import Differences, draw_differences
from coursekit.datasets.readmission_model import auroc_of_true_risk
from coursekit.datasets.seeds import generator_from
from coursekit.errors import BadInput

NO_DIFFERENCES = Differences()
MECHANISMS = (
    "under-ascertainment",
    "measurement",
    "under-representation",
    "proxy-label",
)
HOW_MANY = (1 / 6, 3 / 6, 2 / 6)  # chance of none, one and two mechanisms at once
PREVALENCE = 0.25
ORACLE_AUROC = 0.82
STRENGTHS = (0.25, 1.5)
MOST_MISSED = 0.9  # share of B's events, at any strength
MOST_HIDDEN = 0.97  # share of a fall in saturation, at any strength
SHOWN = {  # signal of need per unit of noise, in a value of the table
    "albumin": 1.15,
    "creatinine": 0.30,
    "crp": 0.35,
    "saturation": 1.60,
    "respiration": 0.30,
    "conditions": 0.35,
    "visits": 0.30,
    "cost": 0.45,
}


@dataclass(frozen=True)
class GapModel:
    """How patients of one course come about, and how strong each mechanism is."""

    intercept: float  # log odds of falling ill
    need: float  # log odds for one standard deviation of need
    age: float  # log odds for one standard deviation of age
    shown: dict  # name -> loading, as SHOWN
    missed_in_b: float  # share of B's events that are not recorded
    device_loss: float  # share of a fall in saturation that the device hides in B
    share_b_in_train: float
    cost_in_b: float  # log ratio of B's cost to A's at equal need
    other_signs: float = 1.0  # how much B's need shows in haemoglobin, not in albumin
    differences: Differences = NO_DIFFERENCES

    def risk(self, need, age_z):
        """Return the true probability of falling ill, elementwise, in (0, 1)."""
        return expit(self.intercept + self.need * need + self.age * age_z)


@lru_cache(maxsize=512)
def draw_gap_model(secret):
    """Draw the coefficients and strengths of one course.

    Parameters
    ----------
    secret : str
        The same secret gives the same model, whatever the role and mechanisms.

    Returns
    -------
    GapModel

    Examples
    --------
    >>> draw_gap_model("demo") == draw_gap_model("demo")
    True
    >>> 0.50 <= draw_gap_model("demo").missed_in_b <= 0.65
    True
    """
    rng = generator_from(secret, "gap", "model")
    weights = np.array([1.5, 0.35]) * rng.uniform(0.9, 1.1, 2)
    scale, intercept = calibrate(float(np.sqrt(np.sum(weights**2))))
    need, age = (round(float(weight), 6) for weight in scale * weights)
    factors = rng.uniform(0.9, 1.1, len(SHOWN))
    return GapModel(
        intercept=round(intercept, 6),
        need=need,
        age=age,
        shown={n: v * f for (n, v), f in zip(SHOWN.items(), factors, strict=True)},
        missed_in_b=rng.uniform(0.50, 0.65),
        device_loss=rng.uniform(0.90, 0.97),
        share_b_in_train=rng.uniform(0.02, 0.035),
        cost_in_b=rng.uniform(-0.55, -0.42),
    )


def at_strength(model, strength):
    """Return the model with all four mechanisms weaker (below 1) or stronger.

    What a share of B's events or of a fall in saturation cannot exceed, it does not.
    The share of B in train stays.

    Examples
    --------
    >>> model = draw_gap_model("demo")
    >>> at_strength(model, 0.5).missed_in_b == model.missed_in_b / 2
    True
    >>> at_strength(model, 1) == model
    True
    """
    low, high = STRENGTHS
    if not low <= strength <= high:
        raise BadInput(f"strength is {strength}; it lies between {low} and {high}.")
    return replace(
        model,
        missed_in_b=min(MOST_MISSED, strength * model.missed_in_b),
        device_loss=min(MOST_HIDDEN, strength * model.device_loss),
        cost_in_b=strength * model.cost_in_b,
        other_signs=strength * model.other_signs,
    )


def course_model(secret, strength=1, differences=False):
    """Return what is true in one course, at this strength.

    Parameters
    ----------
    secret : str
    strength : float
    differences : bool
        Whether the groups differ where nothing is wrong (`gap_differences`).

    Returns
    -------
    GapModel

    Examples
    --------
    >>> course_model("demo") == draw_gap_model("demo")
    True
    """
    model = at_strength(draw_gap_model(secret), strength)
    if not differences:
        return model
    drawn = draw_differences(secret)
    shown = {**model.shown, "cost": drawn.cost_shown}
    return replace(
        model,
        shown=shown,
        share_b_in_train=drawn.few_b_in_train,
        differences=drawn,
    )


def calibrate(spread):
    """Find the scale and intercept that give the stated prevalence and AUROC.

    Parameters
    ----------
    spread : float
        Standard deviation, over patients, of the log odds before scaling.

    Returns
    -------
    scale, intercept : float

    Examples
    --------
    >>> one, two = calibrate(1.0), calibrate(2.0)
    >>> round(one[0] / two[0], 3), round(one[1] - two[1], 3)
    (2.0, 0.0)
    """
    share = np.full(801, 1 / 801)
    drive = spread * ndtri((np.arange(801) + 0.5) / 801)

    def intercept_at(scale):
        def error(intercept):
            return np.sum(share * expit(intercept + scale * drive)) - PREVALENCE

        return brentq(error, logit(PREVALENCE) - 5, logit(PREVALENCE) + 5)

    def auroc_error(scale):
        risk = expit(intercept_at(scale) + scale * drive)
        return auroc_of_true_risk(risk, share) - ORACLE_AUROC

    scale = brentq(auroc_error, 0.3 / spread, 6 / spread, xtol=1e-6)
    return float(scale), float(intercept_at(scale))


def read_mechanisms(mechanisms, secret):
    """Return the mechanisms that are on, in the order of `MECHANISMS`.

    Parameters
    ----------
    mechanisms : sequence of str, or None
        None draws them from the secret: none, one or two.
    secret : str

    Raises
    ------
    BadInput
        If a name is unknown.

    Examples
    --------
    >>> read_mechanisms(["proxy-label", "measurement"], "demo")
    ('measurement', 'proxy-label')
    >>> len(read_mechanisms(None, "demo")) <= 2
    True
    """
    if mechanisms is None:
        rng = generator_from(secret, "gap", "mechanisms")
        n_on = rng.choice(len(HOW_MANY), p=HOW_MANY)
        mechanisms = rng.choice(MECHANISMS, n_on, replace=False)
    if isinstance(mechanisms, str):
        mechanisms = (mechanisms,)
    unknown = [str(name) for name in mechanisms if name not in MECHANISMS]
    if unknown:
        raise BadInput(
            f"There is no mechanism {', '.join(unknown)}; there are "
            f"{', '.join(MECHANISMS)}."
        )
    return tuple(name for name in MECHANISMS if name in mechanisms)
