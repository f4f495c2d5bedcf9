"""From one percent source with solutions to lab, exercise and assignment.

A lesson is a ``.py`` file that runs from top to bottom with its solutions in place
(`coursekit.authoring.cells` shows the labels). Notebooks are built from it and never
edited (`coursekit.authoring.build` has the table)::

    python -m coursekit.authoring            build all
    python -m coursekit.authoring --check    tell what is out of date, exit code 1
"""

from coursekit.authoring.build import build_all, build_lesson, report
from coursekit.authoring.cells import Cell, read_cells
from coursekit.authoring.notebook import notebook_text
from coursekit.authoring.scaffold import new_assignment, new_lab

__all__ = [
    "Cell",
    "build_all",
    "build_lesson",
    "new_assignment",
    "new_lab",
    "notebook_text",
    "read_cells",
    "report",
]
