"""`coursekit clean`: free the space of runs that no mark is made of any more."""

from pathlib import Path
from typing import Annotated

import typer


def clean(
    assignment: Annotated[
        str | None, typer.Option(help="Such as readmission; all by default.")
    ] = None,
    course: Annotated[Path, typer.Option(help="The course folder.")] = Path("."),
    yes: Annotated[bool, typer.Option("--yes", help="Remove without asking.")] = False,
):
    """Remove superseded runs, what killed runs left behind, and old logs.

    Scores, and every run that a score is made of or remembers, always stay.
    """
    from coursekit.autograde.course import open_course
    from coursekit.autograde.ordinary import names_of

    opened = open_course(course)
    for name in [assignment] if assignment else opened.graded():
        if not opened.has_rubric(name):
            names_of(opened, name)  # says so where there is no such assignment
        with opened.locked(name, "cleaned"):
            clean_one(opened, name, yes)


def clean_one(course, assignment, yes):
    """Say what can be removed of one assignment, ask, and remove it."""
    from coursekit.autograde.leftovers import find_leftovers, free, unscored

    waiting = unscored(course, assignment)
    if waiting:
        typer.echo(
            f"{assignment}: {len(waiting)} submissions have no score yet, so every run "
            f"is kept. To score them: coursekit autograde {assignment}"
        )
    found = find_leftovers(course, assignment)
    if not found:
        typer.echo(f"{assignment}: nothing to remove.")
        return
    for kind in dict.fromkeys(each.kind for each in found):
        sizes = [each.size for each in found if each.kind == kind]
        typer.echo(f"{assignment}: {len(sizes)} x {kind}, {sum(sizes) / 1e6:.1f} MB")
    size = sum(each.size for each in found)
    if yes or typer.confirm("Remove them?"):
        free(found)
        typer.echo(f"{assignment}: {size / 1e6:.1f} MB were freed.")
