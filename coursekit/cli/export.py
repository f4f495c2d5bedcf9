"""`coursekit export`: the marks of an assignment for the LMS."""

from pathlib import Path
from typing import Annotated, Literal

import typer


def export(
    assignment: Annotated[str, typer.Argument(help="Such as readmission.")],
    to: Annotated[
        Literal[
            "canvas", "moodle", "moodle-gradebook", "gradescope", "nbgrader", "csv"
        ],
        typer.Option(help="Whose form the file has."),
    ],
    template: Annotated[
        Path | None,
        typer.Option(
            help="The file downloaded from Canvas or Moodle, to be filled in."
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="By default ASSIGNMENT-TARGET.csv, or a folder.")
    ] = None,
    scale: Annotated[
        bool, typer.Option("--scale", help="Scale to the template's maximum.")
    ] = False,
    partial: Annotated[
        bool,
        typer.Option("--partial", help="Also where a question for a person is open."),
    ] = False,
    column: Annotated[
        str | None, typer.Option(help="The template's column of the grade.")
    ] = None,
    id_column: Annotated[
        str | None, typer.Option("--id", help="The template's column of student ids.")
    ] = None,
    roster: Annotated[
        Path | None, typer.Option(help="CSV that says who is who, as for collect.")
    ] = None,
    course: Annotated[Path, typer.Option(help="The course folder.")] = Path("."),
):
    """Write the marks in the form of Canvas, Moodle, Gradescope, nbgrader, or as CSV.

    Who has no mark yet is left out and named, never written as 0.

    Exit code 0: everybody who handed in is in it; 1: some are not, or not whole;
    2: nothing was written.
    """
    from rich.console import Console

    from coursekit.autograde.roster import read_roster
    from coursekit.exports import export as export_marks

    exported = export_marks(
        *(course, assignment, to),
        template=template,
        output=output,
        scale=scale,
        partial=partial,
        column=column,
        id_column=id_column,
        roster=read_roster(roster) if roster else None,
    )
    console = Console(soft_wrap=True, highlight=False, markup=False)
    show(exported, console)
    if exported.path is None:
        raise typer.Exit(2)
    if not exported.is_whole:
        raise typer.Exit(1)


def show(exported, console):
    """Print what was exported, and who was not, by name."""
    for heading, names in (
        ("Left out", exported.skipped),
        ("Not whole", exported.partial),
        ("Rows that are nobody here", exported.strangers),
    ):
        if names:
            console.print(f"{heading}:")
        for why, who in by_reason(names).items():
            console.print(f"  {who}: {why}")
    if exported.absent:
        console.print(f"Handed in nothing: {listed(exported.absent)}")
    for remark in exported.remarks:
        console.print(remark)
    if exported.path is None:
        console.print("Nobody could be exported, so nothing was written.")
    else:
        n = len(exported.written)
        console.print(f"{n} mark{'' if n == 1 else 's'} in {exported.path}")


def by_reason(names):
    """Return reason -> who, in words; who has the same reason stands in one line."""
    found = {}
    for name, why in names.items():
        found.setdefault(why, []).append(name)
    return {why: listed(who) for why, who in found.items()}


def listed(names):
    """Return names in one line, as text that any terminal can show."""
    from coursekit.autograde.door import shown

    return ", ".join(map(shown, names))
