"""How submissions reach a course: through nbgrader's exchange, or in a download."""

import json
import os
import pwd
import sqlite3
import zipfile
from datetime import UTC, datetime, timedelta


class Exchange:
    """An exchange with a course, and students who hand in through it."""

    def __init__(self, course, root, check_owner=False):
        self.course, self.root = course, root
        (root / "exchange").mkdir()
        (root / "exchange").chmod(0o777)
        self.configure(course, f"c.ExchangeCollect.check_owner = {check_owner}\n")
        course.nbgrader("release_assignment", "tiny")

    @property
    def inbound(self):
        return self.root / "exchange/ml4h/inbound"

    def configure(self, course, more=""):
        with open(course / "nbgrader_config.py", "a") as config:
            config.write(f'c.Exchange.root = "{self.root}/exchange"\n')
            config.write('c.CourseDirectory.course_id = "ml4h"\n')
            config.write(f'c.Exchange.cache = "{self.root}/cache"\n{more}')

    def student(self, name):
        """Fetch as a student does, and return the student's own folder."""
        student = type(self.course)(self.root / f"home-{name}")
        student.folder.mkdir()
        (student / "nbgrader_config.py").write_text("c = get_config()\n")
        self.configure(student)
        student.nbgrader("fetch_assignment", "tiny")
        return student

    def submit(self, name, notebook):
        student = self.student(name)
        (student / "tiny/tiny.ipynb").chmod(0o644)
        (student / "tiny/tiny.ipynb").write_text(json.dumps(notebook))
        student.nbgrader("submit", "tiny", "--student", name)

    def folder(self, student, stamp="2020-01-01 00:00:00 UTC", rand="x"):
        """Make a folder in the exchange by hand, with an honest notebook in it."""
        folder = self.inbound / f"{student}+tiny+{stamp}+{rand}"
        folder.mkdir()
        (folder / "timestamp.txt").write_text(stamp)
        text = json.dumps(self.course.solved())
        (folder / "tiny.ipynb").write_text(text)
        return folder

    def collect(self, *words):
        return self.course.nbgrader("collect", "tiny", *words)

    def collected(self):
        found = (self.course / "submitted").glob("*/tiny/tiny.ipynb")
        return sorted(path.parts[-3] for path in found if path.stat().st_size)

    def receipt(self, student):
        path = self.course / f"quarantine/{student}/tiny.received.json"
        return json.loads(path.read_text())

    def stamp(self, student):
        text = (self.course / f"submitted/{student}/tiny/timestamp.txt").read_text()
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S.%f UTC")


def sparse(path):
    """Write a file of 200 MB that takes no room."""
    with open(path, "wb") as file:
        file.truncate(200_000_000)


def is_new(moment):
    """Return True for a moment of the last five minutes."""
    return abs(datetime.now(UTC).replace(tzinfo=None) - moment) < timedelta(minutes=5)


def change_due_date(course, due):
    """Set when all assignments are due."""
    with sqlite3.connect(course / "gradebook.db") as gradebook:
        gradebook.execute("update assignment set duedate = ?", (str(due),))
    gradebook.close()


def give_to(folder, name):
    """Make a folder that of another user of this system; only root can."""
    uid = pwd.getpwnam(name).pw_uid
    for path in (folder, *folder.rglob("*")):
        os.chown(path, uid, uid, follow_symlinks=False)


def write_download(path, members, year=2026):
    """Write a zip as Canvas and Moodle give it: name -> notebook, text or bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, (year, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            is_notebook = not isinstance(content, str | bytes)
            zipped.writestr(info, json.dumps(content) if is_notebook else content)
    return path
