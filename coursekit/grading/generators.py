"""What draws an assignment's patients: a function of coursekit, or one of its own.

A generator of an assignment's own is Python that its author wrote. It is run where
the patients are drawn, at certify, init and holdout, with the author's rights; it is
never released, and no student's kernel ever sees it.
"""

import importlib.util
import re
from pathlib import Path

from coursekit import datasets
from coursekit.datasets.cohort import Cohort
from coursekit.errors import BadRubric

OWN = re.compile(r"[A-Za-z]\w*\.py:[A-Za-z]\w*")  # such as "patients.py:make_wards"


def generator_named(name, folder=None):
    """Return a generator of `coursekit.datasets`, or of an assignment's own file.

    Parameters
    ----------
    name : str
        Such as ``"make_readmission"``, or ``"patients.py:make_wards"``.
    folder : path, optional
        The assignment's, where its own file lies.

    Returns
    -------
    callable
        ``make(n_patients, secret=..., role=...)`` returns a `Cohort`.

    Raises
    ------
    BadRubric
        If there is no such generator, or it cannot be loaded.

    Examples
    --------
    >>> generator_named("make_readmission").__name__
    'make_readmission'
    """
    if OWN.fullmatch(name):
        return own_generator(name, folder)
    make = getattr(datasets, name, None)
    if make is None:
        raise BadRubric(
            f"generator is {name!r}, unknown to coursekit.datasets. One of your own is "
            'told as "FILE.py:FUNCTION", the file beside rubric.toml.'
        )
    return make


def own_generator(name, folder):
    """Return a generator from a file beside the rubric, whose cohorts are checked."""
    file, _, function = name.partition(":")
    if folder is None or not (Path(folder) / file).is_file():
        raise BadRubric(
            f"generator is {name!r}, but there is no {file} beside rubric.toml. Write "
            "it, or name a generator of coursekit.datasets."
        )
    path = Path(folder) / file
    make = getattr(loaded(path), function, None)
    if not callable(make):
        raise BadRubric(f"generator is {name!r}, but {path} has no such function.")

    def checked(n_patients, *, secret, role):
        cohort = make(n_patients, secret=secret, role=role)
        refuse_others(cohort, f"{path}: {function}", n_patients, role)
        return cohort

    return checked


def loaded(path):
    """Return the module of a file, or say why it cannot be loaded."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise BadRubric(
            f"{path} cannot be loaded: {type(error).__name__}: {error}."
        ) from error
    return module


def refuse_others(cohort, where, n_patients, role):
    """Refuse what is no cohort of this role, or has other patients than were asked.

    Examples
    --------
    >>> refuse_others([], "patients.py: make_wards", 10, "train")
    Traceback (most recent call last):
        ...
    coursekit.errors.BadRubric: patients.py: make_wards returned a list; it must ...
    """
    if not isinstance(cohort, Cohort):
        raise BadRubric(
            f"{where} returned a {type(cohort).__name__}; it must return a "
            "coursekit.datasets.Cohort."
        )
    n_drawn = len(set(cohort.patient.tolist()))
    if cohort.role != role or n_drawn != n_patients:
        raise BadRubric(
            f"{where} was asked for {n_patients} patients of {role} and returned "
            f"{n_drawn} of {cohort.role}."
        )
