"""The NegEx test sentences: real, de-identified, from a local file.

Each row is one concept in one sentence of a report, marked negated or affirmed. The
file came from a spreadsheet: some fields stand in quotes, others hold single ones, so
it is split on tabs and nothing else.
"""

from pathlib import Path

import pandas as pd

from coursekit.errors import BadData

COLUMNS = ("report", "concept", "sentence", "is_negated")
LABELS = {"affirmed": False, "negated": True}
WHERE = (
    "Give a tab-separated file: a header line, then report number, concept, sentence "
    "and Negated or Affirmed."
)


def load_negex(path):
    """Load sentences in the format of the NegEx test set.

    Parameters
    ----------
    path : path
        A text file in UTF-8 (or Latin-1), one row a line, split on tabs; the first
        line is a header.

    Returns
    -------
    DataFrame
        ``report`` (str), ``concept``, ``sentence`` (str; quotes around the whole
        field taken off), ``is_negated`` (bool). In most rows the sentence has the
        concept in capitals. Historical and hypothetical mentions are negated or
        affirmed like all others. Split by report: sentences of one are alike.

    Raises
    ------
    BadData
        If the file is missing or empty, or a line has no four fields or another
        label; the message names the line.

    References
    ----------
    Chapman WW, Bridewell W, Hanbury P, Cooper GF, Buchanan BG. A simple algorithm for
    identifying negated findings and diseases in discharge summaries. Journal of
    Biomedical Informatics 2001; 34:301-310.

    Examples
    --------
    >>> load_negex("nowhere.tsv")
    Traceback (most recent call last):
    ...
    coursekit.errors.BadData: There is no file nowhere.tsv. Give a tab-separated ...
    """
    path = Path(path)
    if not path.is_file():
        raise BadData(f"There is no file {path}. {WHERE}")
    lines = text_of(path.read_bytes()).split("\n")
    rows = [
        read_line(line.rstrip("\r"), number, path)
        for number, line in enumerate(lines[1:], start=2)
        if line.strip()
    ]
    if not rows:
        raise BadData(f"{path} holds no sentences. {WHERE}")
    return pd.DataFrame(rows, columns=list(COLUMNS))


def text_of(content):
    r"""Return bytes as text, from UTF-8 or else Latin-1.

    Examples
    --------
    >>> text_of(b"caf\xe9"), text_of("café".encode())
    ('café', 'café')
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def read_line(line, number, path):
    r"""Return one line as (report, concept, sentence, is_negated).

    Examples
    --------
    >>> read_line('7\tfever\t"No FEVER, or ""chills""."\tNegated', 2, "a.tsv")
    ('7', 'fever', 'No FEVER, or "chills".', True)
    """
    fields = line.split("\t")
    if len(fields) != 4:
        raise BadData(f"Line {number} of {path} has {len(fields)} fields. {WHERE}")
    report, concept, sentence, label = map(unquoted, fields)
    if label.lower() not in LABELS:
        raise BadData(f"Line {number} of {path} has the label {label!r}. {WHERE}")
    return report, concept, sentence, LABELS[label.lower()]


def unquoted(field):
    """Return a field without the quotes around all of it and the space within them.

    Examples
    --------
    >>> unquoted('"chest pain "'), unquoted('"alarm" sign')
    ('chest pain', '"alarm" sign')
    """
    if len(field) > 1 and field[0] == field[-1] == '"':
        field = field[1:-1].replace('""', '"')
    return field.strip()
