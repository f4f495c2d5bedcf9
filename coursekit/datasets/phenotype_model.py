"""What is drawn for a whole cohort of sepsis-like patients, before any of them.

Labs and vitals belong to six organ systems; the three of a system move together. An
endotype is a pattern over the systems. All patterns are equally far from each other, so
that a cohort is as hard as another, whatever its secret.
"""

from dataclasses import dataclass

import numpy as np

# column -> centre, spread of one unit (on the log scale where told), digits, scale
SYSTEMS = {
    "kidney": {
        "creatinine_umol_l": (110, 0.35, 0, "log"),
        "urea_mmol_l": (8, 0.32, 1, "log"),
        "potassium_mmol_l": (4.3, 0.28, 2, "linear"),
    },
    "liver": {
        "bilirubin_umol_l": (18, 0.40, 1, "log"),
        "alt_u_l": (40, 0.45, 0, "log"),
        "albumin_g_l": (32, -2.6, 1, "linear"),
    },
    "circulation": {
        "lactate_mmol_l": (2.1, 0.30, 2, "log"),
        "map_mmhg": (74, -5.0, 0, "linear"),
        "heart_rate_per_min": (98, 8.0, 0, "linear"),
    },
    "inflammation": {
        "temperature_c": (37.9, 0.40, 1, "linear"),
        "crp_mg_l": (90, 0.45, 0, "log"),
        "white_cells_10e9_l": (12, 0.25, 1, "log"),
    },
    "lungs": {
        "respiratory_rate_per_min": (23, 2.4, 0, "linear"),
        "pao2_fio2_mmhg": (240, -0.15, 0, "log"),
        "paco2_mmhg": (40, 3.4, 1, "linear"),
    },
    "clotting": {
        "platelets_10e9_l": (200, -0.25, 0, "log"),
        "inr": (1.3, 0.08, 2, "log"),
        "d_dimer_mg_l": (2.0, 0.50, 2, "log"),
    },
}
MEASURED = {name: each for part in SYSTEMS.values() for name, each in part.items()}
CARE = {  # what is done with patients: centre and spread on the log scale
    "lab_orders_per_day": (8, 0.45),
    "nursing_notes_per_day": (14, 0.40),
    "vital_checks_per_day": (20, 0.40),
    "consultations_per_stay": (3, 0.50),
}
SITES = ("north", "east", "south", "west", "centre")
SHARE_B = 0.35
SEPARATION = 3.4  # length of each endotype's pattern, in spreads of one endotype
SITE_SHIFT = 1.2  # by how much the centre of a column differs between sites
SITE_SCALE = 0.15
CARE_EFFECT = 2.5  # by how much care moves what is measured
CARE_MEAN = {"A": 0.55, "B": -1.0}  # so that the mean over all patients is near 0
CARE_SPREAD = 0.40
CARE_NOISE = 0.40
MIX = 0.8  # how far the endotypes' shares differ between sites, half of it used


@dataclass(frozen=True)
class PhenotypeModel:
    """A cohort's endotypes, its sites, and what care does to the measurements."""

    patterns: np.ndarray  # (n_endotypes, 18), in spreads
    shares: np.ndarray  # (n_sites, n_endotypes), rows sum to 1
    site_shift: np.ndarray  # (n_sites, 18)
    site_scale: np.ndarray  # (n_sites, 18)
    care_effect: np.ndarray  # (18,) for one unit of care intensity

    @property
    def sites(self):
        """The names of the sites."""
        return SITES[: len(self.shares)]


def draw_phenotype_model(rng, n_endotypes=None, separation=SEPARATION):
    """Draw what a cohort's patients have in common.

    Parameters
    ----------
    rng : numpy.random.Generator
    n_endotypes : int or None
        From 2 to 6; None draws 3 to 5.
    separation : float
        Length of each pattern; two endotypes are 1.41 times as far apart.

    Returns
    -------
    PhenotypeModel

    Examples
    --------
    >>> model = draw_phenotype_model(np.random.default_rng(0), 4)
    >>> apart = np.linalg.norm(model.patterns[0] - model.patterns[1])
    >>> model.patterns.shape, round(float(apart), 2)
    ((4, 18), 4.81)
    """
    drawn = int(rng.integers(3, 6))
    n_endotypes = n_endotypes or drawn
    loadings = draw_loadings(rng)
    turned = np.linalg.qr(rng.standard_normal((len(SYSTEMS),) * 2))[0]
    direction = rng.standard_normal(len(SYSTEMS))
    n_sites = int(rng.integers(3, len(SITES) + 1))
    shares = np.exp(MIX * rng.standard_normal((n_sites, n_endotypes)))
    shares = shares / shares.sum(axis=1, keepdims=True) / 2 + 0.5 / n_endotypes
    size = (n_sites, len(MEASURED))
    return PhenotypeModel(
        patterns=separation * turned[:n_endotypes] @ loadings,
        shares=shares,
        site_shift=SITE_SHIFT * rng.standard_normal(size),
        site_scale=np.exp(SITE_SCALE * rng.standard_normal(size)),
        care_effect=CARE_EFFECT * direction / np.linalg.norm(direction) @ loadings,
    )


def draw_loadings(rng):
    """Return how much each column shows of its system: (6, 18), rows of length 1.

    Examples
    --------
    >>> loadings = draw_loadings(np.random.default_rng(0))
    >>> loadings.shape, int((loadings > 0).sum())
    ((6, 18), 18)
    """
    loadings = np.zeros((len(SYSTEMS), len(MEASURED)))
    for row in range(len(SYSTEMS)):
        own = rng.uniform(0.6, 1.4, 3)
        loadings[row, 3 * row : 3 * row + 3] = own / np.linalg.norm(own)
    return loadings
