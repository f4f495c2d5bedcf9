"""`coursekit holdout`: draw the hidden patients again, or bring your own."""

from pathlib import Path
from typing import Annotated

import typer


def holdout(
    assignment: Annotated[
        str, typer.Argument(help="Such as readmission, or ./my_ulcers.")
    ],
    file: Annotated[
        Path | None, typer.Option("--from", help="CSV of your own patients.")
    ] = None,
    column_map: Annotated[
        Path | None, typer.Option("--map", help="TOML that says what each column is.")
    ] = None,
    course: Annotated[Path, typer.Option(help="The course folder.")] = Path("."),
    yes: Annotated[bool, typer.Option("--yes", help="Replace without asking.")] = False,
):
    """Draw an assignment's patients, or import your own, and anchor the rubric anew.

    Drawing again brings back the patients of the course's secret, after an import.
    """
    from coursekit.autograde.course import open_course
    from coursekit.autograde.layout import add_assignment, import_assignment
    from coursekit.cli.sources.asked import asked_for
    from coursekit.errors import BadInput
    from coursekit.grading.explain import mark_page

    if (file is None) != (column_map is None):
        raise BadInput("--from FILE and --map TOML go together.")
    opened = open_course(course)
    found = asked_for(assignment)
    assignment = found.name
    if (course / "scores" / assignment).exists() and not yes:
        typer.confirm(
            f"{assignment} has scores from the present patients; they will no longer "
            "match. Replace the patients?",
            abort=True,
        )
    with opened.locked(assignment, "given new patients"):
        if file is None:
            add_assignment(course, found, progress=typer.echo)
        else:
            rehearsed = import_assignment(
                course, found, file, column_map, progress=typer.echo
            )
        opened.share(course / "holdout" / assignment)
    if file is None:
        typer.echo(f"The patients of {assignment} were drawn again.")
        return
    typer.echo(mark_page(rehearsed.lock))
    others = rehearsed.misplaced()
    if others:
        typer.echo("\nNothing is planted in your patients, so these archetypes are not")
        typer.echo(f"caught on them as on drawn ones: {'; '.join(others)}.")
