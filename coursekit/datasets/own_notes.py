"""A professor's own notes, with the spans that annotators marked, from two CSV files.

One rule: an offset that could mean another place is refused, never moved. Nothing is
downloaded, and nothing real comes with coursekit.
"""

import csv
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd

from coursekit.datasets.cohort import Cohort, Truth
from coursekit.datasets.note_words import STATUSES, SYMPTOMS
from coursekit.errors import BadData

NOTE_COLUMNS = ("note_id", "patient", "note")
SPAN_COLUMNS = ("note_id", "start", "end", "symptom", "status")


def load_notes(path, spans=None):
    r"""Load notes and their spans: a cohort without known risk.

    Parameters
    ----------
    path : path
        CSV in UTF-8 with the columns ``note_id`` (each once), ``patient`` and
        ``note``; or a folder with ``notes.csv``. All other columns are groups, kept
        as text.
    spans : path, optional
        CSV with ``note_id``, ``start``, ``end`` (offsets into the note in code
        points, from 0, the end exclusive), ``symptom`` (one of `SYMPTOMS`),
        ``status`` (one of `STATUSES`), and, if you have it, ``text``: what stands
        there, which is checked. By default ``spans.csv`` in the folder of the notes.

    Returns
    -------
    Cohort
        Role "train". ``X`` list of str, ``y`` list of lists of
        ``[start, end, symptom, status]``, in order. Patients are numbered as they
        come unless their column holds whole numbers. Without other columns,
        ``groups`` has one, ``all``. ``truth.risk`` is None and ``truth.outcome`` is
        what was marked: grade with ``labels = "as recorded"``.

    Raises
    ------
    BadData
        If a file or column is missing, a note or span is in doubt: outside its note,
        of an unknown symptom, status or note, overlapping another of its symptom, not
        at its ``text``; or if a note has Windows line ends and ``text`` is not given,
        since two tools count these differently. The message names file and line.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> lines = "note_id,patient,note,ward\n7,1,Denies cough.,east\n"
    >>> _ = (folder / "notes.csv").write_text(lines)
    >>> lines = "note_id,start,end,symptom,status\n7,7,12,cough,absent\n"
    >>> _ = (folder / "spans.csv").write_text(lines)
    >>> load_notes(folder).y
    [[[7, 12, 'cough', 'absent']]]
    """
    path = Path(path)
    path = path / "notes.csv" if path.is_dir() else path
    spans = path.with_name("spans.csv") if spans is None else Path(spans)
    rows = [row for _, row in read_rows(path, NOTE_COLUMNS)]
    ids = [row["note_id"] for row in rows]
    twice = next((n for n, k in Counter(ids).items() if k > 1), None)
    if twice is not None:
        raise BadData(f"{path} has two notes with note_id {twice!r}. Number them.")
    if not rows:
        raise BadData(f"{path} has no notes.")
    notes = dict(zip(ids, (row["note"] for row in rows), strict=True))
    marked = read_spans(spans, notes)
    return Cohort(
        role="train",
        X=list(notes.values()),
        y=[[list(span) for span in marked[name]] for name in ids],
        groups=own_groups(rows),
        patient=own_patients([row["patient"] for row in rows]),
        truth=Truth(outcome=[marked[name] for name in ids]),
    )


def read_rows(path, columns):
    """Return (line number, row) for each row of a CSV; notes keep their line ends."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            missing = [c for c in columns if c not in (reader.fieldnames or ())]
            if missing:
                raise BadData(f"{path} lacks the column(s) {', '.join(missing)}.")
            rows = [(reader.line_num, row) for row in reader]
    except FileNotFoundError:
        raise BadData(f"There is no file {path}.") from None
    except UnicodeDecodeError:
        raise BadData(f"{path} is not in UTF-8. Save it as CSV UTF-8.") from None
    except csv.Error as error:
        raise BadData(f"{path} is no CSV: {error}.") from None
    for line, row in rows:
        if None in row or None in row.values():
            raise BadData(f"{path}, line {line}: too many or too few fields.")
    return rows


def read_spans(path, notes):
    """Return the spans of each note, in order, checked against the notes."""
    marked = {name: [] for name in notes}
    for line, row in read_rows(path, SPAN_COLUMNS):
        wrong = what_is_wrong(row, notes)
        if wrong:
            raise BadData(f"{path}, line {line}: {wrong}")
        span = [int(row["start"]), int(row["end"]), row["symptom"], row["status"]]
        marked[row["note_id"]].append(span)
    for name, some in marked.items():
        some.sort()
        refuse_overlap(path, name, some)
    return marked


def what_is_wrong(row, notes):
    """Return why a span cannot be believed, or an empty text."""
    if row["note_id"] not in notes:
        return f"there is no note {row['note_id']!r}."
    if row["symptom"] not in SYMPTOMS:
        return f"symptom {row['symptom']!r} is none of {', '.join(SYMPTOMS)}."
    if row["status"] not in STATUSES:
        return f"status {row['status']!r} is none of {', '.join(STATUSES)}."
    if not (is_count(row["start"]) and is_count(row["end"])):
        return "start and end are whole numbers from 0."
    note, start, end = notes[row["note_id"]], int(row["start"]), int(row["end"])
    if not start < end <= len(note):
        return f"{start} to {end} is no place in a note of {len(note)} characters."
    return wrong_place(note, start, end, row.get("text"))


def is_count(text):
    """Return True for a whole number from 0, in plain digits."""
    return text.isascii() and text.isdigit()


def wrong_place(note, start, end, text):
    """Return why offsets may mean another place, or an empty text."""
    if text is None:
        if "\r" in note:
            return (
                "its note has Windows line ends, which some tools count as one "
                "character and some as two. Add a column text to the spans."
            )
        return ""
    if note[start:end] == text:
        return ""
    counted_as_one = note.replace("\r\n", "\n")[start:end] == text
    why = " Its line ends were counted as one character." if counted_as_one else ""
    return f"at {start} to {end} stands {note[start:end]!r}, not {text!r}.{why}"


def refuse_overlap(path, name, spans):
    """Raise BadData if two spans of a symptom overlap in a note."""
    ends = {}
    for start, end, symptom, _ in spans:
        if start < ends.get(symptom, 0):
            raise BadData(
                f"{path}: two spans of {symptom} overlap in note {name!r}, at {start}."
            )
        ends[symptom] = end


def own_groups(rows):
    """Return every further column as text; or one column, the same for all."""
    names = [name for name in rows[0] if name not in NOTE_COLUMNS]
    table = pd.DataFrame({name: [row[name] for row in rows] for name in names})
    return (table if names else pd.DataFrame({"all": ["all"] * len(rows)})).astype(
        "str"
    )


def own_patients(names):
    """Return patients as ints: as they are, or numbered as they come."""
    if all(is_count(name) and len(name) < 18 for name in names):
        return np.array([int(name) for name in names], dtype="int64")
    return pd.factorize(np.array(names, dtype=object))[0].astype("int64")
