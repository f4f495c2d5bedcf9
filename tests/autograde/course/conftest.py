"""The small course for each test, and runs that are made up."""

import json
import shutil
import threading
from contextlib import nullcontext

import numpy as np
import pytest

from coursekit.autograde import job as jobs
from coursekit.autograde import pipeline, runner
from coursekit.autograde.job import digest
from small_course import SmallCourse, rows_of


@pytest.fixture(scope="session")
def gradebook_rows():
    """A function that returns all that stands in a gradebook: table -> sorted rows."""
    return rows_of


@pytest.fixture(scope="session")
def copied(template):
    """A function that copies the small course into a folder."""

    def copied(folder):
        shutil.copytree(template, folder / "course")
        return SmallCourse(folder / "course")

    return copied


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
    """Runs without a kernel, in which every model gives the same risks.

    Set `status` or `risk` to make the next runs end otherwise.
    """

    def __init__(self):
        self.made = []
        self.status = "ok"
        self.risk = lambda n: np.linspace(0, 1, n)
        self.whole = threading.Lock()  # nobody sees a run half written

    def __call__(self, job, out, progress=None, kernels=None):
        folder = out / digest(job, "none")
        with self.whole:
            if not folder.exists():
                self.made.append(folder.name)
                self.write(folder, job.servings, self.status)
        return runner.read_run(folder)

    def write(self, folder, servings, status="ok", reason=""):
        (folder / "predictions").mkdir(parents=True)
        for serving in servings:
            risk = self.risk(len(serving.inputs))
            values = risk if serving.contract == "risk" else np.round(risk)
            path = folder / "predictions" / serving.name
            np.save(f"{path}.npy", values)
            np.save(f"{path}.repeat.npy", np.empty((0, 3)))
        answered = {"status": "ok", "reason": ""}
        if status != "ok":
            answered = {"status": "missing", "reason": "", "finished": False}
        record = {
            "digest": folder.name,
            "status": status,
            "reason": reason,
            "seconds": 1.0,
            "sandbox": "none",
            "limits": {},
            "versions": jobs.versions(),
            "servings": {serving.name: answered for serving in servings},
        }
        (folder / "run.json").write_text(json.dumps(record))


@pytest.fixture
def runs(monkeypatch):
    """Put made-up runs in the place of the runner."""
    made_up = MadeUpRuns()
    monkeypatch.setattr(runner, "run", made_up)
    return made_up


@pytest.fixture
def recorded(monkeypatch):
    """Put what would be recorded by nbgrader into a dict."""
    records = {}

    class Dict(nullcontext):
        def __init__(self, *_, **__):
            super().__init__(self)

        def begin(self):
            records.clear()

        def add(self, student, record):
            records[student] = record

    monkeypatch.setattr(pipeline, "Recorder", Dict)
    return records
