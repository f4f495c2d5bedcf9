"""Runs that ended before everything was asked: what was answered is graded."""

import json

import numpy as np
import pytest

from coursekit.autograde.pipeline import grade
from coursekit.autograde.table import class_table
from coursekit.grading.scorer import Scorer

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

FULL = {
    "cell_type": "code",
    "id": "own",
    "metadata": {},
    "source": "raise OSError(28, 'No space left on device')",
    "outputs": [],
    "execution_count": None,
}
IN_THE_NOTEBOOK = "len(X) < 100 or len(X) == 300"  # rows; hidden batches have others
EXIT = "import os; os._exit(0)"
GARBAGE = """import os, socket
    line = socket.socket(fileno=os.dup(int(os.environ["COURSEKIT_SERVE_FD"])))
    line.sendall(b"\\xff" * 100)"""
DECIDE = """
def decide(X):
    risk = model.predict_proba(X)[:, 1]
    if {calm}:
        return (risk > 0.1).astype(int)
    {harm}
    return (risk > 0.1).astype(int)"""
MODEL = """
class Dies:
    def predict_proba(self, X):
        import numpy as np
        if {calm}:
            return np.column_stack([1 - X.index / 300, X.index / 300])
        {harm}

model = Dies()"""


@pytest.fixture(scope="module")
def graded(shared):
    """A class in which two runs end while decide is asked, and one before that."""
    for student, harm in (("exit", EXIT), ("garbage", GARBAGE)):
        decide = DECIDE.format(calm=IN_THE_NOTEBOOK, harm=harm)
        notebook = shared.solved(decide=decide)
        notebook["cells"].insert(3, FULL)
        shared.hand_in(student, notebook)
    model = MODEL.format(calm=IN_THE_NOTEBOOK, harm=EXIT)
    shared.hand_in("early", shared.solved(model=model))
    shared.hand_in("ann", shared.solved())
    return shared, grade(shared.folder, "tiny", jobs=2)


@pytest.mark.parametrize(
    ("student", "status"), [("exit", "kernel-died"), ("garbage", "serving-failed")]
)
def test_what_was_answered_before_is_graded_as_if_alone(graded, student, status):
    course, records = graded
    record, honest = records[student], records["ann"]
    assert record["status"] == status
    assert record["kinds"] == honest["kinds"]
    assert record["criteria"] == honest["criteria"]
    assert [each["code"] for each in record["codes"]] == ["CUT-OFF"]
    assert course.rows(student)[student, "accuracy"] == (
        honest["kinds"]["accuracy"]["points"],
        0,
    )


def test_where_nothing_was_answered_to_the_end_a_person_decides(graded):
    course, records = graded
    assert records["early"]["status"] == "kernel-died"
    assert records["early"]["criteria"] == []
    assert course.rows("early")["early", "accuracy"] == (None, 1)


def test_student_and_grader_read_what_happened(graded):
    course, records = graded
    note = "Cell 4 wrote more than the 512 MB that are allowed; the cells after it ran."
    assert records["exit"]["notes"] == [note]
    row = next(
        each for each in class_table(course.folder, "tiny") if each.student == "exit"
    )
    assert row.words.startswith("kernel-died: The kernel died while decide was asked.")
    assert note in row.words
    text = (course / "autograded/exit/tiny/tiny.ipynb").read_text()
    cells = {cell["id"]: json.dumps(cell) for cell in json.loads(text)["cells"]}
    assert "kernel-died: " in cells["accuracy"]
    assert "What was answered before is graded." in cells["accuracy"]
    assert note in text


def test_a_cut_run_gives_the_same_record_each_time(graded):
    course, records = graded
    run = course / "runs/tiny" / records["exit"]["run"]
    scorer = Scorer(course / "holdout/tiny")
    assert scorer.score(run) == scorer.score(run)
    dealt = np.load(run / "predictions/model.dealt.npy")
    assert set(dealt[:, 1]) == set(range(1500))
