"""`coursekit new-assignment`: an assignment of one's own, whole from the start."""

from pathlib import Path
from typing import Annotated

import typer


def new_assignment(
    name: Annotated[str, typer.Argument(help="Such as my_ulcers.")],
    where: Annotated[
        Path | None,
        typer.Option(help="The folder for it; in a checkout assignments/, else here."),
    ] = None,
):
    """Make an assignment of your own that builds, is graded and certifies already."""
    from coursekit.authoring import new_assignment as write
    from coursekit.grading.assignment import list_assignments

    folder = write(name, where or here("assignments"), taken=list_assignments())
    typer.echo(f"{folder} is whole already. Change in it, in this order:")
    for file, about in ABOUT.items():
        typer.echo(f"  {file.format(name=name):20} {about}")
    typer.echo("After each change:")
    place = shown(folder)
    typer.echo(f"  coursekit build {place}")
    typer.echo(f"  coursekit certify {place} --secrets 3")
    typer.echo("When it does what it should:")
    typer.echo(f"  coursekit demo try-out --assignments {place}    a made-up class")
    typer.echo(f"  coursekit init my-course --assignments {place}  a course")


ABOUT = {
    "{name}.py": "the lesson, with the solutions in place",
    "patients.py": "who is drawn, and what is true about them",
    "rubric.toml": "what earns points; each line says what it does",
    "archetypes/": "what students hand in who do it wrong",
}


def here(kind):
    """Return the checkout's folder of a kind, if this is a checkout, else this folder.

    Parameters
    ----------
    kind : {"assignments", "notebooks"}
    """
    is_checkout = all(Path(each).is_dir() for each in ("assignments", "notebooks"))
    return Path(kind if is_checkout else ".")


def shown(folder):
    """Return a folder as commands take it: with a slash, so that it is no name.

    Examples
    --------
    >>> shown(Path("my_ulcers")), shown(Path("/teaching/my_ulcers"))
    ('./my_ulcers', '/teaching/my_ulcers')
    """
    return folder.as_posix() if "/" in folder.as_posix() else f"./{folder}"
