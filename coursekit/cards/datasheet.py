"""A datasheet: what people wrote about a cohort, and counts that the cohort gives."""

import hashlib

import pandas as pd

from coursekit.cards.card import written
from coursekit.cards.checking import PLACEHOLDER

AUTHORED = ("motivation", "collection", "consent", "uses", "limits", "upkeep")


def measured_cohort(X, y, groups):
    """Return the numbers of a datasheet.

    Parameters
    ----------
    X : DataFrame of n rows
    y : array-like of shape (n,)
        0 or 1.
    groups : DataFrame of n rows

    Returns
    -------
    dict of str to number or str
        ``n_rows``, ``prevalence``, ``missing/<column>`` (share of rows),
        ``share/<attribute>=<label>``, and ``sha256`` of all values in order.

    Examples
    --------
    >>> X = pd.DataFrame({"age_years": [61, None]})
    >>> sex = pd.DataFrame({"sex": ["F", "M"]})
    >>> found = measured_cohort(X, [1, 0], sex)
    >>> found["missing/age_years"], found["share/sex=F"], found["prevalence"]
    (0.5, 0.5, 0.5)
    """
    y = pd.Series(list(y), name="outcome")
    found = {"n_rows": len(X), "prevalence": round(float(y.mean()), 6)}
    for name in X:
        found[f"missing/{name}"] = round(float(X[name].isna().mean()), 6)
    for attribute in groups:
        shares = groups[attribute].value_counts(normalize=True).sort_index()
        for label, share in shares.items():
            found[f"share/{attribute}={label}"] = round(float(share), 6)
    text = "".join(part.to_csv(index=False) for part in (X, y.to_frame(), groups))
    return {**found, "sha256": hashlib.sha256(text.encode()).hexdigest()}


def check_datasheet(sheet, X, y, groups):
    """Return what is wrong with a datasheet: undone texts, numbers of other patients.

    Parameters
    ----------
    sheet : dict
        ``authored`` (texts, see `AUTHORED`) and ``numbers`` as `measured_cohort`.
    X, y, groups
        The cohort that it is about.

    Returns
    -------
    DataFrame with ``level``, ``where`` and ``message``; empty if nothing is found

    Examples
    --------
    >>> X = pd.DataFrame({"age_years": [61, 50]})
    >>> sex = pd.DataFrame({"sex": ["F", "M"]})
    >>> numbers = measured_cohort(X, [1, 0], sex)
    >>> sheet = {"authored": dict.fromkeys(AUTHORED, "Said."), "numbers": numbers}
    >>> len(check_datasheet(sheet, X, [1, 0], sex))
    0
    """
    texts, told = sheet.get("authored", {}), sheet.get("numbers", {})
    found = []
    for name in AUTHORED:
        text = texts.get(name)
        if not isinstance(text, str) or not text.strip():
            found.append(("schema", name, "This text is missing."))
        elif PLACEHOLDER.search(text):
            found.append(("completeness", name, "Something is still to be done here."))
    true = measured_cohort(X, y, groups)
    for name in {**true, **told}:
        if told.get(name) != true.get(name):
            message = f"The sheet says {told.get(name)}; it is {true.get(name)}."
            found.append(("consistency", name, message))
    return pd.DataFrame(found, columns=["level", "where", "message"])


def datasheet_markdown(sheet, name):
    """Return a datasheet as Markdown.

    Examples
    --------
    >>> sheet = {"authored": {"uses": "To learn."}, "numbers": {"n_rows": 2}}
    >>> print(datasheet_markdown(sheet, "ward").splitlines()[0])
    # Datasheet: ward
    """
    lines = [f"# Datasheet: {name}", ""]
    for title in AUTHORED:
        lines += [f"## {title.capitalize()}", "", sheet["authored"].get(title, ""), ""]
    lines += ["## Numbers", "", "| number | value |", "|---|---|"]
    for number, value in sheet["numbers"].items():
        lines.append(
            f"| {number} | {value if number == 'sha256' else written(value)} |"
        )
    return "\n".join([*lines, ""])
