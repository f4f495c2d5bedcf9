"""`coursekit upgrade`: bring a course that an older coursekit made up to date."""

from pathlib import Path
from typing import Annotated

import typer


def upgrade(
    course: Annotated[Path, typer.Option(help="The course folder.")] = Path("."),
):
    """Bring a course that an older coursekit made up to date; no mark changes."""
    from coursekit.autograde.upgrade import upgrade as bring_up_to_date

    kept = bring_up_to_date(course)
    if not kept:
        typer.echo("The course is up to date.")
    for path in kept:
        typer.echo(f"kept as it was: {path}")
    if kept:
        typer.echo("course.toml has the rules of this coursekit; no mark changes.")
