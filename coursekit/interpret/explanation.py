"""What an explanation is: one value a patient and feature, on a scale that it names."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from coursekit.errors import BadInput


@dataclass(frozen=True)
class Explanation:
    """How much each feature of each patient moves the answer for the positive class.

    Examples
    --------
    >>> found = Explanation(np.array([[0.5, -0.2]]), 0.1, ("age", "asthma"), "log-odds")
    >>> np.asarray(found).shape, found.total.round(3)
    ((1, 2), array([0.4]))
    >>> print(found)
    1 patients x 2 features, log-odds of the positive class, from a base of 0.1
    """

    values: np.ndarray  # (n_patients, n_features), in units of the scale
    base: float  # mean answer over the background
    features: tuple[str, ...]
    scale: str  # "log-odds", "probability", or what a prediction returns
    standard_error: np.ndarray | None = None  # as values, where they are sampled

    def __array__(self, dtype=None, copy=None):
        """Return the values, (n_patients, n_features)."""
        return np.array(self.values, dtype=dtype)

    def __str__(self):
        """Say what the numbers are."""
        n, n_features = self.values.shape
        return (
            f"{n} patients x {n_features} features, {self.scale} of the positive "
            f"class, from a base of {self.base:.3g}"
        )

    @property
    def total(self):
        """Base and values together, (n_patients,): the answer that is explained."""
        return self.base + self.values.sum(axis=1)

    def table(self):
        """Return the values as a DataFrame, one column a feature."""
        return pd.DataFrame(self.values, columns=list(self.features))

    def importance(self):
        """Return the mean absolute value of each feature, largest first.

        It says what the model uses, not what causes the outcome.

        Returns
        -------
        Series, indexed by feature
        """
        size = pd.Series(np.abs(self.values).mean(axis=0), list(self.features))
        return size.sort_values(ascending=False, kind="stable")


def check_additive(explanation, predicted, *, tolerance=1e-6):
    """Refuse an explanation that does not add up to what it explains.

    Parameters
    ----------
    explanation : Explanation
    predicted : array-like of shape (n_patients,)
        The model's answers on the explanation's scale.
    tolerance : float, default=1e-6
        In units of the scale.

    Raises
    ------
    BadInput
        With the largest difference, and what it usually comes from.

    Examples
    --------
    >>> found = Explanation(np.array([[0.5, -0.2]]), 0.1, ("age", "asthma"), "log-odds")
    >>> check_additive(found, [0.4])
    >>> check_additive(found, [0.6])
    Traceback (most recent call last):
        ...
    coursekit.errors.BadInput: Base and values miss the log-odds by up to 0.2. ...
    """
    missed = float(np.abs(explanation.total - np.asarray(predicted)).max())
    if not missed <= tolerance:
        raise BadInput(
            f"Base and values miss the {explanation.scale} by up to {missed:.3g}. The "
            "usual causes: another scale, another class, another background, or a "
            "model that answers differently when asked twice."
        )
