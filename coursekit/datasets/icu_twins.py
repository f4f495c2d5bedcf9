"""Drawn twins of the two intensive care sets: their columns and faults, nobody's stay.

Sizes and shares are set by hand after the real ones; a twin says nothing about anybody.
"""

import numpy as np
import pandas as pd

from coursekit.datasets.physionet2012 import IcuStays
from coursekit.datasets.seeds import generator_from
from coursekit.datasets.yaib import DYNAMIC, TASKS, YaibCohort, refuse_unknown
from coursekit.errors import BadInput

MEASURED = {  # parameter -> (centre, spread, decimals, mean number in 48 hours)
    "HR": (86, 15, 0, 40),
    "NISysABP": (118, 20, 0, 25),
    "NIDiasABP": (58, 12, 0, 25),
    "Temp": (37.0, 0.7, 1, 20),
    "RespRate": (19, 5, 0, 14),
    "GCS": (12, 3, 0, 14),
    "Glucose": (138, 45, 0, 3),
    "Creatinine": (1.3, 0.7, 1, 3),
    "Lactate": (2.6, 1.4, 1, 1),
    "pH": (7.38, 0.08, 2, 4),
}
YAIB_MEASURED = {  # column -> (centre, spread, share of hours in which it stands)
    "hr": (87, 16, 0.95),
    "sbp": (120, 20, 0.88),
    "dbp": (64, 12, 0.88),
    "map": (80, 14, 0.88),
    "resp": (19, 5, 0.85),
    "temp": (36.9, 0.7, 0.29),
    "o2sat": (96.5, 2.5, 0.89),
    "glu": (140, 50, 0.18),
    "crea": (1.4, 0.9, 0.06),
    "lact": (2.4, 1.3, 0.02),
}


def make_physionet2012_twin(n_stays, *, random_state=0):
    """Draw stays with the columns and the faults of `load_physionet2012`.

    Parameters
    ----------
    n_stays : int
    random_state : int, default=0

    Returns
    -------
    IcuStays
        About 14 % die. Among the values: -1 for what is unknown, temperatures of 0
        and below, heights in inches, pH without its point.

    Examples
    --------
    >>> twin = make_physionet2012_twin(200)
    >>> len(twin.stays), bool((twin.stays["height_cm"] == -1).any())
    (200, True)
    """
    refuse_none(n_stays)
    rng = generator_from("physionet2012_twin", random_state)
    stays = draw_stays(n_stays, rng)
    general = stays.melt("record_id", list(PARAMETERS)).assign(minute=0)
    general["parameter"] = general["variable"].map(PARAMETERS)
    events = pd.concat([general[EVENT], *draw_events(stays, rng)])
    events = events.sort_values(["record_id", "minute"], kind="stable")
    events = events.reset_index(drop=True).astype({"parameter": "str"})
    return IcuStays(stays.drop(columns="severity"), events)


EVENT = ["record_id", "minute", "parameter", "value"]
PARAMETERS = {
    "age_years": "Age",
    "gender": "Gender",
    "height_cm": "Height",
    "icu_type": "ICUType",
    "weight_kg": "Weight",
}


def refuse_none(n_stays):
    """Raise BadInput where no stay is asked for."""
    if n_stays < 1:
        raise BadInput(f"n_stays is {n_stays}; draw at least one.")


def draw_stays(n, rng):
    """Draw who the stays are of, how ill, and what becomes of them."""
    severity = rng.normal(0, 1, n)
    died = (rng.random(n) < 1 / (1 + np.exp(2.05 - 0.7 * severity))).astype(int)
    height = np.round(rng.normal(169, 10, n), 1)
    height = np.where(rng.random(n) < 0.01, np.round(height / 2.54, 1), height)
    days = 2 + rng.poisson(10, n)
    return pd.DataFrame(
        {
            "record_id": 900_000 + np.arange(n),
            "age_years": np.clip(rng.normal(64, 17, n), 16, 90).round(),
            "gender": np.where(rng.random(n) < 0.003, -1.0, rng.integers(0, 2, n)),
            "height_cm": np.where(rng.random(n) < 0.47, -1.0, height),
            "icu_type": rng.choice([1.0, 2, 3, 4], n, p=[0.14, 0.22, 0.37, 0.27]),
            "weight_kg": np.where(
                rng.random(n) < 0.08, -1.0, rng.normal(81, 22, n).clip(35).round(1)
            ),
            "saps1": np.where(
                rng.random(n) < 0.03, -1, (14 + 3.5 * severity).clip(0).astype(int)
            ),
            "sofa": (6 + 3 * severity).clip(-1).astype(int),
            "length_of_stay_days": days,
            "survival_days": np.where(died == 1, days, -1),
            "died": died,
            "severity": severity,
        }
    )


def draw_events(stays, rng):
    """Draw what was measured of each parameter, a few faults in it."""
    for name, (centre, spread, decimals, usual) in MEASURED.items():
        counts = rng.poisson(usual, len(stays))
        rows = np.repeat(np.arange(len(stays)), counts)
        drift = 0.3 * spread * stays["severity"].to_numpy()[rows]
        value = np.round(rng.normal(centre, spread, len(rows)) + drift, decimals)
        value = np.maximum(value, 0.1)
        if name == "Temp":
            value = np.where(rng.random(len(rows)) < 0.002, -17.8, value)
        if name == "pH":
            value = np.where(rng.random(len(rows)) < 0.002, 100 * value, value)
        yield pd.DataFrame(
            {
                "record_id": stays["record_id"].to_numpy()[rows],
                "minute": rng.integers(1, 48 * 60, len(rows)),
                "parameter": name,
                "value": value,
            }
        )


def make_yaib_twin(n_stays, *, task="mortality24", random_state=0):
    """Draw a cohort with the columns of `load_yaib`, its site called "twin".

    Parameters
    ----------
    n_stays : int
    task : str, default="mortality24"
    random_state : int, default=0

    Returns
    -------
    YaibCohort
        25 hours a stay; about 5 % have the outcome.

    Examples
    --------
    >>> twin = make_yaib_twin(20)
    >>> twin.hourly.shape, list(twin.outcome)
    ((500, 50), ['stay_id', 'label'])
    """
    refuse_none(n_stays)
    refuse_unknown("task", task, TASKS)
    rng = generator_from("yaib_twin", task, random_state)
    number = 1_000_000 + np.arange(n_stays)
    row, n = np.repeat(number, 25), n_stays * 25
    hourly = pd.DataFrame({"stay_id": row, "hour": np.tile(np.arange(25), n_stays)})
    for name in DYNAMIC[2:]:
        centre, spread, share = YAIB_MEASURED.get(name, (10, 3, 0.04))
        value = np.maximum(rng.normal(centre, spread, n).round(1), 0)
        hourly[name] = np.where(rng.random(n) < share, value, np.nan)
    hourly.loc[rng.random(n) < 0.001, ["hr", "resp"]] = 0.0
    stays = pd.DataFrame(
        {
            "stay_id": number,
            "age_years": np.clip(rng.normal(65, 16, n_stays), 18, 90).round(),
            "sex": pd.Series(rng.choice(["Male", "Female"], n_stays), dtype="str"),
            "height_cm": rng.normal(169, 11, n_stays).round(1),
            "weight_kg": rng.normal(84, 24, n_stays).clip(35).round(1),
        }
    )
    outcome = hourly[["stay_id", "hour"]] if task in HOURLY else stays[["stay_id"]]
    label = (rng.random(len(outcome)) < 0.05).astype(int)
    return YaibCohort(task, "twin", stays, hourly, outcome.assign(label=label))


HOURLY = ("aki", "sepsis", "los")
