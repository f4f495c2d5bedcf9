"""An assignment as it lies in `assignments/<name>/`: rubric, notebook, archetypes."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

import jupytext

from coursekit.content import content
from coursekit.errors import BadInput, BadLesson
from coursekit.grading.rubric import load_rubric


@dataclass(frozen=True)
class Assignment:
    """A folder with `rubric.toml`, `<name>.ipynb` and `archetypes/*.py`."""

    folder: Path

    @property
    def name(self):
        """The folder's name, which is also nbgrader's assignment name."""
        return self.folder.name

    @property
    def rubric(self):
        """The rubric, with its anchors still open."""
        return load_rubric(self.folder / "rubric.toml")

    @property
    def notebook(self):
        """The built notebook, with the solutions of ``good`` in place."""
        path = self.folder / f"{self.name}.ipynb"
        return json.loads(path.read_text(encoding="utf-8"))

    def archetypes(self):
        """Return the archetypes: name -> answer -> the text of its solution cell.

        ``good`` is the notebook's own solution; an archetype that leaves an answer
        out hands in the solution's.
        """
        paths = sorted((self.folder / "archetypes").glob("*.py"))
        return {"good": {}, **{path.stem: read_archetype(path) for path in paths}}

    def samples(self):
        """Return the sample submissions that the docs show, as `archetypes` does."""
        paths = sorted((self.folder / "samples").glob("*.py"))
        return {path.stem: read_archetype(path) for path in paths}


def read_archetype(path):
    """Return the answers of an archetype: grade id -> source.

    Raises
    ------
    BadLesson
        If there is code outside a cell with ``answer="..."``.
    """
    answers = {}
    for cell in jupytext.read(path).cells:
        if "answer" in cell.metadata:
            answers[cell.metadata["answer"]] = cell.source
        elif cell.cell_type == "code" and cell.source.strip():
            raise BadLesson(
                f"{path} has code outside an answer: {cell.source.splitlines()[0]!r}. "
                'Put it under # %% answer="...".'
            )
    return answers


def find_assignment(name):
    """Return a shipped assignment by name, or one of your own by its folder.

    Parameters
    ----------
    name : str
        Such as ``"readmission"``, or ``"./my_ulcers"``: a folder with ``rubric.toml``.

    Raises
    ------
    BadInput
        If there is none of this name; the message lists those there are.

    Examples
    --------
    >>> find_assignment("readmission").name
    'readmission'
    """
    folder = content("assignments") / name
    if is_folder(name) or not (folder / "rubric.toml").is_file():
        return own_assignment(name)
    return Assignment(folder)


def is_folder(name):
    """Say whether an assignment is named by its folder rather than its name.

    Examples
    --------
    >>> is_folder("./my_ulcers"), is_folder("my_ulcers/"), is_folder("readmission")
    (True, True, False)
    """
    return name in (".", "..") or bool({"/", os.sep} & set(name))


def own_assignment(name):
    """Return the assignment in a folder of its author's, or say what it lacks."""
    folder = Path(name).resolve()
    if not (folder / "rubric.toml").is_file():
        if folder.is_dir():
            raise BadInput(
                f"{folder} has no rubric.toml, so it is no assignment. `coursekit "
                "new-assignment NAME` makes one that is whole."
            )
        raise BadInput(
            f"There is no assignment {name!r}. There are: "
            f"{', '.join(list_assignments())}. One of your own is named by its folder, "
            "such as ./my_ulcers."
        )
    refuse_unfit(folder)
    return Assignment(folder)


def refuse_unfit(folder):
    """Refuse a folder whose name, rubric and notebook do not belong together."""
    named = load_rubric(folder / "rubric.toml").assignment
    if named != folder.name:
        raise BadInput(
            f"{folder / 'rubric.toml'} says assignment = {named!r}, but its folder is "
            f"called {folder.name!r}. Make them the same."
        )
    if not (folder / f"{folder.name}.ipynb").is_file():
        raise BadInput(
            f"{folder} has no {folder.name}.ipynb yet. First: coursekit build {folder}"
        )


def list_assignments():
    """Return the names of the shipped assignments, sorted."""
    return sorted(
        path.parent.name for path in content("assignments").glob("*/rubric.toml")
    )
