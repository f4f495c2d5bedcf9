"""One submission to be run, and the digest that stands for all that went in."""

import functools
import hashlib
import json
import platform
import re
from dataclasses import asdict, dataclass, field
from importlib import metadata
from pathlib import Path

import nbformat

from coursekit.autograde.limits import Limits
from coursekit.autograde.wire import decode, encode
from coursekit.errors import BadInput
from coursekit.grading.serving import Serving

PACKAGES = (
    *("coursekit", "numpy", "pandas", "scipy", "scikit-learn", "torch", "fairlearn"),
    *("shap", "nbclient", "ipykernel"),
)
RUBRIC = "data/rubric.lock.toml"  # says what is paid, not what is run
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.=~+-]*")


@dataclass(frozen=True)
class Job:
    """A clean notebook and all that decides how it is run.

    Examples
    --------
    >>> from nbformat.v4 import new_code_cell, new_notebook
    >>> job = Job(new_notebook(cells=[new_code_cell("1 + 1")]), sandbox="none")
    >>> len(digest(job))
    64
    """

    notebook: object  # NotebookNode, or its text as bytes or str
    files: Path | None = None  # folder of what lies beside the notebook
    servings: tuple = ()  # of coursekit.grading.serving.Serving
    limits: Limits = field(default_factory=Limits)
    sandbox: str = "auto"
    seed: int = 0  # of random, NumPy and PYTHONHASHSEED
    preload: tuple[str, ...] = ()  # modules to load before the first cell

    def __post_init__(self):
        names = [serving.name for serving in self.servings]
        if len(set(names)) != len(names) or not all(map(NAME.fullmatch, names)):
            raise BadInput(f"Servings need names of their own, fit for files: {names}.")
        if not 0 <= self.seed < 2**32:
            raise BadInput(f"The seed is {self.seed}; give one from 0 to 2**32 - 1.")


def read_notebook(job):
    """Return a fresh copy of the job's notebook, without outputs."""
    text = job.notebook
    if not isinstance(text, bytes | str):
        text = nbformat.writes(text)
    notebook = nbformat.reads(text, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


def what_runs(notebook):
    """Return what decides a run: the code, without the ids, which may be random."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return {**notebook, "cells": [{**cell, "id": None} for cell in code]}


def side_files(folder):
    """Return the files that lie beside the notebook: relative path -> path.

    Raises
    ------
    BadInput
        If there is anything but regular files and folders; links are not followed.
    """
    found = {}
    for path in sorted(Path(folder).rglob("*")) if folder else []:
        if path.is_symlink() or not (path.is_dir() or path.is_file()):
            raise BadInput(f"{path} is neither a file nor a folder. Remove it.")
        if path.is_file():
            found[path.relative_to(folder).as_posix()] = path
    return found


@functools.cache
def versions():
    """Return the versions that a result may depend on: name -> version."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def digest(job, sandbox=None):
    """Return the SHA-256 of all that went into a run, as 64 hexadecimal digits.

    Prose and the rubric are left out: another answer in words, or another threshold,
    repeats no run.

    Parameters
    ----------
    job : Job
    sandbox : str, optional
        The sandbox that is used, where the job leaves it open.
    """
    total = hashlib.sha256()
    settings = {
        "notebook": what_runs(read_notebook(job)),
        "limits": asdict(job.limits),
        "sandbox": sandbox or job.sandbox,
        "seed": job.seed,
        "preload": list(job.preload),
        "versions": versions(),
    }
    add(total, json.dumps(settings, sort_keys=True).encode())
    for name, path in side_files(job.files).items():
        if name != RUBRIC:
            add(total, name.encode())
            add(total, path.read_bytes())
    for serving in job.servings:
        add(total, digest_of_serving(serving))
    return total.hexdigest()


def add(total, part):
    """Add one part to a digest, with its length, so that parts cannot run together."""
    total.update(len(part).to_bytes(8, "little"))
    total.update(part)


@functools.lru_cache(maxsize=64)
def digest_of_serving(serving):
    """Return the SHA-256 of what a serving asks and serves: the same for a class."""
    total = hashlib.sha256()
    for part in spelled(serving):
        add(total, part)
    return total.digest()


def spelled(serving):
    """Return a serving as bytes: what it asks and what it serves."""
    spec, payload = encode(serving.inputs)
    asked = {
        "name": serving.name,
        "answer": serving.answer,
        "contract": serving.contract,
        "reply": serving.reply,
        "batch_sizes": list(serving.batch_sizes),
        "repeat_share": serving.repeat_share,
        "item_shape": list(serving.item_shape),
        "batch": spec,
    }
    return json.dumps(asked).encode(), payload


def read_spelled(asked, payload):
    """Return the serving that `spelled` turned into bytes."""
    asked = json.loads(asked)
    inputs = decode(asked.pop("batch"), payload)
    for key in ("batch_sizes", "item_shape"):
        asked[key] = tuple(asked[key])
    return Serving(inputs=inputs, **asked)
