"""nbgrader's own release, fetch, submit and collect, with hostile folders between."""

import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from coursekit.autograde.pipeline import grade
from handing_in import Exchange, change_due_date, give_to, is_new, sparse

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

HONEST = ("ann", "bob", "cyd")
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can change owners")


@pytest.fixture
def exchange(course, tmp_path):
    return Exchange(course, tmp_path)


def test_three_honest_students_are_collected_whatever_lies_among_them(
    exchange, runs, recorded
):
    for name in HONEST:
        exchange.submit(name, exchange.course.solved())
    sparse(exchange.folder("big") / "data.bin")
    link = exchange.folder("link") / "tiny.ipynb"
    link.unlink()
    (exchange.course / "holdout/tiny/canary.txt").write_text("canary")
    link.symlink_to(exchange.course / "holdout/tiny/canary.txt")
    (exchange.folder("zero") / "data.bin").symlink_to("/dev/zero")
    os.mkfifo(exchange.folder("pipe") / "data.bin")
    (exchange.inbound / "whole+tiny+x+x").symlink_to(exchange.course / "holdout")
    (exchange.inbound / "..+tiny+x+x").mkdir()
    (exchange.inbound / "~root+tiny+x+x").mkdir()
    (exchange.inbound / "none+tiny+").mkdir()
    (exchange.inbound / "bad\nname+tiny+x+x").mkdir()

    said = exchange.collect()

    assert exchange.collected() == [*HONEST, "pipe", "zero"]
    assert "Not collected: big tiny: It was not collected whole. data.bin has" in said
    assert "Left out when collected: data.bin (a pipe)" in said
    assert "Not collected: whole tiny: What was handed in is a link" in said
    assert said.count("Its name does not begin with the name of a student") == 2
    assert not (exchange.course / "tiny").exists(), "'..' leads to the course folder"
    for path in (exchange.course / "submitted").rglob("*"):
        assert not path.is_symlink()
        assert path.is_dir() or path.read_bytes() != b"canary"

    records = grade(exchange.course.folder, "tiny", jobs=1)
    assert {name: each["status"] for name, each in records.items()} == {
        **dict.fromkeys((*HONEST, "pipe", "zero"), "scored"),
        "big": "too-large",
        "link": "not-a-regular-file",
        "none": "missing-notebook",
        "whole": "not-a-regular-file",
    }
    assert "data.bin has 200 MB; at most 100 MB are taken" in records["big"]["reason"]
    assert "data.bin (a pipe)" in " ".join(records["pipe"]["notes"])
    assert not any("submission_secret" in " ".join(records[n]["notes"]) for n in HONEST)


def test_plain_nbgrader_leaves_a_refused_one_to_a_person(exchange):
    sparse(exchange.folder("big") / "data.bin")
    exchange.collect()
    exchange.course.nbgrader("autograde", "tiny")
    assert exchange.course.rows("big")["big", "accuracy"] == (None, 1)
    text = (exchange.course / "autograded/big/tiny/tiny.ipynb").read_text()
    assert "data.bin has 200 MB" in text


def test_a_forged_time_has_no_effect_and_is_kept_beside(exchange):
    folder = exchange.folder("ann", stamp="1999-01-01 00:00:00 UTC")
    for path in (*folder.iterdir(), folder):
        os.utime(path, (0, 0))
    exchange.folder("bob", stamp="no date").joinpath("timestamp.txt").write_bytes(
        b"\xff"
    )
    exchange.collect()
    assert is_new(exchange.stamp("ann"))
    assert is_new(exchange.stamp("bob"))
    assert exchange.receipt("ann")["claimed"] == ["1999-01-01 00:00:00 UTC"]
    assert exchange.receipt("bob")["claimed"] == ["no date", "�"]


def test_update_takes_a_later_submission_and_keeps_the_earlier(exchange):
    exchange.folder("ann", stamp="2030-01-01 00:00:00 UTC", rand="first")
    exchange.collect()
    first = exchange.stamp("ann")
    assert "No newer submission" in exchange.collect("--update")
    second = exchange.folder("ann", stamp="1999-01-01 00:00:00 UTC", rand="second")
    (second / "own.py").write_text("second = True")
    assert "already exists, use --update" in exchange.collect()
    assert exchange.stamp("ann") == first
    assert "Updated submission" in exchange.collect("--update")
    assert exchange.stamp("ann") > first
    assert (exchange.course / "submitted/ann/tiny/own.py").is_file()
    kept = exchange.course / "quarantine/ann/tiny.replaced"
    assert (kept / "tiny.ipynb").is_file()
    assert not (kept / "own.py").exists()


def test_a_later_submission_that_is_refused_leaves_the_earlier_in_place(
    exchange, runs, recorded
):
    exchange.folder("ann")
    exchange.collect()
    sparse(exchange.folder("ann", rand="later") / "data.bin")
    for _ in range(2):
        assert "Not collected: ann" in exchange.collect("--update")
    record = grade(exchange.course.folder, "tiny", jobs=1)["ann"]
    assert record["status"] == "scored"
    assert "A later submission was refused" in " ".join(record["notes"])


def test_what_was_refused_comes_in_once_the_cap_is_raised(exchange):
    sparse(exchange.folder("big") / "data.bin")
    exchange.collect()
    exchange.collect()
    assert not exchange.collected()
    with open(exchange.course / "nbgrader_config.py", "a") as config:
        config.write("c.CourseDirectory.max_dir_size = 300_000\n")
        config.write("c.CourseDirectory.max_file_size = 300_000\n")
    exchange.collect()
    assert exchange.collected() == ["big"]
    assert exchange.receipt("big")["status"] == "ok"
    assert not list((exchange.course / "quarantine/big").glob("*.replaced*"))


def test_before_the_due_date_goes_by_the_time_of_receipt(exchange):
    exchange.folder("ann", stamp="2030-01-01 00:00:00 UTC", rand="first")
    exchange.collect()
    due = exchange.stamp("ann") + timedelta(seconds=1)
    change_due_date(exchange.course, due)
    while datetime.now(UTC).replace(tzinfo=None) < due:
        pass
    late = exchange.folder("ann", stamp="1999-01-01 00:00:00 UTC", rand="late")
    (late / "late.py").write_text("")
    exchange.collect("--update")
    assert (exchange.course / "submitted/ann/tiny/late.py").is_file()
    exchange.collect("--before-duedate")
    assert not (exchange.course / "submitted/ann/tiny/late.py").exists()
    assert exchange.stamp("ann") < due


@needs_root
def test_who_submits_as_somebody_else_is_refused_and_named(exchange):
    with open(exchange.course / "nbgrader_config.py", "a") as config:
        config.write("c.ExchangeCollect.check_owner = True\n")
    give_to(exchange.folder("bin"), "bin")
    forged = exchange.folder("bin", rand="forged")
    (forged / "forged.py").write_text("")
    give_to(forged, "daemon")
    give_to(exchange.folder("sys"), "daemon")
    said = exchange.collect("--update")
    assert exchange.collected() == ["bin"]
    assert not (exchange.course / "submitted/bin/tiny/forged.py").exists()
    assert not (exchange.course / "submitted/sys").exists()
    assert "It is owned by daemon, not by sys." in said
    assert "It is owned by daemon, not by bin." in said
    assert exchange.receipt("bin")["owner"] == "bin"


def test_a_folder_that_cannot_be_read_stops_nobody(exchange):
    for name in HONEST:
        exchange.folder(name)
    closed = exchange.folder("shut"), exchange.folder("within") / "tiny.ipynb"
    for path in closed:
        path.chmod(0)
        if os.geteuid() == 0:
            os.chown(path if path.is_dir() else path.parent, 12345, 12345)
            os.chown(path, 12345, 12345)
    said = collect_without_the_powers_of_root(exchange.course)
    assert exchange.collected() == [*HONEST]
    assert said.count("cannot be read: Permission denied") == 2
    for name in ("shut", "within"):
        assert exchange.receipt(name)["status"] == "unreadable"


def collect_without_the_powers_of_root(course):
    """Run collect as somebody for whom closed folders are closed."""
    command = [sys.executable, "-m", "nbgrader", "collect", "tiny"]
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("setpriv, which takes root's powers away, is not installed")
        less = "--bounding-set=-dac_override,-dac_read_search"
        command = ["setpriv", less, *command]
    done = subprocess.run(command, cwd=course.folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr
