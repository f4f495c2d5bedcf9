"""A model card: texts that a person writes, and numbers that a run gives."""

import json
import re
import xml.etree.ElementTree as ET

from coursekit.cards.elements import (
    ABOUT_A_METRIC,
    KEY_METRICS,
    NAMESPACE,
    SECTIONS,
    results_of,
)
from coursekit.cards.measured import measured_numbers
from coursekit.errors import BadInput

NOT_MEASURED = "not measured"


def build_card(run, authored):
    """Return a model card with every number computed from the run.

    Parameters
    ----------
    run : Run
    authored : dict of str to str
        Texts by element; see `authored_names`. ``{auroc}`` in a text becomes that
        number, so that prose is never stale.

    Returns
    -------
    dict
        ``authored`` and ``numbers``; plain values, so it can be kept as JSON.

    Raises
    ------
    BadInput
        If a text names a number that there is not.

    Examples
    --------
    >>> import pandas as pd
    >>> from coursekit.cards.measured import Run
    >>> sex = pd.DataFrame({"sex": ["F", "F", "M", "M"] * 15})
    >>> run = Run([1, 0] * 30, [0.8, 0.3] * 30, sex, threshold=0.5)
    >>> card = build_card(run, {"Summary": "Its AUROC is {auroc}."})
    >>> card["authored"]["Summary"]
    'Its AUROC is 1.000.'
    """
    numbers = measured_numbers(run)
    texts = {name: filled(text, numbers) for name, text in authored.items()}
    return {"authored": texts, "numbers": numbers}


def filled(text, numbers):
    """Return a text with the names in braces replaced by their numbers.

    Examples
    --------
    >>> filled("found {sensitivity/sex=F}", {"sensitivity/sex=F": {"value": 0.5}})
    'found 0.500'
    """

    def number(match):
        if match[1] not in numbers:
            raise BadInput(f"There is no number {match[1]!r} in this run.")
        return written(numbers[match[1]]["value"])

    return re.sub(r"\{([^{}]+)\}", number, text)


def written(value):
    """Return a number as a card writes it.

    Examples
    --------
    >>> written(0.5), written(120), written(None)
    ('0.500', '120', 'not estimable')
    """
    if value is None:
        return "not estimable"
    return str(value) if isinstance(value, int) else f"{value:.3f}"


def card_markdown(card):
    """Return a card as Markdown: a heading a section, a table a key metric.

    Parameters
    ----------
    card : dict
        As `build_card` returns it.

    Returns
    -------
    str

    Examples
    --------
    >>> card = {"authored": {"ModelName": "Ward score"}, "numbers": {}}
    >>> card_markdown(card).splitlines()[0]
    '# Model card: Ward score'
    """
    texts, results = card["authored"], results_of(card["numbers"])
    lines = [f"# Model card: {texts.get('ModelName', '')}"]
    for section, names in SECTIONS.items():
        lines += ["", f"## {spaced(section)}", ""]
        lines += [f"**{spaced(name)}**: {texts.get(name, '')}\n" for name in names]
    for kind in KEY_METRICS:
        lines += ["", f"## {spaced(kind)}", ""]
        about = [(name, texts.get(f"{kind}.{name}", "")) for name in ABOUT_A_METRIC]
        lines += [f"**{spaced(name)}**: {text}\n" for name, text in about]
        lines += ["| number | value | low | high |", "|---|---|---|---|"]
        lines += [number_row(name, card["numbers"][name]) for name in results[kind]]
    lines += ["", "## Bibliography", "", texts.get("Bibliography", ""), ""]
    return "\n".join(lines)


def number_row(name, number):
    """Return a line of a table: the number with its limits.

    Examples
    --------
    >>> number_row("n/sex=F", {"value": 30})
    '| n/sex=F | 30 |  |  |'
    """
    limits = [written(number[end]) if end in number else "" for end in ("low", "high")]
    return f"| {name} | {written(number['value'])} | {limits[0]} | {limits[1]} |"


def spaced(name):
    """Return an element's name as words.

    Examples
    --------
    >>> spaced("AISystemFacts"), spaced("HowToUse")
    ('AI system facts', 'How to use')
    """
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name).split()
    later = [word if word.isupper() else word.lower() for word in words[1:]]
    return " ".join([words[0], *later])


def card_xml(card):
    """Return a card with the structure of a CHAI Applied Model Card, version 0.2.

    Structure only: element names, nesting and order. It is not signed. A key metric
    without any number says so in one result, since the schema wants at least one.

    Parameters
    ----------
    card : dict

    Returns
    -------
    str

    Examples
    --------
    >>> text = card_xml({"authored": {"ModelName": "Ward score"}, "numbers": {}})
    >>> ET.fromstring(text)[0][0].text
    'Ward score'
    """
    texts, numbers = card["authored"], card["numbers"]
    root = ET.Element("AppliedModelCard", xmlns=NAMESPACE)
    for section in ("BasicInfo", "ReleaseInfo", "ModelSummary"):
        add_texts(ET.SubElement(root, section), SECTIONS[section], texts)
    ET.SubElement(root[-1], "Keywords")
    for section in ("UsesAndDirections", "Warnings"):
        add_texts(ET.SubElement(root, section), SECTIONS[section], texts)
    trust = ET.SubElement(root, "TrustIngredients")
    for section in ("AISystemFacts", "TransparencyInformation"):
        add_texts(ET.SubElement(trust, section), SECTIONS[section], texts)
    metrics = ET.SubElement(root, "KeyMetrics")
    for kind, names in results_of(numbers).items():
        add_metric(ET.SubElement(metrics, kind), kind, names, card)
    add_texts(ET.SubElement(root, "Resources"), SECTIONS["Resources"], texts)
    add_texts(root, ["Bibliography"], texts)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode")


def add_texts(parent, names, texts):
    """Append one element a name, with its text."""
    for name in names:
        ET.SubElement(parent, name).text = texts.get(name, "")


def add_metric(parent, kind, names, card):
    """Append what is said of a key metric, and its results."""
    texts = {
        about: card["authored"].get(f"{kind}.{about}", "") for about in ABOUT_A_METRIC
    }
    add_texts(parent, ABOUT_A_METRIC[:1], texts)
    results = ET.SubElement(parent, "Results")
    for name in names or [NOT_MEASURED]:
        result = ET.SubElement(results, "MetricResult")
        ET.SubElement(result, "Label").text = name
        ET.SubElement(result, "ValueJson").text = json.dumps(card["numbers"].get(name))
    add_texts(parent, ABOUT_A_METRIC[1:], texts)
