"""What every course folder has: configuration, rules, a secret, closed folders."""

import json
import os
from dataclasses import asdict
from pathlib import Path

from coursekit import __version__
from coursekit.errors import BadCourse
from coursekit.rules.reading import FORMAT

CONFIG = '''"""nbgrader's configuration of this course; add your own lines below."""

from coursekit.autograde.config import configure

c = get_config()  # noqa: F821
configure(c)
'''
COURSE = """# The rules of this course; docs/rules.md explains each.
format = {format}
name = {name}
made_by = "coursekit {version}"
syllabus = {syllabus}
timezone = {timezone}  # of the times below that name none; such as "Europe/Berlin"

# Where submissions run when the formgrader or nbgrader itself grades: "auto" is
# bubblewrap or nothing; "none" is not a security boundary.
sandbox = "{sandbox}"

{late}"""
LATE = """# Due dates stand in the gradebook. What counts is when a submission came in.
[late]
grace_minutes = {grace_minutes}  # so long after the due date nothing is late
free_days = {free_days}  # that each student may be late at no cost, in the whole course
percent_a_day = {percent_a_day:g}  # of an assignment's points, for each further day
{last_day}  # what comes in after so many days earns nothing

# Until when a student may hand in, by assignment and student id:
# [extensions.readmission]
# s1234 = 2027-02-03 23:59:00

# Who has more time, as an accommodation: times the limits of the graded run.
# [time]
# s1234 = 1.5
"""


def write_frame(folder, secret, rules):
    """Write what every course has: configuration, rules, the secret.

    Parameters
    ----------
    folder : Path
    secret : str
    rules : Rules
        Extensions and accommodations are left out: they are a term's own.
    """
    folder.mkdir(parents=True)
    for private in ("holdout", "runs", "scores", "quarantine"):
        (folder / private).mkdir(mode=0o700)
    for public in ("source", "release", "submitted"):
        (folder / public).mkdir()
    (folder / "nbgrader_config.py").write_text(CONFIG)
    (folder / "course.toml").write_text(course_text(rules), encoding="utf-8")
    write_private(folder / "holdout" / "secret.txt", secret + "\n")


def course_text(rules):
    """Return ``course.toml`` with these rules."""
    limits = [f"{key} = {json.dumps(value)}" for key, value in rules.limits.items()]
    return COURSE.format(
        format=FORMAT,
        name=quoted(rules.name),
        version=__version__,
        timezone=quoted(rules.timezone),
        syllabus=quoted(rules.syllabus),
        sandbox=rules.sandbox,
        late=late_text(rules.late),
    ) + "\n".join(["\n[limits]", *limits, ""] if limits else [])


def late_text(late):
    """Return the tables of ``course.toml`` on time, with this rule on lateness."""
    last_day = (
        "# last_day = 7" if late.last_day is None else f"last_day = {late.last_day}"
    )
    return LATE.format(**asdict(late) | {"last_day": last_day})


def write_private(path, text):
    """Write a file that only its owner can read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)


def read_secret(course):
    """Return the secret of a course."""
    path = Path(course) / "holdout" / "secret.txt"
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        raise BadCourse(
            f"{path} is missing, so no patients can be drawn. Restore a backup, "
            "or lay out a new course with coursekit init."
        ) from None


def quoted(text):
    r"""Return a text as TOML writes it.

    Examples
    --------
    >>> print(quoted('ML "4" health'))
    "ML \"4\" health"
    """
    return json.dumps(text, ensure_ascii=False)
