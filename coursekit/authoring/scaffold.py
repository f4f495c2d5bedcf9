"""A new assignment, or a new lab, that is whole from its first minute.

What is written here builds, is graded and certifies as it stands. An author then
changes it piece by piece, and sees at each step whether it still does.
"""

import keyword
import os
import re
import shutil
from pathlib import Path
from string import Template

from coursekit.authoring.build import LAB_NAME, build_all
from coursekit.errors import BadInput

TEMPLATES = Path(__file__).parent / "templates"
IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")


def new_assignment(name, where, *, taken=()):
    """Write a whole assignment: lesson, patients, rubric and archetypes; build it.

    Parameters
    ----------
    name : str
        Of the assignment, and of its folder: small letters, digits, underscores.
    where : path
        The folder to put it in.
    taken : sequence of str
        Names that others have.

    Returns
    -------
    Path
        The assignment's folder.

    Raises
    ------
    BadInput
        If the name is unfit or taken, or there is something of this name.

    Examples
    --------
    >>> import tempfile
    >>> folder = new_assignment("my_ulcers", tempfile.mkdtemp())
    >>> sorted(path.name for path in folder.iterdir())
    ['archetypes', 'my_ulcers.ipynb', 'my_ulcers.py', 'patients.py', 'rubric.toml']
    """
    refuse_name(name, taken)
    folder = Path(where) / name
    refuse_present([folder])
    filled_in(TEMPLATES / "assignment", folder, name)
    build_all(folder)
    return folder


def new_lab(name, where, *, taken=()):
    """Write a whole lab: lesson, self-check and notes for the teacher; build it.

    Parameters
    ----------
    name : str
        Two digits and a topic, such as ``"20_wards"``.
    where : path
        The folder to put it in.
    taken : sequence of str
        Names that other labs have.

    Returns
    -------
    list of Path
        What was written.

    Raises
    ------
    BadInput
        If the name is unfit or taken, or there is something of this name.
    """
    if not LAB_NAME.fullmatch(name):
        raise BadInput(
            f"A lab cannot be called {name!r}. Use two digits, an underscore and a "
            "topic in small letters, such as 20_wards."
        )
    refuse_taken(name, taken)
    where = Path(where)
    refuse_present(sorted(where.glob(f"{name}.*")))
    filled_in(TEMPLATES / "lab", where, name)
    build_all(where.parent if where.name == "notebooks" else where)
    return sorted(where.glob(f"{name}.*"))


def refuse_name(name, taken):
    """Refuse a name that cannot be a folder's, nbgrader's and Python's at once.

    Examples
    --------
    >>> refuse_name("My ulcers", ())
    Traceback (most recent call last):
        ...
    coursekit.errors.BadInput: An assignment cannot be called 'My ulcers'. Use small ...
    """
    if not IDENTIFIER.fullmatch(name) or keyword.iskeyword(name):
        raise BadInput(
            f"An assignment cannot be called {name!r}. Use small letters, digits and "
            "underscores, such as my_ulcers."
        )
    refuse_taken(name, taken)


def refuse_taken(name, taken):
    """Refuse the name of something that ships with coursekit."""
    if name in taken:
        raise BadInput(f"{name} comes with coursekit already. Choose another name.")


def refuse_present(paths):
    """Refuse to write over anything."""
    for path in paths:
        if os.path.lexists(path):
            raise BadInput(
                f"{path} is there already, and nothing is written over. Choose another "
                "name, or move it away."
            )


def filled_in(templates, target, name):
    """Write a folder of templates with the name filled in; all of it or nothing."""
    title = name.lstrip("0123456789_").replace("_", " ").capitalize()
    names = {"name": name, "title": title, "number": name[:2]}
    written = {
        target / out_name(path.relative_to(templates), name): Template(
            path.read_text("utf-8")
        ).substitute(names)
        for path in sorted(templates.rglob("*.txt"))
    }
    new = not target.exists()
    try:
        for path, text in written.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
    except OSError:
        if new:
            shutil.rmtree(target, ignore_errors=True)
        raise


def out_name(template, name):
    """Return what a template becomes.

    Examples
    --------
    >>> out_name(Path("NAME.quiz.toml.txt"), "20_wards").name
    '20_wards.quiz.toml'
    """
    return template.with_name(template.name.replace("NAME", name)[: -len(".txt")])
