"""The hidden patients of a course: drawn from its secret, kept apart from students.

Everything here runs on the trusted side. What students may see leaves only as
`ShownCohort`.
"""

import hashlib
import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np

from coursekit.datasets.holdout import write_holdout
from coursekit.datasets.storage import write_cohort
from coursekit.grading.generators import generator_named
from coursekit.grading.serving import ATTEMPTS, cases_folder

SHOWN = ("train", "tune", "check")
N_PROBED = 2000  # patients served to each probe


def draw_cohorts(rubric, secret, folder=None):
    """Draw all cohorts of an assignment from the course's secret.

    Parameters
    ----------
    rubric : Rubric
    secret : str
    folder : path, optional
        The assignment's, where a generator of its own may lie.

    Returns
    -------
    dict of str to Cohort
        By role: train, tune, check, hidden, hidden-2.
    """
    make = generator_named(rubric.generator, folder)
    sizes = {**rubric.cohorts, "hidden-2": rubric.cohorts["hidden"]}
    return {role: make(size, secret=secret, role=role) for role, size in sizes.items()}


def draw_cases(rubric, secret, attempt="hidden"):
    """Draw the cases of the answers that are asked about cases of their own.

    A second attempt has others than the first.

    Returns
    -------
    dict of str to Cohort
        By answer.
    """
    return {
        answer.name: generator_named(answer.generator)(
            answer.rows, secret=secret, role=attempt
        )
        for answer in rubric.answers
        if answer.generator
    }


def practice_cases(answer):
    """Draw the cases that the local check asks about: the same in every course."""
    make = generator_named(answer.generator)
    return make(answer.practice, secret="practice", role="check")


def probe_cohorts(cohorts, *, secret):
    """Return the cohorts that probes serve beside the hidden one.

    ``train`` and ``check`` are patients whom the student has seen; each
    ``redraw=<column>`` is the first hidden patients with one post-index column
    drawn anew, as it is distributed in train. What else the rubric has drawn, such as
    ``inside``, is served as it is.
    """
    probes = {
        role: cohort
        for role, cohort in cohorts.items()
        if role not in (*SHOWN, *ATTEMPTS)
    }
    probes |= {
        "check": cohorts["check"],
        "train": cohorts["train"].take(slice(N_PROBED)),
    }
    return probes | redrawn(cohorts, "hidden", secret=secret)


def redrawn(cohorts, attempt, *, secret):
    """Return the first hidden patients of an attempt, one column drawn anew in each."""
    hidden, found = cohorts[attempt].take(slice(N_PROBED)), {}
    for column in hidden.post_index:
        X = redraw(hidden, column, cohorts["train"], seed_of(secret, column))
        found[f"redraw={column}"] = replace(hidden, X=X, role="stress")
    return found


def probe_folder(name, attempt):
    """Return the folder of a probe of the second attempt, which no first one serves.

    Examples
    --------
    >>> probe_folder("redraw=calls", "hidden-2")
    'hidden-2.redraw=calls'
    """
    return f"{attempt}.{name}"


def redraw(cohort, column, train, seed):
    """Return X with one column drawn anew from its values in train."""
    values = train.X[column].to_numpy()
    drawn = np.random.default_rng(seed).choice(values, len(cohort))
    return cohort.X.assign(**{column: drawn})


def seed_of(*parts):
    """Return a seed from strings: equal parts give equal seeds.

    Examples
    --------
    >>> seed_of("a", "b") == seed_of("a", "b") != seed_of("ab")
    True
    """
    return int.from_bytes(hashlib.sha256("\0".join(parts).encode()).digest()[:8])


def draw_function_inputs(answer, secret):
    """Draw what a function question is asked with: the corners, then random inputs.

    Examples
    --------
    >>> from coursekit.grading.rubric import Answer
    >>> double = Answer("double", "function", n_inputs=2, draw={"x": [0, 1]},
    ...     corners=({"x": 0.0},))
    >>> draw_function_inputs(double, "demo")[0]
    {'x': 0.0}
    """
    rng = np.random.default_rng(seed_of(secret, answer.name))
    drawn = [
        {key: draw_value(rng, low, high) for key, (low, high) in answer.draw.items()}
        for _ in range(answer.n_inputs - len(answer.corners))
    ]
    return [*map(dict, answer.corners), *drawn]


def draw_value(rng, low, high):
    """Draw a whole number between whole limits, else a number of 4 digits."""
    if isinstance(low, int) and isinstance(high, int):
        return int(rng.integers(low, high, endpoint=True))
    return float(f"{rng.uniform(low, high):.4g}")


def write_shown(rubric, cohorts, folder):
    """Write what students see: train, tune and check, without truth."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for role in SHOWN:
        write_cohort(folder, cohorts[role].shown(rubric.given))


def write_hidden(rubric, cohorts, folder, *, secret):
    """Write what students never see, readable by the course's owner only."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.chmod(folder, 0o700)
    for attempt in ATTEMPTS:
        if attempt in cohorts:
            write_holdout(folder / attempt, cohorts[attempt])
    for name, cohort in probe_cohorts(cohorts, secret=secret).items():
        write_holdout(folder / name, cohort)
    for attempt in ATTEMPTS[1:]:
        again = redrawn(cohorts, attempt, secret=secret) if attempt in cohorts else {}
        for name, cohort in again.items():
            write_holdout(folder / probe_folder(name, attempt), cohort)
    for attempt in ATTEMPTS:
        for name, cases in draw_cases(rubric, secret, attempt).items():
            write_holdout(folder / cases_folder(name, attempt), cases)
    functions = folder / "functions"
    functions.mkdir(exist_ok=True, mode=0o700)
    for answer in rubric.answers:
        if answer.contract == "function":
            inputs = draw_function_inputs(answer, secret)
            target = functions / f"{answer.name}.json"
            target.write_text(json.dumps(inputs, indent=1) + "\n", "utf-8")
