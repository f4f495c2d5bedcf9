"""The labs: a card for each, and a page with all that it shows."""

import os
import tomllib
from pathlib import Path

import nbformat

from docsite.running import LABS

CHECKOUT = Path(__file__).parents[2]
ABOUT = CHECKOUT / "docs" / "labs" / "labs.toml"


def about():
    """Return what the cards say: lab -> {"title", "about", "minutes", "alt"}."""
    return tomllib.loads(ABOUT.read_text("utf-8"))


def pages():
    """Return no page: the labs are written one by one."""
    return {}


def cards():
    """Return a card for each lab."""
    told = about()
    drawn = [card(lab.stem, told[lab.stem]) for lab in LABS]
    return "::::{grid} 1 2 2 3\n:gutter: 3\n\n" + "\n".join(drawn) + "\n::::"


def card(name, lab):
    """Return one card."""
    return (
        f":::{{grid-item-card}} {lab['title']}\n"
        f":link: {name}\n:link-type: doc\n"
        f":img-bottom: pictures/{name}.png\n:img-alt: {lab['alt']}\n\n"
        f"{lab['about']}\n\n*{lab['minutes']} minutes*\n:::\n"
    )


def write_lab(lab, notebook, folder):
    """Write the page of a lab: its notebook, with links to its files at the top."""
    page = folder / "labs" / lab.with_suffix(".ipynb").name
    page.parent.mkdir(exist_ok=True)
    shown = nbformat.from_dict(notebook)
    shown.cells[0].source += "\n\n" + opening(lab, page.parent)
    nbformat.write(shown, page)


def opening(lab, folder):
    """Return what stands below the title of a lab."""
    files = os.path.relpath(lab.parent, folder)
    links = [
        f"{{download}}`{words} <{files}/{lab.stem}{end}>`"
        for words, end in (
            ("the exercise, to fill in", ".exercise.ipynb"),
            ("this notebook", ".ipynb"),
            ("notes for the instructor", ".instructor.md"),
        )
    ]
    return (
        ":::{note}\nThis is the lab with its solutions, as it was run. "
        f"Download: {', '.join(links)}.\n:::"
    )
