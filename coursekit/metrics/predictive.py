"""What an alert means elsewhere: predictive values follow the prevalence.

Sensitivity and specificity are shares of the ill and of the well. What an alert means
is a share of the alerted, and who is alerted depends on how many are ill.
"""

import numpy as np

from coursekit.errors import BadInput


def predictive_values(sensitivity, specificity, prevalence):
    """Return PPV and NPV by Bayes' rule.

    Parameters
    ----------
    sensitivity, specificity, prevalence : float or array-like in [0, 1]

    Returns
    -------
    tuple of (float or ndarray, float or ndarray)
        Shares of the alerted who are ill, and of the others who are well. NaN where
        nobody is alerted, or all are.

    Raises
    ------
    BadInput
        If an argument is no share.

    Examples
    --------
    >>> ppv, npv = predictive_values(0.9, 0.9, [0.5, 0.01])
    >>> ppv.round(3).tolist(), npv.round(3).tolist()
    ([0.9, 0.083], [0.9, 0.999])
    """
    given = np.broadcast_arrays(
        *(shares(each) for each in (sensitivity, specificity, prevalence))
    )
    found, spared, ill = given
    true_alarms, false_alarms = found * ill, (1 - spared) * (1 - ill)
    true_calm, false_calm = spared * (1 - ill), (1 - found) * ill
    with np.errstate(invalid="ignore"):
        ppv = true_alarms / (true_alarms + false_alarms)
        npv = true_calm / (true_calm + false_calm)
    return (ppv, npv) if ppv.ndim else (float(ppv), float(npv))


def shares(values):
    """Return shares as floats, refusing what is none."""
    array = np.asarray(values, float)
    if not ((array >= 0) & (array <= 1)).all():
        raise BadInput("Sensitivity, specificity and prevalence are shares, 0 to 1.")
    return array
