"""The page of the command line, from the commands themselves."""

import re

import typer
from typer.cli import get_docs_for_click

from coursekit.cli.app import app

OPENING = """# The commands

They are called in the course folder, like nbgrader's, or with `--course DIR`.
`coursekit COMMAND --help` prints the same as this page. What goes wrong is a message
that says what to do, and exit code 2; [autograde](../autograding.md#while-it-runs) ends
with 1 where some submissions need a person.
"""


def pages():
    """Return the page: path -> text."""
    command = typer.main.get_command(app)
    with typer.Context(command, info_name="coursekit") as context:
        text = get_docs_for_click(obj=command, ctx=context, name="coursekit")
    return {"reference/commands.md": OPENING + tidy(text)}


def tidy(text):
    r"""Drop the title that typer gives, and take one level off the headings.

    Examples
    --------
    >>> tidy("# `coursekit`\n\n## `coursekit add`\n")
    '\n\n## coursekit add\n'
    """
    text = re.sub(r"^# `coursekit`", "", text)
    text = re.sub(r"^(#+) `(.*)`$", r"\1 \2", text, flags=re.MULTILINE)
    return text
