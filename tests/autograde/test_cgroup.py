"""Control groups: where they are made, that they hold, and that they are swept."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from coursekit.autograde import cgroup, cgroup_place
from coursekit.autograde.cgroup import Group, is_left_behind, own_name, sweep
from coursekit.autograde.cgroup_place import V1, V2, Place, chain, places
from coursekit.autograde.limits import Limits
from coursekit.autograde.link import Stopped
from coursekit.autograde.watch import Watch

PLACE, WHY_NOT = cgroup.usable_place()
real = pytest.mark.skipif(PLACE is None, reason=f"no control groups: {WHY_NOT}")


@pytest.fixture
def sleeper():
    with subprocess.Popen(["sleep", "60"]) as process:
        yield process
        process.kill()


@pytest.fixture
def group():
    made = Group(Limits(memory_mb=100), PLACE)
    yield made
    made.close()


@real
def test_a_process_is_put_in_with_all_that_it_has_started(group):
    script = "sleep 60 & sleep 60 & wait"
    with subprocess.Popen(["sh", "-c", script], start_new_session=True) as shell:
        while len(psutil.Process(shell.pid).children()) < 2:
            pass
        group.put(shell.pid)
        members = cgroup_place.pids(group.folder)
        assert members == cgroup.family(shell.pid)
        assert len(members) == 3
        group.close()
        assert shell.wait(5) == -signal.SIGKILL
    assert not group.folder.exists()


@real
def test_the_limits_are_in_force(group):
    assert group.number(PLACE.files.limit) == 100 << 20
    swap = group.folder / PLACE.files.swap
    if swap.exists():
        assert int(swap.read_text()) == PLACE.files.swap_limit(100 << 20)
    if group.counts_processes:
        assert (group.folders[-1] / "pids.max").read_text() == "256\n"


@real
def test_a_run_has_one_share_of_the_processors_whatever_it_starts(group, sleeper):
    if PLACE.processor is None:
        pytest.skip("no controller of processors here")
    group.put(sleeper.pid)
    lines = Path(f"/proc/{sleeper.pid}/cgroup").read_text().splitlines()
    [own] = [line for line in lines if "cpu" in line.split(":")[1].split(",")]
    assert own.endswith(f"/{group.folder.name}")
    group.close()
    assert not (PLACE.processor / group.folder.name).exists()


@real
def test_no_more_processes_than_allowed_can_be_started():
    group = Group(Limits(processes=5), PLACE)
    if not group.counts_processes:
        group.close()
        pytest.skip("no controller of processes here")
    script = "read go; for n in 1 2 3 4 5 6 7; do sleep 60 & done; wait"
    pipes = {"stdin": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(["sh", "-c", script], **pipes) as shell:
        group.put(shell.pid)
        shell.stdin.write(b"\n")
        shell.stdin.close()
        said = shell.stderr.readline()
        group.close()
    assert b"fork" in said


@real
def test_a_place_where_limits_do_not_hold_is_not_used(monkeypatch):
    monkeypatch.setattr(cgroup, "TRIAL", "input()")
    assert "does not hold" in cgroup.complaint(PLACE)


def test_a_place_that_cannot_be_written_is_not_used(monkeypatch, tmp_path):
    place = Place(V2, tmp_path / "gone", None)
    monkeypatch.setattr(cgroup, "places", lambda: [place])
    found, why = cgroup.usable_place.__wrapped__()
    assert found is None
    assert str(tmp_path) in why


def test_without_a_place_memory_is_counted_by_hand(monkeypatch, sleeper):
    monkeypatch.setattr(cgroup, "usable_place", lambda: (None, "none here"))
    watch = Watch(sleeper.pid, Limits())
    assert watch.mechanism.startswith("by hand")
    watch.check_memory()
    assert 0 < watch.peak_mb < 20
    watch.close()


@real
def test_a_group_that_goes_away_is_replaced_by_counting(sleeper):
    watch = Watch(sleeper.pid, Limits())
    assert "whole sandbox" in watch.mechanism
    watch.group.close()
    watch.check_memory()
    assert watch.mechanism.startswith("by hand")
    watch.close()


HOARD = f"""
import os
input()
hoard = os.memfd_create("hoard")
os.write(hoard, bytes({200 << 20}))
"""


@real
def test_where_the_machine_has_no_memory_left_the_student_is_not_blamed():
    """A group above the run's own is full: nobody's fault in the run."""
    above = Group(Limits(memory_mb=80), PLACE)
    hand_on(above.folder)
    place = replace(PLACE, memory=above.folder, processes=None)
    watch = None
    with subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", HOARD], stdin=subprocess.PIPE
    ) as hoarder:
        try:
            watch = Watch(hoarder.pid, Limits(memory_mb=1000), cgroups=False)
            watch.group = Group(Limits(memory_mb=1000), place)
            watch.counted_by_kernel = True
            watch.group.put(hoarder.pid)
            hoarder.communicate(b"\n", timeout=20)
            with pytest.raises(Stopped, match="The machine ran out") as stopped:
                watch.check_memory()
        finally:
            watch.close()
            above.close()
    assert stopped.value.status == "sandbox-unavailable"


def hand_on(folder):
    """Let groups below have the memory controller; version 1 always does."""
    control = folder / "cgroup.subtree_control"
    if control.exists():
        control.write_text("+memory")


# What killed graders leave behind.

GRADER = """
import sys
from coursekit.autograde.cgroup import new_group
from coursekit.autograde.limits import Limits
group = new_group(Limits())
group.put(int(sys.argv[1]))
print(group.folder, flush=True)
sys.stdin.read()
"""


@real
def test_the_group_of_a_killed_grader_is_swept_and_a_living_ones_is_not(sleeper):
    command = [sys.executable, "-c", GRADER, str(sleeper.pid)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **pipes) as grader:
        folder = Path(grader.stdout.readline().strip())
        sweep(PLACE)
        assert folder.is_dir()
        assert sleeper.poll() is None
        grader.kill()
    assert folder.is_dir()
    sweep(PLACE)
    assert not folder.exists()
    assert sleeper.wait(5) == -signal.SIGKILL


def test_only_a_grader_of_this_namespace_can_be_known_to_be_gone():
    _, where, _, when, token = own_name().split("-")
    with subprocess.Popen(["true"]) as gone:
        pass
    assert is_left_behind(f"coursekit-{where}-{gone.pid}-{when}-{token}")
    assert is_left_behind(f"coursekit-{where}-{os.getpid()}-{int(when) + 1}-{token}")
    assert not is_left_behind(f"coursekit-{int(where) + 1}-{gone.pid}-{when}-{token}")


# Where groups are made: a tree of files as the kernel shows it.


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """Lay out mounts and groups, and have them read in place of this machine's."""

    def lay_out(mounts, membership, files):
        texts = {"/proc/self/mountinfo": mounts, "/proc/self/cgroup": membership}
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)
        read = cgroup_place.read
        monkeypatch.setattr(
            cgroup_place, "read", lambda path: texts.get(str(path)) or read(path)
        )
        return [
            (place.files.name, relative(place.memory), relative(place.processes))
            for place in places()
        ]

    def relative(path):
        return path and str(path.relative_to(tmp_path))

    return lay_out


def mount(folder, kind, options, root="/"):
    return f"35 31 0:32 {root} {folder} rw,relatime - {kind} {kind} rw,{options}\n"


NONE = "9223372036854771712\n"
V1_FILES = {
    "memory/memory.limit_in_bytes": NONE,
    "memory/cgroup.procs": "",
    "memory/slurm/memory.limit_in_bytes": NONE,
    "memory/slurm/cgroup.procs": "",
    "memory/slurm/job/memory.limit_in_bytes": NONE,
    "memory/slurm/job/cgroup.procs": "",
    "pids/cgroup.procs": "",
}


def test_version_1_is_used_at_the_top_where_nothing_limits_the_grader(tree, tmp_path):
    mounts = mount(tmp_path / "memory", "cgroup", "memory")
    found = tree(mounts, "4:memory:/slurm/job\n", V1_FILES)
    tops = ["memory", "memory/slurm", "memory/slurm/job"]
    assert found == [("cgroup v1", top, None) for top in tops]


def test_a_limit_on_the_grader_holds_for_its_runs(tree, tmp_path):
    files = V1_FILES | {"memory/slurm/memory.limit_in_bytes": "4000000000\n"}
    mounts = mount(tmp_path / "memory", "cgroup", "memory")
    mounts += mount(tmp_path / "pids", "cgroup", "pids")
    found = tree(mounts, "4:memory:/slurm/job\n8:pids:/\n", files)
    below = ["memory/slurm", "memory/slurm/job"]
    assert found == [("cgroup v1", folder, "pids") for folder in below]


V2_FILES = {
    "v2/cgroup.controllers": "cpu memory pids\n",
    "v2/cgroup.procs": "",
    "v2/cgroup.subtree_control": "memory pids\n",
    "v2/user/cgroup.controllers": "memory pids\n",
    "v2/user/cgroup.procs": "",
    "v2/user/cgroup.subtree_control": "memory\n",
    "v2/user/job/cgroup.controllers": "memory\n",
    "v2/user/job/cgroup.procs": "1\n",
    "v2/user/job/cgroup.subtree_control": "",
}


def test_version_2_is_used_where_the_controller_is_handed_on(tree, tmp_path):
    found = tree(mount(tmp_path / "v2", "cgroup2", ""), "0::/user/job\n", V2_FILES)
    assert found[:2] == [("cgroup v2", "v2/user", None), ("cgroup v2", "v2", "v2")]


def test_a_container_sees_its_own_part_of_the_tree(tmp_path):
    (tmp_path / "job").mkdir()
    below = cgroup_place.below
    assert below(tmp_path, "/docker/7", "/docker/7/job") == tmp_path / "job"
    assert below(tmp_path, "/docker/7", "/elsewhere") == tmp_path
    assert below(tmp_path, "/", "/../../other") == tmp_path
    assert chain(tmp_path, tmp_path / "job") == [tmp_path / "job", tmp_path]


def test_where_nothing_is_mounted_there_is_no_place(tree):
    assert tree("1 2 0:3 / /proc rw - proc proc rw\n", "0::/\n", {}) == []


def test_swap_is_counted_with_memory_in_version_1_and_apart_in_version_2():
    assert V1.swap_limit(7) == 7
    assert V2.swap_limit(7) == 0
