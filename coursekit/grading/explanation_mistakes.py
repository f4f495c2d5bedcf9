"""What an explanation explains, where that is not what was asked.

The values of a patient add up to what is explained, so their sums tell the class, the
scale and the background, without a look at the single values.
"""

import numpy as np

from coursekit.grading.contract import Breach
from coursekit.grading.explanation_measures import (
    both_values,
    either_way,
    share_wrong,
)

SAME = 0.05  # as a share of the size: sums, or values, that are the same
MOSTLY = 0.3  # share of cases in which a mistake is seen
CONDITIONAL = 0.15  # how near an explanation is that is right but for the twins
CODES = {
    "other class": "WRONG-CLASS",
    "probability of the other class": "WRONG-CLASS",
    "probability": "LOG-ODDS",
    "X as background": "BACKGROUND-IS-TEST",
}
SEEN = {
    "WRONG-CLASS": "the values add up to the answer for survival",
    "LOG-ODDS": "the values add up to a probability, not to log odds",
    "BACKGROUND-IS-TEST": "the values add up to the difference from X's own mean",
    "SAME-FOR-ALL": "all patients got the same values",
    "CONDITIONAL": "urea and creatinine share the credit of the one that is used",
}


def explanation_mistakes(answer, patients, reply, kind):
    """Name what an explanation explains instead, the commonest first.

    Parameters
    ----------
    answer : Answer
    patients : Patients
        With the true answers of cases as `y`.
    reply : Reply
        Of finite values, in the shape of each case's table.
    kind : str
        Of the points beside which a student reads it.

    Returns
    -------
    list of Breach
        They take no points; the measures do. CONDITIONAL is a comment.
    """
    cases = list(zip(patients.y, both_values(patients, reply), strict=True))
    codes = [mistake_of(truth, *values) for truth, values in cases]
    named = []
    for code in SEEN:
        n = codes.count(code)
        if n >= MOSTLY * len(codes):
            seen = f"In {n} of {len(codes)} cases {SEEN[code]}."
            named.append(Breach(code, f"{answer.name}: {seen}", kind))
    return named


def mistake_of(truth, true, said):
    """Return the code of what is wrong in one case, or None."""
    if share_wrong(true, said) <= SAME:
        return None
    if len(said) > 1 and (np.ptp(said, axis=0) <= 1e-9).all():
        return "SAME-FOR-ALL"
    total = said.sum(axis=1)
    if share_wrong(true.sum(axis=1), total) <= SAME:
        *_, pair = either_way(true, said, truth)
        return "CONDITIONAL" if share_wrong(*pair) <= CONDITIONAL else None
    for name, code in CODES.items():
        if share_wrong(np.array(truth["sums"][name]), total) <= SAME:
            return code
    return None
