"""The small course for each test, and runs that are made up."""

import json
import shutil

import numpy as np
import pytest

from coursekit.autograde import pipeline, runner
from coursekit.autograde.job import digest, versions
from small_course import SmallCourse


@pytest.fixture
def course(template, tmp_path):
    """A fresh copy of the small course."""
    shutil.copytree(template, tmp_path / "course")
    return SmallCourse(tmp_path / "course")


@pytest.fixture(scope="module")
def shared(template, tmp_path_factory):
    """One copy of the small course for all tests of a module."""
    folder = tmp_path_factory.mktemp("shared") / "course"
    shutil.copytree(template, folder)
    return SmallCourse(folder)


class MadeUpRuns:
    """Runs without a kernel, in which every model gives the same risks."""

    def __init__(self):
        self.made = []

    def __call__(self, job, out, progress=None):
        folder = out / digest(job, "none")
        if not folder.exists():
            self.made.append(folder.name)
            self.write(folder, job.servings)
        return runner.read_run(folder)

    def write(self, folder, servings, status="ok", reason=""):
        (folder / "predictions").mkdir(parents=True)
        for serving in servings:
            risk = np.linspace(0, 1, len(serving.inputs))
            values = risk if serving.contract == "risk" else np.round(risk)
            path = folder / "predictions" / serving.name
            np.save(f"{path}.npy", values)
            np.save(f"{path}.repeat.npy", np.empty((0, 3)))
        answered = {"status": "ok", "reason": ""}
        record = {
            "digest": folder.name,
            "status": status,
            "reason": reason,
            "seconds": 1.0,
            "sandbox": "none",
            "limits": {},
            "versions": versions(),
            "servings": {serving.name: answered for serving in servings},
        }
        (folder / "run.json").write_text(json.dumps(record))


@pytest.fixture
def runs(monkeypatch):
    """Put made-up runs in the place of the runner."""
    made_up = MadeUpRuns()
    monkeypatch.setattr(pipeline.runner, "run", made_up)
    return made_up


@pytest.fixture
def recorded(monkeypatch):
    """Put what would be recorded by nbgrader into a dict."""
    records = {}
    monkeypatch.setattr(pipeline, "record", lambda c, a, new, **_: records.update(new))
    return records
