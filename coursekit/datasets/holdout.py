"""Hidden cohorts on disk: what only the trusted side may read.

A hidden cohort is a folder: ``inputs/``, which may be served, and ``truth/``, which
may not. Nothing is pickled, and the same cohort gives the same bytes.
"""

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

from coursekit.datasets.cohort import Fault, Truth, joined_groups
from coursekit.datasets.storage import is_column
from coursekit.datasets.values import (
    path_of_values,
    read_values,
    remove_values,
    write_bytes,
    write_values,
)
from coursekit.errors import BadData

OWNER_ONLY_FILE, OWNER_ONLY_FOLDER = 0o600, 0o700


@dataclass(frozen=True)
class HoldoutTruth:
    """What marks are made from: everything about hidden patients but their inputs."""

    role: str
    y: object  # (n,) 0/1, (n, ...) masks or a list, as recorded
    groups: pd.DataFrame  # (n, n_attributes), strings
    patient: object  # (n,) ints
    truth: Truth
    post_index: tuple[str, ...] = ()

    def __len__(self):
        return len(self.y)


def write_holdout(folder, cohort):
    """Write a cohort with its truth, for its owner's eyes only.

    Parameters
    ----------
    folder : path
        Is made with mode 0700; files get 0600. Kept outside of what students reach.
    cohort : Cohort

    Examples
    --------
    >>> import tempfile
    >>> from coursekit.datasets import make_readmission
    >>> cohort = make_readmission(50, secret="demo", role="hidden")
    >>> folder = tempfile.mkdtemp()
    >>> write_holdout(folder, cohort)
    >>> read_holdout_inputs(folder).equals(cohort.X)
    True
    >>> bool((read_holdout_truth(folder).truth.risk == cohort.truth.risk).all())
    True
    """
    inputs, truth = (private_folder(Path(folder), name) for name in ("inputs", "truth"))
    (truth / "truth.json").unlink(missing_ok=True)
    for name, values in {"X": cohort.X, "groups": cohort.groups}.items():
        remove_values(inputs, name)
        write_values(inputs, name, values, mode=OWNER_ONLY_FILE)
    write_values(truth, "groups", cohort.groups, mode=OWNER_ONLY_FILE)
    write_values(truth, "patients", truth_by_patient(cohort), mode=OWNER_ONLY_FILE)
    for name, values in beside_table(cohort).items():
        remove_values(truth, name)
        write_values(truth, name, values, mode=OWNER_ONLY_FILE)
    about = {
        "format": 1,
        "detail": sorted(cohort.truth.detail),
        "role": cohort.role,
        "post_index": cohort.post_index,
        "label_error": cohort.truth.label_error,
        "effects": cohort.truth.effects,
        "faults": [asdict(fault) for fault in cohort.truth.faults],
        "inputs_sha256": digest_of_inputs(folder),
    }
    text = json.dumps(about, indent=1, sort_keys=True) + "\n"
    write_bytes(truth / "truth.json", text.encode(), OWNER_ONLY_FILE)


def private_folder(folder, name):
    """Make a folder within a folder; nobody but the owner may enter either."""
    inner = folder / name
    inner.mkdir(parents=True, exist_ok=True, mode=OWNER_ONLY_FOLDER)
    for path in (folder, inner):
        os.chmod(path, OWNER_ONLY_FOLDER)
    return inner


def truth_by_patient(cohort):
    """Return what is true of each row as a table; risk only where it is known."""
    columns = {"patient": cohort.patient}
    for name, values in {"y": cohort.y, "outcome": cohort.truth.outcome}.items():
        if is_column(values):
            columns[name] = values
    if cohort.truth.risk is not None:
        columns["risk"] = cohort.truth.risk
    return pd.DataFrame(columns)


def beside_table(cohort):
    """Return what is true of each row and no column: masks, lists."""
    values = {"y": cohort.y, "outcome": cohort.truth.outcome}
    beside = {name: each for name, each in values.items() if not is_column(each)}
    details = cohort.truth.detail.items()
    return beside | {f"detail.{name}": each for name, each in details}


def digest_of_inputs(folder):
    """Return the SHA-256 of the inputs, by which truth and inputs belong together."""
    path = path_of_values(Path(folder) / "inputs", "X")
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_holdout_inputs(folder, given=()):
    """Read what may be served of hidden patients.

    Parameters
    ----------
    folder : path
        As given to `write_holdout`.
    given : sequence of str
        Group columns that the assignment gives to the model.

    Returns
    -------
    DataFrame, ndarray or list
        As `Cohort.inputs`.
    """
    inputs = Path(folder) / "inputs"
    X = read_values(inputs, "X")
    return joined_groups(X, read_values(inputs, "groups"), given) if len(given) else X


def read_holdout_truth(folder):
    """Read what marks are made from: outcomes, risks and groups, but no inputs.

    Returns
    -------
    HoldoutTruth

    Raises
    ------
    BadData
        If a file is missing or damaged, or the truth is not that of the inputs.
    """
    folder = Path(folder)
    about = read_about(folder)
    table = read_values(folder / "truth", "patients")
    risk = table["risk"].to_numpy() if "risk" in table else None
    y, outcome = (
        table[name].to_numpy() if name in table else read_values(folder / "truth", name)
        for name in ("y", "outcome")
    )
    truth = Truth(
        outcome=outcome,
        risk=risk,
        label_error=about["label_error"],
        effects=about["effects"],
        faults=tuple(
            Fault(f["name"], tuple(f["columns"]), f["description"])
            for f in about["faults"]
        ),
        detail={
            name: read_values(folder / "truth", f"detail.{name}")
            for name in about.get("detail", ())  # courses before it have none
        },
    )
    return HoldoutTruth(
        role=about["role"],
        y=y,
        groups=read_values(folder / "truth", "groups"),
        patient=table["patient"].to_numpy(),
        truth=truth,
        post_index=tuple(about["post_index"]),
    )


def read_about(folder):
    """Read truth.json, and refuse one that belongs to other inputs."""
    path = folder / "truth" / "truth.json"
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
        digest = about["inputs_sha256"]
    except FileNotFoundError:
        raise BadData(f"{path} is missing. Draw the holdout again.") from None
    except (ValueError, KeyError, TypeError):
        raise BadData(f"{path} is damaged. Draw the holdout again.") from None
    if digest != digest_of_inputs(folder):
        raise BadData(
            f"The truth in {folder} belongs to other inputs than those beside it. Draw "
            "the holdout again."
        )
    return about
