"""The page of an audit: one HTML file that needs nothing else and prints well."""

import os
import re
from datetime import date
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from coursekit import __version__
from coursekit.audit.pictures import (
    calibration_picture,
    decision_picture,
    drift_picture,
    groups_picture,
)
from coursekit.errors import BadInput


def render(audit, *, source, site=None, on=None):
    """Return the report as HTML.

    Parameters
    ----------
    audit : Audit
    source : str
        Name of the file that was audited.
    site : str, optional
        Name of the clinic.
    on : date, optional
        Of the report; today by default.

    Examples
    --------
    >>> import pandas as pd
    >>> from coursekit.audit import audit_scores
    >>> table = pd.DataFrame({"y": list("1000") * 50, "p": [".25"] * 200})
    >>> page = render(audit_scores(table, "y", "p"), source="scores.csv")
    >>> page.splitlines()[0]
    '<!DOCTYPE html>'
    """
    environment = Environment(
        loader=PackageLoader("coursekit.audit", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "about": about,
        "count": count,
        "pct": percent,
        "num": number,
        "of100": of_100,
        "span": span,
        "pspan": percent_span,
    }
    page = environment.get_template("report.html").render(
        a=audit,
        source=source,
        site=site,
        on=f"{on or date.today():%d %B %Y}".lstrip("0"),
        version=__version__,
        pictures=pictures_of(audit),
    )
    return unbroken(page)


def unbroken(page):
    r"""Return a page whose lines end neither before a % nor within an interval.

    Examples
    --------
    >>> unbroken("5 % (4 to 6)").split(" ")
    ['5\xa0%', '(4\xa0to\xa06)']
    """
    page = re.sub(r"(\d) %", "\\1\u00a0%", page)
    return re.sub(r"\(([^\s()]+) to ([^\s()]+)\)", "(\\1\u00a0to\u00a0\\2)", page)


def pictures_of(audit):
    """Return the pictures of the report by name."""
    judged = {
        name: groups_picture(table)
        for name, table in audit.groups.items()
        if (table["sensitivity"].notna() & table["shown"]).any()
    }
    return {
        "calibration": calibration_picture(audit.reliability),
        "decision": decision_picture(
            audit.curve, audit.threshold, audit.data.prevalence.value
        ),
        "groups": judged,
        "drift": None if audit.drift is None else drift_picture(audit.drift),
    }


def write_report(page, output, *, overwrite=False):
    """Write a page beside its place and move it there, so that nothing is half done.

    Raises
    ------
    BadInput
        If something is there already, or the folder is not.
    """
    output = Path(output)
    refuse_place(output, overwrite=overwrite)
    beside = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        beside.write_text(page, encoding="utf-8")
        beside.replace(output)
    finally:
        beside.unlink(missing_ok=True)


def refuse_place(output, *, overwrite):
    """Refuse to write where something is, or where there is no folder.

    Examples
    --------
    >>> refuse_place(Path("no-such-folder/report.html"), overwrite=False)
    Traceback (most recent call last):
    coursekit.errors.BadInput: The folder no-such-folder is missing. Make it first.
    """
    if not output.parent.is_dir():
        raise BadInput(f"The folder {output.parent} is missing. Make it first.")
    if output.is_dir():
        raise BadInput(f"{output} is a folder. Give the name of a file.")
    if output.exists() and not overwrite:
        raise BadInput(
            f"{output} is there already and stays as it is. Add --overwrite, or give "
            "another --output."
        )


def count(value):
    """Write a count with commas.

    Examples
    --------
    >>> count(12345.0)
    '12,345'
    """
    return f"{int(value):,}"


def about(value):
    """Write a count rounded up to two digits that count.

    Examples
    --------
    >>> about(606), about(9), about(12345)
    ('610', '9', '13,000')
    """
    step = 10 ** max(0, len(str(int(value))) - 2)
    return f"{-(-int(value) // step) * step:,}"


def percent(value):
    """Write a share as a percentage; one digit after the point below 10 %.

    Examples
    --------
    >>> percent(0.0345), percent(0.345), percent(float("nan"))
    ('3.5 %', '34 %', '–')
    """
    if value != value:
        return "–"
    return f"{100 * value:.{1 if abs(value) < 0.0995 else 0}f} %"


def of_100(value):
    """Write a share as patients of 100.

    Examples
    --------
    >>> of_100(0.347), of_100(0.002)
    ('35', 'fewer than 1')
    """
    return "fewer than 1" if 0 < value < 0.005 else f"{100 * value:.0f}"


def number(value, digits=2):
    """Write a number with two digits after the point.

    Examples
    --------
    >>> number(0.7312), number(float("nan"))
    ('0.73', '–')
    """
    return "–" if value != value else f"{value:.{digits}f}".replace("-", "−")


def span(estimate, digits=2):
    """Write an estimate with its interval.

    Examples
    --------
    >>> from coursekit.metrics import Estimate
    >>> span(Estimate(0.731, 0.702, 0.76)), span(None)
    ('0.73 (0.70 to 0.76)', 'cannot be estimated')
    """
    if estimate is None:
        return "cannot be estimated"
    low, high = (number(end, digits) for end in (estimate.low, estimate.high))
    return f"{number(estimate.value, digits)} ({low} to {high})"


def percent_span(row, name):
    """Write a rate of a table's row with its interval, as percentages.

    Examples
    --------
    >>> percent_span({"ppv": 0.3, "ppv_low": 0.25, "ppv_high": 0.36}, "ppv")
    '30 % (25 to 36)'
    """
    value, low, high = (row[f"{name}{end}"] for end in ("", "_low", "_high"))
    if value != value or low != low:
        return "–"
    digits = 1 if high < 0.1 else 0
    low, high = (f"{100 * end:.{digits}f}" for end in (low, high))
    return f"{100 * value:.{digits}f} % ({low} to {high})"
