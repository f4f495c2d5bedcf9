"""`coursekit second-attempt`: hand in once more, on other hidden patients."""

import datetime
from pathlib import Path
from typing import Annotated

import typer

from coursekit.cli.add import FORMATS


def second_attempt(
    assignment: Annotated[str, typer.Argument(help="Such as readmission.")],
    due: Annotated[
        datetime.datetime | None,
        typer.Option(
            formats=FORMATS, help="Such as 2027-02-01T23:59, in the course's time zone."
        ),
    ] = None,
    course: Annotated[Path, typer.Option(help="The course folder.")] = Path("."),
):
    """Let the class hand in once more: the same assignment on other hidden patients.

    The second attempt is an assignment of its own, NAME-2. Its mark counts where there
    is one.
    """
    from coursekit.autograde.course import open_course
    from coursekit.autograde.second import add_second
    from coursekit.autograde.start import write_due_here

    opened = open_course(course)
    with opened.locked(assignment, "copied for a second attempt"):
        second = add_second(opened, assignment)
    write_due_here(opened, second, due)
    typer.echo(f"{second} is added. Next: nbgrader generate_assignment {second}")
