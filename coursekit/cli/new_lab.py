"""`coursekit new-lab`: a lab of one's own, whole from the start."""

from pathlib import Path
from typing import Annotated

import typer


def new_lab(
    name: Annotated[str, typer.Argument(help="Such as 20_wards.")],
    where: Annotated[
        Path | None,
        typer.Option(help="The folder for it; in a checkout notebooks/, else here."),
    ] = None,
):
    """Make a lab of your own that builds and runs already."""
    from coursekit.authoring import new_lab as write
    from coursekit.cli.new_assignment import here
    from coursekit.content import content

    taken = [path.name.split(".")[0] for path in content("notebooks").glob("*.py")]
    for path in write(name, where or here("notebooks"), taken=taken):
        typer.echo(f"  {path.as_posix():32} {ABOUT[path.name.partition('.')[2]]}")
    typer.echo("Edit the sources only; then: coursekit build")


ABOUT = {
    "py": "source: the lesson, with the solutions in place",
    "quiz.toml": "source: the self-check; students need it beside their notebook",
    "instructor.md": "source: notes for the teacher",
    "ipynb": "built: the solved lab, yours to show",
    "exercise.ipynb": "built: what the class gets",
}
