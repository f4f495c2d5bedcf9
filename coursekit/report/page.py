"""The page of a class report: one HTML file that needs nothing else.

All that comes from a student's side passes `legible` and is escaped, by the template's
settings and not by the care of whoever writes it. Should that fail, a policy in the
page lets no script run but the one whose hash it names, and nothing be loaded or sent.
"""

import base64
import hashlib
import os
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from coursekit import __version__
from coursekit.errors import BadInput
from coursekit.report import scatter, words
from coursekit.report.legible import legible, short

OURS = '<meta name="generator" content="coursekit report">'
WITHIN = 2000  # bytes from the top of a file, in which OURS stands


def render(figures, *, on=None):
    """Return the report of a class as HTML.

    Parameters
    ----------
    figures : ClassFigures
    on : datetime, optional
        When it was made; now by default.

    Examples
    --------
    >>> from coursekit.report.figures import ClassFigures
    >>> nobody = ClassFigures("ps1", "ps1", "ml4h", None, {}, (), {})
    >>> render(nobody).splitlines()[0]
    '<!DOCTYPE html>'
    """
    pages = environment()
    style, script = (source(pages, name) for name in ("report.css", "report.js"))
    rubric = figures.rubric
    return pages.get_template("report.html").render(
        f=figures,
        on=on or datetime.now(),
        version=__version__,
        style=style,
        script=script,
        policy=policy(style, script),
        pictures={
            "points": points_picture(figures),
            "measures": rubric
            and scatter.measures_scatter(rubric.criteria, figures.students),
        },
        place=scatter,
    )


def points_picture(figures):
    """Return accuracy against fairness in points, where the rubric has both."""
    has_both = {"accuracy", "fairness"} <= figures.kinds.keys()
    return scatter.points_scatter(figures.students) if has_both else None


def environment():
    """Return the template engine: it escapes all, and makes all text legible."""
    pages = Environment(
        loader=PackageLoader("coursekit.report", "."),
        autoescape=True,
        finalize=legible,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters |= {
        "short": short,
        "cut": legible,
        "points": words.points,
        "pct": words.percent,
        "num": words.value,
        "span": words.interval,
        "duration": words.duration,
        "counted": words.counted,
        "is_open": is_open,
    }
    pages.globals["crossed"] = scatter.crossed
    return pages


def is_open(points):
    """Return True where the interval leaves room for other points.

    Examples
    --------
    >>> from coursekit.report.student import Points
    >>> is_open(Points(24.0, 40.0, 20.5, 24.0)), is_open(Points(None, 40.0))
    (True, False)
    """
    return None not in (points.points, points.low) and points.high - points.low >= 0.05


def source(pages, name):
    """Return a file of ours as it stands in the page."""
    text, *_ = pages.loader.get_source(pages, name)
    return Markup("\n" + text)


def policy(style, script):
    """Return what the page may do: this style, this script, nothing else.

    Examples
    --------
    >>> print(policy("", "").split("; ")[0])
    default-src 'none'
    """
    return Markup(
        f"default-src 'none'; style-src {hash_of(style)}; script-src "
        f"{hash_of(script)}; base-uri 'none'; form-action 'none'"
    )


def hash_of(text):
    """Return the hash by which a browser knows a style or script.

    Examples
    --------
    >>> hash_of("")
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    """
    digest = hashlib.sha256(str(text).encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def write_page(page, output):
    """Write a page beside its place and move it there, for its owner's eyes only.

    Parameters
    ----------
    page : str
    output : path
        A report of ours that is there is replaced.

    Raises
    ------
    BadInput
        If something else is there, or the folder is missing.
    """
    output = Path(output)
    refuse_place(output)
    beside = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(page)
        beside.replace(output)
    finally:
        beside.unlink(missing_ok=True)


def refuse_place(output):
    """Refuse to write where something else is, or where there is no folder.

    Examples
    --------
    >>> refuse_place(Path("no-such-folder/report.html"))
    Traceback (most recent call last):
    coursekit.errors.BadInput: The folder no-such-folder is missing. Make it first.
    """
    if not output.parent.is_dir():
        raise BadInput(f"The folder {output.parent} is missing. Make it first.")
    if output.is_dir():
        raise BadInput(f"{output} is a folder. Name a file in it with --output.")
    if os.path.lexists(output) and not is_ours(output):
        raise BadInput(
            f"{output} is there and is no class report, so it stays as it is. Choose "
            "another file with --output."
        )


def is_ours(path):
    """Return True for a regular file that `render` made."""
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return OURS.encode() in file.read(WITHIN)
