"""The command ``coursekit``, and the one place where an error becomes a message.

A command is a function in a file of its own, ``coursekit/cli/NAME.py``, with one line
here. It imports its work inside the function, so that ``coursekit --help`` loads
nothing heavy. What coursekit raises on purpose is printed without a traceback and
ends with exit code 2; a command that wants another code raises ``typer.Exit(code)``.
"""

import sys
from typing import Annotated

import typer

from coursekit import __version__
from coursekit.cli.add import add
from coursekit.cli.audit import audit
from coursekit.cli.autograde import autograde
from coursekit.cli.build import build
from coursekit.cli.card import card
from coursekit.cli.certify import certify
from coursekit.cli.check import check
from coursekit.cli.clean import clean
from coursekit.cli.collect import collect
from coursekit.cli.data import data
from coursekit.cli.demo import demo
from coursekit.cli.doctor import doctor
from coursekit.cli.export import export
from coursekit.cli.holdout import holdout
from coursekit.cli.init import init
from coursekit.cli.new_assignment import new_assignment
from coursekit.cli.new_lab import new_lab
from coursekit.cli.report import report
from coursekit.cli.second_attempt import second_attempt
from coursekit.cli.similar import similar
from coursekit.cli.status import status
from coursekit.cli.upgrade import upgrade
from coursekit.errors import CoursekitError

app = typer.Typer(
    name="coursekit",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(init)
app.command()(add)
app.command()(second_attempt)
app.command()(holdout)
app.command()(collect)
app.command()(autograde)
app.command()(status)
app.command()(export)
app.command()(report)
app.command()(similar)
app.command()(check)
app.command()(certify)
app.command()(audit)
app.command()(card)
app.command()(demo)
app.command()(doctor)
app.add_typer(data, name="data")
app.command()(new_assignment)
app.command()(new_lab)
app.command()(build)
app.command()(clean)
app.command()(upgrade)


def print_version(wanted):
    """Print the version and stop, if that was asked for."""
    if wanted:
        print(f"coursekit {__version__}")
        raise typer.Exit()


@app.callback()
def coursekit(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=print_version,
            is_eager=True,
            help="Print the version and stop.",
        ),
    ] = False,
):
    """Teach clinical machine learning, and grade models on hidden patients."""


def main():
    """Run the command line; an error of ours is a message and exit code 2."""
    try:
        app()
    except CoursekitError as error:
        print(f"coursekit: {error}", file=sys.stderr)
        sys.exit(2)
    except OSError as error:
        if error.filename is None:
            raise
        print(f"coursekit: {error.filename}: {error.strerror}.", file=sys.stderr)
        sys.exit(2)
