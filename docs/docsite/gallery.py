"""The labs: a card for each, and a page with all that it shows."""

import base64
import io
import os
import tomllib
from pathlib import Path

import nbformat
from PIL import Image, ImageOps

from docsite.running import LABS

ABOUT = Path(__file__).parents[1] / "labs" / "labs.toml"
ALT = "The figure that this cell draws; the text around it says what it shows."
SIZE = (600, 380)  # of the picture on a card, in pixels


def about():
    """Return what the cards say, lab by lab."""
    return tomllib.loads(ABOUT.read_text("utf-8"))


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
        f":img-top: pictures/{name}.png\n:img-alt: {lab['alt']}\n\n"
        f"{lab['about']}\n\n*{lab['minutes']} minutes*\n:::\n"
    )


def write_lab(lab, notebook, folder):
    """Write the page of a lab, and the picture of its card where it was run."""
    page = folder / "labs" / lab.with_suffix(".ipynb").name
    shown = nbformat.from_dict(notebook)
    figures = pictures(shown)
    shown.cells[0].source += "\n\n" + opening(lab, page.parent, bool(figures))
    for cell in shown.cells:
        if pictures({"cells": [cell]}):
            cell.metadata["mystnb"] = {"image": {"alt": ALT}}
    nbformat.write(shown, page)
    if figures:
        drawn = small(figures[about()[lab.stem]["figure"]])
        drawn.save(page.parent / "pictures" / f"{lab.stem}.png", optimize=True)


def pictures(notebook):
    """Return a notebook's figures, in their order, as bytes of PNG."""
    return [
        base64.b64decode(output.data["image/png"])
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]


def small(png):
    """Return a figure as it stands on a card: on white, all of one size."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    return ImageOps.pad(picture, SIZE, color="white").quantize(64)


def opening(lab, folder, was_run):
    """Return what stands below the title of a lab."""
    files = os.path.relpath(lab.parent, folder)
    links = [
        f"{{download}}`{words} <{files}/{lab.stem}{end}>`"
        for words, end in (
            ("the exercise to fill in", ".exercise.ipynb"),
            ("this notebook", ".ipynb"),
            ("notes for the instructor", ".instructor.md"),
        )
    ]
    shown = "as it was run" if was_run else "not run here, so without its outputs"
    return (
        f":::{{note}}\nThe lab with its solutions, {shown}. "
        f"Download: {', '.join(links)}.\n:::"
    )
