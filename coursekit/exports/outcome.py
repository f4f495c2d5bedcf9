"""What an export did, student by student, and how it reaches the disk."""

import os
import secrets
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from coursekit.errors import BadInput
from coursekit.status.standing import NOTHING


@dataclass
class Exported:
    """What was exported, and who was not, by name."""

    path: Path | None = None
    written: dict = field(default_factory=dict)  # student -> points
    skipped: dict = field(default_factory=dict)  # student -> why
    absent: list = field(default_factory=list)  # students who handed in nothing
    strangers: dict = field(default_factory=dict)  # row of the template -> why
    partial: dict = field(default_factory=dict)  # student -> what is missing
    remarks: list = field(default_factory=list)

    def pass_over(self, result):
        """Note who has no mark, and why."""
        if result.standing.stage == NOTHING:
            self.absent.append(result.student)
        else:
            self.skipped[result.student] = result.why

    def take(self, result, points):
        """Note whose mark was written, and what is missing in it."""
        self.written[result.student] = points
        if result.is_partial:
            self.partial[result.student] = result.why

    @property
    def is_whole(self):
        """True if everybody who handed in was exported whole, and all rows known."""
        return not (self.skipped or self.strangers or self.partial)


def put(path, content, template=None):
    """Write a file beside its place and rename it; only its owner may read it.

    Raises
    ------
    BadInput
        If that would replace the template.
    """
    path = Path(path)
    if template is not None and path.exists() and path.samefile(template):
        raise BadInput(f"{path} is the template itself. Name another --output.")
    if path.is_dir():
        raise BadInput(f"{path} is a folder. Name a file with --output.")
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def put_folder(path, files):
    """Write a folder of files; one of an earlier export is replaced as a whole.

    Parameters
    ----------
    path : Path
    files : dict of str to bytes
        ``FOLDER/NAME`` -> content.

    Raises
    ------
    BadInput
        If something else lies there.
    """
    path = Path(path)
    names = {Path(name).name for name in files} | {"results.json"}
    if path.exists() and not (path.is_dir() and holds_only(path, names)):
        raise BadInput(
            f"{path} holds something else than an earlier export. Name another "
            "--output."
        )
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    beside.mkdir(mode=0o700)
    try:
        for name, content in files.items():
            (beside / name).parent.mkdir(mode=0o700, exist_ok=True)
            (beside / name).write_bytes(content)
        shutil.rmtree(path, ignore_errors=True)
        beside.rename(path)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def holds_only(folder, names):
    """Return True if a folder holds nothing but folders with files of these names."""
    return all(
        each.is_dir() and {file.name for file in each.iterdir()} <= names
        for each in folder.iterdir()
    )
