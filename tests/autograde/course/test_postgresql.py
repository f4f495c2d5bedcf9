"""A gradebook in PostgreSQL, which nbgrader supports: the same rows as in SQLite."""

import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from coursekit.autograde.pipeline import grade

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
USER = "nobody"  # PostgreSQL refuses to run as root


def program(name):
    """Return one of the server's programs, where Debian or the path has it."""
    found = shutil.which(name)
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return found or (str(debian[-1]) if debian else None)


def unprivileged(*command):
    """Run a program of the server, not as root."""
    user = {"user": USER, "group": pwd.getpwnam(USER).pw_gid, "extra_groups": []}
    subprocess.run(
        command,
        check=True,
        stdout=subprocess.DEVNULL,
        cwd="/",
        **user if os.geteuid() == 0 else {},
    )


@contextmanager
def running(folder):
    """Run a server on a socket in a folder."""
    data = folder / "data"
    unprivileged(program("initdb"), "--auth=trust", "--username=nbgrader", "-D", data)
    options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
    control = (program("pg_ctl"), "-D", data, "-w", "-l", folder / "log")
    unprivileged(*control, "-o", options, "start")
    try:
        yield
    finally:
        unprivileged(*control, "-m", "immediate", "stop")


@pytest.fixture(scope="module")
def server():
    """The URL of an empty database on a server of its own."""
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    if not program("initdb") or not program("pg_ctl"):
        pytest.skip("PostgreSQL is not installed (apt install postgresql)")
    with tempfile.TemporaryDirectory(prefix="pg") as short:  # a socket's path is short
        folder = Path(short)
        if os.geteuid() == 0:
            shutil.chown(folder, USER)
        with running(folder):
            yield f"postgresql+psycopg://nbgrader@/postgres?host={folder}"


def configured(course, url):
    """Let a course's configuration name a gradebook, and generate anew.

    Without an id of the course, PostgreSQL refuses what nbgrader writes.
    """
    with open(course / "nbgrader_config.py", "a") as config:
        config.write(f"c.CourseDirectory.db_url = {url!r}\n")
        config.write('c.CourseDirectory.course_id = "ml4h"\n')
    course.nbgrader("generate_assignment", "tiny", "--force")
    return course


def hand_in_class(course):
    course.hand_in("ann", course.solved(), stamp="2026-01-03 10:00:00 UTC")
    course.hand_in("bob", course.solved(model="model = 2"))
    course.hand_in("cy", "this is not a notebook")


def test_a_class_has_the_same_rows_in_postgresql_as_in_sqlite(
    server, copied, tmp_path, runs, gradebook_rows
):
    sqlite, postgresql = copied(tmp_path / "a"), copied(tmp_path / "b")
    url = f"sqlite:///{sqlite / 'gradebook.db'}"
    for course, place in ((sqlite, url), (postgresql, server)):
        configured(course, place)
        hand_in_class(course)
        grade(course.folder, "tiny", jobs=2)
        course.nbgrader("autograde", "tiny", "--force")
        grade(course.folder, "tiny", jobs=2)
    expected = gradebook_rows(url)
    assert len(expected["grades"]) == 12
    assert gradebook_rows(server) == expected
    assert postgresql.rows() == {}, "nothing went to the SQLite file"
