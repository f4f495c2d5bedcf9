"""Drawn sepsis-like patients whose endotypes are known, and cohorts that have none.

Three things shape the measurements: the endotype, the site (whose laboratory measures
differently), and how intensely a patient is cared for, which differs between groups. In
a cohort without structure the last two are there as ever.
"""

import numpy as np
import pandas as pd

from coursekit.datasets.cohort import Cohort, Fault, Truth
from coursekit.datasets.drawing import patient_numbers, refuse_undrawable
from coursekit.datasets.phenotype_model import (
    CARE,
    CARE_MEAN,
    CARE_NOISE,
    CARE_SPREAD,
    MEASURED,
    SEPARATION,
    SHARE_B,
    draw_phenotype_model,
)
from coursekit.datasets.seeds import ROLES, generator_from
from coursekit.errors import BadInput

ENDOTYPES = range(2, 7)
FAULTS = (
    Fault(
        "site-effect",
        tuple(MEASURED),
        "Each site's laboratory measures on a scale of its own.",
    ),
    Fault(
        "care-intensity",
        (*CARE, *MEASURED),
        "Group A is cared for more intensely, which shows in the counts of care and, "
        "by what is treated, in the measurements.",
    ),
)


def make_phenotypes(
    n_patients,
    *,
    secret,
    role,
    n_endotypes=None,
    structure=True,
    separation=SEPARATION,
):
    """Draw sepsis-like patients of several sites, with or without endotypes.

    Parameters
    ----------
    n_patients : int
        One row each.
    secret : str
        Draws the endotypes, their number, the sites and what care does; with the role,
        the patients.
    role : {"train", "tune", "check", "hidden", "hidden-2"}
        All roles have the same endotypes and sites, and no patient in common.
    n_endotypes : int or None
        From 2 to 6. None draws 3, 4 or 5.
    structure : bool, default=True
        If False, patients differ smoothly and there is one kind of them: measurements
        have, at each site, the means and covariances that endotypes would give them.
        Site and care intensity act as ever.
    separation : float, default=3.4
        Distance of endotypes, divided by 1.41, in units of the spread within one.

    Returns
    -------
    Cohort
        ``X``: 18 labs and vitals with their units, four counts of care, and ``site``.
        Nothing is missing. ``y``: the endotype, 0 to n_endotypes - 1; all 0 without
        structure. ``groups``: ``group`` (A or B), ``site``. ``truth.detail``:
        ``endotype``, ``site`` (numbers) and ``care_intensity`` (about -2 to 2).

    Raises
    ------
    BadInput
        If an argument is out of range.

    Examples
    --------
    >>> cohort = make_phenotypes(300, secret="demo", role="train", n_endotypes=4)
    >>> cohort.X.shape, sorted(set(cohort.y.tolist()))
    ((300, 23), [0, 1, 2, 3])
    >>> noise = make_phenotypes(300, secret="demo", role="train", structure=False)
    >>> set(noise.y.tolist())
    {0}
    """
    refuse_undrawable(n_patients, secret, role, ROLES)
    if n_endotypes is not None and n_endotypes not in ENDOTYPES:
        raise BadInput(f"n_endotypes is {n_endotypes}; give 2 to 6, or None.")
    course = generator_from(secret, "phenotypes")
    model = draw_phenotype_model(course, n_endotypes, separation)
    rng = generator_from(secret, "phenotypes", role)
    patients = draw_patients(n_patients, model, structure, rng)
    endotype = patients["endotype"] if structure else np.zeros(n_patients, int)
    group, site = patients["group"], patients["site"]
    names = {"group": group, "site": np.array(model.sites)[site]}
    return Cohort(
        role=role,
        X=columns(patients, model, rng),
        y=endotype,
        groups=pd.DataFrame(names).astype("str"),
        patient=patient_numbers(np.arange(n_patients), role, ROLES, rng),
        truth=Truth(
            endotype,
            faults=FAULTS,
            detail={
                "endotype": endotype,
                "site": site,
                "care_intensity": patients["care"],
            },
        ),
    )


def draw_patients(n_patients, model, structure, rng):
    """Draw for each patient site, group, care, endotype and state of health.

    Returns
    -------
    dict of str to ndarray of n_patients rows
        ``state`` has 18 columns: the measurements in spreads, before the site.
    """
    site = rng.integers(0, len(model.shares), n_patients)
    group = np.where(rng.random(n_patients) < SHARE_B, "B", "A")
    care = CARE_SPREAD * rng.standard_normal(n_patients)
    care += np.where(group == "B", CARE_MEAN["B"], CARE_MEAN["A"])
    reached = rng.random((n_patients, 1)) > np.cumsum(model.shares, axis=1)[site]
    endotype = np.minimum(reached.sum(axis=1), len(model.patterns) - 1)
    belongs = np.eye(len(model.patterns))[endotype]
    if not structure:
        belongs = smooth(model.shares, site, rng)
    noise = rng.standard_normal((n_patients, len(MEASURED)))
    state = belongs @ model.patterns + np.outer(care, model.care_effect) + noise
    return {
        "site": site,
        "group": group,
        "care": care,
        "endotype": endotype,
        "state": state,
    }


def smooth(shares, site, rng):
    """Return how much of each pattern patients have, where there are no endotypes.

    Normal, with the means and covariances that belonging to one endotype has.

    Returns
    -------
    ndarray of shape (n_patients, n_endotypes)
    """
    belongs = np.empty((len(site), shares.shape[1]))
    for number, share in enumerate(shares):
        here = site == number
        covariance = np.diag(share) - np.outer(share, share)
        belongs[here] = rng.multivariate_normal(share, covariance, here.sum())
    return belongs


def columns(patients, model, rng):
    """Return what is written down: measurements with units, counts of care, the site.

    Returns
    -------
    DataFrame of n rows
    """
    site = patients["site"]
    seen = patients["state"] * model.site_scale[site] + model.site_shift[site]
    table = {
        name: measured(seen[:, number], *scale)
        for number, (name, scale) in enumerate(MEASURED.items())
    }
    for name, (centre, spread) in CARE.items():
        told = patients["care"] + CARE_NOISE * rng.standard_normal(len(site))
        table[name] = np.round(centre * np.exp(spread * told), 1)
    return pd.DataFrame({**table, "site": np.array(model.sites)[site]})


def measured(seen, centre, spread, digits, scale):
    """Return spreads as values in units, rounded as a laboratory does.

    Examples
    --------
    >>> measured(np.array([0.0, 1.0]), 110, 0.35, 0, "log")
    array([110., 156.])
    """
    values = (
        centre * np.exp(spread * seen) if scale == "log" else centre + spread * seen
    )
    return np.round(values, digits)
