"""A class on a real Dask cluster: a scheduler and worker processes on loopback."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest

from coursekit.autograde import sending
from coursekit.autograde.cluster import DaskRuns
from coursekit.autograde.crew import Crew
from coursekit.autograde.pipeline import grade
from coursekit.autograde.sandbox import complaint
from coursekit.datasets import make_readmission
from coursekit.datasets.holdout import read_holdout_inputs, write_holdout
from coursekit.errors import ClusterUnavailable

pytest.importorskip("distributed", reason="needs coursekit[cluster]")
pytestmark = [pytest.mark.e2e, pytest.mark.slow]

SANDBOX = "none" if complaint() else "bubblewrap"
BIN = Path(sys.executable).parent
NO_SUBMIT = "raise RuntimeError('a bug')"
DIES = "import os\nos._exit(1)"
KILLER = """\
import os, signal, psutil
for each in psutil.Process().parents():
    if "worker" in each.cmdline():
        os.kill(each.pid, signal.SIGKILL)"""


class Cluster:
    """A scheduler and its workers, each a process of its own."""

    def __init__(self, folder, protocol="tcp", environment=()):
        self.folder, self.protocol = folder, protocol
        self.environment = dict(environment)
        self.processes = ExitStack()
        self.workers = []

    def __enter__(self):
        file = self.folder / "scheduler.json"
        host = f"{self.protocol}://127.0.0.1"
        words = ["--host", host, "--port", "0", "--no-dashboard"]
        self.scheduler = self.start("scheduler", *words, "--scheduler-file", file)
        self.address = until(lambda: json.loads(file.read_text())["address"])
        return self

    def __exit__(self, *_):
        self.processes.close()

    def start(self, kind, *words, **environment):
        with open(self.folder / f"{kind}.log", "ab") as log:
            process = subprocess.Popen(
                [BIN / "dask", kind, *map(str, words)],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env=os.environ | self.environment | environment,
            )
        self.processes.callback(end, process)
        return process

    def add_worker(self, *resources, **environment):
        words = ["--nthreads", "1", "--no-nanny", "--no-dashboard"]
        words += ["--name", f"worker-{len(self.workers)}"]
        folder = ["--local-directory", self.folder]
        process = self.start(
            "worker", self.address, *words, *folder, *resources, **environment
        )
        self.workers.append(process)
        return process

    def add_sandboxes(self, number):
        for _ in range(number):
            self.add_worker("--resources", "sandbox=1")
        until(lambda: present(self)[number - 1])

    def busy(self):
        """Return a worker that is running a submission at this moment."""
        from distributed import Client

        with Client(self.address, set_as_default=False) as client:
            running = client.processing()
            there = client.scheduler_info(n_workers=-1)["workers"]
        names = [there[address]["name"] for address, keys in running.items() if keys]
        return self.workers[int(names[0].removeprefix("worker-"))]


def until(answer, seconds=180):
    """Return an answer as soon as there is one."""
    latest = time.monotonic() + seconds
    while True:
        try:
            return answer()
        except (OSError, ValueError, LookupError, psutil.Error):
            if time.monotonic() > latest:
                raise
            time.sleep(0.05)


def end(process):
    process.kill()
    process.wait()


@pytest.fixture
def cluster(tmp_path):
    (tmp_path / "cluster").mkdir()
    with Cluster(tmp_path / "cluster") as cluster:
        yield cluster


def hand_in_class(course):
    """Five honest students of different strength, and three whose work fails."""
    for number, student in enumerate(["ann", "bob", "cy", "dee", "eve"], 1):
        decide = f"def decide(X):\n    return (X['prior_admissions_12m'] > {number})"
        course.hand_in(student, course.solved(decide=f"{decide}.astype(int)"))
    course.hand_in("bug", course.solved(model=NO_SUBMIT))
    course.hand_in("dies", course.solved(model=DIES))
    course.hand_in("text", "this is not a notebook")


def twin_of(course):
    """Return a copy of a course, with all that was handed in."""
    folder = course.folder.with_name("twin")
    shutil.copytree(course.folder, folder)
    return type(course)(folder)


def files(folder, pattern):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.glob(pattern)
    }


def test_a_class_on_three_workers_one_of_them_killed_gets_what_it_gets_locally(
    course, cluster
):
    hand_in_class(course)
    local = twin_of(course)
    grade(local.folder, "tiny", jobs=2, sandbox=SANDBOX)

    cluster.add_sandboxes(3)
    told, killed = [], []

    def kill_one():
        until(lambda: list((course / "runs/tiny").glob("*/run.json"))[1])
        victim = until(cluster.busy)
        victim.send_signal(signal.SIGKILL)
        killed.append(victim.pid)

    killing = threading.Thread(target=kill_one)
    killing.start()
    records = grade(
        course.folder,
        "tiny",
        sandbox=SANDBOX,
        backend=DaskRuns(cluster.address, told.append),
    )
    killing.join()

    assert killed
    assert told[0] == "3 workers, 3 sandboxes"
    assert sum("was lost while it ran" in line for line in told) == 1
    statuses = {student: each["status"] for student, each in records.items()}
    failed = {"bug": "not-submitted", "dies": "kernel-died", "text": "unreadable"}
    assert statuses == dict.fromkeys(["ann", "bob", "cy", "dee", "eve"], "scored") | (
        failed
    )
    assert len(files(course.folder, "scores/tiny/*.json")) == 8
    for pattern in ("scores/tiny/*.json", "runs/tiny/*/predictions/*"):
        assert files(course.folder, pattern) == files(local.folder, pattern)
    assert course.rows() == local.rows()
    assert len({k for k, _ in course.rows()}) == 8
    assert kernels(course) == kernels(local)


def kernels(course):
    records = files(course.folder, "runs/tiny/*/run.json").values()
    return {json.loads(record)["kernels"] for record in records}


def test_a_second_call_looks_all_runs_up(course, cluster):
    course.hand_in("ann", course.solved())
    grade(course.folder, "tiny", jobs=1)
    before = (course / "scores/tiny/ann.json").read_bytes()
    (course / "scores/tiny/ann.json").unlink()
    grade(course.folder, "tiny", backend=DaskRuns(cluster.address))
    assert (course / "scores/tiny/ann.json").read_bytes() == before


def test_who_kills_worker_after_worker_is_not_run_and_stops_nobody(
    course, cluster, monkeypatch
):
    monkeypatch.setattr(sending, "LOSSES", 2)
    course.hand_in("ann", course.solved())
    course.hand_in("killer", course.solved(model=KILLER))
    cluster.add_sandboxes(3)
    records = grade(course.folder, "tiny", backend=DaskRuns(cluster.address))
    assert records["ann"]["status"] == "scored"
    assert records["killer"]["status"] == "not-run"
    assert "2 workers were lost" in records["killer"]["reason"]
    gone = [each for each in cluster.workers if each.poll() is not None]
    assert len(gone) == 2


def present(cluster):
    """Return the addresses of the workers that are there."""
    from distributed import Client

    with Client(cluster.address, set_as_default=False) as client:
        return list(client.scheduler_info(n_workers=-1)["workers"])


def test_when_no_worker_is_left_the_class_ends_with_a_reason(
    course, cluster, monkeypatch
):
    monkeypatch.setattr(sending, "PATIENCE_SECONDS", 3)
    course.hand_in("ann", course.solved(model="import time\ntime.sleep(15)"))
    course.hand_in("bob", course.solved(decide="decide = 2"))
    cluster.add_sandboxes(1)
    killing = threading.Thread(target=lambda: until(cluster.busy).kill())
    killing.start()
    records = grade(course.folder, "tiny", backend=DaskRuns(cluster.address))
    killing.join()
    assert {each["status"] for each in records.values()} == {"not-run"}
    assert "No worker of the cluster was left." in records["ann"]["reason"]


def test_when_the_scheduler_is_lost_the_class_ends_with_a_reason(
    course, cluster, monkeypatch
):
    monkeypatch.setattr(sending, "PATIENCE_SECONDS", 3)
    course.hand_in("ann", course.solved(model="import time\ntime.sleep(15)"))
    cluster.add_sandboxes(1)

    def kill_scheduler():
        until(cluster.busy)
        cluster.scheduler.kill()

    killing = threading.Thread(target=kill_scheduler)
    killing.start()
    records = grade(course.folder, "tiny", backend=DaskRuns(cluster.address))
    killing.join()
    assert records["ann"]["status"] == "not-run"


def test_a_worker_is_never_taken_for_lost_while_it_is_there(cluster):
    from dask import config
    from distributed import Client

    cluster.add_sandboxes(1)
    often = {"distributed.client.scheduler-info-interval": "1ms"}
    with config.set(often), Client(cluster.address, set_as_default=False) as client:
        crew = Crew(client, "none")
        for _ in range(300):
            crew.refresh()
            assert len(crew.slots) == 1


def test_a_scheduler_that_is_lost_before_anything_runs_is_an_error(cluster):
    with DaskRuns(cluster.address) as runs:
        end(cluster.scheduler)
        with pytest.raises(ClusterUnavailable, match="does not answer any more"):
            runs.crew("none")


@contextmanager
def overheard(address):
    """Stand between a client and its scheduler; yield (address, what the client sent).

    Nothing else reaches the cluster from the grader's machine.
    """
    host, port = address.removeprefix("tcp://").split(":")
    server, sent, lines = socket.create_server(("127.0.0.1", 0)), {}, []

    def serve():
        while True:
            try:
                client, _ = server.accept()
            except OSError:
                return
            there = socket.create_connection((host, int(port)))
            sent[len(lines)] = bytearray()
            for source, target, copy in (
                (client, there, sent[len(lines)]),
                (there, client, bytearray()),
            ):
                line = threading.Thread(target=pump, args=(source, target, copy))
                line.start()
                lines.append(line)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}", sent
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        for line in (thread, *lines):
            line.join()


def pump(source, target, copy):
    """Pass on what arrives, and keep a copy of it."""
    with source:
        while arrived := received(source):
            copy += arrived
            target.sendall(arrived)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)


def received(source):
    try:
        return source.recv(1 << 16)
    except OSError:
        return b""


def test_features_travel_once_and_labels_never(course, cluster):
    cohort = make_readmission(1500, secret="tiny", role="hidden")
    groups = cohort.groups.apply(lambda column: "CANARY-" + column.astype(str))
    write_holdout(course / "holdout/tiny/hidden", replace(cohort, groups=groups))
    for number in (1, 2, 3):
        course.hand_in(f"id-471{number}", course.solved(model=f"secret_{number} = 1"))
    cluster.add_sandboxes(2)
    with overheard(cluster.address) as (address, sent):
        grade(course.folder, "tiny", backend=DaskRuns(address))
    everything = b"".join(sent.values())

    assert everything.count(b"secret_1 = 1") == 1
    features = read_holdout_inputs(course / "holdout/tiny/hidden")
    column = features["prior_admissions_12m"].to_numpy()
    assert everything.count(column.tobytes()) == 2  # for each of two answers
    for label in labels_of(cohort):
        assert label not in everything
    assert str(course.folder).encode() not in everything
    assert b"id-471" not in everything


def labels_of(cohort):
    """Return what nobody may see, in every spelling that could be thought of."""
    yield b"CANARY"
    y, risk = np.asarray(cohort.y), np.asarray(cohort.truth.risk)
    for kind in ("bool", "int8", "int32", "int64", "float32", "float64"):
        yield y.astype(kind)[:200].tobytes()
    yield ", ".join(map(str, y[:50].astype(int))).encode()
    yield ",".join(map(str, y[:50].astype(int))).encode()
    for value in risk[:500]:
        yield value.astype("float64").tobytes()
        yield repr(float(value)).encode()


def test_a_worker_of_other_versions_is_refused_before_anything_runs(
    course, cluster, tmp_path
):
    old = tmp_path / "old" / "shap-0.50.0.dist-info"
    old.mkdir(parents=True)
    (old / "METADATA").write_text("Metadata-Version: 2.1\nName: shap\nVersion: 0.50.0")
    course.hand_in("ann", course.solved())
    cluster.add_sandboxes(1)
    cluster.add_worker("--resources", "sandbox=1", PYTHONPATH=str(old.parent))
    until(lambda: present(cluster)[1])
    with pytest.raises(ClusterUnavailable, match=r"shap is 0\.50\.0 there and 0\.51"):
        grade(course.folder, "tiny", backend=DaskRuns(cluster.address))
    assert not files(course.folder, "runs/tiny/*/run.json")
    assert not (course / "scores/tiny/ann.json").exists()


def test_a_worker_without_the_sandbox_is_refused_before_anything_runs(course, cluster):
    course.hand_in("ann", course.solved())
    cluster.add_worker("--resources", "sandbox=1", PATH=str(cluster.folder))
    with pytest.raises(ClusterUnavailable, match="bubblewrap is not installed"):
        grade(
            course.folder,
            "tiny",
            sandbox="bubblewrap",
            backend=DaskRuns(cluster.address),
        )


def test_a_cluster_that_declares_no_sandboxes_is_refused(course, cluster, monkeypatch):
    monkeypatch.setattr("coursekit.autograde.crew.FIRST_SECONDS", 2)
    course.hand_in("ann", course.solved())
    cluster.add_worker()
    until(lambda: present(cluster)[0])
    with pytest.raises(ClusterUnavailable, match="--resources sandbox=N"):
        grade(course.folder, "tiny", backend=DaskRuns(cluster.address))


def test_a_scheduler_that_does_not_answer_is_an_error_within_seconds(course):
    course.hand_in("ann", course.solved())
    begun = time.monotonic()
    done = coursekit(course, "--backend", "dask", "--scheduler", "tcp://127.0.0.1:1")
    assert done.returncode == 2
    assert "No Dask scheduler answers at tcp://127.0.0.1:1" in done.stderr
    assert "Traceback" not in done.stderr
    assert time.monotonic() - begun < 60


@pytest.mark.parametrize(
    "words", [["--backend", "dask"], ["--scheduler", "tcp://127.0.0.1:1"]]
)
def test_half_of_what_a_cluster_needs_is_an_error(course, words):
    done = coursekit(course, *words)
    assert done.returncode == 2
    assert "--backend dask --scheduler ADDRESS" in done.stderr


def coursekit(course, *words, **environment):
    return subprocess.run(
        [BIN / "coursekit", "autograde", "tiny", *words],
        cwd=course.folder,
        capture_output=True,
        text=True,
        env=os.environ | environment,
    )


@pytest.fixture
def tls(tmp_path):
    """Dask's configuration for TLS, as environment variables."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed, so there is no certificate to try")
    key, certificate = str(tmp_path / "key.pem"), str(tmp_path / "certificate.pem")
    words = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    words += ["-subj", "/CN=coursekit", "-keyout", key, "-out", certificate]
    subprocess.run(words, check=True, capture_output=True)
    ours = {"CA_FILE": certificate}
    for role in ("SCHEDULER", "WORKER", "CLIENT"):
        ours |= {f"{role}__KEY": key, f"{role}__CERT": certificate}
    return {f"DASK_DISTRIBUTED__COMM__TLS__{name}": v for name, v in ours.items()}


def test_a_cluster_with_tls_is_used_by_the_command_and_strangers_are_not_let_in(
    course, tls, tmp_path
):
    course.hand_in("ann", course.solved())
    (tmp_path / "cluster").mkdir()
    with Cluster(tmp_path / "cluster", "tls", tls) as cluster:
        cluster.add_worker("--resources", "sandbox=1")
        words = ["--backend", "dask", "--scheduler", cluster.address]
        stranger = coursekit(course, *words)
        assert stranger.returncode == 2
        assert "distributed.comm.tls" in stranger.stderr
        done = coursekit(course, *words, **tls)
    assert done.returncode == 0, done.stderr
    assert "1 workers, 1 sandboxes" in done.stdout
    assert course.scores("ann")["status"] == "scored"
