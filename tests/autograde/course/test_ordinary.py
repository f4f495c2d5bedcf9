"""An assignment without a rubric: nbgrader's own marks, from runs in the sandbox."""

import ast
import json
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from small_course import SmallCourse, labelled, rows_of, solved, write_notebook

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

PYTHON = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
DOUBLE = "def double(x):\n    return 2 * x"
HIDDEN = "### BEGIN HIDDEN TESTS\nassert double(-3) == -6\n### END HIDDEN TESTS"
PARTIAL = "sum(double(x) == 2 * x for x in (0, 1, 2, 3))"  # of 4 points
PRINTS = "import os\nprint(os.environ['NBGRADER_EXECUTION'])\nassert len(rows) == 3"
READ = "from pathlib import Path\nrows = Path('data/rows.csv').read_text().split()"


def functions():
    """A notebook with a hidden test, partial credit, and a question for a person."""
    essay = {"points": 2, "solution": True, "cell": new_markdown_cell}
    return new_notebook(
        metadata=PYTHON,
        cells=[
            labelled("double", solved(DOUBLE), solution=True),
            labelled("shown", f"assert double(2) == 4\n{HIDDEN}", points=3),
            labelled("partial", PARTIAL, points=4),
            labelled("essay", solved("Because."), **essay),
            labelled("plot", solved("print('a plot')"), points=1, solution=True),
        ],
    )


def files():
    """A notebook that reads what lies beside it, and where it runs."""
    return new_notebook(
        metadata=PYTHON,
        cells=[
            labelled("read", solved(READ), solution=True),
            labelled("rows", PRINTS, points=5),
        ],
    )


class OrdinaryCourse(SmallCourse):
    """A copy of the small course with an assignment of two notebooks, ``ps1``."""

    def add(self):
        write_notebook(self / "source/ps1/functions.ipynb", functions())
        write_notebook(self / "source/ps1/files.ipynb", files())
        (self / "source/ps1/data").mkdir()
        (self / "source/ps1/data/rows.csv").write_text("1\n2\n3\n")
        self.nbgrader("generate_assignment", "ps1")
        return self

    def answer(self, student, texts, beside=None):
        """Hand in both notebooks, with cells by grade_id; None leaves one out."""
        folder = self / "submitted" / student / "ps1"
        (folder / "data").mkdir(parents=True, exist_ok=True)
        shutil.copy(self / "release/ps1/data/rows.csv", folder / "data")
        (folder / "timestamp.txt").write_text("2026-01-01 10:00:00 UTC")
        for name in ("functions", "files"):
            text = json.dumps(self.filled(name, texts))
            (folder / f"{name}.ipynb").write_text(texts.get(name, text))
        for name, text in (beside or {}).items():
            (folder / name).write_text(text)
        return folder

    def filled(self, name, texts):
        """Return a released notebook with answers filled in."""
        notebook = json.loads((self / f"release/ps1/{name}.ipynb").read_text())
        for cell in notebook["cells"]:
            cell["source"] = texts.get(cell["id"], cell["source"])
        return notebook

    def autograde(self, *words, code=0):
        """Call coursekit autograde; return what it printed."""
        return self.coursekit("autograde", "ps1", *words, code=code)

    def coursekit(self, *words, code=0):
        done = subprocess.run(
            [Path(sys.executable).parent / "coursekit", *words],
            cwd=self.folder,
            capture_output=True,
            text=True,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def record(self, student):
        return json.loads((self / f"scores/ps1/{student}.json").read_text())

    def run(self, student, notebook):
        """Return the folder of the run of record of a notebook."""
        return self / "runs/ps1" / self.record(student)["notebooks"][notebook]["run"]

    def graded(self, student, notebook):
        path = self / f"autograded/{student}/ps1/{notebook}.ipynb"
        return json.loads(path.read_text())

    def state(self):
        """Return every run by its name, with when it was made."""
        paths = self.folder.glob("runs/ps1/*/run.json")
        return {path.parent.name: path.stat().st_mtime_ns for path in paths}


ANN = {"double": DOUBLE, "read": READ, "essay": "Two is twice one.", "plot": "print(7)"}
HONEST = {
    "ann": ANN,
    "wrong": ANN | {"double": "def double(x):\n    return x + x if x > 0 else 0"},
    "half": ANN | {"double": "def double(x):\n    return 2 if x == 1 else 0"},
    "raises": ANN | {"double": "raise ValueError('no idea')"},
    "empty": {},
    "helped": ANN | {"double": "from mine import double"},
    "warns": ANN | {"read": f"{READ}\nimport sys\nprint('!', file=sys.stderr)"},
}


@pytest.fixture(scope="module")
def plain(template, tmp_path_factory):
    """The course with ps1 generated, and nobody in it."""
    folder = tmp_path_factory.mktemp("ordinary") / "plain"
    shutil.copytree(template, folder)
    rules = (folder / "course.toml").read_text().replace('"none"', '"auto"')
    (folder / "course.toml").write_text(
        f"{rules}[limits]\nseconds = 25\nseconds_per_cell = 5\nmemory_mb = 1024\n"
    )
    return OrdinaryCourse(folder).add()


def copy_of(course, folder):
    shutil.copytree(course.folder, folder)
    return OrdinaryCourse(folder)


def hand_in_honest(course):
    for student, texts in HONEST.items():
        beside = {"mine.py": DOUBLE} if student == "helped" else {}
        course.answer(student, texts, beside)
    (course / "submitted/half/ps1/files.ipynb").unlink()


@pytest.fixture(scope="module")
def stock(plain, tmp_path_factory):
    """The gradebook that nbgrader leaves, with no configuration of ours."""
    course = copy_of(plain, tmp_path_factory.mktemp("stock") / "course")
    (course / "nbgrader_config.py").write_text("c = get_config()\n")
    hand_in_honest(course)
    course.nbgrader("autograde", "ps1")
    return rows_of(f"sqlite:///{course.folder}/gradebook.db")


@pytest.fixture(scope="module")
def honest(plain, tmp_path_factory):
    course = copy_of(plain, tmp_path_factory.mktemp("honest") / "course")
    hand_in_honest(course)
    return SimpleNamespace(course=course, printed=course.autograde("--jobs", "2"))


@pytest.fixture
def again(honest, tmp_path):
    """A copy of the honest class, graded."""
    return copy_of(honest.course, tmp_path / "course")


def test_an_honest_class_gets_the_rows_that_stock_nbgrader_gives(honest, stock):
    rows = honest.course.rows()
    assert rows["ann", "shown"] == rows["helped", "shown"] == (3, 0)
    assert rows["wrong", "shown"] == (0, 0)
    assert rows["half", "partial"] == (2, 0)
    assert rows["ann", "essay"] == (None, 1)
    assert rows["half", "rows"] == (0, 0)
    assert honest.course.gradebook() == stock


def test_the_table_has_points_and_who_waits_for_a_person(honest):
    table = honest.course.autograde()
    assert line_of(table, "half", "scored") == ["half", "scored", "2", "2"]
    assert "/15" in table
    assert "In brackets" not in table


def line_of(table, *begins):
    """Return the words of the one line that begins with some."""
    lines = [tuple(line.split()) for line in table.splitlines()]
    (found,) = [line for line in lines if line[: len(begins)] == begins]
    return list(found)


def test_most_kernels_are_warm_and_who_brings_files_starts_cold(honest):
    assert "kernels: warm" in honest.printed
    assert started(honest.course, "ann", "functions") == "warm"
    assert started(honest.course, "helped", "functions") == "cold"


def started(course, student, notebook):
    return json.loads((course.run(student, notebook) / "run.json").read_text())[
        "kernels"
    ]


def test_a_second_call_finds_all_done_and_a_lost_record_repeats_no_run(honest, again):
    before = again.state()
    (again / "scores/ps1/ann.json").unlink()
    assert "record: ann" not in again.autograde("--student", "wrong")
    again.autograde()
    assert again.state() == before
    assert again.gradebook() == honest.course.gradebook()


def test_force_runs_again_beside_and_gives_the_same_rows(honest, again):
    before = again.state()
    again.autograde("--student", "ann", "--force")
    after = again.state()
    assert {name: after[name] for name in before} == before
    beside = {again.run("ann", name).name + "~1" for name in ("files", "functions")}
    assert set(after) - set(before) == beside
    assert again.gradebook() == honest.course.gradebook()
    again.coursekit("clean", "--assignment", "ps1", "--yes")
    assert again.state() == before


def test_another_answer_is_run_and_another_essay_is_not(again):
    before = again.state()
    again.answer("ann", ANN | {"essay": "Another reason."})
    again.autograde("--student", "ann")
    assert again.state() == before
    again.answer("ann", ANN | {"double": "def double(x):\n    return 0"})
    again.autograde("--student", "ann")
    assert len(set(again.state()) - set(before)) == 1
    assert again.rows()["ann", "shown"] == (0, 0)


def test_stock_nbgrader_still_executes_it_by_itself(honest, again):
    before = again.state()
    again.nbgrader("autograde", "ps1", "--force")
    assert "coursekit" not in again.graded("ann", "functions")["metadata"]
    assert again.gradebook() == honest.course.gradebook()
    assert again.state() == before


def test_an_assignment_that_nbgrader_does_not_know_is_refused(again):
    assert "generate_assignment ps9" in again.coursekit("autograde", "ps9", code=2)
    assert "generate_assignment ps9" in again.coursekit(
        "clean", "--assignment", "ps9", code=2
    )


CAUGHT = """\
hung = []
def double(x):
    try:
        while not hung:
            pass
    except BaseException:
        hung.append(x)
    return 2 * x"""
ENDLESS = """\
while True:
    try:
        while True:
            pass
    except BaseException:
        pass"""
SILENT = f"get_ipython().showtraceback = lambda *_, **__: None\n{DOUBLE} + 1"
HOSTILE = {
    "notjson": ANN | {"functions": "{ no JSON"},
    "exits": ANN | {"double": "import os\nos._exit(0)"},
    "endless": ANN | {"plot": ENDLESS},
    "caught": ANN | {"double": CAUGHT},
    "silent": ANN | {"double": SILENT},
}


@pytest.fixture(scope="module")
def hostile(plain, tmp_path_factory):
    """A class of hostile ones and bystanders, graded; and who called from outside."""
    course = copy_of(plain, tmp_path_factory.mktemp("hostile") / "course")
    hand_in_honest(course)
    for student, texts in HOSTILE.items():
        course.answer(student, texts)
    linked = course.answer("linked", ANN) / "functions.ipynb"
    linked.unlink()
    linked.symlink_to(course / "source/ps1/functions.ipynb")
    skips = course.filled("functions", ANN | {"double": "pass"})
    for cell in skips["cells"]:
        cell["metadata"]["tags"] = ["skip-execution"]
    course.answer("skips", ANN | {"functions": json.dumps(skips)})
    snoop = f"print(open('{course.folder}/source/ps1/functions.ipynb').read())"
    course.answer("snoops", ANN | {"double": snoop})
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        call = f"import socket\nsocket.create_connection(('127.0.0.1', {port}), 2)"
        course.answer("calls", ANN | {"read": f"{call}\n{READ}"})
        printed = course.autograde("--jobs", "2", code=1)
        server.settimeout(0)
        with pytest.raises(BlockingIOError):
            server.accept()
    return SimpleNamespace(course=course, printed=printed, rows=course.rows())


FUNCTIONS = ("shown", "partial", "essay", "plot")


@pytest.mark.parametrize(
    ("student", "status", "reason", "unpaid"),
    [
        ("notjson", "unreadable", "functions.ipynb", (*FUNCTIONS, "rows")),
        ("linked", "not-a-regular-file", "functions.ipynb", (*FUNCTIONS, "rows")),
        ("exits", "kernel-died", "The kernel died in cell 1.", FUNCTIONS),
        ("endless", "timeout", "25 s", FUNCTIONS),
    ],
)
def test_what_was_stopped_waits_for_a_person(hostile, student, status, reason, unpaid):
    record = hostile.course.record(student)
    assert record["status"] == status
    assert reason in record["reason"]
    rows = {cell: row for (who, cell), row in hostile.rows.items() if who == student}
    assert rows == {"rows": (5, 0)} | dict.fromkeys(unpaid, (None, 1))
    assert line_of(hostile.printed, student, status)[2:4] == ["a", "person"]
    assert reason in hostile.printed
    shown = json.dumps(hostile.course.graded(student, "functions"))
    assert f"{status}: " in shown


@pytest.mark.parametrize(
    ("student", "cell", "partial"),
    [("caught", "shown", 4), ("silent", "shown", 0), ("snoops", "shown", 0)],
)
def test_a_test_that_failed_earns_nothing_however_quietly(
    hostile, student, cell, partial
):
    assert hostile.course.record(student)["status"] == "scored"
    assert hostile.rows[student, cell] == (0, 0)
    assert hostile.rows[student, "partial"] == (partial, 0)


def test_a_test_that_was_told_not_to_run_waits_for_a_person(hostile):
    assert hostile.rows["skips", "shown"] == (None, 1)
    assert hostile.rows["skips", "partial"] == (None, 1)


def test_no_cell_reaches_the_network_or_the_course(hostile):
    assert hostile.rows["calls", "rows"] == (0, 0)
    run = hostile.course.run("calls", "files") / "executed.ipynb"
    assert "ConnectionRefusedError" in run.read_text()
    run = hostile.course.run("snoops", "functions") / "executed.ipynb"
    assert "FileNotFoundError" in run.read_text()
    assert "BEGIN SOLUTION" not in run.read_text()


def test_bystanders_have_the_rows_that_stock_nbgrader_gives(hostile, stock):
    for name in ("grades", "comments", "notebooks", "submissions"):
        found = hostile.course.gradebook()[name]
        found = [row for row in found if ast.literal_eval(row)[0] in HONEST]
        assert [row for row in found if ast.literal_eval(row)[0] in HONEST] == stock[
            name
        ]
