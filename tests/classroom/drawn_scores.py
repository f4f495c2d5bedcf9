"""Scores of a sound model and of faulty ones, as text, like a file."""

import numpy as np
import pandas as pd
from scipy.special import expit, logit

GROUPS = ("sex", "language")


def sound_scores(n_patients=3000, random_state=0):
    """Draw patients whose scores are their true risks; Spanish speakers are 1 in 4."""
    rng = np.random.default_rng(random_state)
    risk = expit(rng.normal(-1.2, 1.1, n_patients))
    days = np.arange(n_patients) * 365 // n_patients
    return pd.DataFrame(
        {
            "y": (rng.random(n_patients) < risk).astype(int),
            "p": risk.clip(0.001, 0.999),
            "sex": rng.choice(["F", "M"], n_patients),
            "language": rng.choice(["English", "Spanish"], n_patients, p=[0.75, 0.25]),
            "date": (np.datetime64("2024-01-01") + days).astype(str),
        }
    )


def moved(table, rows, by):
    """Return the table with the log odds of some rows' scores moved."""
    return table.assign(p=np.where(rows, expit(logit(table["p"]) + by), table["p"]))
