"""Three hospitals that take chest films, and the patients whom they film.

Disease is drawn from the hospital's prevalence alone: it depends on neither group,
sex nor age, so that whatever a model does to them differently it has learnt.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from coursekit.datasets.seeds import generator_from

SITES = ("north", "south", "third")
AGE_BANDS = ("18-49", "50-64", "65-79", "80+")
AUROC_OF_SITE = 0.861  # of sorting by hospital alone (Zech and others, 2018)
THIRD_PREVALENCE = 0.27
SHARE_B = (0.01, 0.18, 0.40)  # of the patients, by site
GROWTH_A_FILM = 0.12  # of severity, from 0 to 1, at the most


@dataclass(frozen=True)
class FilmCourse:
    """What is true about the films of one course; drawn from its secret."""

    north_prevalence: float
    south_prevalence: float  # gives the AUROC of the site
    share_north: float  # of the training patients
    contrast_in_b: float  # grey levels a grey level in A
    conspicuity: float  # factor on the contrast of all lesions
    noise_grey: float  # standard deviation in A, grey levels of 255
    missed_early_a: float  # share of early films reported as healthy, train only
    missed_early_b: float
    heart_size: float
    rib_spacing: float
    corner: int  # 0 to 3: upper left, upper right, lower left, lower right
    letters: tuple[int, int]  # of the token, north and south


def draw_film_course(secret):
    """Draw what is true in one course.

    The north's prevalence and size move a little; the south's prevalence follows, so
    that the AUROC of sorting by hospital stays 0.861.

    Examples
    --------
    >>> course = draw_film_course("demo")
    >>> round(auroc_of_site(course), 3)
    0.861
    """
    rng = generator_from(secret, "chest_films", "course")
    north, share_north = rng.uniform(0.33, 0.355), rng.uniform(0.25, 0.29)
    missed = rng.uniform(0.08, 0.12)
    letters = rng.permutation(8)[:2]
    return FilmCourse(
        north_prevalence=north,
        south_prevalence=south_prevalence_for(north, share_north),
        share_north=share_north,
        contrast_in_b=rng.uniform(0.22, 0.24),
        conspicuity=rng.uniform(0.94, 1.06),
        noise_grey=rng.uniform(4.5, 5.5),
        missed_early_a=missed,
        missed_early_b=2 * missed,
        heart_size=rng.uniform(0.94, 1.06),
        rib_spacing=rng.uniform(0.94, 1.06),
        corner=int(rng.integers(4)),
        letters=(int(letters[0]), int(letters[1])),
    )


def south_prevalence_for(north, share_north):
    """Return the prevalence in the south that gives `AUROC_OF_SITE`."""

    def error(south):
        return auroc_of_two(share_north, north, south) - AUROC_OF_SITE

    return float(brentq(error, 1e-4, 0.1))


def auroc_of_two(share_north, north, south):
    """Return the AUROC of "north" as a score, from prevalences and the north's share.

    Examples
    --------
    >>> auroc_of_two(0.5, 1.0, 0.0), auroc_of_two(0.3, 0.2, 0.2)
    (1.0, 0.5)
    """
    ill = share_north * north + (1 - share_north) * south
    found = share_north * north / ill
    alarms = share_north * (1 - north) / (1 - ill)
    return (1 + found - alarms) / 2


def auroc_of_site(course):
    """Return the expected AUROC of sorting training patients by hospital alone."""
    return auroc_of_two(
        course.share_north, course.north_prevalence, course.south_prevalence
    )


def draw_patients(n_patients, course, rng, *, third, share_b):
    """Draw one row per patient: what all films of a patient share.

    Parameters
    ----------
    third : bool
        True: patients of the third hospital; else of the two training hospitals.
    share_b : float in [0, 1] or None
        Share of B in every hospital; None: as usual in each.

    Returns
    -------
    DataFrame of n_patients rows
        site, group, sex, age_years, prevalence, diseased, severity (of the lesion,
        or of the one that is not there), habitus (standard normal), token (0 north,
        1 south).
    """
    site = np.where(rng.random(n_patients) < course.share_north, 0, 1)
    token = rng.integers(0, 2, n_patients) if third else site
    prevalence = np.array([course.north_prevalence, course.south_prevalence])[site]
    if third:
        site, prevalence = np.full(n_patients, 2), np.full(n_patients, THIRD_PREVALENCE)
    usual = np.array(SHARE_B)[site]
    in_b = rng.random(n_patients) < (usual if share_b is None else share_b)
    age = np.clip(np.rint(rng.normal(60, 16, n_patients)), 18, 100)
    return pd.DataFrame(
        {
            "site": np.array(SITES)[site],
            "group": np.where(in_b, "B", "A"),
            "sex": np.where(rng.random(n_patients) < 0.48, "F", "M"),
            "age_years": age.astype(int),
            "prevalence": prevalence,
            "diseased": rng.random(n_patients) < prevalence,
            "severity": rng.random(n_patients),
            "habitus": rng.normal(0, 1, n_patients),
            "token": token,
        }
    )


def draw_films(patients, rng, *, one_film):
    """Draw the films of these patients: one, or two to four over which lesions grow.

    Returns
    -------
    DataFrame
        As `patients`, with ``person`` (position in patients), ``severity`` at this
        film, and how the patient stood before the plate: ``shift_x``, ``shift_y``
        (half widths of the film), ``turn`` (radians), ``exposure`` (grey levels)
        and ``gain``.
    """
    n_films = 1 if one_film else rng.integers(2, 5, len(patients))
    person = np.repeat(np.arange(len(patients)), n_films)
    films = patients.iloc[person].reset_index(drop=True)
    n = len(films)
    number = films.groupby(person).cumcount().to_numpy()
    growth = (GROWTH_A_FILM * rng.random(len(patients)))[person]
    return films.assign(
        person=person,
        severity=np.minimum(films["severity"] + growth * number, 1.0),
        shift_x=rng.normal(0, 0.035, n),
        shift_y=rng.normal(0, 0.035, n),
        turn=rng.normal(0, 0.035, n),
        exposure=rng.normal(0, 2, n),
        gain=rng.uniform(0.96, 1.04, n),
    )


def film_groups(films, stage, *, letters):
    """Return the columns by which answers are compared, all strings, a row a film."""
    band = np.digitize(films["age_years"], [50, 65, 80])
    return pd.DataFrame(
        {
            "site": films["site"],
            "group": films["group"],
            "sex": films["sex"],
            "age_band": np.array(AGE_BANDS)[band],
            "group_sex": films["group"] + " " + films["sex"],
            "stage": stage,
            "letter": np.array(SITES)[films["token"]] if letters else "none",
        }
    ).astype("str")
