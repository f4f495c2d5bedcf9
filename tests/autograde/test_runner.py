"""Real kernels, in both sandboxes."""

import json
import os
import random
import secrets
import socket
import subprocess
import sys
import textwrap
import time
from contextlib import nullcontext
from dataclasses import replace

import nbformat
import numpy as np
import pandas as pd
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from coursekit.autograde import collect, sandbox
from coursekit.autograde.job import Job
from coursekit.autograde.limits import Limits
from coursekit.autograde.runner import read_run, run
from coursekit.autograde.warm import WarmKernels
from coursekit.grading.serving import Serving

WHY_NOT = sandbox.complaint()
BWRAP = pytest.param(
    "bubblewrap",
    marks=pytest.mark.skipif(bool(WHY_NOT), reason=f"no bubblewrap: {WHY_NOT}"),
)
WARM = pytest.param("warm", marks=BWRAP.marks)
both = pytest.mark.parametrize("name", ["none", BWRAP, WARM])
shut_in = pytest.mark.parametrize("name", [BWRAP, WARM])

HAND_IN = """
import sys, types
def submit(**answers):
    handin = types.ModuleType("coursekit.grading.handin")
    handin.answers = lambda: answers
    sys.modules["coursekit.grading.handin"] = handin
"""
MODEL = "submit(model=lambda X: X['number'] / 1000)"


def kernels(name, job):
    """Return warm kernels where they are asked for by name."""
    return WarmKernels(sandbox.choose(), job) if name == "warm" else nullcontext()


def notebook(*sources):
    cells = [new_code_cell(textwrap.dedent(source)) for source in sources]
    return new_notebook(cells=[new_markdown_cell("Readmission"), *cells])


@pytest.fixture
def grade(tmp_path, serving):
    """Run a notebook of these cells and return its run."""

    def graded(name, *sources, **settings):
        limits = Limits(**{"seconds": 30, **settings.pop("limits", {})})
        settings = {"servings": (serving,), **settings}
        sandbox = "bubblewrap" if name == "warm" else name
        job = Job(notebook(*sources), limits=limits, sandbox=sandbox, **settings)
        with kernels(name, job) as started:
            return run(job, tmp_path / "runs", kernels=started)

    return graded


def shown(run, position=-1):
    """Return the text that a cell printed."""
    notebook = nbformat.read(run.folder / "executed.ipynb", as_version=4)
    outputs = notebook.cells[position].outputs
    return "".join(output.get("text", "") for output in outputs)


def predictions(run, name):
    return np.load(run.folder / "predictions" / f"{name}.npy")


def repeats(run, name):
    return np.load(run.folder / "predictions" / f"{name}.repeat.npy")


def limits_hit(run):
    return json.loads((run.folder / "run.json").read_text())["limits_hit"]


# One honest submission with many answers, good and bad.

ANSWERS = """
import numpy as np, time

def model(X):
    assert list(X.columns) == ["number", "note"] and str(X["note"].dtype) == "str"
    return X["number"] / 1000

def wrong(X):
    return X["no_such_column"]

def text(X):
    return ["0.5"] * len(X)

def both(X):
    return np.zeros((len(X), 2))

def odd(X):
    return np.where(X["number"] % 2, np.nan, np.inf)

def rank(X):
    return X["number"].rank(pct=True)

def clean(X):
    X["note"] = "gone"
    return np.zeros(len(X))

def slow(X):
    time.sleep(60)

def gap(a, b):
    return {"gap": np.float64(a - b)}

names = ["model", "wrong", "text", "both", "odd", "rank", "clean", "slow", "gap"]
submit(**{name: globals()[name] for name in names})
"""
ASKED = ["wrong", "text", "both", "odd", "rank", "clean", "slow", "absent"]


@pytest.fixture(scope="module", params=["none", BWRAP, WARM])
def honest(request, tmp_path_factory):
    """One run of the notebook with many answers, and what its progress said."""
    numbers = pd.DataFrame({"number": np.arange(1000), "note": pd.Series(["a"] * 1000)})
    model = Serving("model", "model", "risk", "float64", numbers, (90, 200))
    items = [{"a": n, "b": 1} for n in range(30)]
    servings = [
        *(replace(model, name=f"{name}~x", answer=name) for name in ASKED),
        Serving("gap", "gap", "function", "json", items, (10, 20), 0.0),
        model,
    ]
    job = Job(
        notebook(HAND_IN, ANSWERS, "print('done')"),
        servings=tuple(servings),
        limits=Limits(seconds=30, seconds_per_batch=2),
        sandbox="none" if request.param == "none" else "bubblewrap",
    )
    told = []
    out = tmp_path_factory.mktemp("honest")
    with kernels(request.param, job) as started:
        made = run(job, out, lambda *state: told.append(state), started)
    return job, out, made, told


def test_each_patient_gets_the_answer_for_this_patient(honest):
    _, _, made, _ = honest
    assert (made.status, made.reason) == ("ok", "")
    assert limits_hit(made) == []
    np.testing.assert_array_equal(predictions(made, "model"), np.arange(1000) / 1000)


def test_repeated_patients_come_with_both_answers(honest):
    rows, first, second = repeats(honest[2], "model").T
    assert len(set(rows)) == 25
    np.testing.assert_array_equal(first, rows / 1000)
    np.testing.assert_array_equal(second, first)
    dealt = np.load(honest[2].folder / "predictions" / "model.dealt.npy")
    assert dealt.dtype == np.int64
    assert dealt.shape == (1025, 2)
    assert set(dealt[:, 1]) == set(range(1000))


def test_a_batch_dependent_answer_shows_in_the_repeats(honest):
    _, first, second = repeats(honest[2], "rank~x").T
    assert np.mean(first != second) > 0.5


@pytest.mark.parametrize(
    ("name", "status", "words"),
    [
        ("wrong", "failed", "wrong raised KeyError: 'no_such_column'"),
        ("text", "bad-reply", "they must be numbers"),
        ("both", "bad-reply", "rows; it must be"),
        ("slow", "timeout", "slow took longer than 2 s for a batch."),
        ("absent", "missing", "No answer 'absent' was handed in."),
        ("odd", "ok", ""),
        ("clean", "ok", ""),
    ],
)
def test_each_answer_has_a_status_of_its_own(honest, name, status, words):
    state = honest[2].servings[f"{name}~x"]
    assert state["status"] == status
    assert words in state["reason"]


def test_numbers_that_are_not_finite_are_kept_for_the_scorer(honest):
    odd = predictions(honest[2], "odd~x")
    assert np.isnan(odd[1::2]).all()
    assert np.isposinf(odd[::2]).all()


def test_what_was_never_answered_is_nan(honest):
    assert np.isnan(predictions(honest[2], "wrong~x")).all()


def test_only_the_answer_that_changed_its_input_is_reported(honest):
    states = honest[2].servings
    changed = [name for name, state in states.items() if state["modified_input"]]
    assert changed == ["clean~x"]


def test_a_function_answers_in_json(honest):
    text = (honest[2].folder / "predictions" / "gap.json").read_text()
    assert json.loads(text) == [{"gap": n - 1.0} for n in range(30)]


def test_the_executed_notebook_shows_what_the_cells_printed(honest):
    assert shown(honest[2]) == "done\n"


def test_the_run_says_how_it_was_made(honest):
    job, _, made, _ = honest
    kept = json.loads((made.folder / "run.json").read_text())
    assert kept["sandbox"] == job.sandbox
    assert kept["limits"]["seconds_per_batch"] == 2
    assert {"python", "numpy", "scikit-learn"} <= kept["versions"].keys()
    assert kept["digest"] == made.folder.name
    assert 0 < kept["seconds"] < 30


def test_the_same_submission_again_is_a_look_up(honest):
    job, out, made, _ = honest
    begun = time.monotonic()
    assert run(job, out) == made == read_run(made.folder)
    assert time.monotonic() - begun < 0.5


def test_progress_tells_of_cells_and_servings(honest):
    told = honest[3]
    assert ("cells", 4, 4) in told
    assert {stage for stage, _, _ in told} >= {"cells", "gap", "model", "rank~x"}


def test_a_run_leaves_only_its_folder_and_is_for_the_grader_alone(honest):
    _, out, made, _ = honest
    assert [path.name for path in out.iterdir()] == [made.digest]
    assert made.folder.stat().st_mode & 0o777 == 0o700


# What a submission can see and do.

LOOK = """
import json, os, socket, sys
from pathlib import Path
import sklearn

def tried(what):
    try:
        return what() or True
    except Exception as error:
        return type(error).__name__

def lines_with(canary):
    found = []
    for top in ("/work", "/tmp", "/home", "/root", "/in", "/var", "/srv"):
        for folder, _, names in os.walk(top):
            for name in names:
                path = Path(folder, name)
                if name.endswith(".txt") and canary in path.read_text(errors="ignore"):
                    found.append(str(path))
    return found

from helper import helped
seen = {
    "canary": SHUT_IN and lines_with("CANARY-" + "LABEL"),
    "outside": [path for path in OUTSIDE if os.path.exists(path)],
    "network": tried(lambda: socket.create_connection(("127.0.0.1", PORT), 1).close()),
    "write": [tried(lambda: Path(path, "x").write_text("x")) for path in READ_ONLY],
    "uid": os.getuid(),
    "root_reads": tried(lambda: Path("/etc/shadow").read_text()),
    "processes": [p for p in os.listdir("/proc") if p.isdigit()],
    "secrets": [name for name in os.environ if "SECRET" in name],
    "home": os.listdir(os.path.expanduser("~")),
    "content": os.listdir(COVERED),
    "work": sorted(os.listdir()),
    "sklearn": sklearn.__version__,
    "threads": os.environ["OMP_NUM_THREADS"],
    "drawn": DRAWN,
    "helped": helped,
    "large": [tried(lambda: Path(path, "big").write_bytes(bytes(20 << 20)))
              for path in LIMITED],
}
print(json.dumps(seen))
"""


@pytest.fixture
def beside(tmp_path):
    """Side files that would take the place of modules, one that helps, and data."""
    folder = tmp_path / "beside"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "train.csv").write_text("age\n70\n")
    (folder / "helper.py").write_text("helped = True")
    trap = "raise SystemExit('shadowed')"
    for module in ("sklearn", "ipykernel_launcher", "coursekit", "random", "json"):
        (folder / f"{module}.py").write_text(trap)
    return folder


@pytest.fixture
def looked(grade, tmp_path, beside, monkeypatch):
    """What a submission sees, with a canary outside that it must not find."""
    holdout = tmp_path / "holdout"
    holdout.mkdir()
    (holdout / "labels.txt").write_text("CANARY-LABEL")
    covered = sandbox.hidden_paths.__globals__["PACKAGE"] / "supervised"
    monkeypatch.setattr(sandbox, "hidden_paths", lambda: [covered])
    monkeypatch.setenv("COURSE_SECRET", "CANARY-LABEL")

    def look(name, port):
        checkout = covered.parent.parent
        outside = [holdout, tmp_path, checkout / "tests", checkout / "assignments"]
        shut_in = name != "none"  # else the writes would reach this machine
        read_only = ["/", "/usr", "/dev", "/in", sys.prefix, str(covered.parent)]
        told = f"""
            import random, numpy as np
            DRAWN = [random.random(), np.random.random(), hash("patient")]
            OUTSIDE = {[str(path) for path in outside]!r}
            PORT, COVERED, SHUT_IN = {port}, {str(covered)!r}, {shut_in}
            READ_ONLY = {read_only if shut_in else []}
            LIMITED = {["/tmp/box/work", "/tmp/box/home", "/tmp", "/dev/shm"] * shut_in}
        """
        made = grade(
            name,
            told,
            LOOK,
            HAND_IN,
            MODEL,
            files=beside,
            seed=7,
            limits={"disk_mb": 10, "processes": 60},
        )
        assert made.status == "ok", made.reason
        return json.loads(shown(made, 2))

    return look


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@shut_in
def test_a_submission_sees_nothing_but_what_it_needs(looked, port, name):
    seen = looked(name, port)
    assert seen["canary"] == []
    assert seen["outside"] == []
    assert seen["network"] == "ConnectionRefusedError"
    assert set(seen["write"]) <= {"OSError", "PermissionError"}
    assert len(seen["write"]) == 6
    assert seen["uid"] == 65534
    assert seen["root_reads"] == "FileNotFoundError"
    assert len(seen["processes"]) < 10
    assert seen["secrets"] == []
    assert seen["content"] == []
    assert seen["large"] == ["OSError"] * 4
    check_start(seen)


def test_without_a_sandbox_the_kernel_still_starts_clean(looked, port):
    seen = looked("none", port)
    assert seen["network"] is True
    assert seen["secrets"] == []
    check_start(seen)


def seeded_hash(text, seed):
    """Return the hash of a text in a Python whose hashes are seeded."""
    command = [sys.executable, "-c", f"print(hash({text!r}))"]
    seeded = {"PYTHONHASHSEED": str(seed)}
    return int(subprocess.run(command, env=seeded, capture_output=True).stdout)


def check_start(seen):
    """Check what holds in every sandbox: nothing is shadowed, seeds are set."""
    random.seed(7)
    drawn = [random.random(), np.random.RandomState(7).random_sample()]
    assert seen["drawn"][:2] == drawn
    assert seen["drawn"][2] == seeded_hash("patient", 7)
    assert seen["helped"] is True
    assert seen["threads"] == "1"
    assert {"data", "helper.py", "sklearn.py"} <= set(seen["work"])
    assert seen["home"] == [] or all(name.startswith(".") for name in seen["home"])


# How runs end.


@both
def test_without_submit_the_reason_names_the_cell_that_failed(grade, name):
    made = grade(name, "x = 1", "risk = modle.predict(x)", "print('on')")
    assert made.status == "not-submitted"
    assert "cell 3 stopped with NameError: name 'modle'" in made.reason
    assert shown(made) == "on\n"
    assert np.isnan(predictions(made, "model")).all()


@shut_in
def test_a_kernel_that_exits_keeps_the_part_before(grade, name):
    made = grade(name, "print('before')", "import os\nos._exit(0)", MODEL)
    assert (made.status, made.reason) == ("kernel-died", "The kernel died in cell 3.")
    assert shown(made, 1) == "before\n"


KILL_PARENT = "import os, time\nos.kill(os.getppid(), 9)\ntime.sleep(1)"


@pytest.mark.parametrize("name", ["none", BWRAP])
def test_killing_the_parent_ends_this_run_only(grade, name):
    made = grade(name, "print('before')", KILL_PARENT)
    assert made.status == "kernel-died"
    assert "cell 3" in made.reason


@pytest.mark.parametrize("name", [WARM])
def test_the_parent_of_a_forked_kernel_cannot_be_killed(grade, name):
    made = grade(name, KILL_PARENT, HAND_IN, MODEL)
    assert made.status == "ok"


BEFORE = "import os, signal, subprocess, sys\nprint('before')"
STUBBORN = "signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
LEAVE = """
for _ in range(3):
    subprocess.Popen([sys.executable, "-c", CODE], start_new_session=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv(sys.executable, [sys.executable, "-c", CODE])
    os._exit(0)
"""


@both
def test_an_endless_loop_is_ended_and_no_process_is_left(grade, name):
    mark = secrets.token_hex(8)
    code = f"CODE = 'import time; time.sleep(600) # {mark}'"
    begun = time.monotonic()
    made = grade(
        *(name, BEFORE, code, LEAVE, STUBBORN, MODEL),
        limits={"seconds": 4, "seconds_per_cell": 1},
    )
    assert time.monotonic() - begun < 8
    assert made.status == "timeout"
    assert "longer than 4 s in all. It was in cell 5." in made.reason
    assert shown(made, 1) == "before\n"
    left = [p for p in psutil.process_iter(["cmdline"]) if mark in str(p.info)]
    assert left == []


GRADER = """
import sys
from nbformat.v4 import new_code_cell, new_notebook
from coursekit.autograde.job import Job
from coursekit.autograde.runner import run
from coursekit.autograde.sandbox import choose
from coursekit.autograde.warm import WarmKernels
name, out, mark = sys.argv[1:]
loop = f"open('/proc/self/comm', 'w').write('{mark}')\\nwhile True: pass"
sandbox = "bubblewrap" if name == "warm" else name
job = Job(new_notebook(cells=[new_code_cell(loop)]), sandbox=sandbox)
kernels = WarmKernels(choose(sandbox), job).start() if name == "warm" else None
run(job, out, kernels=kernels)
"""


@both
def test_a_run_is_no_longer_roots_and_is_gone_when_its_grader_is_killed(name, tmp_path):
    def looping():
        return [
            each for each in psutil.process_iter(["name"]) if mark in str(each.info)
        ]

    mark = secrets.token_hex(7)
    command = [sys.executable, "-c", GRADER, name, str(tmp_path), mark]
    with subprocess.Popen(command) as grader:
        wait_for(looping)
        users = {process.uids().real for process in looping()}
        grader.kill()
    root = os.geteuid() == 0 and name != "none"
    assert users == {sandbox.NOBODY if root else os.geteuid()}
    wait_for(lambda: not looping())


def wait_for(true):
    """Wait until something is true, 20 seconds at most."""
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@shut_in
def test_a_cell_that_takes_too_long_is_interrupted_and_the_next_runs(grade, name):
    sources = ["while True: pass", HAND_IN, MODEL]
    made = grade(name, *sources, limits={"seconds_per_cell": 1})
    assert made.status == "ok"
    note = "Cell 2 took longer than 1 s and was interrupted; the cells after it ran."
    assert limits_hit(made) == [{"limit": "timeout", "cell": 2, "note": note}]


@shut_in
def test_a_cell_that_took_too_long_is_the_reason_if_nothing_was_handed_in(grade, name):
    made = grade(name, "while True: pass", limits={"seconds_per_cell": 1})
    assert made.status == "timeout"
    assert "cell 2 took too long" in made.reason


LARGE = "x = bytearray(2 << 30)"


@shut_in
def test_one_process_cannot_take_more_memory_than_allowed(grade, name):
    made = grade(name, LARGE, limits={"memory_mb": 500})
    assert made.status == "out-of-memory"
    assert "MemoryError" in made.reason
    assert [each["limit"] for each in limits_hit(made)] == ["out-of-memory"]
    at_hand_in = grade(name, HAND_IN, MODEL, LARGE, limits={"memory_mb": 500})
    assert at_hand_in.status == "ok"
    assert [each["cell"] for each in limits_hit(at_hand_in)] == [4]


FILL = "open('large', 'wb').write(bytes(20 << 20))"


@shut_in
def test_a_full_disk_is_a_status_where_nothing_was_handed_in_and_else_a_note(
    grade, name
):
    made = grade(name, FILL, limits={"disk_mb": 10})
    assert made.status == "disk-full"
    assert "submit() never ran: cell 2 stopped with OSError" in made.reason
    made = grade(name, FILL, HAND_IN, MODEL, limits={"disk_mb": 10})
    assert made.status == "ok"
    note = "Cell 2 wrote more than the 10 MB that are allowed; the cells after it ran."
    assert limits_hit(made) == [{"limit": "disk-full", "cell": 2, "note": note}]


BOMB = """
import os, time
for _ in range(10):
    if os.fork() == 0:
        hoard = b"x" * (60 << 20)
        time.sleep(60)
time.sleep(60)
"""


@both
def test_processes_together_cannot_take_more_memory_than_allowed(grade, name):
    made = grade(name, "print('before')", BOMB, limits={"memory_mb": 400})
    assert made.status == "out-of-memory"
    assert shown(made, 1) == "before\n"


FORKS = """
import os, time
n = 0
try:
    while n < 500:
        if os.fork() == 0:
            time.sleep(60)
            os._exit(0)
        n += 1
except BlockingIOError:
    print("refused")
"""


@shut_in
def test_a_fork_bomb_is_refused(grade, name):
    made = grade(name, FORKS, HAND_IN, MODEL, limits={"processes": 80})
    assert shown(made, 1) == "refused\n"


MANY_THREADS = """
import threading, time
for _ in range(500):
    threading.Thread(target=time.sleep, args=(20,), daemon=True).start()
"""
MANY_PROCESSES = """
import os, time
for _ in range(500):
    if os.fork() == 0:
        time.sleep(60)
        os._exit(0)
"""
FILL_WITH_MANY = """
for n in range(30):
    with open(f"/tmp/{'box/work/' * (n % 2)}{n}", "wb") as file:
        file.write(bytes(1 << 20))
"""
LARGE_FILE = "open('large', 'wb').truncate(30 << 20)"


@shut_in
@pytest.mark.parametrize(
    ("source", "status", "words"),
    [
        (MANY_THREADS, "too-many-processes", "can't start new thread"),
        (MANY_PROCESSES, "too-many-processes", "BlockingIOError"),
        (FILL_WITH_MANY, "disk-full", "No space left on device"),
        (LARGE_FILE, "disk-full", "File too large"),
    ],
)
def test_a_limit_that_is_hit_is_the_status(grade, name, source, status, words):
    limits = {"processes": 80, "disk_mb": 20}
    made = grade(name, "print('before')", source, limits=limits)
    assert made.status == status
    assert "cell 3 stopped with" in made.reason
    assert words in made.reason
    assert shown(made, 1) == "before\n"


@shut_in
def test_a_limit_that_was_survived_is_no_status(grade, name):
    survive = (
        f"try:\n    {LARGE_FILE}\nexcept OSError as error:\n    print(error.errno)"
    )
    made = grade(name, survive, HAND_IN, MODEL, limits={"disk_mb": 20})
    assert made.status == "ok"
    assert shown(made, 1) == "27\n"


FLOOD = """
from IPython.display import HTML, display
print("x" * (5 << 20))
display(HTML("y" * (5 << 20)))
"""
DRIP = """
for n in range(3000):
    display(HTML("z" * 1000))
    if n % 10 == 0:
        print("w" * 1000, flush=True)
"""


@shut_in
def test_what_cells_show_is_bounded_each_and_in_all(grade, name):
    made = grade(
        *(name, FLOOD, DRIP, HAND_IN, MODEL),
        limits={"output_kb": 20, "notebook_mb": 1},
    )
    assert made.status == "ok"
    assert (made.folder / "executed.ipynb").stat().st_size < 2 << 20
    assert {each["limit"] for each in limits_hit(made)} == {"outputs-cut"}
    assert "The rest is left out" in shown(made, 1)
    assert "too many" in shown(made, 2)


STUCK = """
import signal
def model(X):
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    while True: pass
submit(model=model)
"""


@shut_in
def test_an_answer_that_cannot_be_stopped_ends_the_run(grade, name, monkeypatch):
    monkeypatch.setattr(collect, "GRACE", 1.0)
    made = grade(name, HAND_IN, STUCK, limits={"seconds_per_batch": 1})
    assert made.status == made.servings["model"]["status"] == "timeout"
    assert "model took longer than 1 s" in made.reason


DIE_LATER = """
n_calls = 0
def model(X):
    global n_calls
    n_calls += 1
    if n_calls == 3:
        os._exit(0)
    return X["number"] / 1000
import os
submit(model=model)
"""


@shut_in
def test_a_kernel_that_dies_while_it_is_asked_keeps_its_answers(grade, name):
    made = grade(name, HAND_IN, DIE_LATER)
    assert made.status == "kernel-died"
    assert made.servings["model"]["status"] == "failed"
    assert not made.servings["model"]["finished"]
    answered = ~np.isnan(predictions(made, "model"))
    assert answered.sum() == made.servings["model"]["answered"] > 0


FORGE = """
import os, socket
line = socket.socket(fileno=os.dup(int(os.environ["COURSEKIT_SERVE_FD"])))
from coursekit.autograde.frames import pack
line.sendall(pack({"answers": ["model"]}) + pack({"status": "ok"}, bytes(9)) * 50)
"""


@shut_in
def test_forged_replies_bring_nothing(grade, name):
    made = grade(name, FORGE, HAND_IN, MODEL)
    assert made.status == "serving-failed"
    assert made.servings["model"]["status"] == "bad-reply"
    assert np.isnan(predictions(made, "model")).all()


@shut_in
def test_a_kernel_that_cannot_serve_says_why(grade, name):
    spoil = "import sys\nsys.modules['coursekit.autograde.serve'] = None"
    made = grade(name, spoil, HAND_IN, MODEL)
    assert made.status == "serving-failed"
    assert "ModuleNotFoundError" in made.reason


@shut_in
def test_nothing_served_well_is_a_failed_serving(grade, name):
    made = grade(name, HAND_IN, "submit(model=lambda X: 1 / 0)")
    assert made.status == "serving-failed"
    assert made.reason == "model raised ZeroDivisionError: division by zero"


def test_without_a_sandbox_nothing_runs_and_nothing_is_kept(
    grade, monkeypatch, tmp_path
):
    monkeypatch.setattr(sandbox, "complaint", lambda: "bubblewrap is not installed.")
    made = grade("auto", "print(1)")
    assert (made.status, made.folder) == ("sandbox-unavailable", None)
    assert "apt install bubblewrap" in made.reason
    assert not (tmp_path / "runs").exists()


def test_the_folder_of_all_runs_is_for_the_grader_alone(grade, tmp_path):
    grade("none", "print(1)")
    assert (tmp_path / "runs").stat().st_mode & 0o777 == 0o700


def test_a_run_that_another_process_finished_first_stays(grade, monkeypatch):
    made = grade("none", "print(1)")
    before = (made.folder / "run.json").stat().st_ino
    hide = made.folder.with_name("hidden")
    made.folder.rename(hide)
    rename = os.rename

    def late(source, target):
        rename(hide, made.folder)
        rename(source, target)

    monkeypatch.setattr("coursekit.autograde.runner.os.rename", late)
    assert grade("none", "print(1)").folder == made.folder
    assert (made.folder / "run.json").stat().st_ino == before
    assert len(list(made.folder.parent.iterdir())) == 1


REAL_HAND_IN = """
from coursekit.grading import handin
handin.session.answers = {"model": lambda X: X["number"] / 1000}
"""


@shut_in
def test_what_coursekit_itself_registers_is_served(grade, name):
    made = grade(name, REAL_HAND_IN)
    assert made.status == "ok", made.reason
    np.testing.assert_array_equal(predictions(made, "model"), np.arange(1000) / 1000)


@pytest.mark.slow
@pytest.mark.parametrize("name", [BWRAP])
def test_torch_has_the_threads_of_the_rubric_and_the_seed_of_the_run(grade, name):
    look = "import torch\nprint(torch.get_num_threads(), torch.initial_seed())"
    made = grade(name, look, limits={"threads": 2}, seed=7)
    assert shown(made) == "2 7\n"


@pytest.mark.slow
@pytest.mark.skipif(bool(WHY_NOT), reason=f"no bubblewrap: {WHY_NOT}")
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_an_ordinary_user_can_grade_too(as_nobody):
    command = [*as_nobody, sys.executable, "-c", GRADE_AS_NOBODY]
    tried = subprocess.run(command, capture_output=True, text=True)
    expected = "65534 cold ok\n65534 warm ok\n"
    assert tried.stdout == expected, tried.stderr


GRADE_AS_NOBODY = """
import os, tempfile
from nbformat.v4 import new_code_cell, new_notebook
from coursekit.autograde.job import Job
from coursekit.autograde.process import ColdKernels
from coursekit.autograde.runner import run
from coursekit.autograde.sandbox import choose
from coursekit.autograde.warm import WarmKernels
job = Job(new_notebook(cells=[new_code_cell("1 + 1")]), sandbox="bubblewrap")
with WarmKernels(choose("bubblewrap"), job) as warm:
    for kernels in (ColdKernels(choose("bubblewrap")), warm):
        with tempfile.TemporaryDirectory() as out:
            made = run(job, out, kernels=kernels)
            print(os.getuid(), kernels.kind, made.status)
"""
