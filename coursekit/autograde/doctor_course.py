"""Whether a course folder is in a state in which it can be graded."""

from pathlib import Path

from coursekit.autograde.course import PRIVATE, nbgrader_app, open_course
from coursekit.autograde.doctor import FAILING, OK, WARNING, Finding
from coursekit.autograde.limits import Limits, from_mapping
from coursekit.autograde.visible import refuse_shown
from coursekit.errors import CoursekitError

EXPORTER = "coursekit.autograde.exporter.IntakeExporter"
CONFIGURE = (
    "Add to nbgrader_config.py: from coursekit.autograde.config import configure; "
    "configure(c)"
)


def limits_of(folder):
    """Return the limits of the assignment that needs most memory, else the default."""
    try:
        course = open_course(folder)
        found = [from_mapping(course.lock(n).limits) for n in course.assignments()]
    except Exception:  # what is wrong with the course is told by its own findings
        return Limits()
    return max(found, key=lambda limits: limits.memory_mb, default=Limits())


def course_findings(folder):
    """Yield what is found in a course folder; the first thing alone if it is none."""
    try:
        course = open_course(folder)
    except CoursekitError as error:
        yield Finding("course", FAILING, str(error))
        return
    except Exception as error:  # nbgrader_config.py is a program
        meaning = f"nbgrader_config.py fails with {type(error).__name__}: {error}"
        yield Finding(
            "course", FAILING, meaning, f"$EDITOR {folder}/nbgrader_config.py"
        )
        return
    yield place(course)
    for kind in PRIVATE:
        yield private(course, kind)
    yield configured(course)
    yield waiting(course.db_url)
    yield gradebook(course.db_url)


def place(course):
    """Return whether a course lies where no submission can read it."""
    try:
        refuse_shown(course.folder)
    except CoursekitError as error:
        return Finding("course", FAILING, str(error))
    return Finding("course", OK, f"{course.folder} is read by no submission.")


def private(course, kind):
    """Return whether a folder of the course is its owner's alone."""
    if not (course.folder / kind).exists():
        return Finding(kind, OK, "It is not there yet, and made when it is needed.")
    try:
        folder = course.private(kind)
    except CoursekitError as error:
        meaning, _, remedy = str(error).partition(": ")
        return Finding(kind, FAILING, f"{meaning}.", remedy)
    return Finding(kind, OK, f"{folder} is closed to others.")


def configured(course):
    """Return whether nbgrader grades by the rubrics of the course."""
    config = nbgrader_app(course.folder).config
    if config.Autograde.get("exporter_class") == EXPORTER:
        return Finding("nbgrader_config.py", OK, "nbgrader grades by the rubrics.")
    meaning = "configure(c) is not called, so nbgrader would pay marks by itself."
    return Finding("nbgrader_config.py", FAILING, meaning, CONFIGURE)


def waiting(db_url):
    """Return whether a writer waits for a gradebook that another is writing."""
    if not db_url.startswith("sqlite") or "timeout=" in db_url:
        return Finding("db_url", OK, "A second writer waits for the first.")
    return Finding(
        *("db_url", WARNING, "A second writer gives up after 5 s, and its run ends."),
        f'c.CourseDirectory.db_url = "{db_url}?timeout=60"',
    )


def gradebook(db_url):
    """Return whether the gradebook opens; one that is not there is not made."""
    from nbgrader.api import Gradebook

    path = sqlite_path(db_url)
    if path and not path.exists():
        return Finding("gradebook", OK, "It is not there yet; grading makes it.")
    try:
        with Gradebook(db_url) as opened:
            n_students = len(opened.students)
    except Exception as error:  # of whatever database and driver
        what = str(error).splitlines()[0]
        meaning = f"It does not open: {type(error).__name__}: {what}"
        return Finding("gradebook", FAILING, meaning, remedy_for(path))
    return Finding("gradebook", OK, f"It opens, with {n_students} students.")


def sqlite_path(db_url):
    """Return the file of an SQLite database, or None for another database.

    Examples
    --------
    >>> str(sqlite_path("sqlite:////courses/ml4h/gradebook.db?timeout=60"))
    '/courses/ml4h/gradebook.db'
    """
    if not db_url.startswith("sqlite:///"):
        return None
    return Path(db_url.removeprefix("sqlite:///").partition("?")[0])


def remedy_for(path):
    """Return what mends a gradebook that does not open."""
    if path is None:
        return "Start the database server; see db_url in nbgrader_config.py."
    return f"nbgrader db upgrade; if that fails, move {path} away, restore a backup"
