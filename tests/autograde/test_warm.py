"""Kernels forked from one process: what they share is nothing a student can change."""

import os
import socket
import textwrap
import threading

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from coursekit.autograde import sandbox
from coursekit.autograde.job import Job
from coursekit.autograde.limits import Limits
from coursekit.autograde.pool import LocalRuns
from coursekit.autograde.runner import run
from coursekit.autograde.warm import WarmKernels
from coursekit.errors import SandboxUnavailable

WHY_NOT = sandbox.complaint()
pytestmark = pytest.mark.skipif(bool(WHY_NOT), reason=f"no bubblewrap: {WHY_NOT}")
PRELOAD = ("numpy.random", "pandas", "sklearn.linear_model", "no_such_module")
SUBMIT = """
from coursekit.grading import handin
handin.session.answers = {"model": lambda X: X["number"] / 1000}
"""


def job_of(*sources, serving=None, preload=PRELOAD, **limits):
    cells = [new_code_cell(textwrap.dedent(source)) for source in sources]
    return Job(
        new_notebook(cells=cells),
        servings=(serving,) if serving else (),
        limits=Limits(**{"seconds": 30} | limits),
        sandbox="bubblewrap",
        preload=preload,
    )


@pytest.fixture(scope="module")
def warm():
    with WarmKernels(sandbox.choose(), job_of("1")) as kernels:
        yield kernels


@pytest.fixture
def ran(warm, tmp_path):
    """Run a notebook of these cells in a warm kernel; return its run."""

    def ran_one(*sources, **settings):
        return run(job_of(*sources, **settings), tmp_path, kernels=warm)

    return ran_one


def shown(made, position=-1):
    """Return the text that a cell printed."""
    notebook = nbformat.read(made.folder / "executed.ipynb", as_version=4)
    outputs = notebook.cells[position].outputs
    return "".join(output.get("text", "") for output in outputs)


def test_what_the_assignment_imports_is_loaded_before_the_first_cell(ran):
    look = "import sys\nprint('sklearn.linear_model' in sys.modules, len(sys.argv) > 9)"
    assert shown(ran(look)) == "True False\n"


RANDOM = """
import random, numpy as np
from sklearn.linear_model import SGDClassifier
X = np.random.default_rng(1).normal(size=(500, 5))
fitted = SGDClassifier(loss="log_loss").fit(X, X[:, 0] + np.random.random(500) > 0.5)
print(fitted.coef_.tobytes().hex(), random.random(), np.random.random(), hash("age"))
"""


def test_a_warm_kernel_computes_what_a_cold_one_does_bit_for_bit(ran, tmp_path):
    cold = run(job_of(RANDOM), tmp_path / "cold")
    assert len(shown(cold)) > 80
    assert shown(ran(RANDOM)) == shown(cold)


@pytest.mark.slow
def test_torch_starts_alike_in_warm_and_cold_kernels(tmp_path):
    look = "import torch\nprint(torch.rand(2).tolist(), torch.get_num_threads())"
    cold = shown(run(job_of(look), tmp_path / "cold"))
    with WarmKernels(sandbox.choose(), job_of(look, preload=("torch",))) as kernels:
        made = run(job_of(look), tmp_path, kernels=kernels)
    assert shown(made) == cold
    assert cold.endswith("1\n")


def test_warm_and_cold_runs_have_the_same_digest(ran, tmp_path):
    assert ran("1").digest == run(job_of("1"), tmp_path / "cold").digest


POISON = """
import builtins, ctypes, os, resource, signal, socket, subprocess, sys, threading, time
import numpy as np, pandas as pd, sklearn.linear_model

for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM, signal.SIGCHLD):
    signal.signal(number, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_NOFILE, (400, 400))
MARK = "POISON"
for folder in ("/tmp", "/dev/shm", os.path.expanduser("~"), os.getcwd(), "/tmp/box"):
    open(os.path.join(folder, MARK), "w").write(MARK)
abstract = socket.socket(socket.AF_UNIX)
abstract.bind("\\0" + MARK)
abstract.listen()
loopback = socket.create_server(("127.0.0.1", 4321))
libc = ctypes.CDLL(None, use_errno=True)
segment = libc.shmget(4321, 4096, 0o1666)
queue = libc.msgget(4321, 0o1666)
key = libc.syscall(248, b"user", MARK.encode(), MARK.encode(), 6, -3)
threading.Thread(target=time.sleep, args=(600,)).start()
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
for process in range(1, 40):
    try:
        if str(process) not in os.listdir("/proc/self/task"):
            os.kill(process, signal.SIGKILL)
    except OSError:
        pass
print(segment >= 0, queue >= 0, key < 0)
"""
PATCH = """
sklearn.linear_model.LogisticRegression.fit = None
np.mean = pd.DataFrame.mean = lambda *_, **__: 666
sys.modules["coursekit.autograde.serve"] = None
np.random.seed(13)
os.environ["OMP_NUM_THREADS"] = "64"
builtins.sum = lambda *_: 666
time.sleep(3)
"""
LOOK = """
import ctypes, glob, json, os, resource, signal, socket
import numpy as np, pandas as pd, sklearn.linear_model

def reached(family, address):
    try:
        socket.socket(family).connect(address)
        return True
    except OSError:
        return False

libc = ctypes.CDLL(None, use_errno=True)
folders = ("/tmp", "/dev/shm", os.path.expanduser("~"), os.getcwd(), "/tmp/box")
X = np.array([[0.0], [1.0]])
print(json.dumps({
    "sum": sum([1, 2]),
    "mean": [float(np.mean([1, 2])), float(pd.DataFrame({"a": [1, 2]}).mean()["a"])],
    "fit": sklearn.linear_model.LogisticRegression().fit(X, [0, 1]).classes_.tolist(),
    "drawn": float(np.random.random()),
    "threads": os.environ["OMP_NUM_THREADS"],
    "files": [path for folder in folders for path in glob.glob(f"{folder}/POISON*")],
    "signals": [signal.getsignal(n) is signal.SIG_IGN for n in (2, 15, 14, 17)],
    "open_files": resource.getrlimit(resource.RLIMIT_NOFILE)[0],
    "sockets": [reached(socket.AF_UNIX, "\\0POISON"),
                reached(socket.AF_INET, ("127.0.0.1", 4321))],
    "shared": [libc.shmget(4321, 0, 0o600), libc.msgget(4321, 0o600)],
    "key": libc.syscall(250, 10, -3, b"user", b"POISON", 0),
    "processes": [name for name in os.listdir("/proc") if name.isdigit()],
}, sort_keys=True))
"""


def test_a_submission_cannot_poison_the_next_nor_one_beside_it(ran, serving):
    clean = shown(ran(LOOK))
    beside = []
    looks = [
        threading.Thread(target=lambda n=n: beside.append(shown(ran(LOOK, str(n)), 0)))
        for n in range(3)
    ]
    poisoner = threading.Thread(
        target=lambda: beside.append(shown(ran(POISON, PATCH), 0))
    )
    poisoner.start()
    for look in looks:
        look.start()
    for each in (poisoner, *looks):
        each.join()
    machine = "True True True\n" if os.uname().machine == "x86_64" else beside[0]
    assert sorted(beside) == sorted([clean] * 3 + [machine])
    assert '"files": [], ' in clean
    assert '"sockets": [false, false]' in clean
    assert '"processes": ["1", "2"]' in clean
    after = ran(SUBMIT, serving=serving)
    answers = np.load(after.folder / "predictions" / "model.npy")
    assert (answers == np.arange(1000) / 1000).all()


def test_a_forked_kernel_can_make_no_namespaces_and_has_no_rights(ran):
    look = """
        import os, subprocess
        tried = subprocess.run(["unshare", "-Ur", "true"], stderr=-3).returncode
        status = open("/proc/self/status").read().splitlines()
        rights = {line.split()[1] for line in status if line.startswith("Cap")}
        print(tried != 0, rights, os.getuid(), "NoNewPrivs:\\t1" in status)
        """
    user = sandbox.NOBODY
    assert shown(ran(look)) == f"True {{'{'0' * 16}'}} {user} True\n"


REFUSED = """
    import ctypes, errno, socket

    def tried(number, *words):
        libc.syscall(number, *words)
        return errno.errorcode[ctypes.get_errno()]

    def made(family, kind):
        try:
            return socket.socket(family, kind).close() or "made"
        except OSError as error:
            return errno.errorcode[error.errno]

    libc = ctypes.CDLL(None, use_errno=True)
    keys = tried(248, b"user", b"k", b"x", 1, -3), tried(250, 1, None)
    print(*keys, tried(425, 8, bytes(120)), made(40, 1), made(38, 5))
    print(made(socket.AF_INET, 1), made(socket.AF_UNIX, 1), made(socket.AF_NETLINK, 3))
    """


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="numbers of x86-64")
@pytest.mark.parametrize("kernels", ["warm", "cold"])
def test_calls_that_no_namespace_shuts_in_are_refused(ran, tmp_path, kernels):
    made = ran(REFUSED) if kernels == "warm" else run(job_of(REFUSED), tmp_path)
    assert shown(made) == "EPERM EPERM EPERM EPERM EPERM\nmade made made\n"


TERMINALS = """
    import os
    taken = []
    try:
        while len(taken) < 200:
            taken.append(os.open("/dev/ptmx", os.O_RDWR | os.O_NOCTTY))
    except OSError as error:
        print(len(taken), error.strerror)
    """


def test_a_run_cannot_use_up_the_terminals_of_all(ran):
    assert shown(ran(TERMINALS)) == "64 No space left on device\n"
    assert shown(ran("!echo one is left")) == "one is left\n"


UNDER_WAY = """
    import os, socket
    lines = [socket.socketpair() for _ in range(60)]
    copies, sent = [os.open("/dev/null", os.O_RDONLY)] * 253, 0
    try:
        for line, _ in lines:
            for _ in range(9):
                socket.send_fds(line, [b"x"], copies)
                sent += len(copies)
    except OSError as error:
        print(sent <= 1024, error.strerror)
    """


def test_a_run_cannot_stop_others_from_being_started(ran):
    assert shown(ran(UNDER_WAY)) == "True Too many references: cannot splice\n"


def test_several_processors_are_not_forked():
    with pytest.raises(SandboxUnavailable, match="asks for 2 threads"):
        WarmKernels(sandbox.choose(), job_of("1", threads=2)).start()


def test_without_a_sandbox_nothing_is_forked():
    with pytest.raises(SandboxUnavailable, match="no sandbox to fork"):
        WarmKernels(sandbox.choose("none"), job_of("1")).start()


class NoNesting(sandbox.Bubblewrap):
    """A machine on which namespaces do not nest."""

    def command(self, folder, limits, program, nesting=False):
        return super().command(folder, limits, program)


def test_where_namespaces_do_not_nest_the_reason_is_quoted():
    with pytest.raises(SandboxUnavailable, match="unshare: No space left on device"):
        WarmKernels(NoNesting(), job_of("1")).start()


def test_a_library_that_starts_threads_is_not_forked():
    kernels = WarmKernels(sandbox.choose(), job_of("1"))
    kernels.control, theirs = socket.socketpair()
    with kernels.control, theirs:
        theirs.send(b'{"threads": 2}')
        with pytest.raises(SandboxUnavailable, match="starts threads"):
            kernels.await_ready()


def test_when_the_preloaded_process_is_gone_runs_start_cold(tmp_path):
    with WarmKernels(sandbox.choose(), job_of("1")) as kernels:
        kernels.process.kill()
        kernels.process.wait()
        made = run(job_of("print('cold')"), tmp_path, kernels=kernels)
    assert shown(made) == "cold\n"


def several(*texts):
    return [(f"student-{n}", job_of(text)) for n, text in enumerate(texts)]


def test_a_class_runs_in_warm_kernels_and_says_so(tmp_path):
    told = []
    with LocalRuns(2, told.append) as runs:
        made = dict(runs.made(several("print(1)", "print(2)"), tmp_path))
    assert told == ["warm"]
    assert [shown(made[f"student-{n}"]) for n in (0, 1)] == ["1\n", "2\n"]
    assert '"kernels": "warm"' in (made["student-0"].folder / "run.json").read_text()


def test_one_notebook_alone_finds_the_same_surroundings_as_in_a_class(tmp_path):
    told = []
    with LocalRuns(2, told.append) as runs:
        dict(runs.made(several("print(1)"), tmp_path))
        dict(runs.made(several("print(1)", "print(1)"), tmp_path))
    assert told == ["warm"], "the second is a look-up, for which nothing is loaded"


def test_where_kernels_cannot_be_warm_they_are_cold_and_it_is_said(tmp_path):
    jobs = [(f"s{n}", job_of(f"print({n})", threads=2)) for n in (1, 2)]
    told = []
    with LocalRuns(2, told.append) as runs:
        made = dict(runs.made(jobs, tmp_path))
    assert told[0].startswith("cold: The rubric asks for 2 threads")
    assert {each.status for each in made.values()} == {"ok"}
