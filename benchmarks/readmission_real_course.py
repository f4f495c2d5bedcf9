"""A course on the real patients of Diabetes 130-US hospitals, graded by nbgrader.

::

    python benchmarks/readmission_real_course.py --data dataset_diabetes.zip \
        --course build/real

Lays out a course, imports the real patients with ``coursekit holdout --from`` (split
by patient, the rubric anchored anew), lets constant, naive and good hand in, grades
them, and shows the resolved rubric and the gradebook. The last line is JSON.
"""

import argparse
import json
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from coursekit.autograde.layout import lay_out
from coursekit.autograde.simulate import hand_in
from coursekit.content import content
from coursekit.datasets import load_diabetes130, readmission_task
from coursekit.grading.assignment import find_assignment
from coursekit.rules import Rules

NAME = "readmission"
ARCHETYPES = ("constant", "naive", "good")


def main(arguments=None):
    options = parse(arguments)
    start = time.monotonic()
    course = options.course
    shutil.rmtree(course, ignore_errors=True)
    lay_out(course, [NAME], secret="real", rules=Rules(sandbox=options.sandbox))
    table = course / "diabetes130.csv"
    write_table(load_diabetes130(options.data), table)
    column_map = content("datasets") / "diabetes130" / "readmission.map.toml"
    run("coursekit", "holdout", NAME, "--from", table, "--map", column_map, at=course)
    run("nbgrader", "generate_assignment", NAME, at=course)
    hand_in(course, find_assignment(NAME), only=ARCHETYPES)
    run("coursekit", "autograde", NAME, at=course)
    report = {
        "points": gradebook(course),
        "auroc": {name: auroc(course, name) for name in ARCHETYPES},
        "seconds": round(time.monotonic() - start, 1),
    }
    print(json.dumps(report))
    return report


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", required=True, help="the zip or CSV file of UCI")
    parser.add_argument("--course", type=Path, required=True, help="replaced if there")
    parser.add_argument("--sandbox", default="auto")
    return parser.parse_args(arguments)


def write_table(encounters, path):
    """Write the table that the map describes: one row per encounter at risk."""
    cohort = readmission_task(encounters)
    alive = encounters[~encounters["is_death_or_hospice"]].reset_index(drop=True)
    first_year = alive["age"].str.extract(r"(\d+)", expand=False).astype(int)
    alive.assign(
        age_years=first_year + 5,
        race=cohort.groups["race"],
        **cohort.groups[["age_band"]],
    ).to_csv(path, index=False)


def run(program, *words, at):
    """Run a command in the course folder, showing it as a user would type it."""
    program = Path(sys.executable).with_name(program)
    at, words = (
        at.absolute(),
        [str(Path(w).absolute()) if isinstance(w, Path) else w for w in words],
    )
    print("$", program.name, *words, flush=True)
    done = subprocess.run([program, *words], cwd=at, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def gradebook(course):
    """Return what nbgrader's gradebook holds: student -> grade cell -> points."""
    query = """
        SELECT submitted_assignment.student_id, base_cell.name, grade.auto_score
        FROM grade
        JOIN base_cell ON grade.cell_id = base_cell.id
        JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id
        JOIN submitted_assignment
          ON submitted_notebook.assignment_id = submitted_assignment.id
        ORDER BY 1, 2
    """
    points = {}
    with sqlite3.connect(course / "gradebook.db") as database:
        for student, cell, score in database.execute(query):
            points.setdefault(student, {})[cell] = score
    return points


def auroc(course, archetype):
    """Return the AUROC with its interval from a score record."""
    path = course / "scores" / NAME / f"{archetype}-1.json"
    rows = json.loads(path.read_text())["criteria"]
    row = next(each for each in rows if each["id"] == "auroc")
    return [row["value"], row["low"], row["high"]]


if __name__ == "__main__":
    main()
