"""Heart disease at two hospitals (UCI 45): a model from one, tested at the other.

The file is checked before it is believed: rows, columns, ranges and codes. Nothing is
downloaded.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from coursekit.errors import BadData, BadInput

SITES = {"cleveland": (303, 139), "hungarian": (294, 106)}  # patients, diseased
COLUMNS = {  # in the file -> (name here, least, most)
    "age": ("age_years", 18, 100),
    "sex": ("sex", 0, 1),
    "cp": ("chest_pain", 1, 4),
    "trestbps": ("systolic_mmhg", 50, 300),
    "chol": ("cholesterol_mg_dl", 50, 1000),
    "fbs": ("fasting_sugar_above_120", 0, 1),
    "restecg": ("resting_ecg", 0, 2),
    "thalach": ("max_heart_rate_bpm", 40, 250),
    "exang": ("exercise_angina", 0, 1),
    "oldpeak": ("st_depression_mm", -5, 10),
    "slope": ("st_slope", 1, 3),
    "ca": ("n_vessels", 0, 3),
    "thal": ("thallium_scan", 3, 7),
    "target": ("diseased", 0, 4),
}
WORDS = {
    "sex": {0: "F", 1: "M"},
    "chest_pain": {1: "typical", 2: "atypical", 3: "not anginal", 4: "none"},
    "resting_ecg": {0: "normal", 1: "ST-T", 2: "hypertrophy"},
    "st_slope": {1: "up", 2: "flat", 3: "down"},
    "thallium_scan": {3: "normal", 6: "fixed", 7: "reversible"},
}
WHERE = (
    "Get 'Heart Disease', data set 45 of the UCI Machine Learning Repository, and give "
    "the path of processed.{site}.data or of its folder."
)


def load_heart_disease(path, site):
    """Load the patients of one hospital, checked, with names, words and units.

    Parameters
    ----------
    path : path
        ``processed.<site>.data``, with or without a line of names, or its folder.
    site : {"cleveland", "hungarian"}

    Returns
    -------
    DataFrame of shape (303, 14) or (294, 14)
        One row a patient: ``age_years``, ``systolic_mmhg``, ``cholesterol_mg_dl``,
        ``max_heart_rate_bpm``, ``st_depression_mm``, ``n_vessels`` and the 0/1 columns
        ``fasting_sugar_above_120`` and ``exercise_angina`` as floats; ``sex``,
        ``chest_pain``, ``resting_ecg``, ``st_slope``, ``thallium_scan`` as words; and
        ``diseased``, 1 if a coronary vessel is narrowed by half or more. NaN where the
        file has ``?`` or nothing: in Hungary nearly all of the last three columns
        before the outcome.

    Raises
    ------
    BadInput
        If there is no such site.
    BadData
        If the file is missing, truncated or altered; the message says what to do.

    References
    ----------
    Detrano R, Janosi A, Steinbrunn W, et al. International application of a new
    probability algorithm for the diagnosis of coronary artery disease. American Journal
    of Cardiology 1989;64:304-310. CC BY 4.0.

    Examples
    --------
    >>> load_heart_disease("nowhere", "cleveland")
    Traceback (most recent call last):
    ...
    coursekit.errors.BadData: There is no file nowhere. Get 'Heart Disease', data ...
    """
    if site not in SITES:
        raise BadInput(f"There is no site {site!r}, only {' and '.join(SITES)}.")
    where = WHERE.format(site=site)
    raw = read_numbers(Path(path), site, where)
    refuse_other(raw, site, where)
    return named(raw)


def read_numbers(path, site, where):
    """Return the file's table as floats, under the file's own names."""
    if path.is_dir():
        path = path / f"processed.{site}.data"
    if not path.is_file():
        raise BadData(f"There is no file {path}. {where}")
    try:
        lines = path.read_text(encoding="utf-8").split()
        rows = [line.split(",") for line in lines]
    except (OSError, UnicodeDecodeError) as error:
        raise BadData(f"{path} cannot be read as text ({error}). {where}") from None
    if rows and rows[0] == list(COLUMNS):
        rows = rows[1:]
    if any(len(row) != len(COLUMNS) for row in rows):
        raise BadData(f"{path} has lines without {len(COLUMNS)} values. {where}")
    try:
        cells = [[float(c) if c not in ("?", "") else np.nan for c in r] for r in rows]
    except ValueError as error:
        raise BadData(f"{path} holds what is no number ({error}). {where}") from None
    return pd.DataFrame(cells, columns=list(COLUMNS))


def refuse_other(raw, site, where):
    """Raise BadData unless these can be the patients of this site."""
    n_patients, n_diseased = SITES[site]
    if len(raw) != n_patients:
        raise BadData(
            f"There are {len(raw)} patients; {site} has {n_patients}: the file is "
            f"truncated, or another site's. {where}"
        )
    for name, (_, least, most) in COLUMNS.items():
        seen = raw[name].dropna()
        if ((seen < least) | (seen > most)).any():
            raise BadData(f"{name} leaves {least} to {most}: altered? {where}")
    for name, (here, *_) in COLUMNS.items():
        if not raw[name].dropna().isin(WORDS.get(here, raw[name].dropna())).all():
            raise BadData(f"{name} has unknown codes: altered? {where}")
    if (raw["target"] > 0).sum() != n_diseased or raw["target"].isna().any():
        raise BadData(f"{site} has {n_diseased} with the disease; not here. {where}")


def named(raw):
    """Return the table with names, units and words.

    Examples
    --------
    >>> raw = pd.DataFrame([[63.0] + [1.0] * 11 + [3.0, 2.0]], columns=list(COLUMNS))
    >>> table = named(raw)
    >>> table["sex"][0], table["thallium_scan"][0], int(table["diseased"][0])
    ('M', 'normal', 1)
    """
    table = raw.rename(columns={old: new for old, (new, *_) in COLUMNS.items()})
    for name, words in WORDS.items():
        table[name] = table[name].map(words).astype("str")
    return table.assign(diseased=(table["diseased"] > 0).astype(int))
