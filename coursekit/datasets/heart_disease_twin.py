"""A drawn twin of the heart disease data: its columns and types, nobody's record."""

import numpy as np
import pandas as pd
from scipy.special import expit

from coursekit.datasets.heart_disease import COLUMNS, SITES, named
from coursekit.datasets.seeds import generator_from
from coursekit.errors import BadInput

MISSING = {  # share without a value
    "cleveland": {"ca": 0.01, "thal": 0.01},
    "hungarian": {"slope": 0.65, "ca": 0.99, "thal": 0.9, "chol": 0.08},
}
AGE = {"cleveland": 54, "hungarian": 48}  # mean, years


def make_heart_disease_twin(site, *, random_state=0):
    """Draw patients with the columns and types of `load_heart_disease`.

    Parameters
    ----------
    site : {"cleveland", "hungarian"}
        Hungary's are younger, and lack what was not measured there.
    random_state : int, default=0

    Returns
    -------
    DataFrame of shape (303, 14) or (294, 14)
        Disease is a little less common in Hungary, as in the real files. What goes with
        what is our own model: one latent severity moves all findings.

    Raises
    ------
    BadInput
        If there is no such site.

    Examples
    --------
    >>> twin = make_heart_disease_twin("hungarian")
    >>> twin.shape, int(twin["diseased"].sum())
    ((294, 14), 106)
    """
    return named(draw_raw(site, random_state))


def draw_raw(site, random_state=0):
    """Draw the table of a file, under the file's own names."""
    if site not in SITES:
        raise BadInput(f"There is no site {site!r}, only {' and '.join(SITES)}.")
    n, n_diseased = SITES[site]
    rng = generator_from("heart-disease-twin", site, random_state)
    severity = rng.standard_normal(n)
    luck = rng.standard_normal((8, n))

    def cut(place, weight, levels):
        return np.digitize(weight * severity + luck[place], levels)

    target = np.zeros(n)
    worst = np.argsort(severity + 0.5 * luck[0])[-n_diseased:]
    target[worst] = 1 + np.minimum(rng.poisson(0.8, n_diseased), 3)
    columns = {
        "age": np.clip(AGE[site] + 3 * severity + 7 * luck[1], 28, 77).round(),
        "sex": rng.random(n) < expit(0.8 + 0.5 * severity),
        "cp": 1 + cut(2, 1.0, [-1.5, -0.7, 0.2]),
        "trestbps": np.clip(132 + 3 * severity + 17 * luck[3], 92, 200).round(),
        "chol": np.clip(248 + 5 * severity + 52 * luck[4], 85, 560).round(),
        "fbs": rng.random(n) < 0.12,
        "restecg": cut(5, 0.3, [0.5, 0.6]),
        "thalach": np.clip(147 - 10 * severity + 20 * luck[6], 71, 202).round(),
        "exang": rng.random(n) < expit(-0.9 + severity),
        "oldpeak": np.clip(0.8 + 0.6 * severity + 0.7 * luck[7], 0, 6.2).round(1),
        "slope": 1 + cut(0, 0.8, [0.0, 1.8]),
        "ca": cut(1, 0.8, [0.5, 1.2, 1.9]),
        "thal": np.array([3, 6, 7])[cut(2, 0.8, [0.2, 0.4])],
        "target": target,
    }
    raw = pd.DataFrame(columns, columns=list(COLUMNS)).astype(float)
    for name, share in MISSING[site].items():
        raw.loc[rng.random(n) < share, name] = np.nan
    return raw
