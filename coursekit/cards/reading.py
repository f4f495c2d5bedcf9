"""A card read back from the Markdown that a person has filled in.

One rule: what is not understood is kept under the name it has there, so that the
check can complain about it.
"""

import re

from coursekit.cards.card import number_row, spaced
from coursekit.cards.elements import ABOUT_A_METRIC, KEY_METRICS, SECTIONS

TEXT = re.compile(
    r"^\*\*(.+?)\*\*:[ \t]*(.*?)(?=^\*\*.+?\*\*:|^\||\Z)", re.MULTILINE | re.DOTALL
)


def read_card(text, true=None):
    r"""Return texts and numbers of a card in Markdown.

    Parameters
    ----------
    text : str
        As `card_markdown` writes it, with texts filled in.
    true : dict, optional
        The numbers of a run, from `measured_numbers`. A number that is written as one
        of these would be is taken to be that one, with all its digits.

    Returns
    -------
    dict
        ``authored`` and ``numbers``, for `check_card`.

    Examples
    --------
    >>> card = read_card("## Model summary\n\n**Summary**: It ranks\npatients.\n")
    >>> card["authored"]
    {'Summary': 'It ranks\npatients.'}
    >>> card = read_card("| auroc | 0.712 | 0.680 | 0.740 |")
    >>> card["numbers"]
    {'auroc': {'value': 0.712, 'low': 0.68, 'high': 0.74}}
    """
    texts, numbers = {}, {}
    for part in re.split(r"^(?=## )", text.replace("\r\n", "\n"), flags=re.MULTILINE):
        head, _, body = part.partition("\n")
        title = head.removeprefix("## ").strip()
        names = elements_under(title)
        if title == "Bibliography":
            texts[title] = body.strip()
        for label, said in TEXT.findall(body):
            texts[names.get(label, f"{title}: {label}")] = said.strip()
        numbers |= table_of(part)
    for name, number in numbers.items():
        if true and name in true and same_row(name, number, true[name]):
            numbers[name] = true[name]
    return {"authored": texts, "numbers": numbers}


def elements_under(title):
    """Return the elements below a heading: label as written to name.

    Examples
    --------
    >>> elements_under("Fairness equity")["Metric goal"]
    'FairnessEquity.MetricGoal'
    """
    for section, names in SECTIONS.items():
        if spaced(section) == title:
            return {spaced(name): name for name in names}
    for kind in KEY_METRICS:
        if spaced(kind) == title:
            return {spaced(about): f"{kind}.{about}" for about in ABOUT_A_METRIC}
    return {}


def table_of(text):
    r"""Return the numbers of the tables in a text.

    Examples
    --------
    >>> table_of("| n/sex=F | 30 |  |  |\n| ppv | not estimable |  |  |")
    {'n/sex=F': {'value': 30}, 'ppv': {'value': None}}
    """
    found = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|") or len(cells) != 4 or cells[1] in ("value", "---"):
            continue
        parts = zip(("value", "low", "high"), cells[1:], strict=True)
        found[cells[0]] = {part: number(cell) for part, cell in parts if cell}
    return found


def number(cell):
    """Return a cell's number; None where it is not estimable, the text if it is none.

    Examples
    --------
    >>> number("30"), number("0.500"), number("not estimable"), number("high")
    (30, 0.5, None, 'high')
    """
    if cell == "not estimable":
        return None
    try:
        return int(cell) if re.fullmatch(r"-?\d+", cell) else float(cell)
    except ValueError:
        return cell


def same_row(name, told, true):
    """Return True if two numbers are written alike.

    Examples
    --------
    >>> same_row("auroc", {"value": 0.712}, {"value": 0.7119})
    True
    """
    if any(isinstance(value, str) for value in told.values()):
        return False
    return number_row(name, told) == number_row(name, true)
