"""A page for each room of the package, from its docstrings."""

import importlib
from pathlib import Path

import coursekit

PACKAGE = Path(coursekit.__file__).parent
ROOMS = {
    "What sets marks, and what draws patients": ("metrics", "datasets"),
    "The course rooms, one a subject": (
        *("records", "supervised", "unsupervised", "imaging", "nlp"),
        *("fairness", "interpret", "audit", "cards"),
    ),
}
MODULES = {  # rooms whose modules are imported one by one
    "coursekit": ("coursekit",),
    "grading": (
        *("coursekit.grading.handin", "coursekit.grading.rubric"),
        *("coursekit.grading.limits", "coursekit.grading.lock"),
        *("coursekit.grading.score", "coursekit.grading.certificate"),
    ),
    "errors": ("coursekit.errors",),
    "quiz": ("coursekit.quiz",),
}
INDEX = """# The Python library

Every public name, with shapes, units, ranges, what is NaN and why, and an example. The
examples are run by the tests.

A notebook of an assignment calls three names of [coursekit](api/coursekit.rst) itself.
"""


def pages():
    """Return the pages: path -> text."""
    listed = [room for rooms in sections().values() for room in rooms]
    return {
        "reference/api.md": index(),
        **{f"reference/api/{room}.rst": page(room) for room in listed},
    }


def sections():
    """Return the rooms by what they are for; whoever is new runs a course."""
    named = {*MODULES, *(room for rooms in ROOMS.values() for room in rooms)}
    packages = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))
    others = [
        room
        for room in packages
        if room not in named and getattr(module(room), "__all__", [])
    ]
    return {
        "In a notebook": ("coursekit", "quiz"),
        **ROOMS,
        "Running a course": others,
        "What grading is made of": ("grading", "errors"),
    }


def module(room):
    """Import a room."""
    return importlib.import_module(full(room))


def index():
    """Return the page that lists the rooms, each with its first line."""
    lines = [INDEX]
    for title, rooms in sections().items():
        lines += [f"## {title}\n", "| room | what it is for |", "|---|---|"]
        lines += [f"| [{full(r)}](api/{r}.rst) | {first_line(r)} |" for r in rooms]
        lines.append("")
    listed = [f"api/{room}" for rooms in sections().values() for room in rooms]
    return "\n".join([*lines, "```{toctree}", ":hidden:", "", *listed, "```", ""])


def full(room):
    """Return the import name of a room."""
    return room if room == "coursekit" else f"coursekit.{room}"


def first_line(room):
    """Return the first line of a room's docstring."""
    return module(room).__doc__.strip().splitlines()[0]


def page(room):
    """Return the page of a room: its docstring, then each public name."""
    name = full(room)
    title = f"{name}\n{'=' * len(name)}\n"
    if room in MODULES and room not in ("coursekit", "errors", "quiz"):
        head = f".. automodule:: {name}\n   :no-members:\n"
        return "\n".join([title, head, *(section(each) for each in MODULES[room])])
    return f"{title}\n{members(name)}"


def section(name):
    """Return the section of one module of a room."""
    return f"{name}\n{'-' * len(name)}\n\n{members(name)}"


def members(name):
    """Return the directive that shows a module's public names.

    Names from other modules are shown only where ``__all__`` lists them.
    """
    listed = hasattr(importlib.import_module(name), "__all__")
    shown = "   :members:\n" + "   :imported-members:\n" * listed
    return f".. automodule:: {name}\n{shown}"
