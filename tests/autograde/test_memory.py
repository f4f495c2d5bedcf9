"""Memory means the whole sandbox: every way to hoard it, by every mechanism."""

import json
import os
import subprocess
import sys
import textwrap
from dataclasses import replace

import psutil
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from coursekit.autograde import cgroup, sandbox
from coursekit.autograde.attempt import Attempt
from coursekit.autograde.job import Job
from coursekit.autograde.limits import Limits
from coursekit.autograde.memory import first_of, held, processes_of
from coursekit.autograde.process import ColdKernels
from coursekit.autograde.runner import run
from coursekit.autograde.warm import WarmKernels

WHY_NOT = sandbox.complaint()
PLACE, NO_GROUP = cgroup.usable_place()
pytestmark = pytest.mark.skipif(bool(WHY_NOT), reason=f"no bubblewrap: {WHY_NOT}")
GROUP = pytest.param(
    True, id="group", marks=pytest.mark.skipif(PLACE is None, reason=NO_GROUP)
)
BY_HAND = pytest.param(False, id="by-hand")

MALLOC = "hoard = [bytearray(20 << 20) for _ in range(100)]"
CHILDREN = """
import os, time
for _ in range(20):
    if os.fork() == 0:
        hoard = b"x" * (200 << 20)
        time.sleep(60)
time.sleep(60)
"""
ORPHANS = """
import os, time
for _ in range(20):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            hoard = b"x" * (200 << 20)
            time.sleep(60)
        os._exit(0)
time.sleep(60)
"""
MEMFD = """
import os, time
hoard = [os.memfd_create(str(n)) for n in range(40)]
for each in hoard:
    os.write(each, bytes(50 << 20))
time.sleep(60)
"""
SHARED_FILES = """
import time
for n in range(40):
    with open(f"/dev/shm/{n}", "wb") as file:
        file.write(bytes(50 << 20))
time.sleep(60)
"""
DELETED_FILES = """
import os, time
hoard = [open(str(n), "wb") for n in range(40)]
for n, file in enumerate(hoard):
    os.remove(str(n))
    file.write(bytes(50 << 20))
time.sleep(60)
"""
SHARED_MAPPING = """
import mmap, time
hoard = mmap.mmap(-1, 1000 << 20)
for n in range(0, len(hoard), 4096):
    hoard[n] = 1
time.sleep(60)
"""
EMPTY_FILES = """
import time
for n in range(2_000_000):
    open(f"/dev/shm/{n}", "w").close()
time.sleep(60)
"""
HOARDS = {
    "children": CHILDREN,
    "orphans": ORPHANS,
    "memfd": MEMFD,
    "files-in-shm": SHARED_FILES,
    "deleted-files": DELETED_FILES,
    "empty-files": EMPTY_FILES,
    "shared-mapping": SHARED_MAPPING,
}


def job_of(*sources, **limits):
    cells = [new_code_cell(textwrap.dedent(source)) for source in sources]
    limits = Limits(**{"seconds": 40, "memory_mb": 400, "disk_mb": 3000} | limits)
    return Job(new_notebook(cells=cells), limits=limits, sandbox="bubblewrap")


@pytest.fixture(scope="module", params=["cold", "warm"])
def kernels(request):
    if request.param == "cold":
        yield ColdKernels(sandbox.choose())
    else:
        with WarmKernels(sandbox.choose(), job_of("1")) as warm:
            yield warm


def attempt(kernels, cgroups, *sources, **limits):
    """Run a notebook of these cells, with control groups or without."""
    made = Attempt(job_of(*sources, **limits), "digest", lambda *_: None)
    made.make(kernels, replace(sandbox.choose(), cgroups=cgroups))
    return made


def shown(made, position):
    outputs = made.notebook.cells[position].outputs
    return "".join(output.get("text", "") for output in outputs)


@pytest.mark.parametrize("cgroups", [GROUP, BY_HAND])
@pytest.mark.parametrize("hoard", HOARDS)
def test_no_way_of_hoarding_passes_the_limit(kernels, cgroups, hoard):
    made = attempt(kernels, cgroups, "print('before')", HOARDS[hoard])
    assert made.status == "out-of-memory"
    assert made.reason.startswith("The notebook used more than 400 MB of memory.")
    assert "in cell 2" in made.reason
    assert shown(made, 0) == "before\n"
    assert made.watch.peak_mb > 350
    assert ("by hand" in made.watch.mechanism) != cgroups


@pytest.mark.parametrize("cgroups", [GROUP, BY_HAND])
def test_one_process_that_asks_for_too_much_gets_a_memory_error(kernels, cgroups):
    made = attempt(kernels, cgroups, "print('before')", MALLOC, "print('after')")
    assert made.hits or made.status == "out-of-memory"
    assert "400 MB" in "".join([made.reason, *(each["note"] for each in made.hits)])
    assert shown(made, 0) == "before\n"


LIVES_ON = """
import os
if os.fork() == 0:
    with open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")
    hoard = [os.memfd_create(str(n)) for n in range(40)]
    for each in hoard:
        os.write(each, bytes(50 << 20))
    os._exit(0)
print(os.wait()[1])
"""


@pytest.mark.parametrize("cgroups", [GROUP])
def test_a_run_is_over_when_any_of_its_processes_was_killed(kernels, cgroups):
    made = attempt(kernels, cgroups, "print('before')", LIVES_ON, "print('after')")
    assert made.status == "out-of-memory"
    assert "used more than 400 MB" in made.reason
    assert shown(made, 0) == "before\n"


HONEST = """
import mmap, os
import numpy as np
mapped = np.memmap("/dev/shm/mapped", np.uint8, "w+", shape=110 << 20)
mapped[:] = 1
memory_file = os.memfd_create("mapped")
os.write(memory_file, bytes(110 << 20))
shared = mmap.mmap(memory_file, 110 << 20)
print(sum(shared[::4096]), mapped.sum() >> 20)
if os.fork() == 0:
    print(sum(shared[::4096]), mapped.sum() >> 20)
    import time
    time.sleep(1)
    os._exit(0)
os.wait()
"""


@pytest.mark.parametrize("cgroups", [GROUP, BY_HAND])
def test_what_is_shared_is_counted_once(kernels, cgroups):
    made = attempt(kernels, cgroups, HONEST)
    assert made.status == "ok", made.reason
    assert 220 < made.watch.peak_mb < 400


def test_the_mechanism_stands_in_the_record_of_the_run(tmp_path):
    made = run(job_of("1"), tmp_path)
    kept = json.loads((made.folder / "run.json").read_text())
    expected = "of the whole sandbox" if PLACE else "by hand"
    assert expected in kept["memory"]
    assert 20 < kept["peak_mb"] < 400


def test_no_group_is_left_behind(kernels):
    attempt(kernels, True, "1")
    own = f"coursekit-{cgroup.namespace()}-{os.getpid()}-*"
    assert PLACE is None or list(PLACE.memory.glob(own)) == []


# Counting by hand.


def test_by_hand_a_process_that_is_gone_holds_nothing():
    with subprocess.Popen(["true"]) as gone:
        pass
    assert first_of(gone.pid) is None
    assert processes_of(None) == []
    assert held([], 0) == 0
    assert share_of_the_gone() == 0


def share_of_the_gone():
    with subprocess.Popen(["sleep", "60"]) as process:
        known = psutil.Process(process.pid)
        process.kill()
    return held([known], 0)


# An ordinary user, who may make no groups here.

AS_NOBODY = """
import os, sys, tempfile
from nbformat.v4 import new_code_cell, new_notebook
from coursekit.autograde.job import Job
from coursekit.autograde.limits import Limits
from coursekit.autograde.process import ColdKernels
from coursekit.autograde.runner import run
from coursekit.autograde.sandbox import choose
from coursekit.autograde.warm import WarmKernels
limits = Limits(memory_mb=400, disk_mb=3000, seconds=40)
cold = ColdKernels(choose())
for source in sys.argv[1:]:
    job = Job(new_notebook(cells=[new_code_cell(source)]), limits=limits)
    with WarmKernels(choose(), job) as warm, tempfile.TemporaryDirectory() as out:
        for kernels in (cold, warm):
            made = run(job, out + "/" + kernels.kind, kernels=kernels)
            print(os.getuid(), kernels.kind, made.status)
"""


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_an_ordinary_users_runs_keep_to_the_limit_too(as_nobody):
    hoards = [MEMFD, SHARED_FILES, ORPHANS]
    command = [*as_nobody, sys.executable, "-c", AS_NOBODY, *hoards]
    tried = subprocess.run(command, capture_output=True, text=True)
    ended = "65534 cold out-of-memory\n65534 warm out-of-memory\n"
    assert tried.stdout == ended * 3, tried.stderr
