"""`coursekit status`: which student is where, and what comes next."""

from pathlib import Path
from typing import Annotated

import typer


def status(
    assignment: Annotated[
        str | None, typer.Argument(help="Such as readmission; all by default.")
    ] = None,
    student: Annotated[str | None, typer.Option(help="Only this student.")] = None,
    course: Annotated[Path, typer.Option(help="The course folder.")] = Path("."),
):
    """Show which student is where, how late, why, and which command comes next.

    Nothing is changed. Works for assignments with and without a rubric.
    """
    from coursekit.status.table import print_status

    print_status(course, assignment, student)
