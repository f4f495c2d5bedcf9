"""The hostile class and a quiet one, graded by coursekit as an instructor does."""

import hashlib
import json
import os
import secrets
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

from attacks import BYSTANDERS, TWINS, Place
from coursekit.datasets.holdout import read_holdout_truth
from small_course import RUBRIC, SmallCourse, lay_out

LIMITS = {
    "seconds": 40,
    "seconds_per_cell": 20,
    "seconds_per_batch": 15,
    "memory_mb": 1024,
    "processes": 200,
    "disk_mb": 64,
}
COMPARED = ("status", "kinds", "criteria", "codes", "usefulness")
PEERS = ("submitted/ann", "submitted/zoe")
KEPT = ("source", "release", "holdout", *PEERS, "*.py", "*.toml")
FORMULA = '=HYPERLINK("//x"),\n"'


def hidden_labels(course):
    """Return the true outcomes of a course's hidden patients, in order."""
    truth = read_holdout_truth(course / "holdout/tiny/hidden").truth
    return tuple(int(outcome) for outcome in truth.outcome)


class Listener:
    """Somebody on the loopback who writes down that he was called."""

    def __init__(self):
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.heard = []
        self.thread = threading.Thread(target=self.listen)
        self.thread.start()

    def listen(self):
        while True:
            try:
                line, _ = self.server.accept()
            except OSError:
                return
            with line:
                self.heard.append(line.recv(100))

    def close(self):
        self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()
        self.thread.join()


class HostileClass:
    """The hostile class and the quiet one, once both are graded."""

    formula = FORMULA

    def __init__(self, folder):
        template = lay_out(folder / "template", RUBRIC | {"limits": LIMITS})
        self.hostile, self.quiet = (
            SmallCourse(shutil.copytree(template, folder / name))
            for name in ("hostile", "quiet")
        )
        self.mark = f"coursekit-redteam-{secrets.token_hex(8)}"
        self.heard, self.changed, self.printed = [], [], ""

    def hand_in(self, attacks, port):
        """Hand everything in: attackers in one class, honest students in both."""
        labels = hidden_labels(self.hostile)
        place = Place(self.hostile.folder, port, labels, mark=self.mark)
        for attack in attacks:
            attack.hand_in(self.hostile, self.hostile.solved(), place)
        for course, students in (
            (self.hostile, BYSTANDERS),
            (self.quiet, BYSTANDERS | TWINS),
        ):
            for student, cells in students.items():
                course.hand_in(student, course.solved(**cells))

    def grade_both(self):
        """Grade both classes; then pass on feedback and export of the hostile one."""
        self.grade(self.quiet, code=0)
        before = self.digests()
        self.printed = self.grade(self.hostile, code=None)
        after = self.digests()
        self.changed = [path for path in before if before[path] != after.get(path)]
        self.sql("update student set last_name = ? where id = 'ann'", (FORMULA,))
        self.hostile.nbgrader("generate_feedback", "tiny")
        self.hostile.nbgrader("export")

    def grade(self, course, *words, code=1):
        """Grade as an instructor does, from an environment that is not activated.

        Where no exit code is expected, it has to tell whether a status needs a person.
        """
        command = [Path(sys.executable).with_name("coursekit"), "autograde", "tiny"]
        done = subprocess.run(
            [*command, "--sandbox", "bubblewrap", "--jobs", "2", *words],
            cwd=course.folder,
            capture_output=True,
            text=True,
            env=os.environ | {"PATH": "/usr/bin:/bin"},
        )
        if code is None:
            paths = (course / "scores/tiny").glob("*.json")
            statuses = {json.loads(path.read_text())["status"] for path in paths}
            code = int(statuses != {"scored"})
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def digests(self):
        """Return the digest of every file that no submission may change."""
        folder = self.hostile.folder
        paths = [path for pattern in KEPT for path in folder.glob(pattern)]
        files = [p for path in paths for p in (path, *path.rglob("*")) if p.is_file()]
        return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    def outcome(self, attack):
        """Return what an attacker's score record says."""
        record = self.hostile.scores(attack.student)
        keys = COMPARED if attack.like else ("status", "kinds", "reason")
        seen = {key: record.get(key) for key in keys}
        if attack.code:
            named = {each["code"] for each in record["codes"]}
            seen["code"] = not named.isdisjoint(attack.code.split(" or "))
        return seen

    def expected(self, attack):
        """Return what the honest twin got; else no points, or none by name."""
        if attack.like:
            record = self.quiet.scores(attack.like)
            return {key: record[key] for key in COMPARED}
        seen = self.outcome(attack)
        points = 0.0 if attack.code else None
        span = None if points is None else [points, points]
        total = {"points": points, "points_range": span}
        kinds = {k: {**total, "max_points": m} for k, m in RUBRIC["kinds"].items()}
        allowed = (
            attack.status if isinstance(attack.status, tuple) else (attack.status,)
        )
        status = seen["status"] if seen["status"] in allowed else allowed
        wanted = {"status": status, "kinds": kinds, "reason": seen["reason"]}
        return wanted | ({"code": True} if attack.code else {})

    def cells(self, attack):
        """Return the cells of an attacker's graded notebook: id -> cell."""
        path = self.hostile / f"autograded/{attack.student}/tiny/tiny.ipynb"
        return {cell["id"]: cell for cell in json.loads(path.read_text())["cells"]}

    def files_named(self, name):
        """Return what has this name in what is passed on to students and graders."""
        steps = (self.hostile / step for step in ("autograded", "feedback"))
        return [path for step in steps for path in step.rglob(name)]

    def sql(self, *statement):
        """Ask the hostile class's gradebook."""
        with sqlite3.connect(self.hostile / "gradebook.db") as gradebook:
            rows = gradebook.execute(*statement).fetchall()
        gradebook.close()
        return rows
