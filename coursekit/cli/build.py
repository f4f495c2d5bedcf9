"""``coursekit build``: notebooks from their percent sources."""

from pathlib import Path
from typing import Annotated

import typer


def build(
    root: Annotated[
        Path,
        typer.Argument(help="An assignment's folder, one of labs, or a checkout's."),
    ] = Path("."),
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 if out of date.")
    ] = False,
):
    """Build the notebooks of a folder from their percent sources."""
    from coursekit.authoring import build_all, report

    changed = build_all(root, check=check)
    print(report(changed, check))
    raise typer.Exit(int(check and bool(changed)))
