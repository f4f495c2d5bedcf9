"""Cohorts on disk, as students see them.

They are written only from a `ShownCohort`: one file, ``<role>.csv.gz``, and beside it
``<role>.inputs`` where `X` is no table and ``<role>.outcome`` where the outcome is not
one number a row, each as ``.npz`` or ``.jsonl.gz``. Nothing is pickled, and the same
cohort gives the same bytes.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from coursekit.datasets.cohort import ShownCohort
from coursekit.datasets.values import (
    read_table,
    read_values,
    remove_values,
    write_table,
    write_values,
)
from coursekit.errors import BadData, BadInput


def write_cohort(folder, shown):
    """Write what students see of a cohort into a folder.

    Parameters
    ----------
    folder : path
        Is made where it is missing.
    shown : ShownCohort
        A `Cohort` is refused, since it carries the truth.

    Returns
    -------
    pathlib.Path
        ``<folder>/<role>.csv.gz``: features, groups, patient and outcome.

    Raises
    ------
    BadInput
        For anything but a `ShownCohort`, or a column that cannot be stored.

    Examples
    --------
    >>> import tempfile
    >>> from coursekit.datasets import make_readmission
    >>> cohort = make_readmission(50, secret="demo", role="train")
    >>> folder = tempfile.mkdtemp()
    >>> write_cohort(folder, cohort.shown(["group"])).name
    'train.csv.gz'
    >>> read_cohort(folder, "train").X.equals(cohort.inputs(["group"]))
    True
    """
    if type(shown) is not ShownCohort:
        raise BadInput(
            f"Students get a ShownCohort, not a {type(shown).__name__}. Call "
            "cohort.shown() first: it leaves the truth behind."
        )
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    features = shown.X if isinstance(shown.X, pd.DataFrame) else pd.DataFrame()
    outcome = shown.y if is_column(shown.y) else None
    table = joined(features, shown.groups, shown.patient, outcome)
    for name in (shown.role, f"{shown.role}.inputs", f"{shown.role}.outcome"):
        remove_values(folder, name)
    if features is not shown.X:
        write_values(folder, f"{shown.role}.inputs", shown.X)
    if outcome is None:
        write_values(folder, f"{shown.role}.outcome", shown.y)
    return write_table(
        folder / f"{shown.role}.csv.gz",
        table,
        role=shown.role,
        inputs="table" if features is shown.X else "beside",
        features=list(features),
        groups=list(shown.groups),
    )


def is_column(values):
    """Return True for one number a row, which a table holds."""
    return isinstance(values, np.ndarray) and values.ndim == 1


def joined(features, groups, patient, outcome):
    """Return one table of features, groups, patient and outcome, no column twice."""
    apart = pd.DataFrame({"patient": patient})
    if outcome is not None:
        apart["outcome"] = outcome
    table = features.reset_index(drop=True)
    for name, values in {**groups, **apart}.items():
        values = values.reset_index(drop=True)
        given = name in groups and name in table and table[name].equals(values)
        if name in table and not given:
            raise BadInput(
                f"Two different columns are called {name!r}, one of them a feature. "
                "Rename the feature."
            )
        table = table if given else table.assign(**{name: values})
    return table


def read_cohort(folder, role):
    """Read the cohort of a role that `write_cohort` wrote.

    Parameters
    ----------
    folder : path
    role : str
        Such as ``"train"``.

    Returns
    -------
    ShownCohort

    Raises
    ------
    BadData
        If a file is missing, damaged or altered in shape.
    """
    path = Path(folder) / f"{role}.csv.gz"
    table, note = read_table(path)
    if "features" not in note:
        raise BadData(
            f"{path} is a table but not a cohort. Fetch the assignment again."
        )
    X = table[note["features"]]
    if note["inputs"] == "beside":
        X = read_values(folder, f"{role}.inputs")
    if "outcome" in table:
        y = table["outcome"].to_numpy()
    else:
        y = read_values(folder, f"{role}.outcome")
    return ShownCohort(
        role=note["role"],
        X=X,
        y=y,
        groups=table[note["groups"]],
        patient=table["patient"].to_numpy(),
    )
