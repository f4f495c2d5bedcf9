"""What a clustering of a case's patients must be, and the first thing that is wrong."""

from coursekit.grading.verdicts import is_told, kind, shortly

KEYS = ("labels", "k", "stability")
LARGEST = 10**6  # a label; they are names, not counts
TEXT = 40  # characters of a label that is a text
EXAMPLE = '{{"labels": [0, 2, 0], "k": 2, "stability": 0.8}}'


def wrong_clusterings(values, cases):
    """Return what is wrong with the first bad clustering; empty where none is.

    Parameters
    ----------
    values : list
        One a case: an object with ``labels``, one a row of the case's table ``df``
        (whole numbers, or texts), ``k``, how many different ones there are, and
        ``stability``, a number from -1 to 1, or None or NaN where it is not told.
    cases : list of dict

    Returns
    -------
    str

    Examples
    --------
    >>> case = {"df": {"table": {"map_mmhg": [61, 70]}}}
    >>> wrong_clusterings([{"labels": [0, 1], "k": 2, "stability": 0.9}], [case])
    ''
    >>> wrong_clusterings([{"labels": [0, 1], "k": 3, "stability": None}], [case])
    'returned k = 3 for 2 different labels (case 0).'
    """
    for number, (value, case) in enumerate(zip(values, cases, strict=True)):
        n_patients = len(next(iter(case["df"]["table"].values())))
        if seen := wrong_clustering(value, n_patients):
            return f"returned {seen.format(case=f'(case {number})')}."
    return ""


def wrong_clustering(value, n_patients):
    """Return what is wrong with one clustering, ``{case}`` where the case is named."""
    if not isinstance(value, dict):
        return f"{kind(value)} {{case}}, not a dict such as {EXAMPLE}"
    if sorted(value, key=str) != sorted(KEYS):
        return f"a dict with other keys than {', '.join(KEYS)} {{case}}"
    labels, k, stability = (value[key] for key in KEYS)
    if not isinstance(labels, list):
        return f"{kind(labels)} as labels {{case}}, not a list"
    if len(labels) != n_patients:
        return f"{len(labels)} labels for {n_patients} patients {{case}}"
    for label in labels:
        if not is_label(label):
            return f"the label {shortly(label)} {{case}}; use whole numbers"
    if len({isinstance(label, str) for label in labels}) > 1:
        return "labels some of which are texts and some numbers {case}"
    if isinstance(k, bool) or not isinstance(k, int) or k != len(set(labels)):
        return f"k = {shortly(k)} for {len(set(labels))} different labels {{case}}"
    if not is_told(stability) or (stability is not None and abs(stability) > 1):
        return f"{shortly(stability)} as stability {{case}}, not a number up to 1"
    return ""


def is_label(label):
    """Return True for a whole number of common size, or a short text.

    Examples
    --------
    >>> is_label(3), is_label(2.0), is_label("alpha"), is_label(0.5), is_label(True)
    (True, True, True, False, False)
    """
    if isinstance(label, str):
        return len(label) <= TEXT
    if type(label) is float and not label.is_integer():
        return False
    return type(label) in (int, float) and abs(label) <= LARGEST
