"""PhysioNet/CinC Challenge 2012, set a: real intensive care stays, from a local tar.

The files are checked before they are believed, and nothing in them is mended: -1 stays
-1. Nothing is unpacked to disk, and nothing is downloaded.
"""

import io
import re
import tarfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from coursekit.errors import BadData

TAR_NAME, OUTCOMES_NAME = "set-a.tar.gz", "Outcomes-a.txt"
N_STAYS, N_DEATHS = 4000, 554
HEADER = b"Time,Parameter,Value"
RECORD = re.compile(r"(?:.*/)?(\d+)\.txt")
MOST_BYTES = 1_000_000  # of one record; the largest has about 30,000
WHERE = (
    "Get set-a.tar.gz and Outcomes-a.txt of 'Predicting Mortality of ICU Patients: "
    "The PhysioNet/Computing in Cardiology Challenge 2012' from physionet.org, and "
    "give the folder that holds both."
)
OUTCOMES = {  # column of the file -> ours
    "RecordID": "record_id",
    "SAPS-I": "saps1",
    "SOFA": "sofa",
    "Length_of_stay": "length_of_stay_days",
    "Survival": "survival_days",
    "In-hospital_death": "died",
}
GENERAL = {  # parameter at 00:00 -> column
    "Age": "age_years",
    "Gender": "gender",
    "Height": "height_cm",
    "ICUType": "icu_type",
}


@dataclass(frozen=True, eq=False)
class IcuStays:
    """Stays in intensive care, and what was measured in their first 48 hours."""

    stays: pd.DataFrame  # one row a stay
    events: pd.DataFrame  # one row a measurement


def load_physionet2012(path, *, verify=True, progress=True):
    """Load set a of the PhysioNet/CinC Challenge 2012 as it is published.

    Parameters
    ----------
    path : path
        A folder with `set-a.tar.gz` and `Outcomes-a.txt`, or the tar beside it.
    verify : bool, default=True
        False accepts another number of stays and deaths.
    progress : bool, default=True
        Show a bar while the tar is read.

    Returns
    -------
    IcuStays
        ``stays``, one row each, sorted by ``record_id``: ``age_years``, ``gender`` (0
        female, 1 male), ``height_cm``, ``icu_type`` (1 coronary, 2 cardiac surgery,
        3 medical, 4 surgical), ``weight_kg`` on admission, ``saps1``, ``sofa``,
        ``length_of_stay_days``, ``survival_days`` and ``died`` (1: in the hospital).
        **-1 means unknown**, and stays as it is; NaN where nothing is written.

        ``events``: ``record_id``, ``minute`` since admission, ``parameter`` (such as
        ``"HR"``, text) and ``value``; the general descriptors are among them.

    Raises
    ------
    BadData
        If a file is missing, truncated or altered; the message says where to get it.

    References
    ----------
    Silva I, Moody G, Scott DJ, Celi LA, Mark RG. Predicting in-hospital mortality of
    ICU patients: the PhysioNet/Computing in Cardiology Challenge 2012. Computing in
    Cardiology 2012;39:245-248. ODC-By 1.0.

    Examples
    --------
    >>> load_physionet2012("nowhere")
    Traceback (most recent call last):
    ...
    coursekit.errors.BadData: There is no nowhere/set-a.tar.gz. Get set-a.tar.gz and ...
    """
    tar = Path(path)
    tar = tar if tar.name.endswith(".tar.gz") else tar / TAR_NAME
    for file in (tar, tar.parent / OUTCOMES_NAME):
        if not file.is_file():
            raise BadData(f"There is no {file}. {WHERE}")
    outcomes = read_outcomes(tar.parent / OUTCOMES_NAME)
    numbers, texts = read_records(tar, len(outcomes) if progress else None)
    refuse_other_stays(tar, numbers, outcomes, verify)
    events = read_events(tar, numbers, texts)
    return IcuStays(stays_of(events, outcomes), events)


def read_outcomes(path):
    """Read the outcomes, one row a stay, or raise BadData."""
    try:
        table = pd.read_csv(path)
    except (ValueError, pd.errors.ParserError) as error:
        raise BadData(f"{path} is no CSV table: {error}. {WHERE}") from None
    if list(table) != list(OUTCOMES) or not (table.dtypes == "int64").all():
        raise BadData(f"{path} has other columns than the published ones. {WHERE}")
    return table.rename(columns=OUTCOMES).sort_values("record_id", ignore_index=True)


def read_records(path, n_expected=None):
    """Read the records of a tar: their numbers, and their lines without the header.

    Only regular files of a record's size and name are read.
    """
    numbers, texts = [], []
    try:
        with tarfile.open(path) as archive, bar(n_expected) as forward:
            for member in archive:
                found = RECORD.fullmatch(member.name)
                if member.isfile() and found and member.size <= MOST_BYTES:
                    text = archive.extractfile(member).read()
                    numbers.append(int(found[1]))
                    texts.append(without_header(path, member.name, text))
                    forward()
    except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
        raise BadData(f"{path} is truncated or damaged ({error}). {WHERE}") from None
    return numbers, texts


class bar:  # noqa: N801
    """A progress bar that is entered; calling what it gives moves it by one."""

    def __init__(self, total):
        self.total = total

    def __enter__(self):
        if self.total is None:
            return lambda: None
        from rich.progress import Progress

        self.bars = Progress(transient=True)
        self.bars.start()
        task = self.bars.add_task("reading stays", total=self.total)
        return lambda: self.bars.advance(task)

    def __exit__(self, *error):
        if self.total is not None:
            self.bars.stop()


def without_header(path, name, text):
    """Return the lines of a record below its header, or raise BadData."""
    head, _, body = text.replace(b"\r\n", b"\n").partition(b"\n")
    if head.strip() != HEADER:
        wanted = HEADER.decode()
        raise BadData(f"{name} in {path} does not begin with {wanted}. {WHERE}")
    return body if body.endswith(b"\n") or not body else body + b"\n"


def refuse_other_stays(path, numbers, outcomes, verify):
    """Raise BadData unless the records are those of the outcomes."""
    if sorted(numbers) != outcomes["record_id"].tolist():
        raise BadData(
            f"{path} holds {len(numbers):,} stays and {OUTCOMES_NAME} "
            f"{len(outcomes):,}, and they are not the same. {WHERE}"
        )
    n_deaths = int(outcomes["died"].sum())
    if verify and (len(numbers), n_deaths) != (N_STAYS, N_DEATHS):
        raise BadData(
            f"{path} holds {len(numbers):,} stays with {n_deaths} deaths; set a has "
            f"{N_STAYS:,} with {N_DEATHS}. {WHERE} verify=False accepts others."
        )


def read_events(path, numbers, texts):
    """Return all measurements as one table, sorted by stay."""
    order = np.argsort(numbers)
    body = b"".join(texts[at] for at in order)
    try:
        table = pd.read_csv(
            io.BytesIO(body),
            names=["time", "parameter", "value"],
            dtype={"time": "str", "parameter": "str", "value": "float64"},
        )
        clock = table["time"].str.split(":", expand=True).astype("int64")
    except (ValueError, pd.errors.ParserError) as error:
        raise BadData(f"{path} has a line that is none: {error}. {WHERE}") from None
    n_rows = [texts[at].count(b"\n") for at in order]
    return pd.DataFrame(
        {
            "record_id": np.repeat(np.sort(numbers), n_rows),
            "minute": clock[0] * 60 + clock[1],
            "parameter": table["parameter"],
            "value": table["value"],
        }
    )


def stays_of(events, outcomes):
    """Return one row a stay: what is said of the patient, and what became of them."""
    first = events[events["minute"] == 0].drop_duplicates(["record_id", "parameter"])
    wide = first.pivot(index="record_id", columns="parameter", values="value")
    columns = {**GENERAL, "Weight": "weight_kg"}
    general = wide.reindex(columns=list(columns), index=outcomes["record_id"])
    general = general.rename(columns=columns).reset_index(drop=True)
    return pd.concat(
        [outcomes[["record_id"]], general, outcomes.drop(columns="record_id")], axis=1
    )
