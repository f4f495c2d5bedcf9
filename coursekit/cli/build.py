"""``coursekit build``: notebooks from their percent sources."""

from pathlib import Path
from typing import Annotated

import typer


def build(
    root: Annotated[
        Path, typer.Argument(help="The folder with notebooks/ and assignments/.")
    ] = Path("."),
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 if out of date.")
    ] = False,
):
    """Build all notebooks of a checkout from their percent sources."""
    from coursekit.authoring import build_all, report

    changed = build_all(root, check=check)
    print(report(changed, check))
    raise typer.Exit(int(check and bool(changed)))
