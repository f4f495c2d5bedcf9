"""Good machine learning practice as a matrix: principle, evidence, whether it holds.

The ten guiding principles are those of FDA, Health Canada and MHRA (October 2021), in
our words. Two are checked by numbers; for all, the evidence must exist and be green.
"""

import numpy as np
import pandas as pd

from coursekit.errors import BadInput

PRINCIPLES = {
    1: "many kinds of expertise, over the whole life of the product",
    2: "sound software engineering and security",
    3: "study patients represent the intended population",
    4: "training and test sets are independent",
    5: "reference standards come from the best available methods",
    6: "the design fits the data and the intended use",
    7: "the human and the model together are in focus",
    8: "tests show performance under clinically relevant conditions",
    9: "users get clear, essential information",
    10: "deployed models are watched and retraining is managed",
}


def check_evidence(matrix, results):
    """Return one row a principle: its evidence, and whether each link resolves.

    Parameters
    ----------
    matrix : dict of int to sequence of str
        Principle to ids of evidence, such as ``{4: ["patients-apart"]}``.
    results : dict of str to bool
        What this run has: id to whether it is green.

    Returns
    -------
    DataFrame, indexed by principle
        ``about``, ``evidence``, ``missing`` (ids that do not resolve), ``failed``
        (ids that are not green), ``holds``.

    Raises
    ------
    BadInput
        If there is no such principle.

    Examples
    --------
    >>> table = check_evidence({4: ["patients-apart"]}, {"patients-apart": True})
    >>> table["holds"].sum(), table.loc[4, "holds"]
    (np.int64(1), np.True_)
    """
    unknown = sorted(set(matrix) - set(PRINCIPLES))
    if unknown:
        raise BadInput(f"There is no principle {unknown[0]}; they are 1 to 10.")
    rows = []
    for number, about in PRINCIPLES.items():
        ids = list(matrix.get(number, ()))
        missing = [name for name in ids if name not in results]
        failed = [name for name in ids if name in results and not results[name]]
        holds = bool(ids) and not missing and not failed
        parts = (", ".join(some) for some in (ids, missing, failed))
        rows.append((number, about, *parts, holds))
    head = ["principle", "about", "evidence", "missing", "failed", "holds"]
    return pd.DataFrame(rows, columns=head).set_index("principle")


def patients_apart(train, test):
    """Return True if no patient stands in both sets (principle 4).

    Parameters
    ----------
    train, test : array-like of patient labels

    Examples
    --------
    >>> patients_apart([1, 2], [3]), patients_apart([1, 2], [2])
    (True, False)
    """
    return not set(np.asarray(train).tolist()) & set(np.asarray(test).tolist())


def represents(group, target, *, within=0.05):
    """Return whether a cohort has the shares of the intended population (principle 3).

    Parameters
    ----------
    group : array-like of shape (n,)
    target : dict of label to float
        Shares that sum to 1.
    within : float, default=0.05
        Largest difference of a share. A choice of ours.

    Returns
    -------
    bool

    Raises
    ------
    BadInput
        If the shares do not sum to 1.

    Examples
    --------
    >>> represents(["F", "M", "F", "M"], {"F": 0.52, "M": 0.48})
    True
    >>> represents(["F", "F", "F", "M"], {"F": 0.52, "M": 0.48})
    False
    """
    if abs(sum(target.values()) - 1) > 1e-6:
        raise BadInput(
            f"The target's shares sum to {sum(target.values()):g}, not to 1."
        )
    shares = pd.Series(np.asarray(group)).value_counts(normalize=True)
    labels = {*target, *shares.index}
    far = [abs(shares.get(name, 0.0) - target.get(name, 0.0)) for name in labels]
    return bool(max(far) <= within)


def evidence_markdown(table):
    """Return the matrix as Markdown.

    Parameters
    ----------
    table : DataFrame
        As `check_evidence` returns it.

    Examples
    --------
    >>> text = evidence_markdown(check_evidence({}, {}))
    >>> text.splitlines()[-1].startswith("| 10 | deployed models are watched")
    True
    """
    lines = [
        "# Good machine learning practice: the evidence",
        "",
        "A principle holds here if something of this run speaks for it, and all of "
        "that is there and green. Where the evidence is empty, a person must bring it.",
        "",
        "| principle | about | evidence | missing | failed | holds |",
        "|---|---|---|---|---|---|",
    ]
    for number, row in table.iterrows():
        cells = [row["about"], row["evidence"], row["missing"], row["failed"]]
        lines.append(
            f"| {number} | {' | '.join(cells)} | {'yes' if row['holds'] else 'no'} |"
        )
    return "\n".join(lines)
