"""What `coursekit doctor` looks at: one finding a line, with the command that mends it.

Each check tries the thing itself, as grading would use it, and returns data; how it
is shown is the command's.
"""

import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from importlib import metadata

import psutil

from coursekit.autograde.cgroup import usable_place
from coursekit.autograde.config import find_alembic
from coursekit.autograde.limits import Limits
from coursekit.content import PACKAGE, content_root

OK, WARNING, FAILING = "ok", "warning", "failing"
MARKS_DEPEND_ON = (
    *("numpy", "pandas", "scipy", "scikit-learn", "torch", "fairlearn", "shap"),
    *("nbgrader", "nbclient", "ipykernel"),
)
FORMGRADER = "nbgrader.server_extensions.formgrader"
GIB = 1 << 30


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Examples
    --------
    >>> Finding("alembic", FAILING, "It is not found.", "pip install alembic").state
    'failing'
    """

    what: str
    state: str  # OK, WARNING or FAILING
    meaning: str
    remedy: str = ""  # a command, or what to do; empty where all is well


def examine(course=None, n_jobs=None):
    """Look at this machine and, if one is named, at a course.

    Parameters
    ----------
    course : path, optional
    n_jobs : int, optional
        Submissions side by side; by default as many as processors.

    Yields
    ------
    Finding
    """
    from coursekit.autograde.doctor_course import course_findings, limits_of
    from coursekit.autograde.doctor_sandbox import kernels, sandbox

    yield sandbox()
    yield kernels()
    yield memory_limit()
    yield from packages()
    yield versions_for_marks()
    yield alembic()
    yield formgrader()
    n_jobs = n_jobs or os.cpu_count()
    limits = limits_of(course) if course else Limits()
    yield room_in_memory(limits, n_jobs, psutil.virtual_memory().available)
    there = course and os.path.isdir(course)
    yield room_on_disk(course if there else tempfile.gettempdir())
    if course:
        yield from course_findings(course)


def memory_limit():
    """Return how the memory of runs is limited here."""
    place, why = usable_place()
    if place:
        what = "memory and processes" if place.processes else "memory"
        return Finding(
            "memory", OK, f"{place.files.name} limits {what} of each whole sandbox."
        )
    return Finding("memory", WARNING, by_hand(why), way_to_a_group())


def by_hand(why):
    """Say what counting by hand means."""
    return (
        f"{why} Memory is limited for each process, and counted by hand for a whole "
        "sandbox, 5 times a second: a submission that means to can take more."
    )


def way_to_a_group():
    """Return how to get a control group on this machine."""
    if sys.platform != "linux":
        return "Grade on Linux, or in a Linux virtual machine."
    if os.path.isdir("/run/systemd/system"):
        return "systemd-run --user --scope -p Delegate=yes coursekit autograde NAME"
    return "Run as root; in Docker with --privileged --cgroupns=private."


def packages():
    """Yield the packages that coursekit needs and that are missing or unfit."""
    from packaging.requirements import Requirement

    wanted = [Requirement(line) for line in metadata.requires("coursekit") or []]
    wanted = [each for each in wanted if not each.marker or each.marker.evaluate()]
    unfit = [each for each in wanted if not fits(each)]
    for each in unfit:
        found = installed(each.name)
        meaning = f"{found} is installed" if found else "It is not installed"
        needed = f"{each.name}{each.specifier}"
        yield Finding(
            each.name,
            FAILING,
            f"{meaning}, and coursekit needs {needed}.",
            f"pip install '{needed}'",
        )
    if not unfit:
        count = f"All {len(wanted)} packages that coursekit needs are there."
        yield Finding("packages", OK, count)


def fits(requirement):
    """Return True if what is installed meets a requirement."""
    found = installed(requirement.name)
    return bool(found) and requirement.specifier.contains(found, prereleases=True)


def installed(name):
    """Return the installed version of a package, or None.

    Examples
    --------
    >>> installed("no-such-package") is None
    True
    """
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def versions_for_marks(tested=None):
    """Return whether what marks depend on is of the versions that were tested.

    Parameters
    ----------
    tested : dict of str to str, optional
        Name -> version; by default what ``constraints.txt`` of a checkout says.
    """
    tested = tested_versions() if tested is None else tested
    found = {name: installed(name) for name in MARKS_DEPEND_ON}
    other = {
        name: version
        for name, version in found.items()
        if version and name in tested and version.split("+")[0] != tested[name]
    }
    listed = ", ".join(f"{name} {version}" for name, version in found.items())
    if not other:
        return Finding("versions", OK, f"Marks depend on {listed}.")
    told = ", ".join(
        f"{name} {version} (tested with {tested[name]})"
        for name, version in other.items()
    )
    return Finding(
        "versions",
        WARNING,
        f"{told}: marks may differ from those of other machines.",
        "pip install -c constraints.txt coursekit",
    )


def tested_versions():
    """Return the versions of a checkout's ``constraints.txt``: name -> version."""
    path = content_root(PACKAGE) / "constraints.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return dict(line.split("==") for line in lines if "==" in line)


def alembic():
    """Return whether nbgrader will find alembic, which it calls by name."""
    find_alembic()
    where = shutil.which("alembic")
    if where:
        return Finding("alembic", OK, "nbgrader finds it when it makes a gradebook.")
    return Finding(
        *("alembic", FAILING, "Without it nbgrader leaves a half made gradebook."),
        f"{sys.executable} -m pip install --force-reinstall --no-deps alembic",
    )


def formgrader(enabled=None):
    """Return whether Jupyter shows nbgrader's formgrader."""
    enabled = server_extensions() if enabled is None else enabled
    if enabled.get(FORMGRADER):
        return Finding("formgrader", OK, "nbgrader's extension of Jupyter is enabled.")
    return Finding(
        *("formgrader", WARNING, "nbgrader's extension of Jupyter is not enabled."),
        f"jupyter server extension enable --sys-prefix {FORMGRADER}",
    )


def server_extensions():
    """Return Jupyter's server extensions: name -> whether it is enabled."""
    from jupyter_core.paths import jupyter_config_path
    from jupyter_server.extension.config import ExtensionConfigManager

    found = ExtensionConfigManager(read_config_path=jupyter_config_path())
    return found.get_jpserver_extensions()


def room_in_memory(limits, n_jobs, available):
    """Return whether the machine has the memory that so many runs may use.

    Parameters
    ----------
    limits : Limits
    n_jobs : int
    available : int
        Bytes.
    """
    each = limits.memory_mb << 20
    told = (
        f"{available / GIB:.1f} GB are free; with --jobs {n_jobs}, submissions may use "
        f"{n_jobs * each / GIB:.1f} GB"
    )
    if available >= n_jobs * each:
        return Finding("free memory", OK, f"{told}.")
    fit = available // each
    remedy = f"coursekit autograde NAME --jobs {fit}" if fit else "End other programs."
    return Finding(
        "free memory", WARNING, f"{told}: runs that find none are not counted.", remedy
    )


def room_on_disk(folder, least=2 * GIB):
    """Return whether there is room for runs and feedback where a course lies."""
    free = shutil.disk_usage(folder).free
    told = f"{free / GIB:.1f} GB are free in {os.path.abspath(folder)}."
    if free >= least:
        return Finding("free disk", OK, told)
    return Finding(
        "free disk", WARNING, f"{told} A class may need more.", f"df -h {folder}"
    )
