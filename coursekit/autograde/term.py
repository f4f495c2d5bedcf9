"""What a new term takes over from the last one, and what it must not."""

import shutil
from pathlib import Path

from coursekit.autograde.course import configured, nbgrader_app

CONFIG = "nbgrader_config.py"
OWN_GRADEBOOK = """
# The term before was named above; this term has its own folder and gradebook.
from pathlib import Path

here = Path(__file__).absolute().parent
c.CourseDirectory.root = str(here)
c.CourseDirectory.db_url = f"sqlite:///{here / 'gradebook.db'}?timeout=60"
"""


def carry_over(old, new):
    """Copy a professor's own configuration and assignments into a new course.

    Left behind are secret, patients, submissions, runs, scores, gradebook, extensions
    and accommodations. Assignments with a rubric are drawn anew.

    Parameters
    ----------
    old : Course
    new : Path
        A course folder that has its frame already.

    Returns
    -------
    list of str
        What a professor has to know about it.
    """
    shutil.copy2(old.folder / CONFIG, new / CONFIG)
    source = Path(old.coursedir.format_path(old.coursedir.source_directory, ".", "."))
    for folder in sorted(path for path in source.glob("*") if path.is_dir()):
        if not old.has_rubric(folder.name):
            shutil.copytree(folder, new / "source" / folder.name, symlinks=True)
    return [*own_gradebook(old, new), *same_exchange(new)]


def own_gradebook(old, new):
    """Give a new course its own gradebook and folder, where last term's were named."""
    written = nbgrader_app(new).config.CourseDirectory
    if written.db_url != old.db_url and written.root == str(new.absolute()):
        return []
    with (new / CONFIG).open("a", encoding="utf-8") as file:
        file.write(OWN_GRADEBOOK)
    return [
        f"nbgrader_config.py named last term's gradebook or folder, {old.db_url}. "
        "Lines were added, so that this term has its own gradebook.db; name another "
        "there if you want."
    ]


def same_exchange(new):
    """Say that last term's files in nbgrader's exchange have the same course id."""
    course_id = configured(new).course_id
    if not course_id:
        return []
    return [
        f"course_id is {course_id!r} as in the last term. If its files still lie in "
        "the exchange, give this term an id of its own in nbgrader_config.py."
    ]
