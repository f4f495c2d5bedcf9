"""From a risk to a decision: by what it costs, or by how many places there are."""

import numpy as np

from coursekit.errors import BadInput


def threshold_from_costs(*, cost_per_enrolled, cost_per_readmission, effectiveness):
    """Return the risk from which on a place in the programme saves money.

    Taught in lab 01_readmission. A place for a patient of risk ``p`` prevents a
    readmission with probability ``p * effectiveness``, so on the average it saves
    ``p * effectiveness * cost_per_readmission`` and costs ``cost_per_enrolled``.
    The threshold is the ``p`` at which the two are equal.

    Parameters
    ----------
    cost_per_enrolled, cost_per_readmission : float above 0
        In one currency.
    effectiveness : float in (0, 1]
        Share of the readmissions of enrolled patients that the programme prevents.

    Returns
    -------
    float above 0
        Above 1, no patient's risk is high enough.

    Raises
    ------
    BadInput
        If a cost is not above 0, or the effectiveness not in (0, 1].

    Examples
    --------
    >>> threshold_from_costs(
    ...     cost_per_enrolled=200, cost_per_readmission=10_000, effectiveness=0.1
    ... )
    0.2
    """
    if not (cost_per_enrolled > 0 and cost_per_readmission > 0):
        raise BadInput("Both costs must be above 0.")
    if not 0 < effectiveness <= 1:
        raise BadInput(f"effectiveness is {effectiveness}; it must be in (0, 1].")
    return cost_per_enrolled / (effectiveness * cost_per_readmission)


def cut_off_for_alert_rate(risk, alert_rate):
    """Return the risk above which this share of patients lies.

    Taught in lab 01_readmission. Learn it on patients set aside for tuning and keep
    it: a cut-off taken from the patients of the day makes one patient's place depend
    on who else is discharged.

    Parameters
    ----------
    risk : array-like of shape (n,)
        Probabilities of patients set aside for tuning.
    alert_rate : float in (0, 1)
        Share of patients for whom there is a place.

    Returns
    -------
    float
        Flag patients with ``risk >= cut_off``. Patients of equal risk are flagged
        together, so a coarse score only comes as close to the rate as it can.

    Raises
    ------
    BadInput
        If there are no risks, or the rate is not in (0, 1).

    Examples
    --------
    >>> cut_off_for_alert_rate([0.1, 0.2, 0.3, 0.4, 0.5], 0.4)
    0.4
    """
    risk = np.asarray(risk, dtype=float)
    if len(risk) == 0 or not 0 < alert_rate < 1:
        raise BadInput("A cut-off needs risks, and an alert rate between 0 and 1.")
    cut_offs = np.unique(risk)[::-1]
    n_below = np.searchsorted(np.sort(risk), cut_offs)
    distance = np.abs(1 - n_below / len(risk) - alert_rate)
    return float(cut_offs[np.argmin(distance)])
