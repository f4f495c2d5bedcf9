"""C: students graded wrongly. What a cell shows is no mark; no mark is not 0."""

import csv
import json
import shutil
import sqlite3

from attacks import COIN, SEEDLESS, attack
from small_course import SmallCourse, nbgrader

ENDINGS = {
    "numpy": "np.float64(0)",
    "array": "np.array(0.0)",
    "nan": "float('nan')",
    "negative": "-3",
    "text": "'0'",
    "list": "[0.0]",
    "nothing": "None",
    "more": "40.0000001",
}


def ends_in(row, name):
    """Return the attack in which the cells that are marked end in a value."""

    def change(notebook):
        notebook["model"] = COIN
        ending = f"import numpy as np\ncheck = lambda kind: {ENDINGS[name]}"
        notebook.insert("accuracy", ending)

    change.__name__ = f"ends_in_{name}"
    change.__doc__ = f"Lets the marked cells end in {ENDINGS[name]}."
    return attack(row, like="coin", ending=ENDINGS[name])(change)


ends_in_numpy = ends_in("C1", "numpy")
ends_in_array = ends_in("C1", "array")
ends_in_nan = ends_in("C2", "nan")
ends_in_negative = ends_in("C2", "negative")
ends_in_text = ends_in("C2", "text")
ends_in_list = ends_in("C2", "list")
ends_in_nothing = ends_in("C2", "nothing")
ends_in_more = ends_in("C4", "more")


@attack("C3")
def warns(notebook):
    """An honest model whose library writes a warning to stderr."""
    notebook["model"] = notebook["model"].replace(
        "import numpy as np",
        "import sys, warnings; import numpy as np; warnings.warn('old'); "
        "print('careful', file=sys.stderr)",
    )


@attack("C5", status="unreadable")
def is_broken(notebook):
    """A notebook that was cut off while it was uploaded."""
    notebook.text = json.dumps(notebook.raw)[:-500]


@attack("C6")
def is_broken_later(notebook):
    """An honest notebook; a later version that cannot be read is handed in."""


@attack("C10", like="seedless")
def sets_no_seed(notebook):
    """An honest model that draws at random without a seed."""
    notebook["model"] = SEEDLESS


def test_an_honest_student_gets_what_is_due(attack, graded):
    assert graded.outcome(attack) == graded.expected(attack)


def test_c5_what_could_not_be_graded_is_not_0_in_the_export(graded):
    with open(graded.hostile / "grades.csv", newline="") as file:
        rows = {(r["student_id"], r["assignment"]): r for r in csv.DictReader(file)}
    row = rows[is_broken.student, "tiny"]
    assert row["status"] == "needs manual grade"
    assert row["score"] == row["raw_score"] == ""


def test_c6_a_score_belongs_to_the_submission_it_was_given_for(graded, tmp_path):
    others = shutil.ignore_patterns("d12-*", "d13-*")
    folder = tmp_path / "course"
    shutil.copytree(graded.hostile.folder, folder, ignore=others)
    course = SmallCourse(folder)
    student = is_broken_later.student
    assert course.rows(student)[student, "contract"] == (10, 0)
    course.hand_in(student, "cut off")
    graded.grade(course, "--student", student)
    assert set(course.rows(student).values()) == {(None, 1)}


def test_c9_a_gradebook_is_made_whole_though_no_environment_is_activated(
    graded, tmp_path
):
    course = shutil.copytree(graded.quiet.folder.with_name("template"), tmp_path / "c")
    (course / "gradebook.db").unlink()
    words = ("generate_assignment", "tiny", "--force")
    nbgrader(course, *words, path="/usr/bin:/bin")
    with sqlite3.connect(course / "gradebook.db") as gradebook:
        stamped = gradebook.execute("select * from alembic_version").fetchall()
    gradebook.close()
    assert len(stamped) == 1
