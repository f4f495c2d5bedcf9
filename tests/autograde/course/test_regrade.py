"""What changes after collection: a criterion, a hidden test; real kernels, nbgrader."""

import json
import tomllib
from contextlib import contextmanager

import pytest
import tomli_w
from nbgrader.api import Gradebook

from coursekit.autograde.pipeline import grade

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
DECISIONS = {
    "id": "contract_decide",
    "kind": "contract",
    "label": "Decisions",
    "measure": "contract",
    "answer": "decide",
    "points": 5,
    "floor": 0,
    "full": 1,
}
NEW_TEST = """\
### BEGIN HIDDEN TESTS
assert hasattr(model, "predict_proba")
### END HIDDEN TESTS"""


def runs_of(course):
    return sorted(p.parent.name for p in course.folder.glob("runs/tiny/*/run.json"))


def change_rubric(course, change):
    """Change the resolved rubric, on both sides."""
    for side in ("holdout/tiny", "source/tiny/data"):
        path = course / side / "rubric.lock.toml"
        path.write_text(change(path.read_text()))


def change_source(course, change):
    """Change the source notebook's text, and generate the assignment anew."""
    path = course / "source/tiny/tiny.ipynb"
    before = path.read_text()
    path.write_text(change(before))
    assert path.read_text() != before
    course.nbgrader("generate_assignment", "tiny", "--force")


def add_test(text):
    """Add an ordinary hidden test; nbgrader takes none once somebody is graded."""
    notebook = json.loads(text)
    [shape] = [cell for cell in notebook["cells"] if cell["id"] == "shape"]
    new = json.loads(json.dumps(shape)) | {"id": "proba", "source": NEW_TEST}
    new["metadata"]["nbgrader"] |= {"grade_id": "proba", "points": 3}
    notebook["cells"].insert(notebook["cells"].index(shape) + 1, new)
    return json.dumps(notebook)


@pytest.fixture(scope="module")
def graded(copied, tmp_path_factory):
    """A class that was graded with real kernels, before anything is changed."""
    course = copied(tmp_path_factory.mktemp("regrade"))
    course.hand_in("ann", course.solved())
    course.hand_in("bob", course.solved(model="import os\nos._exit(3)"))
    course.first = grade(course.folder, "tiny", jobs=2)
    course.first_runs = runs_of(course)
    assert len(course.first_runs) == 2
    return course


def test_a_new_threshold_changes_the_mark_and_repeats_no_run(graded):
    change_rubric(graded, lambda text: text.replace("floor = 0.5", "floor = 0.4"))
    graded.nbgrader("generate_assignment", "tiny", "--force")
    record = grade(graded.folder, "tiny")["ann"]
    points = record["kinds"]["accuracy"]["points"]
    assert points > graded.first["ann"]["kinds"]["accuracy"]["points"]
    assert graded.rows("ann")["ann", "accuracy"] == (points, 0)
    assert graded.rows("bob")["bob", "accuracy"] == (None, 1)
    assert runs_of(graded) == graded.first_runs


def test_a_new_criterion_is_scored_and_repeats_no_run(graded):
    def add(text):
        table = tomllib.loads(text)
        table["criteria"][1]["points"] = 5
        table["criteria"].append(DECISIONS)
        return tomli_w.dumps(table)

    change_rubric(graded, add)
    graded.nbgrader("generate_assignment", "tiny", "--force")
    record = grade(graded.folder, "tiny")["ann"]
    assert [each["id"] for each in record["criteria"]][-1] == "contract_decide"
    assert graded.rows("ann")["ann", "contract"] == (10, 0)
    assert runs_of(graded) == graded.first_runs


def test_another_answer_in_words_repeats_no_run(graded):
    graded.hand_in("ann", graded.solved(manual="Because I say so."))
    record = grade(graded.folder, "tiny")["ann"]
    assert record["submission"] != graded.first["ann"]["submission"]
    assert runs_of(graded) == graded.first_runs
    text = (graded / "autograded/ann/tiny/tiny.ipynb").read_text()
    assert "Because I say so." in text
    assert graded.rows("ann")["ann", "shape"] == (5, 0)


def test_a_hidden_test_that_was_changed_is_run_on_what_was_collected(graded):
    stricter = ("max() == 1\n", "max() == 1\nassert decide(tune.X).max() == 2\n")
    change_source(graded, lambda text: text.replace(*map(in_json, stricter)))
    grade(graded.folder, "tiny", jobs=2)
    assert len(runs_of(graded)) == 4
    assert graded.rows("ann")["ann", "shape"] == (0, 0)
    assert graded.rows("ann")["ann", "contract"] == (10, 0)
    assert graded.rows("bob")["bob", "shape"] == (None, 1)
    before = graded.gradebook()
    grade(graded.folder, "tiny")
    assert graded.gradebook() == before


def in_json(text):
    return json.dumps(text)[1:-1]


def test_a_test_cell_added_after_collection_is_graded(course):
    course.hand_in("ann", course.solved())
    change_source(course, add_test)
    grade(course.folder, "tiny")
    assert course.rows("ann")["ann", "proba"] == (3, 0)
    assert course.rows("ann")["ann", "shape"] == (5, 0)
    assert any("'proba' was missing" in note for note in course.scores("ann")["notes"])


def test_a_marked_question_stays_marked_until_its_answer_changes(course):
    course.hand_in("ann", course.solved())
    grade(course.folder, "tiny")
    with question(course, "ann") as asked:
        asked.manual_score, asked.needs_manual_grade = 7, False
    grade(course.folder, "tiny", force=True)
    with question(course, "ann") as asked:
        assert (asked.manual_score, asked.needs_manual_grade) == (7, False)
    course.hand_in("ann", course.solved(manual="Because of another reason."))
    for force in (False, True):  # and it stays open until a person has looked
        grade(course.folder, "tiny", force=force)
        with question(course, "ann") as asked:
            assert (asked.manual_score, asked.needs_manual_grade) == (7, True)


def test_who_changed_an_answer_is_asked_for_even_if_recording_was_killed(course):
    # nbgrader's first pass leaves the new text in autograded/ before marks
    course.hand_in("ann", course.solved())
    grade(course.folder, "tiny")
    with question(course, "ann") as asked:
        asked.manual_score, asked.needs_manual_grade = 7, False
    course.hand_in("ann", course.solved(manual="Gibberish."))
    left = course / "autograded/ann/tiny/tiny.ipynb"
    left.write_text(json.dumps(course.solved(manual="Gibberish.")))
    grade(course.folder, "tiny")
    with question(course, "ann") as asked:
        assert (asked.manual_score, asked.needs_manual_grade) == (7, True)


@contextmanager
def question(course, student):
    """Open the gradebook at the question for a person."""
    with Gradebook(f"sqlite:///{course.folder}/gradebook.db") as gradebook:
        yield gradebook.find_grade("manual", "tiny", "tiny", student)
        gradebook.db.commit()
