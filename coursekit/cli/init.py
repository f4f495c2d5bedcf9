"""`coursekit init`: lay out a course."""

from pathlib import Path
from typing import Annotated

import typer


def init(
    folder: Annotated[Path, typer.Argument(help="The new course folder.")],
    assignments: Annotated[
        str, typer.Option(help="Names, separated by commas; all by default.")
    ] = "",
    secret: Annotated[
        str | None, typer.Option(help="Draw the patients from this; random by default.")
    ] = None,
    sandbox: Annotated[
        str, typer.Option(help="auto, bubblewrap or none; written to course.toml.")
    ] = "auto",
):
    """Lay out a ready nbgrader course: notebooks, data, hidden patients, certified."""
    from coursekit.autograde.layout import lay_out

    course = lay_out(
        folder,
        named(assignments),
        secret=secret,
        sandbox=sandbox,
        progress=typer.echo,
    )
    typer.echo(f"{course} is ready. Next, in that folder:")
    typer.echo("  nbgrader generate_assignment NAME   then hand release/ to the class")
    typer.echo("  coursekit autograde NAME            when they have handed in")
    typer.echo("  nbgrader formgrader in JupyterLab   to mark what a person must read")
    typer.echo("  nbgrader generate_feedback NAME     when all is marked")


def named(assignments):
    """Return the assignments named in a text, separated by commas; all if none is.

    Examples
    --------
    >>> named("readmission, tumours")
    ['readmission', 'tumours']
    """
    from coursekit.grading.assignment import list_assignments

    names = [name.strip() for name in assignments.split(",") if name.strip()]
    return names or list_assignments()
