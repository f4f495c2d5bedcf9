"""Every lab runs as it is shown, and its exercise is what a student needs."""

import re
import time
import tomllib
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from coursekit import supervised
from coursekit.authoring import build_lesson, new_lab, notebook_text, read_cells
from coursekit.content import content

LABS = sorted(content("notebooks").glob("*.py"))
DIABETES130 = Path(__file__).parents[3] / "shared/data/diabetes130/dataset_diabetes.zip"
ICU = {
    "COURSEKIT_PHYSIONET2012": DIABETES130.parents[1] / "physionet2012",
    "COURSEKIT_YAIB": DIABETES130.parents[1] / "yaib_demo",
}
SECONDS, MEGABYTES = 180, 2000

FIRST = """
import socket, warnings
warnings.simplefilter("error")
def getaddrinfo(*args, **kwargs):
    raise OSError("A lab needs no network.")
socket.getaddrinfo = getaddrinfo
"""
LAST = """
import resource, warnings
warnings.simplefilter("default")
print("PEAK", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def name(path):
    return path.stem


@pytest.fixture(params=[*LABS, Path("20_new.py")], ids=name)
def lab(request, tmp_path):
    """Each lab, and the one that `coursekit new-lab` writes."""
    if request.param.is_absolute():
        return request.param
    new_lab(request.param.stem, tmp_path)
    return tmp_path / request.param


def run(lab, folder):
    """Run the solved lab with warnings as errors; return peak memory in MB."""
    notebook = build_lesson(lab, "lab")
    first, last = (nbformat.v4.new_code_cell(source) for source in (FIRST, LAST))
    notebook.cells = [first, *notebook.cells, last]
    NotebookClient(
        notebook, timeout=SECONDS, resources={"metadata": {"path": folder}}
    ).execute()
    # A kernel may send one line in two pieces.
    shown = "".join(output.get("text", "") for output in notebook.cells[-1].outputs)
    return int(shown.split("PEAK")[1])


def texts(lab, kind="markdown"):
    return [cell.source for cell in read_cells(lab) if cell.kind == kind]


def test_a_lab_runs_from_top_to_bottom_without_a_warning(lab, tmp_path, monkeypatch):
    for variable in ("DIABETES130", "PHYSIONET2012", "YAIB"):
        monkeypatch.delenv(f"COURSEKIT_{variable}", raising=False)
    start = time.monotonic()
    assert run(lab, tmp_path) < MEGABYTES
    assert time.monotonic() - start < SECONDS


@pytest.mark.slow
def test_the_lab_on_readmission_runs_on_the_real_patients(tmp_path, monkeypatch):
    if not DIABETES130.is_file():
        pytest.skip("../shared/data has no Diabetes 130-US hospitals file here")
    monkeypatch.setenv("COURSEKIT_DIABETES130", str(DIABETES130))
    assert run(content("notebooks") / "01_readmission.py", tmp_path) < MEGABYTES


@pytest.mark.slow
def test_the_lab_on_messy_records_runs_on_the_real_stays(tmp_path, monkeypatch):
    for variable, folder in ICU.items():
        if not folder.is_dir():
            pytest.skip(f"../shared/data has no {folder.name} here")
        monkeypatch.setenv(variable, str(folder))
    assert run(content("notebooks") / "00_messy_records.py", tmp_path) < MEGABYTES


def test_what_is_committed_equals_a_rebuild(lab):
    for target, ending in (("lab", ".ipynb"), ("exercise", ".exercise.ipynb")):
        built = notebook_text(build_lesson(lab, target))
        assert lab.with_suffix(ending).read_text("utf-8") == built


def test_an_exercise_asks_every_question_and_shows_no_solution(lab):
    cells = read_cells(lab)
    exercise = build_lesson(lab, "exercise").cells
    asked = [cell for cell in exercise if "# YOUR CODE HERE" in cell.source]
    assert len(asked) == sum(cell.role == "answer" for cell in cells) >= 5
    hidden = [cell.source for cell in cells if cell.role == "solution-only"]
    assert hidden
    assert not {cell.source for cell in exercise} & set(hidden)


def test_an_exercise_can_be_run_up_to_its_first_question(lab, tmp_path):
    exercise = build_lesson(lab, "exercise")
    first = next(i for i, c in enumerate(exercise.cells) if "YOUR CODE" in c.source)
    exercise.cells = exercise.cells[:first]
    where = {"metadata": {"path": tmp_path}}
    NotebookClient(exercise, timeout=SECONDS, resources=where).execute()


def test_every_question_of_the_self_check_is_answered_rightly(lab):
    questions = tomllib.loads(lab.with_suffix(".quiz.toml").read_text("utf-8"))
    right = {
        (question, letter)
        for question, table in questions.items()
        for letter, choice in table.items()
        if isinstance(choice, dict) and choice.get("right")
    }
    answered = re.findall(
        r'quiz\("(\w+)", answer="(\w)"\)', "\n".join(texts(lab, "code"))
    )
    assert set(answered) == right


def test_every_figure_is_told_in_words_below_it(lab):
    cells = read_cells(lab)
    figures = [i for i, cell in enumerate(cells) if "plt.show()" in cell.source]
    assert figures
    for i in figures:
        assert cells[i + 1].source.startswith("*Figure: ")


def test_every_feedback_code_that_is_named_exists(lab):
    folder = Path(supervised.__file__).parents[1] / "grading"
    known = set(tomllib.loads((folder / "codes.toml").read_text("utf-8")))
    notes = lab.with_suffix(".instructor.md").read_text("utf-8")
    named = set(
        re.findall(
            r"`([A-Z]{4,}(?:-[A-Z]+)*|[A-Z]+(?:-[A-Z]+)+)`",
            "\n".join([notes, *texts(lab)]),
        )
    )
    assert named
    assert named <= known


@pytest.mark.parametrize("taught", supervised.__all__)
def test_a_taught_function_names_a_lab_that_uses_it(taught):
    lesson = re.search(r"Taught in lab (\w+)", getattr(supervised, taught).__doc__)
    lab = content("notebooks") / f"{lesson[1]}.py"
    assert f"{taught}(" in lab.read_text("utf-8")
