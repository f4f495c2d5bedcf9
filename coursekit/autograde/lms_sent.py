"""What one student sent through Canvas or Moodle, and which notebook of it is meant."""

import hashlib
from dataclasses import dataclass

from coursekit.autograde.door import shown
from coursekit.autograde.lms_names import SentFile
from coursekit.autograde.lms_zip import Member, is_zip

FINE = ("collected", "replaced", "unchanged", "older")


@dataclass(frozen=True)
class Sent:
    """One file of a download, and what its name says."""

    file: Member
    says: SentFile

    @property
    def order(self):
        """What tells the newer of two: Canvas's number, or the time in the zip."""
        return float(self.says.number or self.file.made)

    @property
    def name(self):
        """The student's own name of the file, to be printed."""
        return shown(self.says.original)


@dataclass(frozen=True)
class Outcome:
    """What happened to one student's files."""

    who: str
    what: str
    words: tuple[str, ...] = ()

    @property
    def is_fine(self):
        """False where a person has to look."""
        return self.what in FINE


def choose(assignment, files):
    """Return the notebooks that are meant, and the other files.

    The newest that is named like the assignment is meant; if none is, all notebooks
    are, and intake finds the one that has cells of the assignment.

    Parameters
    ----------
    assignment : str
    files : list of Sent
        Of one student.

    Returns
    -------
    tuple of (list of Sent, list of Sent)
    """
    chosen = [sent for sent in files if sent.says.is_notebook]
    named = [
        sent for sent in chosen if sent.says.stem.casefold() == assignment.casefold()
    ]
    if named:
        chosen = [max(named, key=lambda sent: (sent.order, named.index(sent)))]
    return chosen, [sent for sent in files if sent not in chosen]


def file_names(assignment, chosen):
    """Return under which names chosen notebooks are written, in their order.

    A single one gets the assignment's name. Others keep their own, without what no
    file should be called, and with a number where two are the same.
    """
    if len(chosen) == 1:
        return [f"{assignment}.ipynb"]
    names = []
    for number, sent in enumerate(chosen, 1):
        stem = "".join(
            char for char in sent.says.stem if char.isalnum() or char in "-_ "
        )
        names.append(f"{number}-{stem[:60].strip() or 'notebook'}.ipynb")
    return names


def size(files):
    """Return the bytes of files, unpacked, as the download says."""
    return sum(sent.file.size for sent in files)


def digest(contents):
    """Return the SHA-256 of notebooks and their names."""
    total = hashlib.sha256()
    for name, content in contents.items():
        total.update(f"{name} {hashlib.sha256(content).hexdigest()}\n".encode())
    return total.hexdigest()


def said(assignment, chosen, others):
    """Return what there is to say about which files were taken."""
    notes = ()
    if len(chosen) == 1 and chosen[0].says.original != f"{assignment}.ipynb":
        notes += (f"The notebook was handed in as {chosen[0].name}.",)
    if others:
        listed = ", ".join(listing(others))
        notes += (f"Left in the download: {listed}.",)
    return notes


def listing(files, most=20):
    """Return the names of files, archives marked; not more than a number of them."""
    marks = ((sent.name, is_zip(sent.says.original)) for sent in files[:most])
    return [f"{name} (not opened)" if packed else name for name, packed in marks]


def nothing(assignment, files):
    """Return the reason why nothing could be taken of what a student sent."""
    listed = ", ".join(listing(files))
    return f"There is no {assignment}.ipynb among what was handed in: {listed}."


def unrecognised(member):
    """Return the outcome of a file whose name says nothing."""
    words = "Canvas and Moodle do not name a file so: it stays in the download."
    return Outcome(shown(member.path), "not recognised", (words,))
