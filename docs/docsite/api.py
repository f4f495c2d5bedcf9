"""A page for each room of the package, from its docstrings."""

import importlib

ROOMS = {
    "What sets marks, and what draws patients": ("metrics", "datasets"),
    "The course rooms, one a subject": (
        *("records", "supervised", "unsupervised", "imaging", "nlp"),
        *("fairness", "interpret", "audit", "cards"),
    ),
    "Running a course": (
        *("rules", "syllabus", "status", "report", "exports", "authoring"),
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
    rooms = [*MODULES, *(room for listed in ROOMS.values() for room in listed)]
    return {
        "reference/api.md": index(),
        **{f"reference/api/{room}.rst": page(room) for room in rooms},
    }


def index():
    """Return the page that lists the rooms, each with its first line."""
    sections = {"In a notebook": ("coursekit", "quiz"), **ROOMS}
    sections["What grading is made of"] = ("grading", "errors")
    lines = [INDEX]
    for title, rooms in sections.items():
        lines += [f"## {title}\n", "| room | |", "|---|---|"]
        lines += [f"| [{full(r)}](api/{r}.rst) | {first_line(r)} |" for r in rooms]
        lines.append("")
    listed = [f"api/{room}" for rooms in sections.values() for room in rooms]
    return "\n".join([*lines, "```{toctree}", ":hidden:", "", *listed, "```", ""])


def full(room):
    """Return the import name of a room."""
    return room if room == "coursekit" else f"coursekit.{room}"


def first_line(room):
    """Return the first line of a room's docstring."""
    return importlib.import_module(full(room)).__doc__.strip().splitlines()[0]


def page(room):
    """Return the page of a room: its docstring, then each public name."""
    name = full(room)
    title = f"{name}\n{'=' * len(name)}\n"
    if room in MODULES and room not in ("coursekit", "errors", "quiz"):
        head = f".. automodule:: {name}\n   :no-members:\n"
        return "\n".join([title, head, *(section(each) for each in MODULES[room])])
    return f"{title}\n{members(name)}"


def section(module):
    """Return the section of one module of a room."""
    return f"{module}\n{'-' * len(module)}\n\n{members(module)}"


def members(module):
    """Return the directive that shows a module's public names.

    Names from other modules are shown only where ``__all__`` lists them.
    """
    listed = hasattr(importlib.import_module(module), "__all__")
    names = "   :members:\n" + "   :imported-members:\n" * listed
    return f".. automodule:: {module}\n{names}"
