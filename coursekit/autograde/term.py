"""What a new term takes over from the last one, and what it must not."""

import shutil
from pathlib import Path

CONFIG = "nbgrader_config.py"


def carry_over(old, new):
    """Copy a professor's own configuration and assignments into a new course.

    Left behind are secret, patients, submissions, runs, scores, gradebook, extensions
    and accommodations. Assignments with a rubric are drawn anew.

    Parameters
    ----------
    old : Course
    new : Path
        A course folder that has its frame already.
    """
    shutil.copy2(old.folder / CONFIG, new / CONFIG)
    source = Path(old.coursedir.format_path(old.coursedir.source_directory, ".", "."))
    for folder in sorted(path for path in source.glob("*") if path.is_dir()):
        if not old.has_rubric(folder.name):
            shutil.copytree(folder, new / "source" / folder.name, symlinks=True)
