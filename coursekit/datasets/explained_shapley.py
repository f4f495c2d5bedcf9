"""The Shapley values of a sum with one interaction, in closed form.

Interventional: what is not known of a patient is filled in from the background. A
part that stands alone gets what it is more than in the background. Of an interaction
``p q`` the value of p is the mean of what p adds when it comes first, and last:
``((p - E p) q + p E q - E[p q]) / 2``, and of q likewise. Where p and q are
independent in the background, this is ``(p - E p) (q + E q) / 2``.
"""

import numpy as np

from coursekit.datasets.explained_model import column_parts


def closed_form_shapley(model, X, background):
    """Return the exact interventional Shapley values of the true log odds.

    Parameters
    ----------
    model : ExplainedModel
    X, background : DataFrame
        Columns in the order of `explained_model.WEIGHTS`; the background's rows need
        not be independent.

    Returns
    -------
    ndarray of float, shape (n, n_features)
        Log odds. A row's sum is its log odds less the background's mean log odds.

    References
    ----------
    Lundberg, Lee 2017, NeurIPS 30. Janzing, Minorics, Blöbaum 2020, AISTATS
    (interventional against conditional).

    Examples
    --------
    >>> from coursekit.datasets.explained import explained_background
    >>> from coursekit.datasets.explained_model import draw_explained_model
    >>> model, rows = draw_explained_model("demo"), explained_background("demo")
    >>> values = closed_form_shapley(model, rows, rows)
    >>> values.shape, bool(abs(values.sum()) < 1e-9)
    ((100, 10), True)
    """
    values = model.parts(X) - model.parts(background).mean(axis=0)
    patient, other = column_parts(X), column_parts(background)
    both = shared_product(patient[:, 0], patient[:, 1], other[:, 0], other[:, 1])
    values[:, :2] += model.interaction * np.column_stack(both)
    return values


def shared_product(p, q, other_p, other_q):
    """Return the Shapley values of p and of q in their product.

    Parameters
    ----------
    p, q : ndarray of shape (n,)
        Of the patients.
    other_p, other_q : ndarray of shape (m,)
        Of the background.

    Returns
    -------
    of_p, of_q : ndarray of shape (n,)

    Examples
    --------
    >>> one, zero = np.array([1.0]), np.array([0.0])
    >>> shared_product(one, one, zero, zero)
    (array([0.5]), array([0.5]))
    """
    mean_p, mean_q, mean_both = (
        other_p.mean(),
        other_q.mean(),
        (other_p * other_q).mean(),
    )
    p_first, p_last = p * mean_q - mean_both, p * q - q * mean_p
    q_first, q_last = q * mean_p - mean_both, p * q - p * mean_q
    return (p_first + p_last) / 2, (q_first + q_last) / 2
