"""Diabetes 130-US hospitals (1999-2008): real encounters, from a local file.

The file is checked before it is believed: a truncated or altered table would give
plausible and wrong results. Nothing is downloaded.
"""

import hashlib
import io
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pandas as pd

from coursekit.datasets.cohort import Cohort, Truth
from coursekit.errors import BadData

CSV_NAME = "diabetic_data.csv"
ZIP_NAME = "dataset_diabetes.zip"
SHA256 = "0689e7ec031237dc63031b938805c48377748761a3b26acab621567afa24df97"
N_BYTES = 19_159_383
SHAPE = (101_766, 50)
WHERE = (
    "Get 'Diabetes 130-US Hospitals for Years 1999-2008', data set 296 of the UCI "
    f"Machine Learning Repository, and give the path of its zip or of {CSV_NAME}."
)

COUNTS = (
    "time_in_hospital",
    "num_lab_procedures",
    "num_procedures",
    "num_medications",
    "number_outpatient",
    "number_emergency",
    "number_inpatient",
    "number_diagnoses",
)
DRUGS = (
    *("metformin", "repaglinide", "nateglinide", "chlorpropamide", "glimepiride"),
    *("acetohexamide", "glipizide", "glyburide", "tolbutamide", "pioglitazone"),
    *("rosiglitazone", "acarbose", "miglitol", "troglitazone", "tolazamide"),
    *("examide", "citoglipton", "insulin", "glyburide-metformin"),
    *("glipizide-metformin", "glimepiride-pioglitazone"),
    *("metformin-rosiglitazone", "metformin-pioglitazone"),
)
COLUMNS = (
    *("encounter_id", "patient_nbr", "race", "gender", "age", "weight"),
    *("admission_type_id", "discharge_disposition_id", "admission_source_id"),
    *("time_in_hospital", "payer_code", "medical_specialty"),
    *COUNTS[1:7],
    *("diag_1", "diag_2", "diag_3", "number_diagnoses", "max_glu_serum", "A1Cresult"),
    *DRUGS,
    *("change", "diabetesMed", "readmitted"),
)
IDENTIFIERS = ("encounter_id", "patient_nbr")
DEATH_OR_HOSPICE = ("11", "13", "14", "19", "20", "21")  # discharge dispositions
AGE_BANDS = {"0-39": 40, "40-59": 60, "60-79": 80, "80-99": 100}  # years, below
NO_FEATURE = (*IDENTIFIERS, "race", "gender", "readmitted", "is_death_or_hospice")


def load_diabetes130(path, *, verify=True):
    """Load the encounters of the UCI data set 296, checked and typed.

    Parameters
    ----------
    path : path
        The zip as downloaded, `diabetic_data.csv` from it, or a folder with either.
    verify : bool, default=True
        False accepts a copy with other bytes (such as other line ends) if its
        columns and its number of rows are right.

    Returns
    -------
    DataFrame of shape (101766, 51)
        One row per encounter, columns as in the file, and ``is_death_or_hospice``.
        Counts and identifiers are ints. All else is text: ages are bands of ten
        years such as ``"[70-80)"``, ``*_id`` columns are codes (``"1"`` is no
        quantity), diagnoses are ICD-9 codes. NaN where the file has ``?``; the text
        ``"None"`` of ``max_glu_serum`` and ``A1Cresult`` means "not measured" and
        stays a category. `patient_nbr` is kept, to split by patient.

    Raises
    ------
    BadData
        If the file is missing, truncated or altered; the message says where to get
        it and where to put it.

    References
    ----------
    Strack B, DeShazo JP, Gennings C, et al. Impact of HbA1c measurement on hospital
    readmission rates. BioMed Research International 2014, 781670. CC BY 4.0.

    Examples
    --------
    >>> load_diabetes130("nowhere.zip")
    Traceback (most recent call last):
    ...
    coursekit.errors.BadData: There is no file nowhere.zip. Get 'Diabetes 130-US ...
    """
    content = csv_bytes(Path(path))
    if verify:
        refuse_other_bytes(content, path)
    return typed(parsed(content, path))


def csv_bytes(path):
    """Return the bytes of the CSV, from a folder, a zip or the file itself."""
    if path.is_dir():
        there = [
            path / name for name in (ZIP_NAME, CSV_NAME) if (path / name).is_file()
        ]
        if not there:
            raise BadData(f"{path} holds neither {ZIP_NAME} nor {CSV_NAME}. {WHERE}")
        path = there[0]
    if not path.is_file():
        raise BadData(f"There is no file {path}. {WHERE}")
    if path.suffix.lower() != ".zip":
        return path.read_bytes()
    return bytes_from_zip(path)


def bytes_from_zip(path):
    """Return the bytes of the CSV within a zip, whatever folder it lies in."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [n for n in archive.namelist() if n.split("/")[-1] == CSV_NAME]
            if not names:
                raise BadData(f"{path} does not contain {CSV_NAME}. {WHERE}")
            return archive.read(names[0])
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise BadData(f"{path} is truncated or damaged ({error}). {WHERE}") from None


def refuse_other_bytes(content, path):
    """Raise BadData unless these are the bytes that UCI publishes."""
    if hashlib.sha256(content).hexdigest() == SHA256:
        return
    if len(content) < N_BYTES:
        state = f"has {len(content):,} bytes of {N_BYTES:,}: it is truncated or altered"
    else:
        state = "is not the file that UCI publishes: its SHA-256 differs"
    raise BadData(
        f"The table in {path} {state}. {WHERE} If you know why it differs, "
        "verify=False checks only columns and rows."
    )


def parsed(content, path):
    """Return the table of these bytes, all text, or raise BadData."""
    try:
        frame = pd.read_csv(
            io.BytesIO(content), dtype="str", keep_default_na=False, na_values="?"
        )
    except (ValueError, pd.errors.ParserError) as error:
        raise BadData(f"{path} is no CSV table: {error}. {WHERE}") from None
    if tuple(frame.columns) != COLUMNS:
        missing = sorted({*COLUMNS} - {*frame.columns}) or "none, but in another order"
        raise BadData(f"{path} has other columns; missing: {missing}. {WHERE}")
    if frame.shape != SHAPE:
        raise BadData(
            f"{path} has {len(frame):,} rows of {SHAPE[0]:,}: it is truncated. {WHERE}"
        )
    return frame


def typed(frame):
    """Return the table with ints where there are counts, and the death/hospice flag."""
    ints = dict.fromkeys((*IDENTIFIERS, *COUNTS), "int64")
    ended = frame["discharge_disposition_id"].isin(DEATH_OR_HOSPICE)
    return frame.astype(ints).assign(is_death_or_hospice=ended.to_numpy(bool))


def readmission_task(encounters):
    """Frame the encounters as a question: who will be back within 30 days.

    Patients who died or went to a hospice are left out: the question does not arise
    for the dead, and another one arises for those in a hospice (43 of the 771
    discharged to one did return within 30 days).

    Parameters
    ----------
    encounters : DataFrame
        From `load_diabetes130` or `make_diabetes130_twin`.

    Returns
    -------
    Cohort
        Role "train", `y` as recorded (1: ``readmitted`` is ``"<30"``), groups race
        (NaN becomes "Unknown"), sex (as recorded) and age_band (years). What is
        recorded is all there is: no true risk. Several rows a patient.

    Examples
    --------
    >>> from coursekit.datasets import make_diabetes130_twin
    >>> cohort = readmission_task(make_diabetes130_twin(200))
    >>> list(cohort.groups), cohort.truth.risk is None
    (['race', 'sex', 'age_band'], True)
    """
    alive = encounters[~encounters["is_death_or_hospice"]].reset_index(drop=True)
    y = (alive["readmitted"] == "<30").to_numpy().astype(int)
    return Cohort(
        role="train",
        X=alive.drop(columns=list(NO_FEATURE)),
        y=y,
        groups=group_columns(alive),
        patient=alive["patient_nbr"].to_numpy(),
        truth=Truth(outcome=y),
    )


def group_columns(encounters):
    """Return the columns by which fairness is measured, all text."""
    first_year = encounters["age"].str.extract(r"(\d+)", expand=False).astype(int)
    band = np.digitize(first_year, list(AGE_BANDS.values())[:-1])
    return pd.DataFrame(
        {
            "race": encounters["race"].fillna("Unknown"),
            "sex": encounters["gender"],
            "age_band": np.array(list(AGE_BANDS))[band],
        }
    ).astype("str")
