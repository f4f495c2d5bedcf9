"""YAIB's demo cohorts: hourly tables of real intensive care stays, from local files.

Each cohort is three Parquet files, read with fastparquet (the extra `records`); they
are checked before they are believed. Nothing is downloaded.
"""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from coursekit.errors import BadData, BadInput

SITES = ("eicu", "mimic")
STAYS = {  # task -> stays at the two sites
    "mortality24": (1367, 99),
    "aki": (1988, 113),
    "sepsis": (896, 115),
    "los": (2267, 132),
    "kidney_function": (801, 69),
}
POSITIVES = {"mortality24": (70, 21), "aki": (698, 44), "sepsis": (63, 1)}
TASKS = tuple(STAYS)
STATIC = ("stay_id", "age", "sex", "height", "weight")
DYNAMIC = (
    *("stay_id", "time", "alb", "alp", "alt", "ast", "be", "bicar", "bili"),
    *("bili_dir", "bnd", "bun", "ca", "cai", "ck", "ckmb", "cl", "crea", "crp"),
    *("dbp", "fgn", "fio2", "glu", "hgb", "hr", "inr_pt", "k", "lact", "lymph"),
    *("map", "mch", "mchc", "mcv", "methb", "mg", "na", "neut", "o2sat", "pco2"),
    *("ph", "phos", "plt", "po2", "ptt", "resp", "sbp", "temp", "tnt", "urine", "wbc"),
)
WHERE = (
    "Get the folder demo_data of the YAIB project (github.com/rvandewater/YAIB) and "
    "give its path, or that of the folder around it."
)
NO_READER = (
    "Parquet files need fastparquet. Install it with: pip install 'coursekit[records]'"
)


@dataclass(frozen=True, eq=False)
class YaibCohort:
    """Stays of one site for one task."""

    task: str
    site: str
    stays: pd.DataFrame  # one row a stay
    hourly: pd.DataFrame  # one row a stay and hour
    outcome: pd.DataFrame  # one row a stay, or a stay and hour


def load_yaib(path, task="mortality24", site="eicu", *, verify=True):
    """Load a demo cohort of Yet Another ICU Benchmark.

    Parameters
    ----------
    path : path
        The folder `demo_data`, or the one around it.
    task : {"mortality24", "aki", "sepsis", "los", "kidney_function"}
    site : {"eicu", "mimic"}
        The demos of eICU-CRD or of MIMIC-III.
    verify : bool, default=True
        False accepts other numbers of stays and of stays with the outcome.

    Returns
    -------
    YaibCohort
        ``stays``: ``stay_id``, ``age_years`` (90 stands for all above), ``sex`` (text),
        ``height_cm``, ``weight_kg``. ``hourly``: ``stay_id``, ``hour`` since
        admission, and 48 columns named and measured as in YAIB (``temp`` in Celsius,
        ``crea`` and ``glu`` in mg/dL, ``lact`` in mmol/L); NaN where nothing was
        measured in that hour. ``outcome``: ``stay_id``, ``hour`` in the tasks that
        ask every hour, ``label`` (0/1; hours for "los", mg/dL for
        "kidney_function"). Values are as published; none is mended.

    Raises
    ------
    BadInput
        If there is no such task or site, or fastparquet is not installed.
    BadData
        If a file is missing, damaged or altered; the message says where to get it.

    References
    ----------
    van de Water R, Schmidt H, Elbers P, et al. Yet Another ICU Benchmark: a flexible
    multi-center framework for clinical ML. ICLR 2024. Data: ODbL 1.0.

    Examples
    --------
    >>> load_yaib("nowhere", task="readmission")
    Traceback (most recent call last):
    ...
    coursekit.errors.BadInput: There is no task 'readmission'; there are ...
    """
    refuse_unknown("task", task, TASKS)
    refuse_unknown("site", site, SITES)
    folder = cohort_folder(Path(path), task, site)
    stays, hourly, outcome = (
        read_parquet(folder / f"{name}.parquet") for name in ("sta", "dyn", "outc")
    )
    refuse_other_columns(folder, stays, hourly, outcome)
    renamed = {"age": "age_years", "height": "height_cm", "weight": "weight_kg"}
    cohort = YaibCohort(
        *(task, site),
        stays.rename(columns=renamed).astype({"sex": "str"}),
        hourly.assign(time=hours(hourly)).rename(columns={"time": "hour"}),
        in_hours(outcome),
    )
    if verify:
        refuse_other_stays(folder, cohort)
    return cohort


def refuse_unknown(what, name, known):
    """Raise BadInput for a task or site that is none."""
    if name not in known:
        raise BadInput(f"There is no {what} {name!r}; there are {', '.join(known)}.")


def cohort_folder(path, task, site):
    """Return the folder of a cohort's three files, or raise BadData."""
    inner = Path(task) / f"{site}_demo"
    for folder in (path / inner, path / "demo_data" / inner):
        if folder.is_dir():
            return folder
    raise BadData(f"{path} does not hold {inner}. {WHERE}")


def read_parquet(path):
    """Read one Parquet file, or raise an error that says what to do."""
    if not path.is_file():
        raise BadData(f"There is no file {path}. {WHERE}")
    try:
        from fastparquet import ParquetFile
    except ImportError:
        raise BadInput(NO_READER) from None
    try:
        with path.open("rb") as file:
            return ParquetFile(file).to_pandas()
    except Exception as error:  # a damaged file fails in many ways
        kind = type(error).__name__
        raise BadData(f"{path} is truncated or damaged ({kind}). {WHERE}") from None


def refuse_other_columns(folder, stays, hourly, outcome):
    """Raise BadData unless the columns are those of YAIB."""
    told = {"sta": (stays, STATIC), "dyn": (hourly, DYNAMIC)}
    for name, (table, wanted) in told.items():
        if list(table) != list(wanted):
            lacking = sorted({*wanted} - {*table}) or "none, but in another order"
            path = folder / f"{name}.parquet"
            raise BadData(f"{path} has other columns; missing: {lacking}. {WHERE}")
    if not {"stay_id", "label"} <= {*outcome} <= {"stay_id", "time", "label"}:
        raise BadData(f"{folder / 'outc.parquet'} has other columns. {WHERE}")


def hours(table):
    """Return the time of each row in whole hours; the files have seconds."""
    return (table["time"] // 3600).astype("int64")


def in_hours(outcome):
    """Return the outcome with its time in hours, if it has one, and 0/1 for truths."""
    if "time" in outcome:
        outcome = outcome.assign(time=hours(outcome)).rename(columns={"time": "hour"})
    if outcome["label"].dtype == bool:
        outcome = outcome.astype({"label": "int64"})
    return outcome


def refuse_other_stays(folder, cohort):
    """Raise BadData unless stays and outcomes are as many as published."""
    at = SITES.index(cohort.site)
    ill = cohort.outcome.groupby("stay_id")["label"].max()
    n_stays, n_ill = len(cohort.stays), int(ill.sum())
    wanted = STAYS[cohort.task][at], POSITIVES.get(cohort.task, (n_ill, n_ill))[at]
    same_stays = set(cohort.stays["stay_id"]) == set(ill.index)
    if (n_stays, n_ill) != wanted or not same_stays:
        raise BadData(
            f"{folder} holds {n_stays:,} stays, {n_ill:,} with the outcome; the "
            f"published cohort has {wanted[0]:,} and {wanted[1]:,}. {WHERE} "
            "verify=False accepts others."
        )
