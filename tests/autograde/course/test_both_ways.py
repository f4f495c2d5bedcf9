"""The same hostile class by `coursekit autograde` and by plain `nbgrader autograde`."""

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

MISSING = "missing-notebook"
FAILING = {
    "text": "unreadable",
    "empty": "unreadable",
    "linked": "not-a-regular-file",
    "zero": "not-a-regular-file",
    "missing": MISSING,
}
HONEST = ("ann", "hostile")
EXTRA = "import coursekit\ncheck = print\n99.0"


def hostile(course):
    """A renamed notebook of an old schema with forged labels, outputs and files."""
    notebook = course.solved()
    for cell in notebook["cells"]:
        label = cell["metadata"].get("nbgrader", {})
        label["schema_version"] = 99
        if cell["id"] == "accuracy":
            label |= {"grade": False, "points": 1000}
            cell["source"] = "99.0"
    forged = {"output_type": "stream", "name": "stdout", "text": "FORGED"}
    own = {"cell_type": "code", "id": "x", "metadata": {}, "source": EXTRA}
    active = {"cell_type": "markdown", "id": "y", "metadata": {}}
    notebook["cells"].append(active | {"source": "<script>LOOT</script>"})
    notebook["cells"].insert(4, own | {"outputs": [forged], "execution_count": 1})
    return notebook


def hand_in_class(course):
    course.hand_in("ann", course.solved())
    folder = course.hand_in(
        "hostile", hostile(course), name="My work.ipynb", stamp="not a date"
    )
    for name in ("sklearn.py", "ipykernel_launcher.py", "loot.html"):
        (folder / name).write_text("raise SystemExit('LOOT')")
    course.hand_in("text", "this is not a notebook")
    course.hand_in("empty", "")
    for student, target in (("linked", course / "gradebook.db"), ("zero", "/dev/zero")):
        folder = course.hand_in(student, "", name="notes.txt")
        (folder / "tiny.ipynb").symlink_to(target)
        (folder / "bin").symlink_to(course.folder)
    course.hand_in("missing", "I forgot the notebook", name="readme.txt")


def ours(course, *words, code=1):
    command = [Path(sys.executable).parent / "coursekit", "autograde", "tiny", *words]
    done = subprocess.run(command, cwd=course.folder, capture_output=True, text=True)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def graded(shared, template):
    """The class, graded by us in one course and by nbgrader in another."""
    other = type(shared)(shared.folder.with_name("other"))
    shutil.copytree(template, other.folder)
    for course in (shared, other):
        hand_in_class(course)
    printed = ours(shared, "--jobs", "2")
    other.nbgrader("autograde", "tiny")
    return SimpleNamespace(ours=shared, theirs=other, printed=printed)


def test_both_ways_give_the_same_gradebook(graded):
    rows = graded.ours.rows()
    assert len(rows) == 4 * (len(HONEST) + len(FAILING))
    assert rows == graded.theirs.rows()


@pytest.mark.parametrize("student", HONEST)
def test_a_model_gets_its_points_whatever_stands_around_it(graded, student):
    rows = graded.theirs.rows(student)
    points = graded.ours.scores("ann")["kinds"]["accuracy"]["points"]
    assert 0 < points < 40
    assert rows[student, "accuracy"] == (points, 0)
    assert rows[student, "contract"] == (10, 0)
    assert rows[student, "shape"] == (5, 0)
    assert rows[student, "manual"] == (None, 1)


@pytest.mark.parametrize("student", FAILING)
def test_what_cannot_be_graded_needs_a_person_and_is_neither_0_nor_full(
    graded, student
):
    assert graded.ours.scores(student)["status"] == FAILING[student]
    for course in (graded.ours, graded.theirs):
        assert set(course.rows(student).values()) == {(None, 1)}


def test_both_ways_leave_the_same_score_records(graded):
    for student in (*HONEST, *FAILING):
        path = f"scores/tiny/{student}.json"
        left = (graded.ours / path).read_bytes()
        assert left == (graded.theirs / path).read_bytes()


def test_what_does_not_belong_is_moved_and_never_deleted(graded):
    for course in (graded.ours, graded.theirs):
        kept = course / "quarantine"
        assert (kept / "hostile/tiny/sklearn.py").is_file()
        assert (kept / "hostile/tiny/timestamp.txt").read_text() == "not a date"
        assert (kept / "linked/tiny/tiny.ipynb").is_symlink()
        assert (kept / "missing/tiny/readme.txt").is_file()
        assert not [p for p in (course / "autograded").rglob("*") if p.is_symlink()]


def test_nothing_forged_and_no_stray_file_is_passed_on(graded):
    for course in (graded.ours, graded.theirs):
        for path in (course / "autograded").rglob("*"):
            assert path.name not in {"sklearn.py", "loot.html", "notes.txt"}
        text = (course / "autograded/hostile/tiny/tiny.ipynb").read_text()
        assert "FORGED" not in text
        assert "My work.ipynb" in text


def test_the_graded_notebook_shows_the_feedback_and_the_rest_of_the_run(graded):
    paths = [
        course / "autograded/ann/tiny/tiny.ipynb"
        for course in (graded.ours, graded.theirs)
    ]
    assert paths[0].read_text() == paths[1].read_text()
    path = paths[0]
    cells = {cell["id"]: cell for cell in json.loads(path.read_text())["cells"]}
    shown = cells["accuracy"]["outputs"][0]["data"]["text/plain"]
    assert "Ranking" in "".join(shown)
    assert cells["hand-in"]["outputs"][0]["data"]["text/html"]
    assert cells["shape"]["execution_count"]
    assert "assert decide(tune.X).max() == 1" in "".join(cells["shape"]["source"])


def test_the_table_says_what_was_wrong(graded):
    assert "unreadable: The notebook is empty." in " ".join(graded.printed.split())
    assert "not a security boundary" in graded.printed


def test_feedback_is_written_and_holds_nothing_that_the_student_planted(graded):
    course = graded.theirs
    course.nbgrader("generate_feedback", "tiny")
    page = (course / "feedback/hostile/tiny/tiny.html").read_text()
    assert "auroc" in page or "Ranking" in page
    assert "<script>LOOT" not in page
    assert not list((course / "feedback").rglob("loot.html"))


def test_the_export_leaves_open_what_has_no_mark(graded):
    course = graded.theirs
    course.nbgrader("export", "--to", "out.csv")
    with open(course / "out.csv", newline="") as file:
        rows = {
            r["student_id"]: r
            for r in csv.DictReader(file)
            if r["assignment"] == "tiny"
        }
    for student in (*HONEST, *FAILING):
        assert rows[student]["status"] == "needs manual grade"
        assert rows[student]["score"] == rows[student]["raw_score"] == ""


def test_a_second_call_of_either_changes_nothing(graded):
    before = graded.ours.rows()
    path = graded.ours / "autograded/ann/tiny/tiny.ipynb"
    stamp = path.stat().st_mtime_ns
    ours(graded.ours, "--jobs", "2")
    assert path.stat().st_mtime_ns == stamp
    graded.ours.nbgrader("autograde", "tiny", "--force")
    assert graded.ours.rows() == before
    assert len(list(graded.ours.folder.glob("runs/tiny/*/run.json"))) == 2


def test_a_second_submission_with_an_unusable_timestamp_is_graded_too(graded):
    course = graded.theirs
    folder = course.hand_in("ann", course.solved(), stamp="99999-99-99 what")
    course.nbgrader("autograde", "tiny", "--student", "ann", "--force")
    (folder / "timestamp.txt").write_bytes(b"\xff\xfe")
    course.nbgrader("autograde", "tiny", "--student", "ann")
    assert course.rows("ann")["ann", "contract"] == (10, 0)
