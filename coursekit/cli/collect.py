"""`coursekit collect`: take submissions in from a Canvas or Moodle download."""

from pathlib import Path
from typing import Annotated

import typer


def collect(
    source: Annotated[
        Path, typer.Argument(metavar="ZIP", help="As downloaded; or a folder of it.")
    ],
    assignment: Annotated[str, typer.Option(help="Such as readmission.")],
    roster: Annotated[
        Path | None, typer.Option(help="CSV that says who is who; see the docs.")
    ] = None,
    id_column: Annotated[
        str | None, typer.Option("--id", help="The roster's column of student ids.")
    ] = None,
    match_column: Annotated[
        str | None, typer.Option("--match", help="The column that files go by.")
    ] = None,
    course: Annotated[Path, typer.Option(help="The course folder.")] = Path("."),
):
    """Collect an assignment from what Canvas or Moodle let you download.

    Exit code 0: all collected; 1: some need a person; 2: nothing was collected.
    """
    from rich.console import Console

    from coursekit.autograde.lms import collect as collect_download
    from coursekit.autograde.roster import read_roster
    from coursekit.errors import BadInput

    if roster is None and (id_column or match_column):
        raise BadInput("--id and --match name columns of a roster: give --roster FILE.")
    people = read_roster(roster, id_column, match_column) if roster else None
    outcomes, remarks = collect_download(course, source, assignment, roster=people)
    show(outcomes, remarks, assignment, Console())
    if not all(outcome.is_fine for outcome in outcomes):
        raise typer.Exit(1)


def show(outcomes, remarks, assignment, console):
    """Print what happened, student by student."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(title=assignment, box=SIMPLE_HEAD, pad_edge=False)
    for heading in ("who", "what happened", ""):
        table.add_column(heading)
    for outcome in outcomes:
        words = " ".join(outcome.words)
        table.add_row(Text(outcome.who), Text(outcome.what), Text(words))
    console.print(table)
    for remark in remarks:
        console.print(remark, markup=False)
    n_fine = sum(outcome.is_fine for outcome in outcomes)
    console.print(f"{n_fine} of {len(outcomes)} are fine.")
