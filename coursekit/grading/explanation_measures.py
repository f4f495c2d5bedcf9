"""The measures of explanations, and of one verdict, that a rubric may name.

The truth of a case are interventional Shapley values of the log odds, as
`coursekit.datasets.make_explained_cases` has them. Sizes are relative to the truth's,
so that 0 is right and 1 is as wrong as to say nothing. Of two columns that run
together, which one gets the credit is a question of what is asked (interventional or
conditional), so an explanation may be right in their sum; not so if it turns the two
round and tells the one for the larger that truly counts for less.
"""

import numpy as np

from coursekit.errors import NotEstimable
from coursekit.grading.verdict_measures import exactly, f1

NEAR_TIE = 0.10  # pairs of columns that differ by less say nothing
EXPLAINS_NOTHING = 0.4  # local error from which gaps and ranks mean nothing
EXPLAINS_WELL = 0.1  # local error up to which they count in full
TOP = 3


def both_values(patients, reply):
    """Return true and given values of each case: pairs of (n, n_features) arrays."""
    return [
        (np.asarray(truth["values"], float), np.asarray(said, float))
        for truth, said in zip(patients.y, reply.values, strict=True)
    ]


def local_error(patients, reply, criterion=None):
    """Mean distance from the true values as a share of their mean size, over cases."""
    return exactly(np.mean(errors(patients, reply)))


def errors(patients, reply):
    """Return the local error of each case; twins may count by their sum.

    Returns
    -------
    ndarray of shape (n_cases,)
    """
    cases = zip(patients.y, both_values(patients, reply), strict=True)
    return np.array(
        [
            min(share_wrong(*each) for each in either_way(*values, answer))
            for answer, values in cases
        ]
    )


def either_way(true, said, answer):
    """Return the pairs of values of one case of which the better one counts.

    Returns
    -------
    list of pairs of ndarray
        The values singly, and with those of twins added up if they may share.
    """
    pairs = [(true, said)]
    if may_share(true, said, answer["twins"]):
        pairs.append((added_up(true, answer), added_up(said, answer)))
    return pairs


def may_share(true, said, twins):
    """Return whether the twin that truly counts for more is not told to count for less.

    Examples
    --------
    >>> true = np.array([[3.0, 0.0]])
    >>> may_share(true, np.array([[1.6, 1.4]]), [0, 1])
    True
    >>> may_share(true, np.array([[0.0, 3.0]]), [0, 1])
    False
    """
    sizes = importance(true)[twins], importance(said)[twins]
    more = np.argmax(sizes[0])
    return bool(sizes[1][more] >= (1 - NEAR_TIE) * sizes[1][1 - more])


def share_wrong(true, said):
    """Return the mean distance of values as a share of the true ones' mean size.

    Examples
    --------
    >>> share_wrong(np.array([[1.0, -3.0]]), np.array([[1.0, -2.0]]))
    0.25
    """
    return float(np.abs(said - true).mean() / np.abs(true).mean())


def added_up(values, answer):
    """Return values with those of twins added up, in the first one's column.

    Examples
    --------
    >>> added_up(np.array([[1.0, 2.0, 4.0]]), {"twins": [1, 2]})
    array([[1., 6.]])
    """
    first, second = answer["twins"]
    summed = values.copy()
    summed[:, first] += values[:, second]
    return np.delete(summed, second, axis=1)


def importance_order(patients, reply, criterion=None):
    """Kendall's tau of the columns' importance, over pairs that truly differ.

    Importance is the mean size of a column's values. Twins that may share count by
    their sum, if the order is the better for it. The mean over cases.
    """
    cases = zip(patients.y, both_values(patients, reply), strict=True)
    found = [
        max(tau(*map(importance, each)) for each in either_way(*values, answer))
        for answer, values in cases
    ]
    return exactly(np.mean(found))


def importance(values):
    """Return the mean size of each column's values, (n_features,)."""
    return np.abs(values).mean(axis=0)


def tau(true, said):
    """Return the share of right less the share of wrong pairs; a tie is neither.

    Examples
    --------
    >>> tau(np.array([3.0, 2.0, 1.95]), np.array([0.9, 0.2, 0.4]))
    1.0
    >>> tau(np.array([3.0, 2.0, 1.0]), np.zeros(3))
    0.0
    """
    first, second = np.triu_indices(len(true), 1)
    apart = true[first] - true[second]
    counted = np.abs(apart) > NEAR_TIE * np.maximum(true[first], true[second])
    same = np.sign(apart) * np.sign(said[first] - said[second])
    return float(same[counted].mean())


def distractor_on_top(patients, reply, criterion=None):
    """Share of the cases with an unused twin in which it is among the top three.

    Raises
    ------
    NotEstimable
        If the explanation explains nothing: ranks of nothing mean nothing.
    """
    refuse_nothing(patients, reply)
    found = []
    for answer, (_, said) in zip(patients.y, both_values(patients, reply), strict=True):
        if answer["unused"] is not None:
            size = importance(said)
            larger = np.sum(size > size[unused_column(answer)] + 1e-9)
            found.append(larger < TOP)
    if not found:
        raise NotEstimable("No model leaves one of the two columns unused.")
    return exactly(np.mean(found))


def unused_column(answer):
    """Return the position of the twin that the model does not use."""
    size = importance(np.asarray(answer["values"], float))
    return min(answer["twins"], key=lambda column: size[column])


def share_explained(patients, reply):
    """Return how far an explanation reaches, from 0 (nothing) to 1.

    Gaps and ranks count by as much: what is half wrong may be so for all alike.
    """
    wrong = local_error(patients, reply).value
    share = (EXPLAINS_NOTHING - wrong) / (EXPLAINS_NOTHING - EXPLAINS_WELL)
    return float(np.clip(share, 0, 1))


def refuse_nothing(patients, reply):
    """Raise NotEstimable if an explanation explains nothing."""
    wrong = local_error(patients, reply).value
    if wrong >= EXPLAINS_NOTHING:
        raise NotEstimable(
            f"The values miss the truth by {wrong:.0%} of its size. From "
            f"{EXPLAINS_NOTHING:.0%} on this explains nothing, for no group."
        )


def error_gap(patients, reply, criterion):
    """Largest difference between groups of patients in the local error, over all cases.

    Raises
    ------
    NotEstimable
        If the explanation explains nothing, which it may do for all alike.
    """
    refuse_nothing(patients, reply)
    pairs = both_values(patients, reply)
    twins = [
        either_way(*values, answer)[-1]
        for answer, values in zip(patients.y, pairs, strict=True)
    ]
    labels = np.concatenate([answer["groups"] for answer in patients.y])
    by_group = min(
        (group_errors(each, labels) for each in (pairs, twins)), key=lambda e: e.max()
    )
    return exactly(np.ptp(by_group))


def group_errors(pairs, labels):
    """Return the local error of each group's patients, all cases taken together."""
    missed = np.concatenate([np.abs(said - true).sum(axis=1) for true, said in pairs])
    size = np.concatenate([np.abs(true).sum(axis=1) for true, _ in pairs])
    return np.array(
        [missed[labels == g].sum() / size[labels == g].sum() for g in np.unique(labels)]
    )


def changes_with_model(patients, reply, criterion=None):
    """How far an explanation changes as it should where only the model is another.

    1 if it changes in the direction in which the truth does, 0 if it stays, whatever
    the model: the mean over pairs of cases with the same patients.

    Raises
    ------
    NotEstimable
        If no two cases share their patients.
    """
    pairs = both_values(patients, reply)
    number = [answer["pair"] for answer in patients.y]
    found = []
    for one in range(len(pairs)):
        for other in range(one + 1, len(pairs)):
            if number[one] == number[other]:
                found.append(share_of_change(pairs[one], pairs[other]))
    if not found:
        raise NotEstimable("No two cases have the same patients.")
    return exactly(np.mean(found))


def share_of_change(one, other):
    """Return how alike the direction of a change is to the true one's, cut to [0, 1].

    The size does not count, so another scale is not taken for another direction.

    Examples
    --------
    >>> first, second = np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]])
    >>> round(share_of_change((first, first), (second, second)), 9)
    1.0
    >>> share_of_change((first, first), (second, first))
    0.0
    """
    true, said = one[0] - other[0], one[1] - other[1]
    size = np.linalg.norm(true) * np.linalg.norm(said)
    return float(np.clip(np.sum(true * said) / size, 0, 1)) if size > 1e-9 else 0.0


def fault_f1(patients, reply, criterion):
    """F1 of the one name that the criterion's attribute tells, above chance.

    1 is all right; 0 is what comes to who finds it in every case.
    """
    true = np.array([criterion.attribute in each["found"] for each in patients.y])
    said = np.array([criterion.attribute in each["found"] for each in reply.values])
    if true.all() or not true.any():
        raise NotEstimable(f"{criterion.attribute} is in all of these cases, or none.")
    chance = f1(true[:, None], np.ones_like(true)[:, None])[0]
    seen = f1(true[:, None], said[:, None])[0]
    return exactly((seen - chance) / (1 - chance))


MEASURES = {
    "local_error": local_error,
    "importance_order": importance_order,
    "distractor_on_top": distractor_on_top,
    "error_gap": error_gap,
    "changes_with_model": changes_with_model,
    "fault_f1": fault_f1,
}
FALLING = ("local_error", "distractor_on_top", "error_gap")
WORDS = {
    "local_error": "local error",
    "importance_order": "Kendall's tau",
    "distractor_on_top": "share of cases with the distractor on top",
    "error_gap": "gap in local error",
    "changes_with_model": "likeness of the change",
    "fault_f1": "F1 above chance",
}
