"""What a worker does with a parcel, and which kernels it keeps."""

import json
import time
from dataclasses import replace

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from coursekit.autograde import remote
from coursekit.autograde.job import Job, digest
from coursekit.autograde.limits import Limits
from coursekit.autograde.parcel import open_files, pack_own, pack_shared
from coursekit.autograde.remote import KeptKernels, alike, run_parcel
from coursekit.autograde.sandbox import complaint

sandboxed = pytest.mark.skipif(complaint() != "", reason=complaint())
CAP = 1 << 20


def job_of(source, **settings):
    cells = [new_code_cell(source, id="a")]
    return Job(new_notebook(cells=cells), limits=Limits(seconds=60), **settings)


def ran(job):
    return open_files(run_parcel(pack_shared(job), pack_own(job)), CAP)


@pytest.fixture
def kept(monkeypatch):
    kept = KeptKernels()
    monkeypatch.setattr(remote, "KEPT", kept)
    yield kept
    with kept.alone:
        kept.close()
    if kept.timer is not None:
        kept.timer.cancel()


@sandboxed
@pytest.mark.slow
def test_submissions_of_a_class_use_the_same_warm_kernels(kept):
    jobs = [job_of(f"print({number})", sandbox="bubblewrap") for number in (1, 2)]
    _, first = ran(jobs[0])
    warm = kept.warm
    _, second = ran(jobs[1])
    assert warm is not None
    assert kept.warm is warm
    for job, files in zip(jobs, (first, second), strict=True):
        record = json.loads(files["run.json"])
        assert (record["kernels"], record["status"]) == ("warm", "ok")
        assert record["digest"] == digest(job, "bubblewrap")


@sandboxed
@pytest.mark.slow
def test_another_class_gets_kernels_of_its_own_and_waits_for_nobody(kept):
    job = job_of("1", sandbox="bubblewrap")
    with kept.kernels(job, "first") as first:
        with kept.kernels(job, "second") as second:
            assert second is None
        assert kept.warm is first is not None
    with kept.kernels(job, "second") as second:
        assert second not in (None, first)
    assert first.process.poll() is not None


@sandboxed
@pytest.mark.slow
def test_kernels_that_nobody_uses_are_ended(kept, monkeypatch):
    monkeypatch.setattr(remote, "IDLE_SECONDS", 0.2)
    with kept.kernels(job_of("1", sandbox="bubblewrap"), "a class") as kernels:
        time.sleep(0.5)
        assert kernels.process.poll() is None
    latest = time.monotonic() + 30
    while kept.warm is not None and time.monotonic() < latest:
        time.sleep(0.1)
    assert kept.warm is None
    assert kernels.process.poll() is not None


def test_where_there_is_no_sandbox_each_run_has_a_kernel_of_its_own(kept):
    _, files = ran(job_of("1 + 1", sandbox="none"))
    assert json.loads(files["run.json"])["kernels"] == "cold"
    assert kept.warm is None


def test_only_jobs_that_are_alike_share_kernels(serving):
    job = job_of("1", sandbox="none", servings=(serving,))
    key = alike(pack_shared(job), job)
    assert alike(pack_shared(job), replace(job, notebook=new_notebook())) == key
    for change in (
        {"limits": Limits(seconds=50)},
        {"servings": ()},
        {"preload": ("numpy",)},
        {"seed": 3},
    ):
        other = replace(job, **change)
        assert alike(pack_shared(other), other) != key


def test_whatever_goes_wrong_is_sent_back_in_words():
    told, files = open_files(run_parcel(b"no parcel", b""), CAP)
    assert told["status"] == "not-run"
    assert told["reason"].startswith("It was not run: BadReply: ")
    assert files == {}
