"""B15, B16, D13, D14, D18: attacks at the door, where submissions are taken in.

Whoever attacks hands in through nbgrader's own exchange or in a zip as Canvas gives it;
the instructor collects and grades. Two honest students stand beside, and hand in to a
class without attackers as well.
"""

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from attacks import BYSTANDERS, COIN
from coursekit.autograde.pipeline import grade
from handing_in import (
    Exchange,
    change_due_date,
    give_to,
    is_new,
    sparse,
    write_download,
)
from hostile_class import COMPARED
from small_course import SmallCourse

IS_ROOT = os.geteuid() == 0
needs_root = pytest.mark.skipif(not IS_ROOT, reason="only root can change owners")
HOUR = timedelta(hours=1)
LONG_AGO = "1999-01-01 00:00:00 UTC"
CANARY = b"CANARY-OF-THE-DOOR"
KEPT = ("source", "release", "holdout", "*.py", "*.toml")
STEPS = ("submitted", "quarantine", "autograded", "runs", "scores")

# Who hands in through the exchange is a user of this system, so these are.
USERS = dict(zip(("bin", "games"), BYSTANDERS.values(), strict=True))
BACKDATED, IMPOSTOR, LINKS, LINK, LARGE = "mail", "lp", "sync", "nobody", "daemon"

ROSTER = """\
student_id,ID,Student
ann,34,Ann Doe
zoe,35,Zoe Doe
slip,36,Slip Doe
bomb,37,Bomb Doe
nested,38,Nested Doe
"""
CANVAS = {"ann": "doeann_34_568_tiny.ipynb", "zoe": "doezoe_35_569_tiny.ipynb"}


class Door:
    """A class that is collected and graded."""

    def __init__(self, course):
        self.course = course
        self.canary = course / "holdout/tiny/canary.txt"
        self.canary.write_bytes(CANARY)

    def grade(self, collect):
        """Collect, and grade whoever was let in, each in a sandbox."""
        before = self.digests()
        self.said = " ".join(collect().split())
        self.records = grade(self.course.folder, "tiny", jobs=1, sandbox="bubblewrap")
        after = self.digests()
        self.changed = {p for p in before | after if before.get(p) != after.get(p)}

    def digests(self):
        """Return the digest of every file that nobody who hands in may change."""
        roots = [root for name in KEPT for root in self.course.folder.glob(name)]
        paths = [path for root in roots for path in (root, *root.rglob("*"))]
        files = [path for path in paths if path.is_file()]
        return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    def brought_in(self):
        """Return all that came from what was handed in."""
        return [p for step in STEPS for p in (self.course / step).rglob("*")]

    def worth(self, student):
        """Return what an honest twin has in common with a student."""
        return {key: self.records[student][key] for key in COMPARED}

    def failed(self, student):
        """Return the status, and whether anything has points."""
        record = self.course.scores(student)
        points = {each["points"] for each in record["kinds"].values()}
        return record["status"], points != {None}

    def seconds_late(self, student):
        """Return how late a student is by nbgrader's gradebook."""
        with Gradebook(f"sqlite:///{self.course.folder}/gradebook.db") as gradebook:
            return gradebook.find_submission("tiny", student).total_seconds_late


@pytest.fixture(scope="module")
def classes(template, tmp_path_factory):
    """A function that makes a hostile class and a quiet one."""

    def make(name):
        folder = tmp_path_factory.mktemp(name)
        for each in ("hostile", "quiet"):
            (folder / each).mkdir()
            shutil.copytree(template, folder / each / "course")
        return [Door(SmallCourse(folder / n / "course")) for n in ("hostile", "quiet")]

    return make


@pytest.fixture(scope="module")
def by_exchange(classes):
    """The hostile class and the quiet one, by nbgrader's exchange."""
    hostile, quiet = both = classes("exchange")
    for door in both:
        due = datetime.now(UTC).replace(tzinfo=None) - HOUR
        change_due_date(door.course, due)
        exchange = Exchange(door.course, door.course.folder.parent, IS_ROOT)
        for student, cells in USERS.items():
            exchange.submit(student, door.course.solved(**cells))
            [folder] = exchange.inbound.glob(f"{student}+*")
            belongs_to(student, folder)
        if door is hostile:
            attack_the_exchange(exchange, door)
        door.grade(exchange.collect)
        door.exchange = exchange
    return hostile, quiet


def belongs_to(owner, folder):
    """Make a folder its owner's, as the system does where students are its users."""
    if IS_ROOT:
        give_to(folder, owner)


def attack_the_exchange(exchange, door):
    """Hand in as each attacker does."""
    folder = {name: exchange.folder(name) for name in (BACKDATED, LINKS, LINK, LARGE)}
    (folder[BACKDATED] / "timestamp.txt").write_text(LONG_AGO)
    for path in (*folder[BACKDATED].iterdir(), folder[BACKDATED]):
        os.utime(path, (0, 0))
    (folder[LINKS] / "notes.txt").symlink_to(door.canary)
    (folder[LINKS] / "holdout").symlink_to(door.canary.parent)
    (folder[LINKS] / "zero.csv").symlink_to("/dev/zero")
    (folder[LINK] / "tiny.ipynb").unlink()
    (folder[LINK] / "tiny.ipynb").symlink_to(door.canary)
    sparse(folder[LARGE] / "data.bin")
    for name, each in folder.items():
        belongs_to(name, each)
    if IS_ROOT:
        for victim in ("bin", "absent"):
            forged = exchange.folder(victim, rand="forged")
            (forged / "tiny.ipynb").write_text(json.dumps(door.course.solved(COIN)))
            belongs_to(IMPOSTOR, forged)


@pytest.fixture(scope="module")
def by_download(classes):
    """The hostile class and the quiet one, by a zip as Canvas gives it."""
    hostile, quiet = both = classes("download")
    for door in both:
        members = {
            CANVAS[name]: door.course.solved(**cells)
            for name, cells in BYSTANDERS.items()
        }
        if door is hostile:
            members = attack_the_download(door) | members
        source = write_download(door.course.folder.with_name("all.zip"), members)
        code = 1 if door is hostile else 0
        door.grade(partial(collect_download, door.course.folder, source, code))
    return hostile, quiet


def attack_the_download(door):
    """Return members of a zip that lead out of it, or that grow."""
    inner = io.BytesIO()
    write_download(inner, {str(n): bytes(40 * 10**6) for n in range(4)})
    return {
        "../../doeslip_36_573_tiny.ipynb": door.course.solved(),
        "../nbgrader_config.py": "LOOT = 1",
        "doebomb_37_574_tiny.ipynb": bytes(40 * 10**6),
        "doenested_38_575_tiny.zip": inner.getvalue(),
    }


def collect_download(course, source, code):
    """Collect as an instructor does; return all that was printed."""
    roster = source.with_name("roster.csv")
    roster.write_text(ROSTER)
    words = ("--assignment", "tiny", "--course", course, "--roster", roster)
    command = Path(sys.executable).with_name("coursekit")
    done = subprocess.run(
        [command, "collect", source, *words],
        capture_output=True,
        text=True,
        env=os.environ | {"COLUMNS": "300"},
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def is_untouched(classes, student):
    """Return True if a student's record and rows are those of the quiet class."""
    hostile, quiet = (each.course for each in classes)
    path = f"scores/tiny/{student}.json"
    same_record = (hostile / path).read_bytes() == (quiet / path).read_bytes()
    return same_record and hostile.rows(student) == quiet.rows(student) != {}


@pytest.mark.parametrize("student", USERS)
def test_a_bystander_of_the_exchange_gets_the_same_byte_for_byte(by_exchange, student):
    assert is_untouched(by_exchange, student)
    assert by_exchange[0].course.scores(student)["status"] == "scored"


@pytest.mark.parametrize("student", BYSTANDERS)
def test_a_bystander_of_the_download_gets_the_same_byte_for_byte(by_download, student):
    assert is_untouched(by_download, student)
    assert by_download[0].course.scores(student)["status"] == "scored"


def test_nothing_of_the_instructors_was_changed_and_no_link_came_in(
    by_exchange, by_download
):
    for door in (by_exchange[0], by_download[0]):
        assert door.changed == set()
        assert [path for path in door.brought_in() if path.is_symlink()] == []


def test_b15_a_forged_time_is_late_and_worth_what_the_model_is(by_exchange):
    hostile, quiet = by_exchange
    assert hostile.worth(BACKDATED) == quiet.worth("bin")
    assert is_new(hostile.exchange.stamp(BACKDATED))
    assert 3600 <= hostile.seconds_late(BACKDATED) < 3600 + 900
    assert LONG_AGO in hostile.exchange.receipt(BACKDATED)["claimed"]


@needs_root
def test_b16_who_hands_in_as_somebody_else_is_refused_and_named(by_exchange):
    hostile, _ = by_exchange
    for victim in ("bin", "absent"):
        assert f"It is owned by {IMPOSTOR}, not by {victim}." in hostile.said
    assert not {"absent", IMPOSTOR} & set(hostile.records)
    assert hostile.exchange.receipt("bin")["owner"] == "bin"


def test_d13_links_beside_the_notebook_are_left_out_and_cost_nothing(by_exchange):
    hostile, quiet = by_exchange
    assert hostile.worth(LINKS) == quiet.worth("bin")
    notes = " ".join(hostile.records[LINKS]["notes"])
    for name in ("notes.txt", "holdout", "zero.csv"):
        assert f"{name} (a link)" in notes
    files = [path for path in hostile.brought_in() if path.is_file()]
    assert [path for path in files if CANARY in path.read_bytes()] == []


def test_d13_a_link_in_the_place_of_the_notebook_is_for_a_person(by_exchange):
    hostile, _ = by_exchange
    assert hostile.failed(LINK) == ("not-a-regular-file", False)
    assert "tiny.ipynb is a link, not a regular" in hostile.records[LINK]["reason"]


def test_d18_a_folder_that_is_too_large_stops_nobody(by_exchange):
    hostile, _ = by_exchange
    assert hostile.failed(LARGE) == ("too-large", False)
    assert "data.bin has 200 MB" in hostile.records[LARGE]["reason"]
    there = {*USERS, BACKDATED, LINKS, LINK, LARGE}
    assert set(hostile.records) == there


def test_d14_a_name_that_leads_out_of_the_zip_leads_nowhere(by_download):
    hostile, _ = by_download
    assert hostile.failed("slip") == ("unreadable", False)
    assert "leads out of it" in hostile.records["slip"]["reason"]
    around = hostile.course.folder.parent.parent
    named = [p for p in around.rglob("*") if p.name.startswith("doeslip_36")]
    assert named == []


def test_d14_a_zip_bomb_is_refused_and_fills_nothing(by_download):
    hostile, _ = by_download
    assert hostile.failed("bomb") == ("too-large", False)
    assert "grows more than 200-fold" in hostile.records["bomb"]["reason"]
    assert hostile.failed("nested") == ("missing-notebook", False)
    assert "tiny.zip (not opened)" in hostile.records["nested"]["reason"]
    sizes = [path.stat().st_size for path in hostile.brought_in() if path.is_file()]
    assert sum(sizes) < 10 * 10**6
