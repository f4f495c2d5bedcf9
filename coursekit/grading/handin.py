"""What a student's notebook calls: load the cohorts, hand in, look at the check.

`submit` registers the answers and grades them on the `check` cohort with the code
that also sets the marks. The hidden patients are served later, by the runner,
to the answers registered here. Nothing in this module decides a mark: it runs in
the student's own process.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path

from coursekit.datasets.storage import read_cohort
from coursekit.errors import CoursekitError, NotHandedIn
from coursekit.grading.local import local_check
from coursekit.grading.lock import read_lock

ROLES = ("train", "tune", "check")
VALIDATE = (
    " If there is no error, a cell took too long for Validate, which stops each after "
    "30 seconds: submit anyway, or make it faster."
)
FROM_THE_TOP = (
    "Run the notebook from the top: menu Kernel, Restart Kernel and Run All Cells."
)


@dataclass
class Session:
    """What has been loaded and handed in so far in this process."""

    folder: Path = Path("data")
    cohorts: dict = field(default_factory=dict)
    lock: object = None
    answers: dict = field(default_factory=dict)
    check: object = None  # the local check of these answers
    quiet: bool = False  # archetypes at rehearsal need no local check


session = Session()


def load_cohorts(folder="data"):
    """Return the train, tune and check cohorts of this assignment.

    Parameters
    ----------
    folder : path, default="data"
        Where the assignment's data lie, beside the notebook.

    Returns
    -------
    tuple of ShownCohort
        ``train`` with outcomes as recorded, ``tune`` and ``check`` with audited ones.

    Raises
    ------
    BadData
        If a file is missing or damaged; fetch the assignment again.
    """
    if not session.quiet:
        session.folder = Path(folder)
        session.cohorts = {role: read_cohort(session.folder, role) for role in ROLES}
        session.lock = read_lock(session.folder / "rubric.lock.toml")
    return tuple(session.cohorts[role] for role in ROLES)


def submit(model=None, *, predict=None, **answers):
    """Hand in your answers, and see how they do on the check cohort.

    Parameters
    ----------
    model : object, optional
        A fitted estimator with ``predict_proba``.
    predict : callable, optional
        Instead of `model`: a function from patients to risks in [0, 1], such as
        ``predict=lambda films: predict_risk(network, films)`` for a network of torch.
    **answers : callable
        The other answers that the assignment asks for, by name.

    Raises
    ------
    NotHandedIn
        If an answer is missing, unknown, or cannot be called.
    """
    if session.lock is None:
        raise NotHandedIn(f"There are no patients in this kernel yet. {FROM_THE_TOP}")
    wanted = [answer.name for answer in session.lock.answers]
    if "model" in wanted or (model, predict) != (None, None):
        answers = {"model": risk_function(model, predict), **answers}
    refuse_wrong_names(answers, wanted)
    session.answers, session.check = answers, None
    if not session.quiet:
        session.check = local_check(session.lock, session.cohorts["check"], answers)
        return session.check
    return None


def risk_function(model, predict=None):
    """Return the function from patients to risks of what was handed in.

    Examples
    --------
    >>> import numpy as np
    >>> class Coin:
    ...     def predict_proba(self, X):
    ...         return np.full((len(X), 2), 0.5)
    >>> risk_function(Coin())([1, 2])
    array([0.5, 0.5])
    """
    if (model is None) == (predict is None):
        raise NotHandedIn(
            "Hand in either a model or predict=..., not both and not none."
        )
    if predict is not None:
        return predict
    if isinstance(model, type):
        raise NotHandedIn(
            f"{model.__name__} is a class, not a model: hand in one that you have "
            f"fitted, such as {model.__name__}().fit(train.X, train.y)."
        )
    if not hasattr(model, "predict_proba"):
        raise NotHandedIn(
            f"A {type(model).__name__} has no predict_proba. Hand in a fitted "
            "classifier, or submit(predict=...) with a function that returns risks."
        )
    return lambda X: model.predict_proba(X)[:, 1]


def refuse_wrong_names(given, names):
    """Refuse answers that are missing, unknown or cannot be called."""
    for name in names:
        if name not in given:
            raise NotHandedIn(
                f"The answer {name!r} is missing: submit(..., {name}={name})."
            )
    for name, answer in given.items():
        if name not in names:
            raise NotHandedIn(
                f"This assignment asks for no {name!r}, only {', '.join(names)}."
            )
        if not callable(answer):
            raise NotHandedIn(f"{name} is a {type(answer).__name__}, not a function.")


def answers():
    """Return the answers registered by the last `submit`: name -> callable."""
    return dict(session.answers)


def check(kind):
    """Show what the check cohort says about one kind of points.

    In a grade cell this is where the marks stand in the graded notebook. Under
    nbgrader's own execution it raises, so that a course which lost coursekit's
    configuration fails visibly.

    Parameters
    ----------
    kind : str
        ``"accuracy"``, ``"fairness"``, ``"evidence"`` or ``"contract"``.
    """
    if os.environ.get("NBGRADER_EXECUTION") == "autograde":
        raise CoursekitError(
            "This cell is graded by coursekit, but nbgrader ran it by itself. The "
            "course's nbgrader_config.py has lost the line configure(c); put it back "
            "and autograde again with --force."
        )
    if session.check is None:
        slow = os.environ.get("NBGRADER_EXECUTION") == "validate"
        raise NotHandedIn(
            f"Nothing was handed in yet. {FROM_THE_TOP} Mend the first cell that shows "
            f"an error: the one with submit(...) has to end without any."
            f"{VALIDATE if slow else ''}"
        )
    return session.check.of_kind(kind)
