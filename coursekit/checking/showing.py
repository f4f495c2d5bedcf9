"""A checked notebook in words: for the terminal, and as a page."""

from html import escape

from coursekit.autograde.frames import words
from coursekit.grading.local import WORDY, note, spanned

UNSHUT = "There is no sandbox here: check only notebooks that you wrote."
WHERE = {
    "": "It was not run.",
    "bubblewrap": "Run in the sandbox, with the limits that grading has.",
    "none": (
        "Run as yourself, not in a sandbox: only its network and its time were "
        "limited, not its memory. Check only notebooks that you wrote."
    ),
}
PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}: local check</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto;
  padding: 0 1rem; }}
table {{ border-collapse: collapse; }}
th, td {{ padding: .25rem .75rem; border-bottom: 1px solid #8888; text-align: left; }}
pre {{ white-space: pre-wrap; }}
</style>
</head>
<body>
<h1>{title}: local check</h1>
<p>{total}</p>
{table}
{accidents}
<p>{where}</p>
</body>
</html>
"""


def show(checked, console):
    """Print a checked notebook.

    Parameters
    ----------
    checked : Checked
    console : rich.console.Console
    """
    if checked.check is not None:
        console.print(as_table(checked))
        for sentence in checked.check.told:
            console.print(legible(sentence), markup=False)
        for each in checked.check.codes:
            console.print(legible(f"{each['code']}: {note(each)}"), markup=False)
    for each in checked.accidents:
        console.print()
        kind = "Mend" if each.grave else "Warning"
        console.print(
            f"{kind}, {each.code}: {legible(each.says)}", markup=False, highlight=False
        )
        console.print(legible(each.do), markup=False, highlight=False)
    console.print()
    console.print(total(checked), markup=False)
    console.print(WHERE[checked.sandbox], markup=False)


def as_table(checked):
    """Return the local check as a table of rich."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    head, *body = checked.check.cells()
    table = Table(title=f"{checked.title}: the check patients", box=SIMPLE_HEAD)
    for heading in head:
        table.add_column(heading, justify="left" if heading in WORDY else "right")
    for row in body:
        table.add_row(*(Text(words(cell)) for cell in row))
    return table


def legible(text):
    r"""Return lines of a notebook's that cannot steer a terminal.

    Examples
    --------
    >>> legible("ValueError: \x1b[2J\nline 3")
    'ValueError: [2J\nline 3'
    """
    return "\n".join(words(line) for line in str(text).splitlines())


def total(checked):
    """Return the sum of the points, in one sentence."""
    if checked.check is None:
        return "Nothing came to be handed in, so there are no points to tell."
    low, high, most = checked.check.points
    by_hand = ""
    if checked.by_hand:
        by_hand = f" A person gives up to {checked.by_hand:g} more."
    seen = f"{spanned(low, high)} of {most:g} points"
    return f"Measured here: {seen}, on the check patients.{by_hand}"


def as_page(checked):
    """Return a checked notebook as a page of HTML that needs nothing else.

    Returns
    -------
    str
    """
    table = "" if checked.check is None else checked.check._repr_html_()
    items = "".join(
        f"<li><b>{each.code}</b><pre>{escape(each.says)}</pre>{escape(each.do)}</li>"
        for each in checked.accidents
    )
    return PAGE.format(
        title=escape(checked.title),
        total=escape(total(checked)),
        table=table,
        accidents=f"<h2>To look at</h2><ul>{items}</ul>" if items else "",
        where=escape(WHERE[checked.sandbox]),
    )
