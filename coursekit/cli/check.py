"""`coursekit check`: what a student would get, on the check patients."""

from pathlib import Path
from typing import Annotated

import typer


def check(
    notebook: Annotated[
        Path, typer.Argument(help="In the folder that it came in, beside its data/.")
    ],
    html: Annotated[
        Path | None, typer.Option(help="Also write it as a page of HTML.")
    ] = None,
    sandbox: Annotated[
        str,
        typer.Option(
            help="auto, bubblewrap or none; auto is none where there is none."
        ),
    ] = "auto",
):
    """Run a notebook as grading does, and show its local check.

    Exit code 0: it can be handed in; 1: something is to be mended; 2: it could not be
    checked.
    """
    from rich.console import Console

    from coursekit.checking import check_notebook
    from coursekit.checking.running import choose
    from coursekit.checking.showing import UNSHUT, as_page, show
    from coursekit.errors import BadInput

    if sandbox not in ("auto", "bubblewrap", "none"):
        raise BadInput(f"There is no sandbox {sandbox!r}: auto, bubblewrap or none.")
    if html is not None and html.suffix.lower() not in (".html", ".htm"):
        raise BadInput(f"--html {html}: name a file that ends in .html.")
    if choose(sandbox) == "none":
        typer.echo(f"{UNSHUT} Stop it now (Ctrl+C) if somebody else did.", err=True)
    checked = check_notebook(notebook, sandbox)
    show(checked, Console())
    if html is not None:
        html.write_text(as_page(checked), encoding="utf-8")
        typer.echo(f"Written: {html}")
    raise typer.Exit(0 if checked.is_well else 1)
