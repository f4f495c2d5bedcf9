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
        listed = summary(command, context)
    head, told, rest = text.partition("**Commands**:\n")
    first = rest.index("\n## ")
    return {
        "reference/commands.md": OPENING + tidy(head + told + listed + rest[first:])
    }


def summary(command, context):
    """Return the list of commands, each with its first line and a link."""
    found = [(name, command.get_command(context, name)) for name in command.commands]
    lines = [
        f"* [`{name}`](#coursekit-{name}): {first_paragraph(each.help)}"
        for name, each in found
    ]
    return "\n" + "\n".join(lines) + "\n"


def first_paragraph(text):
    r"""Return the first paragraph of a help text, in one line.

    Examples
    --------
    >>> first_paragraph("Add one more\nassignment.\n\nLater.")
    'Add one more assignment.'
    """
    return " ".join(text.split("\n\n")[0].split())


def tidy(text):
    r"""Drop the title that typer gives, and mark commands in no heading as code.

    Examples
    --------
    >>> tidy("# `coursekit`\n\n## `coursekit add`\n")
    '\n\n## coursekit add\n'
    """
    text = re.sub(r"^# `coursekit`", "", text)
    return re.sub(r"^(#+) `(.*)`$", r"\1 \2", text, flags=re.MULTILINE)
