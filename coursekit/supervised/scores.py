"""A score that can be added up at the bedside, as the baseline of every model."""

import numpy as np

from coursekit.errors import BadInput

STAY_DAYS = (1, 2, 3, 4, 7, 14)  # from this many days on ...
STAY_POINTS = (0, 1, 2, 3, 4, 5, 7)  # ... so many points, as in LACE
COMORBIDITY_POINTS = (0, 1, 2, 3, 5)  # as LACE gives them for the Charlson index


def discharge_points(
    length_of_stay_days, is_emergency, comorbidity_count, prior_admissions
):
    """Add up points for length of stay, acuity, comorbidity and earlier admissions.

    Taught in lab 01_readmission. This is *our own* count score in the manner of the
    LACE index [1]_; it is not LACE and was never validated. The points for length of
    stay and for an emergency admission are those of LACE. LACE then uses the Charlson
    comorbidity index and the visits to an emergency department in six months; we
    have only a plain count of comorbidities and the admissions in the year before.

    Parameters
    ----------
    length_of_stay_days : array-like of shape (n,), at least 0
        1, 2, 3 days: as many points; 4 to 6: 4; 7 to 13: 5; 14 or more: 7.
    is_emergency : array-like of bool of shape (n,)
        Whether the admission was an emergency: 3 points.
    comorbidity_count : array-like of int of shape (n,)
        0 to 3: as many points; 4 or more: 5.
    prior_admissions : array-like of int of shape (n,)
        One point each, at most 4.

    Returns
    -------
    ndarray of int of shape (n,)
        0 (none) to 19 points.

    Raises
    ------
    BadInput
        If a value is missing or negative.

    References
    ----------
    .. [1] van Walraven C, et al. Derivation and validation of an index to predict early
       death or unplanned readmission after discharge from hospital to the community.
       CMAJ 2010;182(6):551-557. doi:10.1503/cmaj.091117

    Examples
    --------
    >>> discharge_points([1, 5, 20], [False, True, True], [0, 2, 6], [0, 1, 9])
    array([ 1, 10, 19])
    """
    counts = [
        refuse_missing(values)
        for values in (length_of_stay_days, comorbidity_count, prior_admissions)
    ]
    stay, comorbidity, prior = counts
    return (
        np.array(STAY_POINTS)[np.digitize(stay, STAY_DAYS)]
        + 3 * np.asarray(is_emergency, dtype=int)
        + np.array(COMORBIDITY_POINTS)[np.minimum(comorbidity, 4).astype(int)]
        + np.minimum(prior, 4).astype(int)
    )


def refuse_missing(values):
    """Return counts as numbers, if none is missing or negative."""
    values = np.asarray(values, dtype=float)
    if not (values >= 0).all():
        raise BadInput("A count score needs every value, and none below 0.")
    return values
