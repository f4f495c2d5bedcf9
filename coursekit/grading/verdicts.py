"""What verdicts, numbers and explanations must be; the first thing that is wrong."""

import sys

import numpy as np

FOUND = "found"


def wrong_verdicts(values, answer):
    """Return what is wrong with the first bad verdict, in words; empty where none is.

    Parameters
    ----------
    values : list
        One a case: an object with ``found``, a list of different names out of the
        answer's `numbers`, each a number, or null or NaN where it is not told.
    answer : Answer

    Returns
    -------
    str

    Examples
    --------
    >>> from coursekit.grading.rubric import Answer
    >>> audit = Answer("audit", "verdict", verdicts=("leaky", "drifted"))
    >>> wrong_verdicts([{"found": []}, {"found": ["drifted"]}], audit)
    ''
    >>> wrong_verdicts([{"found": ["drift"]}], audit)
    "returned 'drift' in found (case 0); it may hold leaky, drifted."
    """
    for number, value in enumerate(values):
        if seen := wrong_verdict(value, answer):
            return f"returned {seen.format(case=f'(case {number})')}."
    return ""


def wrong_verdict(value, answer):
    """Return what is wrong with one verdict, ``{case}`` where the case is named."""
    if not isinstance(value, dict):
        return f"{kind(value)} {{case}}, not a dict such as {example(answer)}"
    keys = (FOUND, *answer.numbers)
    if sorted(value, key=str) != sorted(keys):
        return f"a dict with other keys than {', '.join(keys)} {{case}}"
    found = value[FOUND]
    if not isinstance(found, list):
        return f"{kind(found)} as found {{case}}, not a list of names"
    for name in found:
        if name not in answer.verdicts:
            listed = ", ".join(answer.verdicts)
            return f"{shortly(name)} in found {{case}}; it may hold {listed}"
    if len(set(found)) < len(found):
        return "a name twice in found {case}"
    for name in answer.numbers:
        if not is_told(value[name]):
            seen = shortly(value[name])
            return f"{seen} as {name} {{case}}, neither a number nor None"
    return ""


def example(answer):
    """Return in words what a verdict looks like."""
    numbers = "".join(f', "{name}": 0.1' for name in answer.numbers)
    return '{{"found": ["' + answer.verdicts[0] + '"]' + numbers + "}}"


def wrong_numbers(values, answer):
    """Return what is wrong with the first bad set of numbers; empty where none is.

    Parameters
    ----------
    values : list
        One a case: an object with the answer's `numbers`, each a number, or null or
        NaN where it is not told.
    answer : Answer

    Returns
    -------
    str

    Examples
    --------
    >>> from coursekit.grading.rubric import Answer
    >>> interval = Answer("auc_ci", "numbers", numbers=("low", "high"))
    >>> wrong_numbers([{"low": 0.7, "high": 0.9}], interval)
    ''
    >>> wrong_numbers([[0.7, 0.9]], interval)
    'returned a list (case 0), not a dict with low, high.'
    """
    keys = ", ".join(answer.numbers)
    for number, value in enumerate(values):
        if not isinstance(value, dict):
            return f"returned {kind(value)} (case {number}), not a dict with {keys}."
        if sorted(value, key=str) != sorted(answer.numbers):
            return f"returned a dict with other keys than {keys} (case {number})."
        for name in answer.numbers:
            if not is_told(value[name]):
                # Not what it is: that may carry out what stands in a hidden case.
                seen = kind(value[name])
                return f"returned {seen} as {name} (case {number}), no finite number."
    return ""


def wrong_explanations(values, cases):
    """Return what is wrong with the first bad explanation; empty where none is.

    Parameters
    ----------
    values : list
        One a case: as many rows and columns of real numbers as its table ``X``.
    cases : list of dict

    Returns
    -------
    str

    Examples
    --------
    >>> case = {"X": {"table": {"age_years": [61, 70], "sodium_mmol_l": [140, 132]}}}
    >>> wrong_explanations([[[0.1, 0.0], [0.3, -0.2]]], [case])
    ''
    >>> wrong_explanations([[[0.1, 0.0]]], [case])
    'returned (1, 2) values for a table of (2, 2) (case 0).'
    """
    for number, (value, case) in enumerate(zip(values, cases, strict=True)):
        columns = case["X"]["table"]
        shape = len(next(iter(columns.values()))), len(columns)
        if seen := wrong_explanation(value, shape):
            return f"returned {seen} (case {number})."
    return ""


def wrong_explanation(value, shape):
    """Return what is wrong with the explanation of one table of this shape."""
    try:
        array = np.array(value)
    except ValueError:
        return "rows of unequal length"
    if array.shape != shape:
        return f"{array.shape} values for a table of {shape}"
    if array.dtype.kind not in "iuf" or not np.isfinite(array).all():
        return "values that are no real numbers"
    return ""


def is_told(value):
    """Return True for a number within a float's range, or None or NaN: not told.

    Examples
    --------
    >>> is_told(0.1), is_told(None), is_told(True), is_told(10**400)
    (True, True, False, False)
    """
    if value is None:
        return True
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return value != value or abs(value) <= sys.float_info.max


def kind(value):
    """Return in words of what kind a value is.

    Examples
    --------
    >>> kind(None), kind([])
    ('None', 'a list')
    """
    return "None" if value is None else f"a {type(value).__name__}"


def shortly(value):
    """Return a value as text, cut, with braces that format leaves alone."""
    return repr(value)[:40].replace("{", "{{").replace("}", "}}")
