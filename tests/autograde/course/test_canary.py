"""A label that only the grader has: searched for wherever a submission can look.

One course holds a unique word among the truth of its hidden patients. A student's
notebook searches all that its kernel can reach, memory included; and what comes out
of grading is searched as well. The same search has to find the word where it is put
into a sandbox on purpose.
"""

import gzip
import json
import os
import secrets
import subprocess
import sys
import time
from contextlib import nullcontext

import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from coursekit.autograde import sandbox
from coursekit.autograde.job import Job
from coursekit.autograde.limits import Limits
from coursekit.autograde.runner import run
from coursekit.autograde.warm import WarmKernels
from coursekit.datasets.values import read_values, write_values
from coursekit.grading.scorer import Scorer

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(bool(sandbox.complaint()), reason="no bubblewrap here"),
]

# Runs in the student's kernel. The word comes in two halves, so that the search does
# not find itself: it is put together only as a mask that no memory holds in clear.
SEARCH = """
import json, os, re, socket, stat
from pathlib import Path

KEY = bytes(range(1, 1 + len(MASKED)))
STEP, MOST, IN_ALL = 1 << 22, 64 << 20, 3 << 30
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/sys", *PYTHON)

def is_in(block):
    start = 0
    while (start := block.find(FIRST, start)) >= 0:
        found = block[start:start + len(KEY)]
        if bytes(a ^ b for a, b in zip(found, KEY)) == MASKED:
            return True
        start += 1
    return False

def any_in(file, most):
    before = b""
    while most > 0 and (block := file.read(min(STEP, most))):
        if is_in(before + block):
            return True
        before, most = block[-len(KEY):], most - len(block)
    return False

seen, looked = [], {"memory": 0, "files": 0, "processes": 0, "descriptors": 0}

def look_at(path, kind, most=MOST):
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return
        with open(path, "rb", buffering=0) as file:
            looked[kind] += 1
            if any_in(file, most):
                seen.append(str(path))
    except OSError:
        pass

def look_at_memory(pid):
    try:
        maps = open(f"/proc/{pid}/maps").read().splitlines()
        memory = open(f"/proc/{pid}/mem", "rb", buffering=0)
    except OSError:
        return
    with memory:
        for line in maps:
            span, rights = line.split()[:2]
            start, stop = (int(end, 16) for end in span.split("-"))
            try:
                memory.seek(start)
                if "r" in rights and any_in(memory, min(stop - start, IN_ALL)):
                    seen.append(f"memory of {pid}: {line}")
                looked["memory"] += 1
            except (OSError, ValueError, OverflowError):
                pass

for pid in filter(str.isdigit, os.listdir("/proc")):
    looked["processes"] += 1
    for name in ("environ", "cmdline", "comm", "status", "mountinfo"):
        look_at(f"/proc/{pid}/{name}", "files")
    for links in ("fd", "map_files"):
        try:
            names = os.listdir(f"/proc/{pid}/{links}")
        except OSError:
            continue
        for name in names:
            look_at(f"/proc/{pid}/{links}/{name}", "descriptors")
    look_at_memory(pid)
for name in ("unix", "tcp", "tcp6", "udp", "mounts"):
    look_at(f"/proc/net/{name}", "files")
for name in ("keys", "mounts", "cmdline", "sysvipc/shm"):
    look_at(f"/proc/{name}", "files")
for top, folders, names in os.walk("/"):
    folders[:] = [f for f in folders if os.path.join(top, f) not in (*SYSTEM, "/proc")]
    for name in [*names, *folders]:
        if is_in(os.fsencode(name)):
            seen.append(os.path.join(top, name))
    for name in names:
        look_at(os.path.join(top, name), "files")
for number in map(int, os.listdir("/proc/self/fd")):
    try:
        if not stat.S_ISSOCK(os.fstat(number).st_mode):
            continue
        with socket.socket(fileno=os.dup(number)) as line:
            if is_in(line.recv(STEP, socket.MSG_PEEK | socket.MSG_DONTWAIT)):
                seen.append(f"descriptor {number}")
    except OSError:
        pass
if is_in(open("/proc/net/unix", "rb").read()):
    seen.append("a socket's name")
print(json.dumps({"seen": seen, "looked": looked}))
"""
HAND_IN = """
import sys, types
handin = types.ModuleType("coursekit.grading.handin")
handin.answers = lambda: {"model": lambda X: X["prior_admissions_12m"] * 0.0}
sys.modules["coursekit.grading.handin"] = handin
"""


@pytest.fixture
def canary():
    """Return a word that stands nowhere else."""
    return f"canary-{secrets.token_hex(12)}"


def plant(course, canary):
    """Write the word into the truth of the hidden patients, as a column and a file."""
    truth = course / "holdout/tiny/hidden/truth"
    table = read_values(truth, "patients")
    labels = pd.Series([canary] * len(table), dtype="str")
    write_values(truth, "patients", table.assign(label=labels), mode=0o600)
    (truth / "labels.txt").write_text(canary)
    assert canary in read_values(truth, "patients")["label"].to_numpy()


def search_cells(canary):
    """Return the cells that look for a word which they do not hold in clear."""
    word = canary.encode()
    key = bytes(range(1, 1 + len(word)))
    masked = bytes(a ^ b for a, b in zip(word, key, strict=True))
    told = (
        f"MASKED = {masked!r}\nFIRST = {word[:7]!r}\n"
        f"PYTHON = {sorted({sys.prefix, sys.base_prefix})!r}"
    )
    return [told, SEARCH]


def searched(made):
    """Return what a run's search cell printed."""
    notebook = json.loads((made.folder / "executed.ipynb").read_text())
    texts = ["".join(each["source"]) for each in notebook["cells"]]
    (position,) = [n for n, text in enumerate(texts) if text.strip() == SEARCH.strip()]
    return json.loads("".join(notebook["cells"][position]["outputs"][0]["text"]))


@pytest.fixture(params=["cold", "warm"])
def look(request, tmp_path):
    """Run the search in a sandbox; the cells before it may put something there."""

    def looking(canary, *before, files=None):
        cells = [*before, *search_cells(canary), HAND_IN]
        job = Job(
            new_notebook(cells=[new_code_cell(each) for each in cells]),
            limits=Limits(seconds=300, seconds_per_cell=250, memory_mb=2000),
            sandbox="bubblewrap",
            files=files,
        )
        warm = request.param == "warm"
        kernels = WarmKernels(sandbox.choose(), job) if warm else nullcontext()
        with kernels as started:
            made = run(job, tmp_path / "runs", kernels=started)
        assert made.status == "ok", made.reason
        return searched(made)

    return looking


HIDE = """
import socket, subprocess, time
def word():
    return "".join(HALVES)
held = word().encode() * 3
open("/tmp/box/home/notes.txt", "w").write(word())
open("/tmp/box/home/" + word(), "w").close()
open("/dev/shm/x", "w").write(word())
gone = open("/tmp/box/home/gone", "w+")
gone.write(word()); gone.flush()
import os; os.unlink("/tmp/box/home/gone")
subprocess.Popen(["sleep", "250"], env={"LABEL": word()})
subprocess.Popen(["/bin/sh", "-c", "sleep 250; true", word()])
named = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
named.bind("\\0" + word())
sent, kept = socket.socketpair()
sent.sendall(word().encode())
time.sleep(1)
"""
PLACES = (
    *("memory of", "/home/notes.txt", "/home/canary-", "/dev/shm/x", "/fd/"),
    *("/environ", "/cmdline", "a socket's name", "descriptor "),
)


def test_the_search_finds_what_is_put_into_the_sandbox(look, canary, tmp_path):
    (tmp_path / "beside").mkdir()
    (tmp_path / "beside" / "train.csv").write_text(f"age,label\n70,{canary}\n")
    halves = f"HALVES = {canary[:9]!r}, {canary[9:]!r}"
    seen = look(canary, halves, HIDE, files=tmp_path / "beside")["seen"]
    for place in (*PLACES, "/work/train.csv"):
        assert [each for each in seen if place in each], (place, seen)


@pytest.fixture
def held_by_the_grader(canary):
    """Keep the word in this process, its environment, a child, a file and a socket."""
    os.environ["COURSE_LABEL"] = canary
    child = subprocess.Popen(["sleep", "300"], env={"LABEL": canary})
    yield canary.encode() * 3
    child.kill()
    child.wait()
    del os.environ["COURSE_LABEL"]


def test_nothing_that_a_kernel_can_read_holds_what_the_grader_holds(
    look, canary, course, held_by_the_grader
):
    plant(course, canary)
    scorer = Scorer(course / "holdout/tiny")
    assert scorer.patients["hidden"].y.size == 1500
    found = look(canary)
    assert found["seen"] == []
    assert found["looked"]["memory"] > 100
    assert found["looked"]["files"] > 10
    assert found["looked"]["processes"] >= 2


def test_nothing_that_comes_out_of_grading_holds_a_label(course, canary):
    """Search the kernel that a whole class runs in, and all that is left afterwards."""
    plant(course, canary)
    rules = (course / "course.toml").read_text()
    (course / "course.toml").write_text(rules.replace('"none"', '"bubblewrap"'))
    lock = course / "holdout/tiny/rubric.lock.toml"
    lock.write_text(
        lock.read_text()
        .replace("seconds = 60", "seconds = 300")
        .replace("seconds_per_cell = 20", "seconds_per_cell = 250")
    )
    model = next(
        "".join(cell["source"])
        for cell in course.solved()["cells"]
        if cell["id"] == "model"
    )
    search = "\n".join(search_cells(canary))
    course.hand_in("spy", course.solved(model=f"{model}\n{search}"))
    course.hand_in("ann", course.solved())
    begun = time.time()
    command = [
        sys.executable,
        "-m",
        "coursekit.cli",
        "autograde",
        "tiny",
        "--jobs",
        "2",
    ]
    done = subprocess.run(command, cwd=course.folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    course.nbgrader("generate_feedback", "tiny")
    course.nbgrader("export", "--to", "out.csv")
    record = course.scores("spy")
    executed = course / "runs/tiny" / record["run"] / "executed.ipynb"
    notebook = json.loads(executed.read_text())
    (cell,) = [each for each in notebook["cells"] if each["id"] == "model"]
    assert json.loads("".join(cell["outputs"][0]["text"]))["seen"] == []
    assert canary not in done.stdout + done.stderr
    private = course / "holdout"
    left = [
        path
        for path in course.folder.rglob("*")
        if path.is_file() and private not in path.parents
    ]
    written = [path for path in left if path.stat().st_mtime >= begun]
    names = {path.relative_to(course.folder).parts[0] for path in written}
    assert {"autograded", "feedback", "runs", "scores", "out.csv"} <= names
    assert [path for path in left if holds(path, canary)] == []
    assert holds(private / "tiny/hidden/truth/labels.txt", canary)


def holds(path, canary):
    """Return True if a file or its name has the word in it, packed or not."""
    text = path.read_bytes()
    if path.suffix == ".gz":
        text = gzip.decompress(text)
    return canary.encode() in text or canary in path.name
