"""A score record in words: what stands in a graded notebook under each grade cell."""

from html import escape

NOT_GRADED = "A person will grade this part."
PART_GRADED = "What was answered before is graded."


def cell_outputs(record, kind):
    """Return the feedback of one kind of points, as (text, html).

    Parameters
    ----------
    record : dict
        A score record.
    kind : str

    Examples
    --------
    >>> record = {"status": "unreadable", "reason": "The notebook is not JSON.",
    ...     "criteria": [], "kinds": {"accuracy": {"points": None, "max_points": 40}},
    ...     "codes": []}
    >>> print(cell_outputs(record, "accuracy")[0])
    accuracy: not graded yet (out of 40)
    unreadable: The notebook is not JSON. A person will grade this part.
    """
    lines = [headline(record, kind), *details(record, kind)]
    text = "\n".join(lines)
    head, *rest = map(escape, lines)
    body = "".join(f"<li>{line}</li>" for line in rest)
    return text, f"<p><b>{head}</b></p><ul>{body}</ul>"


def headline(record, kind):
    """Return the points of a kind in one line."""
    total = record["kinds"][kind]
    if total["points"] is None:
        return f"{kind}: not graded yet (out of {total['max_points']:g})"
    return f"{kind}: {total['points']:g} of {total['max_points']:g}"


def details(record, kind):
    """Return one line per criterion, then one per feedback code that belongs here.

    Where the run ended early, that comes first.
    """
    if not record["criteria"]:
        return [f"{record['status']}: {record['reason']} {NOT_GRADED}"]
    rows = [row for row in record["criteria"] if row["kind"] == kind]
    lines = [f"{row['label']}. {row['sentence']}" for row in rows]
    lines += [in_words(each) for each in record["codes"] if each["kind"] == kind]
    if record["status"] != "scored":
        lines.insert(0, f"{record['status']}: {record['reason']} {PART_GRADED}")
    return lines


def in_words(each):
    """Return a feedback code in words: what was seen, why it matters, a hint."""
    seen = f"{each['seen']} " if each["seen"] else ""
    return f"{each['code']}: {each['title']}. {seen}{each['why']} Hint: {each['hint']}"


def in_short(record):
    """Return what was wrong in a few words, for a class table.

    Examples
    --------
    >>> overfit = {"code": "OVERFIT", "title": "Learnt by heart"}
    >>> in_short({"status": "scored", "codes": [overfit], "reason": ""})
    'Learnt by heart (OVERFIT)'
    """
    codes = [
        f"{each['title']} ({each['code']})"
        for each in record["codes"]
        if each["code"] != "CUT-OFF"
    ]
    if record["status"] != "scored":
        codes.insert(0, f"{record['status']}: {record['reason']}")
    return "; ".join(codes)
