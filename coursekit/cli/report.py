"""`coursekit report`: one page on how the class does."""

from pathlib import Path
from typing import Annotated

import typer


def report(
    assignment: Annotated[str, typer.Argument(help="Such as readmission.")],
    course: Annotated[Path, typer.Option(help="The course folder.")] = Path("."),
    output: Annotated[
        Path | None,
        typer.Option(help="Where to write; else report-ASSIGNMENT.html in the course."),
    ] = None,
    names: Annotated[
        bool, typer.Option("--names", help="Students' names too, not only their ids.")
    ] = False,
):
    """Write an HTML page on the class: points, fairness, feedback, who needs a person.

    It grades nothing and changes no mark. It needs no network and prints well. An
    older report is replaced, any other file is not.
    """
    from coursekit.autograde.course import open_course
    from coursekit.report import read_figures, render, write_page

    opened = open_course(course)
    figures = read_figures(opened, assignment, names=names)
    place = output or opened.folder / f"report-{assignment}.html"
    write_page(render(figures), place)
    if output is None:
        opened.share(place)
    typer.echo(
        f"{len(figures.handed_in)} handed in, {len(figures.for_a_person)} need a "
        f"person.\nThe report is {place}."
    )
