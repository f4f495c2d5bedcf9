"""How many patients a new risk model needs: Riley's criteria for a binary outcome.

Too few patients for the number of candidate parameters give risks that are too extreme
for the next patients. Ten events a parameter is a rule of thumb; these are criteria.
"""

import math

import numpy as np
import pandas as pd
from scipy.special import expit, ndtri, xlogy

from coursekit.errors import BadInput

OPTIMISM = 0.05  # largest difference between apparent and adjusted R2, as a share
MARGIN = 0.05  # of the overall risk, on each side


def development_sample_size(n_parameters, prevalence, *, cox_snell, shrinkage=0.9):
    """Return how many patients each of three criteria needs, and all of them.

    Parameters
    ----------
    n_parameters : int
        Candidate parameters: all that are tried, whether or not they stay; a factor of
        four levels has three, a spline more than one.
    prevalence : float in (0, 1)
        Expected share of events.
    cox_snell : float in (0, 1)
        Expected Cox-Snell R2; `cox_snell_from_auroc` finds it from an AUROC.
    shrinkage : float in (0, 1)
        0.9 means that on new patients effects are expected to be a tenth smaller.

    Returns
    -------
    DataFrame
        By criterion: ``n_patients``, ``n_events`` (expected), ``events_per_parameter``.
        Criteria: little overfitting, little optimism (0.05 of Nagelkerke's R2), and an
        overall risk known to 0.05; the last row is the largest.

    Raises
    ------
    BadInput
        If an argument is out of range, or R2 is larger than this prevalence allows.

    References
    ----------
    Riley et al. 2019, Statistics in Medicine 38:1276-1296. Riley et al. 2020, BMJ
    368:m441.

    Examples
    --------
    >>> found = development_sample_size(24, 0.174, cox_snell=0.288)
    >>> found["n_patients"].tolist()
    [623, 662, 221, 662]
    """
    largest = largest_cox_snell(prevalence)
    if n_parameters < 1 or not 0 < shrinkage < 1:
        raise BadInput("There must be at least one parameter, and 0 < shrinkage < 1.")
    if not 0 < cox_snell < min(largest, shrinkage):
        raise BadInput(
            f"cox_snell is {cox_snell}; at a prevalence of {prevalence:g} it lies "
            f"between 0 and {min(largest, shrinkage):.3f}."
        )
    little_optimism = cox_snell / (cox_snell + OPTIMISM * largest)
    needed = {
        "little overfitting": size_for(shrinkage, n_parameters, cox_snell),
        "little optimism": size_for(little_optimism, n_parameters, cox_snell),
        "overall risk": (1.96 / MARGIN) ** 2 * prevalence * (1 - prevalence),
    }
    needed["all"] = max(needed.values())
    n = pd.Series({name: math.ceil(each) for name, each in needed.items()})
    events = (n * prevalence).round(1)
    return pd.DataFrame(
        {
            "n_patients": n,
            "n_events": events,
            "events_per_parameter": (n * prevalence / n_parameters).round(2),
        }
    )


def size_for(shrinkage, n_parameters, cox_snell):
    """Return for how many patients a shrinkage is expected, not rounded.

    Examples
    --------
    >>> round(size_for(0.9, 24, 0.288), 1)
    622.3
    """
    return n_parameters / ((shrinkage - 1) * math.log(1 - cox_snell / shrinkage))


def largest_cox_snell(prevalence):
    """Return the Cox-Snell R2 of one who knows every outcome.

    Examples
    --------
    >>> round(largest_cox_snell(0.5), 3), round(largest_cox_snell(0.01), 3)
    (0.75, 0.106)
    """
    if not 0 < prevalence < 1:
        raise BadInput(f"prevalence is {prevalence}; it must lie between 0 and 1.")
    null = xlogy(prevalence, prevalence) + xlogy(1 - prevalence, 1 - prevalence)
    return float(1 - np.exp(2 * null))


def cox_snell_from_auroc(auroc, prevalence):
    """Return the Cox-Snell R2 of a calibrated model with this AUROC.

    Scores of the ill and of the well are taken as normal with one spread, so the AUROC
    is ``Phi(d / sqrt(2))`` and the log odds of the outcome are linear in the score; R2
    follows from the mean log likelihood, here by integration instead of simulation.

    Parameters
    ----------
    auroc : float in (0.5, 1)
    prevalence : float in (0, 1)

    Returns
    -------
    float

    References
    ----------
    Riley, Van Calster & Collins 2021, Statistics in Medicine 40:859-864.

    Examples
    --------
    >>> round(cox_snell_from_auroc(0.89, 0.174), 2)
    0.29
    """
    if not 0.5 < auroc < 1:
        raise BadInput(f"auroc is {auroc}; it must lie between 0.5 and 1.")
    largest_cox_snell(prevalence)
    apart = math.sqrt(2) * float(ndtri(auroc))
    score = np.linspace(-9, 9 + apart, 4001)
    density_well, density_ill = (
        np.exp(-((score - centre) ** 2) / 2) / math.sqrt(2 * math.pi)
        for centre in (0.0, apart)
    )
    odds = math.log(prevalence / (1 - prevalence)) + apart * score - apart**2 / 2
    of_ill = prevalence * density_ill * np.log(np.maximum(expit(odds), 1e-300))
    of_well = (1 - prevalence) * density_well * np.log(np.maximum(expit(-odds), 1e-300))
    told = np.trapezoid(of_ill + of_well, score)
    null = xlogy(prevalence, prevalence) + xlogy(1 - prevalence, 1 - prevalence)
    return float(1 - np.exp(2 * (null - told)))
