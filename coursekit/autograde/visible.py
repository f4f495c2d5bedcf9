"""What of this machine a submission may read: the system, Python, coursekit's code."""

import sys
from pathlib import Path

import coursekit
from coursekit.errors import SandboxUnavailable

SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
SETTINGS = (
    *("alternatives", "fonts", "ld.so.cache", "ld.so.conf", "ld.so.conf.d"),
    *("localtime", "mime.types", "nsswitch.conf", "timezone"),
)
PACKAGE = Path(coursekit.__file__).resolve().parent


def system_paths():
    """Return the system's folders and links, and the harmless part of ``/etc``."""
    paths = [Path(path) for path in SYSTEM]
    paths += [Path("/etc") / name for name in SETTINGS]
    return [path for path in paths if path.exists()]


def python_paths():
    """Return the folders that this interpreter and its packages need.

    These are the environment, the installation it was made from, other folders of
    packages on the path, and the package folder of coursekit: of a checkout that one
    alone, not its assignments or tests.
    """
    prefixes = (sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix)
    wanted = {Path(prefix) for prefix in prefixes}
    wanted |= {Path(path) for path in sys.path if path.endswith("-packages")}
    wanted |= {path.resolve() for path in wanted} | {PACKAGE}
    within = [Path("/usr"), *sorted(wanted)]
    return [path for path in sorted(wanted) if not is_below_any(path, within)]


def is_below_any(path, others):
    """Return True where a path lies in one of the others, or is ``/usr`` itself.

    Examples
    --------
    >>> is_below_any(Path("/usr/lib/python3"), [Path("/usr")])
    True
    """
    return path == Path("/usr") or any(other in path.parents for other in others)


def refuse_shown(course):
    """Refuse a course folder that every submission could read.

    Raises
    ------
    SandboxUnavailable
        If the course lies in a folder that is shown, such as an environment made in
        the course folder itself.
    """
    course = Path(course).resolve()
    for path in (*system_paths(), *python_paths()):
        if path.resolve() in (course, *course.parents):
            raise SandboxUnavailable(
                f"The course lies in {path}, which every submission can read. Move the "
                "course or the Python environment elsewhere."
            )


def hidden_paths():
    """Return the folders of the package that stay covered: assignments, solutions."""
    covered = PACKAGE / "_content", PACKAGE / "authoring" / "templates"
    return [path for path in covered if path.is_dir()]
