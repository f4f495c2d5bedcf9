"""A CSV in which single cells are replaced and all the rest stays, byte for byte.

Python's csv module would write quotes, line ends and encodings its own way; a system
that reads its own template again may mind.
"""

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from coursekit.errors import BadData

MOST_MB = 20
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
QUOTED = re.compile(r'"(?:[^"]|"")*"')
END = re.compile(r"\r\n|\n|\r")


@dataclass
class Line:
    """One row: its cells as they stand in the file, quotes and all."""

    raw: list[str]
    end: str  # how the row ends

    @property
    def values(self):
        """What the cells say."""
        return [unquoted(cell) for cell in self.raw]

    @property
    def is_empty(self):
        """True for a line with nothing in it."""
        return self.raw == [""]

    def value(self, place):
        """Return what one cell says, "" where the row is too short."""
        return unquoted(self.raw[place]).strip() if place < len(self.raw) else ""

    def write(self, place, text, delimiter):
        """Replace one cell; it stays in quotes if it was."""
        was_quoted = self.raw[place].startswith('"')
        needs_quotes = any(char in text for char in (delimiter, '"', "\n", "\r"))
        quoted = '"' + text.replace('"', '""') + '"'
        self.raw[place] = quoted if was_quoted or needs_quotes else text


@dataclass
class Sheet:
    """A CSV file: its rows, and how it is written."""

    path: Path
    lines: list[Line]
    delimiter: str
    encoding: str
    mark: bytes  # the byte order mark, or nothing
    is_guessed: bool = False  # the encoding is not known

    @property
    def headings(self):
        """The first row."""
        return [value.strip() for value in self.lines[0].values]

    def to_bytes(self):
        """Return the file; unchanged but for the cells that were written."""
        text = "".join(self.delimiter.join(line.raw) + line.end for line in self.lines)
        return self.mark + text.encode(self.encoding)


def unquoted(cell):
    """Return what a cell says.

    Examples
    --------
    >>> unquoted('"Doe, ""Ann"" A"'), unquoted("7.5")
    ('Doe, "Ann" A', '7.5')
    """
    if not cell.startswith('"'):
        return cell
    return cell[1:-1].replace('""', '"')


def read_sheet(path):
    """Read a CSV without losing anything.

    Parameters
    ----------
    path : path
        UTF-8 or UTF-16 with or without a mark; anything else is taken as Latin-1, in
        which nothing is lost. Separated by commas, semicolons or tabs.

    Returns
    -------
    Sheet

    Raises
    ------
    BadData
        If it is no CSV with a heading and a row, or larger than 20 MB.
    """
    path = Path(path)
    if path.stat().st_size > MOST_MB * 1e6:
        raise BadData(f"{path} has more than {MOST_MB} MB: that is no template.")
    content = path.read_bytes()
    mark, encoding = next(
        (each for each in MARKS if content.startswith(each[0])), (b"", "utf-8")
    )
    text, encoding, is_guessed = decoded(content[len(mark) :], encoding)
    if "\0" in text or not text.strip():
        raise BadData(f"{path} is no CSV. Download the template as CSV once more.")
    delimiter = delimiter_of(text)
    lines = split(text, delimiter, path)
    if len(lines) < 2:
        raise BadData(f"{path} has a heading and no rows: there is nobody to grade.")
    return Sheet(path, lines, delimiter, encoding, mark, is_guessed)


def decoded(content, encoding):
    """Return text, encoding, and whether that is a guess."""
    try:
        return content.decode(encoding), encoding, False
    except UnicodeDecodeError:
        return content.decode("latin-1"), "latin-1", True


def delimiter_of(text):
    r"""Return what separates the headings; what is in quotes does not count.

    Examples
    --------
    >>> delimiter_of('"Lab 1, part 2 (7)";ID\n')
    ';'
    """
    bare = END.split(QUOTED.sub("", text), maxsplit=1)[0]
    return max(",;\t", key=bare.count)


def split(text, delimiter, path):
    """Return the rows of a CSV, cell by cell as they stand there."""
    plain = re.compile(rf"[^{re.escape(delimiter)}\r\n]*")
    lines, cells, at = [], [], 0
    while at < len(text):
        quoted = text[at] == '"'
        found = (QUOTED if quoted else plain).match(text, at)
        at = found.end() if found else len(text)
        end = END.match(text, at)
        is_next = text[at : at + 1] == delimiter
        if not found or not (end or is_next or at == len(text)):
            raise BadData(
                f"{path} is no CSV: a quote in row {len(lines) + 1} is not closed, or "
                "something follows it. Download the template once more."
            )
        cells.append(found[0])
        if is_next:
            at += 1
            if at == len(text):
                cells.append("")
        if end or at == len(text):
            lines.append(Line(cells, end[0] if end else ""))
            cells, at = [], end.end() if end else at
    return lines
