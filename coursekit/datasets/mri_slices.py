"""Drawn MRI slices of the head, with tumours whose outline is known.

One rule: tumours are the same in both groups, so that whatever a model does to them
differently it has learnt from the scanner or from a rater.
"""

from dataclasses import replace

import numpy as np

from coursekit.datasets.cohort import Cohort, Fault, Truth
from coursekit.datasets.drawing import patient_numbers, refuse_undrawable
from coursekit.datasets.mri_anatomy import (
    draw_heads,
    draw_spots,
    patient_field,
    spot_share,
    tissue_layers,
)
from coursekit.datasets.mri_lesions import (
    SMALL_BELOW_PIXELS,
    draw_lesions,
    is_small,
    largest_area,
    lesions_of_slices,
    masks_of,
    outline,
    reach_of,
    tumour_layers,
    where_tumours_grow,
    without_slivers,
)
from coursekit.datasets.mri_model import MODALITIES, draw_imaging
from coursekit.datasets.mri_pictures import pictures
from coursekit.datasets.seeds import generator_from
from coursekit.errors import BadInput

ROLES = ("train", "tune", "check", "hidden", "hidden-2", "external", "stress")
GROUPS = ("group", "sex", "scanner", "size")
AT_ONCE = 40  # patients; keeps the work in the cache
FAULTS = (
    Fault(
        "rater-b-under-contours",
        (),
        "Rater b draws small lesions too small, and does not see some.",
    ),
    Fault("rater-c-over-contours", (), "Rater c draws group B's tumours too large."),
    Fault(
        "older-scanner",
        MODALITIES,
        "B is mostly scanned on the older scanner: less contrast, more noise.",
    ),
)


def make_mri_slices(
    n_patients,
    *,
    secret,
    role,
    one_slice=None,
    b_in_small=None,
    missed_by_b=None,
    c_in_b=None,
    contrast_in_b=None,
    share_b=0.30,
):
    """Draw MRI slices of heads, some with a tumour, and the outlines of the tumours.

    A tumour has a core, a rim that takes up contrast agent (bright on T1ce), and
    oedema around both (bright on FLAIR and T2). Small benign spots are bright on FLAIR
    as well. Tumours are drawn alike in groups A and B; B is mostly scanned on an older
    scanner, and one of the three raters draws B's tumours too large.

    Parameters
    ----------
    n_patients : int
        Number of patients; on train, tune and check half of them have two slices,
        which are much alike.
    secret : str
        Redraws brightness, contrast, noise and the raters' habits and, with the role,
        the patients. Sizes and numbers of lesions keep their distribution.
    role : {"train", "tune", "check", "hidden", "hidden-2", "external", "stress"}
        On train ``y`` holds the outlines of three raters, elsewhere the audited mask.
        "external" is another hospital, "stress" is hidden with uneven brightness.
    one_slice : bool, optional
        One slice a patient; by default on hidden, hidden-2, external and stress.
    b_in_small : float, optional
        Switch 1: radius that rater b draws for a small lesion, as a share of the true
        one. By default drawn from 0.62 to 0.72; 1 (with ``missed_by_b=0``) switches
        it off.
    missed_by_b : float in [0, 1], optional
        Share of the small lesions that rater b does not see. By default 0.10 to 0.20.
    c_in_b : float, optional
        Switch 2: radius that rater c draws in group B, as a share of the true one. By
        default drawn from 1.28 to 1.36; 1 switches it off.
    contrast_in_b : float in (0, 1], optional
        Switch 3: contrast of the older scanner, as a share of the newer one's. By
        default drawn from 0.70 to 0.80; 1 switches it off, and its extra noise too.
    share_b : float in [0, 1], default=0.30
        Share of patients in group B.

    Returns
    -------
    Cohort
        ``X`` uint8 (n, 4, 64, 64): T1, T1ce, T2, FLAIR; the front of the head is up.
        ``y`` uint8 0/1: (n, 3, 64, 64) on train, raters a, b, c; else (n, 64, 64).
        ``groups`` has group (A, B), sex (F, M), scanner (newer, older) and size:
        "none", "small" (largest lesion under 64 pixels) or "large". ``truth.outcome``
        (n, 64, 64) is the whole tumour; ``truth.detail`` has "core" (with its rim) and
        "enhancing" (the rim), of the same shape. ``truth.label_error`` holds the share
        by which a rater's areas are wrong where the rater is biased, before the edge
        of the brain cuts any off.

    Raises
    ------
    BadInput
        For no patients, an empty secret, an unknown role, or an impossible switch.

    Examples
    --------
    >>> cohort = make_mri_slices(4, secret="demo", role="hidden")
    >>> cohort.X.shape, cohort.y.shape, sorted(cohort.groups)
    ((4, 4, 64, 64), (4, 64, 64), ['group', 'scanner', 'sex', 'size'])
    """
    switches = {
        "b_in_small": b_in_small,
        "missed_by_b": missed_by_b,
        "c_in_b": c_in_b,
        "contrast_in_b": contrast_in_b,
    }
    refuse_impossible(n_patients, secret, role, share_b=share_b, **switches)
    imaging = changed(draw_imaging(secret), switches)
    if one_slice is None:
        one_slice = role not in ("train", "tune", "check")
    rng = generator_from(secret, "mri", role)
    heads, lesions, spots = draw_rows(n_patients, share_b, one_slice, rng)
    if role == "external":
        older = rng.random(len(heads)) < 0.5
        heads = heads.assign(scanner=np.where(older, "older", "newer"))
    drawn = draw_all(heads, lesions, spots, imaging, role, rng)
    truth = Truth(
        drawn["whole"],
        label_error=rater_errors(imaging) if role == "train" else {},
        effects=effects(imaging),
        faults=planted_faults(imaging, role),
        detail={name: drawn[name] for name in ("core", "enhancing")},
    )
    return Cohort(
        role=role,
        X=drawn["X"],
        y=drawn["outlines" if role == "train" else "whole"],
        groups=group_columns(heads, drawn["whole"]),
        patient=patient_numbers(heads["person"].to_numpy(), role, ROLES, rng),
        truth=truth,
    )


def changed(imaging, switches):
    """Return the settings with the switches that were given; None means: as it is."""
    given = {name: value for name, value in switches.items() if value is not None}
    imaging = replace(imaging, **given)
    if imaging.contrast_in_b == 1:
        return replace(imaging, noise_older=imaging.noise)
    return imaging


def draw_all(heads, lesions, spots, imaging, role, rng):
    """Draw all slices, some at a time: a dict of arrays, as `draw_slices` returns."""
    person = heads["person"].to_numpy()  # sorted; nobody's slices are parted
    cuts = np.searchsorted(person, np.arange(AT_ONCE, person[-1] + 1, AT_ONCE))
    parts = [
        draw_slices(
            heads.iloc[rows], at(lesions, rows), at(spots, rows), imaging, role, rng
        )
        for rows in np.split(np.arange(len(heads)), cuts)
    ]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def at(values, rows):
    """Return some rows of every array of a dict."""
    return {name: array[rows] for name, array in values.items()}


def draw_rows(n_patients, share_b, one_slice, rng):
    """Draw heads, lesions and benign spots, one row a slice."""
    people = draw_heads(n_patients, share_b, rng)
    lesions, spots = draw_lesions(n_patients, rng), draw_spots(people, rng)
    n_slices = 1 if one_slice else rng.integers(1, 3, n_patients)
    person = np.repeat(np.arange(n_patients), n_slices)
    level = rng.uniform(0.87, 0.98, n_patients)[person]
    level += rng.uniform(-0.015, 0.015, len(person))  # slices of a patient are near
    heads = (
        people.iloc[person].reset_index(drop=True).assign(person=person, level=level)
    )
    heads["half_width"] *= level
    heads["half_length"] *= level
    return heads, lesions_of_slices(lesions, person, level, rng), at(spots, person)


def draw_slices(heads, lesions, spots, imaging, role, rng):
    """Draw pictures, outlines of the raters and the audited masks of some slices."""
    folds = [patient_field(rng, heads, sigma) for sigma in (1.6, 1.3)]
    layers, *_, radius = tissue_layers(heads, folds, spot_share(spots, heads))
    fluid = layers["fluid"]
    brain = where_tumours_grow(radius, fluid)
    reach = reach_of(lesions, heads, patient_field(rng, heads, 3.0))
    reach = without_slivers(reach, brain)
    layers |= tumour_layers(reach, lesions, brain.astype(np.float32))
    masks = masks_of(reach, lesions, brain)
    outlines = np.zeros((len(heads), 0), np.uint8)
    if role == "train":
        habits = rater_habits(heads, is_small(reach, brain), imaging, rng)
        outlines = outline(reach, lesions, brain, habits, rng)
        outlines[~masks["whole"].any(axis=(1, 2))] = 0
    X = pictures(layers, heads, imaging, role, rng)
    return {"X": X, "outlines": outlines, **masks}


def rater_habits(heads, small, imaging, rng):
    """Return the radius that raters a, b, c draw, true radius = 1: (3, n, 2)."""
    in_b = (heads["group"] == "B").to_numpy()[:, None]
    missed = small & (rng.random(small.shape) < imaging.missed_by_b)
    a = np.ones(small.shape)
    b = np.where(missed, 0, np.where(small, imaging.b_in_small, 1.0))
    c = np.broadcast_to(np.where(in_b, imaging.c_in_b, 1.0), small.shape)
    return np.array([a, b, c])


def rater_errors(imaging):
    """Return by how much a biased rater's areas are wrong, as shares of the true area.

    Examples
    --------
    >>> sorted(rater_errors(draw_imaging("demo")))
    ['a', 'b_in_small', 'c_in_b']
    """
    seen = 1 - imaging.missed_by_b
    return {
        "a": 0.0,
        "b_in_small": seen * imaging.b_in_small**2 - 1,
        "c_in_b": imaging.c_in_b**2 - 1,
    }


def effects(imaging):
    """Return the settings that make pictures and outlines differ, by name."""
    names = ("b_in_small", "missed_by_b", "c_in_b", "contrast_in_b")
    return {name: getattr(imaging, name) for name in names}


def planted_faults(imaging, role):
    """Return the faults that are switched on in a cohort."""
    rated = role == "train"
    on = {
        "rater-b-under-contours": rated
        and (imaging.b_in_small < 1 or imaging.missed_by_b > 0),
        "rater-c-over-contours": rated and imaging.c_in_b > 1,
        "older-scanner": imaging.contrast_in_b < 1,
    }
    return tuple(fault for fault in FAULTS if on[fault.name])


def group_columns(heads, whole):
    """Return the columns by which fairness is measured, all strings."""
    area = largest_area(whole)
    large = np.where(area < SMALL_BELOW_PIXELS, "small", "large")
    size = np.where(area == 0, "none", large)
    return heads[["group", "sex", "scanner"]].assign(size=size).astype("str")


def refuse_impossible(n_patients, secret, role, **switches):
    """Raise BadInput for arguments that no cohort can be drawn from."""
    refuse_undrawable(n_patients, secret, role, ROLES)
    for name, value in switches.items():
        most = 2 if name == "c_in_b" else 1
        if value is not None and not 0 <= value <= most:
            raise BadInput(f"{name} is {value}; it must lie from 0 to {most}.")
