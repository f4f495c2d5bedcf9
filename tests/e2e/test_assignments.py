"""The assignments on films, slices, notes and groups, from notebook to gradebook.

A few archetypes hand in on the patients of the certificate's first secret, and run in
the sandbox. They must earn what the certificate says, and `good` what it earns when it
is rehearsed here, as `coursekit certify` does.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from coursekit.autograde.frame import write_frame
from coursekit.autograde.layout import write_assignment
from coursekit.autograde.simulate import hand_in
from coursekit.grading.assignment import find_assignment
from coursekit.grading.certificate import automatic, faults, rehearse
from coursekit.rules import Rules
from small_course import SmallCourse, nbgrader

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is missing"),
]
CLASS = {
    "audit": ("good", "marginal_only", "p_below_05"),
    "chest_films": ("good", "token_reader", "robust_but_unfair"),
    "cleaning": ("good", "complete_case", "look_ahead"),
    "evaluation": ("good", "rows_drawn_again", "p_below_05"),
    "explain": ("good", "shap_values_1", "goes_together"),
    "phenotypes": ("good", "ignores_care", "noise_named"),
    "repair": ("good", "always_same", "removed_group"),
    "symptoms": ("good", "context_without_lay", "overfit"),
    "tumours": ("good", "otsu", "rater_c_alone"),
}
NAMED = {
    "audit": {
        "marginal_only": {"LANGUAGE-NOT-NAMED"},
        "p_below_05": {"SOUND-ACCUSED"},
    },
    "chest_films": {
        "token_reader": {"SHORTCUT", "EXTERNAL-DROP"},
        "robust_but_unfair": {"MISSED-IN-GROUP"},
    },
    "cleaning": {
        "complete_case": {"GROUP-DROPPED", "CLEANED-WORSE"},
        "look_ahead": {"LOOK-AHEAD"},
    },
    "evaluation": {
        "rows_drawn_again": {"ROWS-NOT-PATIENTS", "UNDERCOVERS"},
        "p_below_05": {"UNCORRECTED", "FALSE-DISCOVERIES"},
    },
    "explain": {
        "shap_values_1": {"WRONG-CLASS", "EXPLANATION-WRONG"},
        "goes_together": {"VERDICT-MISSED", "SOUND-ACCUSED"},
    },
    "phenotypes": {
        "ignores_care": {"ASSIGNED-WORSE"},
        "noise_named": {"NO-STRUCTURE-MISSED"},
    },
    "repair": {
        "always_same": {"CAUSE-MISSED", "GAP-UNKNOWN", "NO-CAUSE-ACCUSED"},
        "removed_group": {"CAUSE-MISSED", "MISSED-IN-GROUP"},
    },
    "symptoms": {
        "context_without_lay": {"NOT-HEARD", "STYLE-MISSED"},
        "overfit": {"TEMPLATES-BY-HEART", "FALSE-ASSERTION"},
    },
    "tumours": {"otsu": {"LOW-OVERLAP"}, "rater_c_alone": {"VOLUME-BIAS"}},
}
ANCHORS = ("good", "otsu")  # to which thresholds are anchored; otsu: tumours only
SAME = 0.5  # points; another order of batches moves a risk by a rounding error


@pytest.fixture(scope="module", params=sorted(CLASS))
def graded(request, tmp_path_factory):
    """An assignment rehearsed on the certificate's first secret, and a class of it."""
    name, course = request.param, tmp_path_factory.mktemp("assignments") / "course"
    assignment = find_assignment(name)
    rehearsed = rehearse(assignment, "certificate-0", only=ANCHORS)
    write_frame(course, "certificate-0", Rules(name="assignments"))
    write_assignment(course, assignment, rehearsed)
    nbgrader(course, "generate_assignment", name)
    students = hand_in(course, assignment, only=CLASS[name])
    command = [Path(sys.executable).with_name("coursekit"), "autograde", name]
    done = subprocess.run(command, cwd=course, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    records = {
        student.removesuffix("-1"): json.loads(
            (course / f"scores/{name}/{student}.json").read_text()
        )
        for student in students
    }
    certificate = json.loads((assignment.folder / "certificate.json").read_text())
    return SimpleNamespace(
        name=name,
        course=SmallCourse(course),
        rehearsed=rehearsed,
        records=records,
        certificate=certificate["archetypes"],
    )


def test_each_archetype_earns_what_the_certificate_says(graded):
    for name, record in (graded.rehearsed.records | graded.records).items():
        assert faults(record, graded.rehearsed.lock.bands[name]) == []
        seen = graded.certificate[name]["automatic"]
        assert seen["min"] - SAME <= automatic(record) <= seen["max"] + SAME


def test_good_earns_in_the_sandbox_what_it_earned_at_rehearsal(graded):
    served, rehearsed = graded.records["good"], graded.rehearsed.records["good"]
    assert automatic(served) == pytest.approx(automatic(rehearsed), abs=SAME)
    for one, other in zip(served["criteria"], rehearsed["criteria"], strict=True):
        assert one["value"] == pytest.approx(other["value"], abs=0.01)


def test_nbgraders_gradebook_has_these_points(graded):
    for name, record in graded.records.items():
        rows = graded.course.rows(f"{name}-1")
        for kind, each in record["kinds"].items():
            assert rows[f"{name}-1", kind] == (each["points"], 0)
        assert rows[f"{name}-1", "manual"] == (None, 1)


def test_what_is_wrong_is_called_by_its_name(graded):
    named = {
        name: {each["code"] for each in record["codes"]}
        for name, record in graded.records.items()
    }
    assert named["good"] == set()
    for name, codes in NAMED[graded.name].items():
        assert codes <= named[name]


def test_nobody_runs_into_the_limits_that_the_notebook_tells(graded):
    released = (
        graded.course / f"release/{graded.name}/{graded.name}.ipynb"
    ).read_text()
    seconds = graded.rehearsed.lock.limits["seconds_per_cell"]
    assert f"{seconds} s for each cell" in released
    for record in graded.records.values():
        assert record["status"] == "scored"
        assert record["notes"] == []
