"""`coursekit doctor`: what works here, and how to mend what does not."""

from pathlib import Path
from typing import Annotated

import typer

COLOURS = {"ok": "green", "warning": "yellow", "failing": "red"}


def doctor(
    course: Annotated[
        Path | None, typer.Option(help="A course folder to look at, too.")
    ] = None,
    jobs: Annotated[
        int,
        typer.Option(min=0, help="Submissions side by side; 0: one per processor."),
    ] = 0,
):
    """Check sandbox, memory limits, packages and course; say what mends what fails.

    Exit code 0: nothing is failing; 1: something is.
    """
    from rich.console import Console

    from coursekit.autograde.doctor import examine

    console = Console(highlight=False, soft_wrap=True)
    here = Path("course.toml").is_file()
    failing = 0
    for finding in examine(course or (Path() if here else None), jobs or None):
        show(console, finding)
        failing += finding.state == "failing"
    if failing:
        raise typer.Exit(1)


def show(console, finding):
    """Print one finding, and what mends it below."""
    console.print(f"{finding.state:8}", style=COLOURS[finding.state], end="")
    console.print(f"{finding.what}: {finding.meaning}", markup=False)
    if finding.remedy:
        console.print(f"        -> {finding.remedy}", markup=False)
