"""Four levels at which a card is checked against the run that it is about."""

import re

import pandas as pd

from coursekit.cards.elements import PROSE, authored_names
from coursekit.cards.measured import measured_numbers

LEVELS = ("schema", "completeness", "consistency", "contradiction")
PLACEHOLDER = re.compile(
    r"\b(?:tbd|tba|todo|fixme|lorem ipsum|to be (?:added|determined|done))\b|\?\?|xxx",
    re.IGNORECASE,
)
TOLERATED_GAP = 0.05
NUMBER = re.compile(r"(?<![\w.])(\d+\.\d+|\d+(?=\s*%))\s*(%?)")
NO_BIAS = re.compile(
    r"\bno (?:known |relevant )?bias|\bunbiased\b|equally well|\bfair (?:to|for) all",
    re.IGNORECASE,
)
EXTERNAL = re.compile(r"external(?:ly)? validat", re.IGNORECASE)
NOT_EXTERNAL = re.compile(r"\b(?:not|never|no)\b[^.]{0,20}external", re.IGNORECASE)
CHILDREN = re.compile(
    r"\b(?:child|children|paediatric|pediatric|infant)", re.IGNORECASE
)
ALL_AGES = re.compile(r"\ball ages\b|\bany age\b", re.IGNORECASE)
CALIBRATED = re.compile(r"\bwell[- ]calibrated\b", re.IGNORECASE)


def check_card(card, run):
    """Return what is wrong with a card, level by level.

    1 *schema*: every element is there and is text. 2 *completeness*: nothing is left
    to be done, prose is long enough, each group has its number. 3 *consistency*: every
    number is computed again from the run, also those in prose. 4 *contradiction*: what
    is claimed does not fight with what was measured.

    Parameters
    ----------
    card : dict
        ``authored`` and ``numbers``, as `build_card` makes them.
    run : Run

    Returns
    -------
    DataFrame with ``level``, ``where`` and ``message``; empty if nothing is found

    Examples
    --------
    >>> from coursekit.cards.measured import Run
    >>> sex = pd.DataFrame({"sex": ["F", "F", "M", "M"] * 15})
    >>> run = Run([1, 0] * 30, [0.8, 0.3] * 30, sex, threshold=0.5)
    >>> found = check_card({"authored": {}, "numbers": measured_numbers(run)}, run)
    >>> set(found["level"]), len(found)
    ({'schema'}, 43)
    """
    texts, numbers = card.get("authored", {}), card.get("numbers", {})
    true = measured_numbers(run)
    plain = {name: text for name, text in texts.items() if isinstance(text, str)}
    found = [
        *(("schema", *rest) for rest in schema(texts)),
        *(("completeness", *rest) for rest in completeness(plain, numbers, true)),
        *(("consistency", *rest) for rest in consistency(plain, numbers, true)),
        *(("contradiction", *rest) for rest in contradictions(plain, true, run)),
    ]
    return pd.DataFrame(found, columns=["level", "where", "message"])


def schema(texts):
    """Yield elements that are missing, unknown or no text.

    Examples
    --------
    >>> texts = dict.fromkeys(authored_names(), "x") | {"New": ""}
    >>> [where for where, _ in schema(texts)]
    ['New']
    """
    known = authored_names()
    for name in known:
        if not isinstance(texts.get(name), str):
            yield name, "This element is missing, or is no text."
    for name in texts:
        if name not in known:
            yield name, "There is no such element."


def completeness(texts, numbers, true):
    """Yield texts that are not done, and groups without a number.

    Examples
    --------
    >>> [where for where, _ in completeness({"ModelType": "TBD"}, {}, {"n/sex=F": 1})]
    ['ModelType', 'n/sex=F']
    """
    for name, text in texts.items():
        n_words = len(text.split())
        if PLACEHOLDER.search(text):
            yield name, "Something is still to be done here."
        elif n_words < PROSE.get(name, 1):
            yield name, f"{n_words} words; say more, at least {PROSE.get(name, 1)}."
    for name in true:
        if "/" in name and name not in numbers:
            yield name, "The card does not tell this number of a group."


def consistency(texts, numbers, true):
    """Yield numbers that are not those of the run, in tables and in prose.

    Examples
    --------
    >>> true = {"auroc": {"value": 0.712, "low": 0.68, "high": 0.74}}
    >>> told = {"Summary": "AUROC 0.75, that is 71 %."}
    >>> [where for where, _ in consistency(told, {}, true)]
    ['Summary', 'auroc']
    """
    for name, text in texts.items():
        for match in NUMBER.finditer(text):
            if not is_measured(match, true):
                yield name, f"{match[0].strip()!r} is no number of this run."
    for name in {**true, **numbers}:
        if "/" in name and name not in numbers:
            continue  # a matter of completeness
        if numbers.get(name) != true.get(name):
            told, computed = numbers.get(name), true.get(name)
            yield name, f"The card says {told}; from the run it is {computed}."


def is_measured(match, true):
    """Return True if a written number is one of the run's, rounded as it is written.

    Examples
    --------
    >>> is_measured(NUMBER.search("71.2 %"), {"auroc": {"value": 0.7119}})
    True
    """
    digits = len(match[1].partition(".")[2])
    scale = 100 if match[2] else 1
    values = [v for number in true.values() for v in number.values() if v is not None]
    half = 0.5 * 10.0**-digits + 1e-9
    return any(abs(scale * abs(v) - float(match[1])) <= half for v in values)


def contradictions(texts, true, run):
    """Yield claims that fight with what was measured, or with where data came from.

    Examples
    --------
    >>> run = type("Bare", (), {"external_cohort": None, "training_age_years": None})
    >>> texts = {"Summary": "It was externally validated."}
    >>> [where for where, _ in contradictions(texts, {}, run)]
    ['Summary']
    """
    slope = true.get("calibration_slope", {"low": None})
    off = slope["low"] is not None and not slope["low"] <= 1 <= slope["high"]
    gaps = {
        n: v["low"] for n, v in true.items() if "_gap/" in n and v["low"] is not None
    }
    wide = {name: low for name, low in gaps.items() if low > TOLERATED_GAP}
    adults_only = bool(run.training_age_years) and run.training_age_years[0] >= 18
    for name, text in texts.items():
        if wide and NO_BIAS.search(text):
            worst = max(wide, key=wide.get)
            yield name, f"No bias is claimed; {worst} is at least {wide[worst]:.3f}."
        if off and CALIBRATED.search(text):
            yield name, f"The slope is {slope['value']:.2f}; its interval excludes 1."
        claims_external = EXTERNAL.search(text) and not NOT_EXTERNAL.search(text)
        if claims_external and not run.external_cohort:
            yield name, "External validation is claimed without an external cohort."
    target = texts.get("TargetedPatientPopulation", "")
    if adults_only and (CHILDREN.search(target) or ALL_AGES.search(target)):
        youngest = run.training_age_years[0]
        yield "TargetedPatientPopulation", f"Trained from {youngest} years of age on."
