"""A class of 200: archetypes and the red team mixed, three times over.

::

    python benchmarks/mixed_class.py --students 200 --jobs 2 --plain

The readmission assignment is handed in by its archetypes in turn, each submission
different by a comment, and by every attacker of ``tests/redteam``, in random order. The
class is graded by `coursekit autograde`; the honest ones are graded once more in a
course without attackers; and with ``--plain`` the class is graded by plain
``nbgrader autograde`` in a course of its own, from nothing. Attackers run commands
that only a sandbox stops, so use a machine that you can spare.

The last line is JSON: how many ended in which status; which honest students have other
points than alone (``unlike_alone``); which rows of nbgrader's gradebook differ between
both ways (``unlike_plain``) and how these students' submissions ended in each
(``ended``); and the seconds that each took.
"""

import argparse
import dataclasses
import json
import random
import shutil
import sqlite3
import sys
import tempfile
from collections import Counter
from contextlib import ExitStack, closing
from importlib import import_module
from pathlib import Path

TESTS = Path(__file__).parents[1] / "tests"
sys.path[:0] = [str(TESTS / "classroom"), str(TESTS / "redteam")]

from autograde import run, solutions  # noqa: E402
from redteam import MODULES  # noqa: E402

from attacks import HandIn, Place, attacks_of  # noqa: E402
from coursekit.autograde.layout import lay_out  # noqa: E402
from coursekit.autograde.simulate import read_release  # noqa: E402
from coursekit.grading.lock import read_lock, write_lock  # noqa: E402
from hostile_class import Listener  # noqa: E402

NAME = "readmission"
LIMITS = {"seconds": 60, "seconds_per_cell": 25, "seconds_per_batch": 15}
# Cells as the corpus calls them.
ALIASES = {"load": "setup", "submit": "hand-in", "evidence": "shape"}
ROWS = """
    select submitted_assignment.student_id, base_cell.name, grade.auto_score,
           grade.manual_score, grade.extra_credit, grade.needs_manual_grade
    from grade join base_cell on grade.cell_id = base_cell.id
    join submitted_notebook on grade.notebook_id = submitted_notebook.id
    join submitted_assignment
        on submitted_notebook.assignment_id = submitted_assignment.id"""


def lay_out_course(course):
    """Lay out a course with the shipped assignment, and limits for impatient people."""
    lay_out(course, [NAME], secret="mixed class", progress=lambda line: None)
    for path in course.rglob("rubric.lock.toml"):
        lock = read_lock(path)
        write_lock(dataclasses.replace(lock, limits=lock.limits | LIMITS), path)
    run("nbgrader", "generate_assignment", NAME, at=course)


def solved(course, cells, mark):
    """Return the released notebook with these cells filled in."""
    notebook = read_release(course, NAME)
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name in cells:
            cell["source"] = f"{cells[name]}\n# {mark}"
    return notebook


def hand_in_honest(course, texts, number):
    """Hand in one archetype; return the student."""
    student = f"student-{number:03}"
    folder = course / "submitted" / student / NAME
    folder.mkdir(parents=True)
    notebook = solved(course, texts[number % len(texts)], student)
    (folder / f"{NAME}.ipynb").write_text(json.dumps(notebook))
    return student


def hand_in_attack(course, attack, cells, place):
    """Hand in one attacker, in whose words the cells have the corpus's names."""
    notebook = solved(course, cells, attack.student)
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        cell["id"] = ALIASES.get(name, name or cell["id"])
    hand_in = HandIn(notebook, place)
    attack.change(hand_in)
    for named in (hand_in.files, hand_in.links):
        if "tiny.ipynb" in named:
            named[f"{NAME}.ipynb"] = named.pop("tiny.ipynb")
    folder = course / "submitted" / attack.student / NAME
    hand_in.write(folder, f"{NAME}.ipynb")


def attacks():
    """Return the whole corpus."""
    return [each for name in MODULES for each in attacks_of(import_module(name))]


def hand_in_class(course, students, place):
    """Hand everything in; return the honest students."""
    corpus, texts = attacks(), solutions(course, NAME)
    for attack in corpus:
        hand_in_attack(course, attack, texts[0], place)
    numbers = range(max(0, students - len(corpus)))
    return [hand_in_honest(course, texts, number) for number in numbers]


def shuffled(course, seed=0):
    """Rename the students so that all come mixed; return the new names by the old."""
    folders = sorted((course / "submitted").iterdir())
    order = list(range(len(folders)))
    random.Random(seed).shuffle(order)
    names = {}
    for folder, number in zip(folders, order, strict=True):
        names[folder.name] = f"{number:03}-{folder.name}"
        folder.rename(folder.with_name(names[folder.name]))
    return names


def rows(course):
    """Return what stands in a gradebook: (student, cell) -> marks."""
    with sqlite3.connect(course / "gradebook.db") as gradebook:
        found = {(s, cell): rest for s, cell, *rest in gradebook.execute(ROWS)}
    gradebook.close()
    return found


def points(course, student):
    """Return all that a score record says of points, as text."""
    record = json.loads((course / "scores" / NAME / f"{student}.json").read_text())
    return json.dumps([record["kinds"], record["criteria"], record["codes"]])


def statuses(course, students):
    """Return in which status each submission ended; fail where one has none."""
    paths = [course / "scores" / NAME / f"{student}.json" for student in students]
    return [json.loads(path.read_text())["status"] for path in paths]


def grade(course, jobs):
    """Grade a class by coursekit; return seconds and the most memory."""
    return run("coursekit", "autograde", NAME, "--jobs", str(jobs), at=course)


def against_alone(course, alone, honest, jobs):
    """Grade the honest ones alone; return who has other points, and the seconds."""
    for student in honest:
        here = Path("submitted", student)
        shutil.copytree(course / here, alone / here)
    seconds, _ = grade(alone, jobs)
    unlike = [each for each in honest if points(course, each) != points(alone, each)]
    return {"unlike_alone": unlike, "alone_s": round(seconds, 1)}


def against_plain(course, plain):
    """Grade a class by plain nbgrader; return which rows differ, and the seconds."""
    seconds, _ = run("nbgrader", "autograde", NAME, at=plain)
    ours, theirs = rows(course), rows(plain)
    unlike = {key for key in ours | theirs if ours.get(key) != theirs.get(key)}
    students = sorted({student for student, _ in unlike})
    ended = zip(statuses(course, students), statuses(plain, students), strict=True)
    return {
        "plain_s": round(seconds, 1),
        "rows": len(ours),
        "unlike_plain": sorted(map("/".join, unlike)),
        "ended": dict(zip(students, ended, strict=True)),
    }


def main(arguments=None):
    """Grade the class, the honest ones alone, and the class by plain nbgrader."""
    options = parse(arguments)
    with ExitStack() as open_now:
        listener = open_now.enter_context(closing(Listener()))
        folder = open_now.enter_context(tempfile.TemporaryDirectory(prefix="mixed-"))
        course, alone, plain = (Path(folder, n) for n in ("class", "alone", "plain"))
        lay_out_course(course)
        shutil.copytree(course, alone)
        honest = hand_in_class(course, options.students, Place(course, listener.port))
        names = shuffled(course)
        honest = [names[student] for student in honest]
        shutil.copytree(course, plain, symlinks=True)
        seconds, peak = grade(course, options.jobs)
        found = statuses(course, names.values())
        of_honest = statuses(course, honest)
        figures = {
            "students": len(names),
            "honest": len(honest),
            "statuses": Counter(found),
            "statuses_of_honest": Counter(of_honest),
            "coursekit_s": round(seconds, 1),
            "peak_rss_mb": round(peak),
        }
        print(json.dumps(figures), flush=True)
        figures |= against_alone(course, alone, honest, options.jobs)
        print(json.dumps(figures), flush=True)
        if options.plain:
            figures |= against_plain(course, plain)
    print(json.dumps(figures))
    return figures


def parse(arguments):
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--students", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--plain", action="store_true", help="also by plain nbgrader")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
