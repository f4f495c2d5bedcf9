"""`coursekit add`: one more assignment for a course that is under way."""

import datetime
from pathlib import Path
from typing import Annotated

import typer

FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]


def add(
    assignment: Annotated[
        str, typer.Argument(help="Such as readmission, or ./my_ulcers.")
    ],
    due: Annotated[
        datetime.datetime | None,
        typer.Option(
            formats=FORMATS, help="Such as 2027-02-01T23:59, in the course's time zone."
        ),
    ] = None,
    course: Annotated[Path, typer.Option(help="The course folder.")] = Path("."),
):
    """Add one more assignment: notebook, data and hidden patients, certified."""
    from coursekit.autograde.course import open_course
    from coursekit.autograde.layout import add_assignment
    from coursekit.autograde.start import write_due_here
    from coursekit.cli.sources.asked import asked_for
    from coursekit.errors import BadCourse

    found, opened = asked_for(assignment), open_course(course)
    asked, assignment = assignment, found.name
    if found.folder.resolve().is_relative_to((course / "source").resolve()):
        raise BadCourse(
            f"{found.folder} lies in source/, which is what students get. Move it out "
            "of the course, then add it from there."
        )
    if opened.has_rubric(assignment) or (course / "source" / assignment).exists():
        raise BadCourse(
            f"{assignment} is in this course already. To draw its patients again: "
            f"coursekit holdout {asked}."
        )
    with opened.locked(assignment, "added"):
        add_assignment(course, found, progress=typer.echo)
        opened.share(course / "holdout" / assignment)
        write_due_here(opened, assignment, due)
    typer.echo(
        f"{assignment} is added. Next: nbgrader generate_assignment {assignment}"
    )
