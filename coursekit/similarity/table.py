"""What `coursekit similar` prints: who is like whom, and a passage that both have."""

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from coursekit.autograde.door import shown
from coursekit.autograde.frames import words
from coursekit.autograde.table import LEAST_WIDTH
from coursekit.similarity.comparing import MOST_PAIRS

MEANING = (
    "This is evidence for a person and changes no mark. The share is of what is the "
    "shorter one's own: not handed out, and not had by more than a few of the class."
)


def print_compared(compared, assignment, console=None):
    """Print the pairs that are alike.

    Parameters
    ----------
    compared : Compared
    assignment : str
    console : rich.console.Console, optional
    """
    console = console or Console()
    if not console.is_terminal:
        console.width = max(console.width, LEAST_WIDTH)
    n_students = len(compared.digests)
    if not n_students:
        console.print(f"{assignment}: nobody has handed in yet.")
    elif not compared.pairs:
        console.print(f"{assignment}: none of {n_students} submissions are alike.")
    else:
        console.print(table_of(compared.pairs, assignment))
        console.print(MEANING)
        if len(compared.pairs) == MOST_PAIRS:
            console.print(f"Only the {MOST_PAIRS} most alike are told.")
    for student, why in compared.left_out.items():
        console.print(Text(f"{shown(student)}: {words(why)}"))


def table_of(pairs, assignment):
    """Return the pairs as a table for rich to print."""
    table = Table(title=f"{assignment}: alike", box=SIMPLE_HEAD, pad_edge=False)
    for heading in ("student", "like", "what"):
        table.add_column(heading, no_wrap=True)
    table.add_column("share", justify="right", no_wrap=True)
    table.add_column("the longest passage that both have")
    for each in pairs:
        names = Text(shown(each.one)), Text(shown(each.other)), each.kind
        table.add_row(*names, f"{each.share:.0%}", Text(words(each.passage)))
    return table
