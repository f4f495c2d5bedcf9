"""Drawn chest films with lesions whose place, contrast and true risk are known.

One rule: a lesion depends on neither group, sex nor age. In group B the film shows
it with less contrast, and in the training hospitals a token gives the hospital away.
"""

from dataclasses import replace

import numpy as np

from coursekit.datasets.chest_film_hospitals import (
    SHARE_B,
    THIRD_PREVALENCE,
    draw_film_course,
    draw_films,
    draw_patients,
    film_groups,
)
from coursekit.datasets.chest_film_lesions import stages
from coursekit.datasets.chest_film_scanner import draw_all_films
from coursekit.datasets.chest_film_tokens import with_token
from coursekit.datasets.cohort import Cohort, Fault, Truth
from coursekit.datasets.drawing import patient_numbers, refuse_undrawable
from coursekit.datasets.seeds import generator_from
from coursekit.errors import BadInput

ROLES = (
    "train",
    "tune",
    "check",
    "inside",
    "hidden",
    "hidden-2",
    "external",
    "stress",
)
TRAINING_HOSPITALS = ("train", "tune", "check", "inside")
SEVERAL_FILMS = ("train", "tune", "check")
FAULTS = (
    Fault("site-token", (), "A scanner's letter in a corner tells the hospital."),
    Fault(
        "site-prevalence",
        (),
        "One training hospital has many diseased patients, the other hardly any.",
    ),
    Fault("low-contrast", (), "Films of B show everything with less contrast."),
    Fault(
        "rare-group",
        (),
        "B is rare in training, most of all in the hospital with the disease.",
    ),
    Fault("missed-early", (), "Reports call some films of early lesions healthy."),
    Fault("exposure", (), "The scanner is set up wrongly: grey, with less contrast."),
)


def make_chest_films(
    n_patients,
    *,
    secret,
    role,
    one_film=None,
    token=True,
    same_prevalence=False,
    contrast_in_b=None,
    share_b=None,
    missed_early=None,
):
    """Draw chest films, some with a lesion, of patients of three hospitals.

    Two hospitals give the films to learn from. Their scanners print a letter in a
    corner, and one of them, the north, has nearly all the disease: sorting by
    hospital alone has an AUROC of 0.861, as Zech and others found in 2018 (PLoS
    Medicine 15: e1002683). At the third hospital the letter tells nothing.

    Parameters
    ----------
    n_patients : int
        Number of patients. On train, tune and check each has two to four films, over
        which a lesion may grow; on the others one.
    secret : str
        Redraws contrasts, noise, anatomy, the letters and their corner, the two
        prevalences a little, and, with the role, the patients. The AUROC of sorting
        by hospital and the prevalence of the third hospital (0.27) stay.
    role : {"train", "tune", "check", "inside", "hidden", "hidden-2", "external", \
"stress"}
        The first four come from the two training hospitals, the others from the
        third. On train disease is as reported, elsewhere as audited. "stress" is as
        hidden, with the scanner's exposure set up wrongly.
    one_film : bool, optional
        One film a patient; by default on all roles but train, tune and check.
    token : bool, default=True
        Switch 1, the shortcut: False prints no letters.
    same_prevalence : bool, default=False
        Switch 2, the confounder: True gives both training hospitals the prevalence
        of the third.
    contrast_in_b : float in (0, 1], optional
        Switch 3, measurement: contrast of B's films, 1 being that of A's, which
        switches it off. By default drawn from 0.22 to 0.24.
    share_b : float in [0, 1], optional
        Switch 4, representation: share of patients in group B, in every hospital. By
        default 0.01 in the north, 0.18 in the south and 0.40 in the third, so that
        in training hardly any film of B shows disease.
    missed_early : float in [0, 1], optional
        Switch 5, the label: share of films of early lesions that the reports of
        train call healthy; 0 switches it off. By default about 0.1 in A and twice
        that in B.

    Returns
    -------
    Cohort
        ``X`` is a uint8 array (n_films, 1, 64, 64), 0 black to 255 white; ``y`` 1
        where a lesion is (or was reported); ``groups`` has site, group, sex,
        age_band, group_sex, stage and whose letter is printed; ``altered["token"]``
        the same films with the other hospital's letter (not on train).
        ``truth.detail`` holds the masks ``"lesion"`` (n_films, 64, 64) and the
        ``"severity"`` in [0, 1], and
        ``truth.risk`` the probability for one who knows background, noise and where
        the lesion would be, from the film alone.

    Examples
    --------
    >>> cohort = make_chest_films(30, secret="demo", role="hidden")
    >>> cohort.X.shape, cohort.X.dtype.name
    ((30, 1, 64, 64), 'uint8')
    >>> sorted(cohort.groups)
    ['age_band', 'group', 'group_sex', 'letter', 'sex', 'site', 'stage']
    >>> bool((cohort.truth.detail["lesion"].any((1, 2)) == cohort.y).all())
    True
    """
    shares = {"share_b": share_b, "missed_early": missed_early}
    refuse_impossible(n_patients, secret, role, contrast_in_b, **shares)
    course = changed_course(
        draw_film_course(secret), same_prevalence, contrast_in_b, missed_early
    )
    rng = generator_from(secret, "chest_films", role)
    third = role not in TRAINING_HOSPITALS
    if one_film is None:
        one_film = role not in SEVERAL_FILMS
    patients = draw_patients(n_patients, course, rng, third=third, share_b=share_b)
    films = draw_films(patients, rng, one_film=one_film)
    X, masks, risk = draw_all_films(
        patients, films, course, rng, stress=role == "stress"
    )
    diseased = films["diseased"].to_numpy()
    stage = stages(films["severity"].to_numpy(), diseased)
    y, label_error = reported(films, stage, course, rng, audited=role != "train")
    cohort = Cohort(
        role=role,
        X=X,
        y=y,
        groups=film_groups(
            films, "not audited" if role == "train" else stage, letters=token
        ),
        patient=patient_numbers(films["person"].to_numpy(), role, ROLES, rng),
        truth=Truth(
            outcome=diseased.astype(int),
            risk=risk,
            label_error=label_error,
            effects=true_effects(course),
            faults=planted_faults(course, role, token, same_prevalence, share_b),
            detail={"lesion": masks, "severity": films["severity"].to_numpy()},
        ),
    )
    return printed(cohort, films["token"].to_numpy(), course) if token else cohort


def changed_course(course, same_prevalence, contrast_in_b, missed_early):
    """Return the course with the switches that were given; None means: as it is."""
    given = {}
    if same_prevalence:
        given |= dict.fromkeys(
            ("north_prevalence", "south_prevalence"), THIRD_PREVALENCE
        )
    if contrast_in_b is not None:
        given["contrast_in_b"] = contrast_in_b
    if missed_early is not None:
        given |= dict.fromkeys(("missed_early_a", "missed_early_b"), missed_early)
    return replace(course, **given)


def reported(films, stage, course, rng, *, audited):
    """Return y, and the share of diseased films that it misses, by group."""
    diseased = films["diseased"].to_numpy()
    if audited:
        return diseased.astype(int), {"A": 0.0, "B": 0.0}
    in_b = (films["group"] == "B").to_numpy()
    rate = np.where(in_b, course.missed_early_b, course.missed_early_a)
    missed = (stage == "early") & (rng.random(len(films)) < rate)
    y = (diseased & ~missed).astype(int)
    error = {
        name: float(missed[rows].sum() / max(diseased[rows].sum(), 1))
        for name, rows in (("A", ~in_b), ("B", in_b))
    }
    return y, error


def true_effects(course):
    """Return what is true of a course, by name."""
    return {
        "north_prevalence": course.north_prevalence,
        "south_prevalence": course.south_prevalence,
        "third_prevalence": THIRD_PREVALENCE,
        "contrast_in_b": course.contrast_in_b,
        "missed_early_a": course.missed_early_a,
        "missed_early_b": course.missed_early_b,
    }


def planted_faults(course, role, token, same_prevalence, share_b):
    """Return the faults that are switched on in a cohort."""
    training = role in TRAINING_HOSPITALS
    on = {
        "site-token": token and training,
        "site-prevalence": training and not same_prevalence,
        "low-contrast": course.contrast_in_b < 1,
        "rare-group": training and (share_b is None or share_b < SHARE_B[2]),
        "missed-early": role == "train" and course.missed_early_b > 0,
        "exposure": role == "stress",
    }
    return tuple(fault for fault in FAULTS if on[fault.name])


def printed(cohort, token, course):
    """Return the cohort with tokens on its films, and the other token's films."""
    if cohort.role != "train":
        other = with_token(cohort.X, 1 - token, course)
        cohort = replace(cohort, altered={"token": other})
    return replace(cohort, X=with_token(cohort.X, token, course))


def refuse_impossible(n_patients, secret, role, contrast_in_b, **shares):
    """Raise BadInput for arguments that no cohort can be drawn from."""
    refuse_undrawable(n_patients, secret, role, ROLES)
    if contrast_in_b is not None and not 0 < contrast_in_b <= 1:
        raise BadInput(
            f"contrast_in_b is {contrast_in_b}; it is above 0 and at most 1 (as in A)."
        )
    for name, share in shares.items():
        if share is not None and not 0 <= share <= 1:
            raise BadInput(f"{name} is {share}; it is a share, from 0 to 1.")
