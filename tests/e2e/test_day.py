"""A day of a professor, two students and a grader, in JupyterLab and a real browser.

Each part begins where the one before it ended; what people saw is kept as pictures in
the folder that COURSEKIT_PICTURES names, or else in a temporary one.
"""

import csv
import json
import os
import re
import shutil
import sqlite3
from types import SimpleNamespace

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is missing")
from in_jupyterlab import CHROMIUM, FLAGS, MINUTE, Album, Person, press  # noqa: E402

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is missing"),
    pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is missing"),
]
SYLLABUS = """\
title: Clinical machine learning, one week
unit: week
sessions:
  - {session: 1, title: Readmission, labs: [01_readmission],
     assignments: {readmission: 100}}
"""
NAME = "readmission"
PASTED = "savings"  # the answer that is pasted into the editor
ATTACK = "window.pwned = 1; document.title = 'pwned'"
SHOWN = f"""
from IPython.display import HTML, SVG, Javascript, Markdown, display
display(HTML("<script>{ATTACK}</script><img src=x onerror=\\"{ATTACK}\\"><b>here</b>"))
display(Javascript("{ATTACK}"))
display(SVG("<svg xmlns='http://www.w3.org/2000/svg' onload=\\"{ATTACK}\\"></svg>"))
display(Markdown("<img src=y onerror=\\"{ATTACK}\\">"))
"""
WRITTEN = f"""
Look <script>{ATTACK}</script> here <img src=z onerror="{ATTACK}">
<a href="javascript:{ATTACK}">there</a>
"""
MANUAL = """
    select student_id, manual_score, auto_score, base_cell.name from grade
    join base_cell on grade.cell_id = base_cell.id
    join submitted_notebook on grade.notebook_id = submitted_notebook.id
    join submitted_assignment
      on submitted_notebook.assignment_id = submitted_assignment.id"""


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return tmp_path_factory.mktemp("day")


@pytest.fixture(scope="module")
def album(root):
    return Album(os.environ.get("COURSEKIT_PICTURES", root / "pictures"))


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def professor(root, browser):
    """Who has laid out a course and opened it in JupyterLab, as the command says."""
    (root / "one.yaml").write_text(SYLLABUS)
    person = Person("professor", root, root)
    words = ["--syllabus", "one.yaml", "--start", "2027-01-11", "--secret", "walk"]
    person.said = person.run("coursekit", "init", "ml4h", *words)
    person.folder = root / "ml4h"
    person.use_exchange()
    with person.jupyterlab(browser, "start.ipynb"):
        person.page.locator(".jp-MarkdownOutput table").wait_for()
        yield person


@pytest.fixture(scope="module")
def released(professor, album):
    """The formgrader's list of assignments, with the assignment released by buttons."""
    page = professor.page
    album.take(page, "01-start-page")
    page.keyboard.press("Control+B")
    grader = professor.formgrader()
    row = grader.locator("#main-table tr", has_text=NAME)
    done = press(grader, row.locator(".assign a"), "Successfully created the student")
    put_away(done)
    done = press(grader, row.locator(".release a"), "Successfully released")
    put_away(done)
    playwright.expect(row.locator(".status")).to_have_text("released")
    album.take(page, "02-released")
    return grader


@pytest.fixture(scope="module")
def ann(root, browser, released):
    """A student with the assignment list open."""
    (root / "ann").mkdir()
    person = Person("ann", root / "ann", root)
    person.use_exchange()
    with person.jupyterlab(browser):
        person.page.keyboard.press("Control+B")
        person.menu("Nbgrader", "Assignment List")
        yield person


@pytest.fixture(scope="module")
def solved(ann, professor, album):
    """The page on which ann has fetched, filled in and run the notebook."""
    page = ann.page
    page.get_by_role("button", name="Fetch", exact=True).click()
    page.get_by_role("button", name="Submit", exact=True).wait_for()
    album.take(page, "03-fetched")
    answers = solutions(professor.folder)
    fill_in(ann.folder, {k: v for k, v in answers.items() if k != PASTED})
    fetched = page.locator("#fetched_assignments_list")
    fetched.get_by_text(NAME).first.click()
    fetched.locator("a:visible", has_text=NAME).last.click()
    page.locator(".jp-NotebookPanel .jp-Cell").first.wait_for()
    album.take(page, "04-opened")
    ann.paste_into(ann.cell(f"def {PASTED}"), answers[PASTED])
    album.take(page, "05-answered")
    ann.menu("Run", "Run All Cells")
    last = page.locator(".jp-CodeCell").last.locator("table")
    last.wait_for(state="attached", timeout=MINUTE)
    return page


@pytest.fixture(scope="module")
def handed_in(solved, ann, album):
    """What nbgrader's Validate said, and the list after the Submit button."""
    page = solved
    page.get_by_role("button", name="Validate", exact=True).click()
    dialog = page.locator(".jp-Dialog")
    dialog.wait_for(timeout=MINUTE)
    album.take(page, "07-validated")
    said = dialog.inner_text()
    dialog.get_by_role("button").last.click()
    ann.tab("Assignments")
    page.get_by_role("button", name="Submit", exact=True).click()
    page.locator("#submitted_assignments_list").get_by_text(NAME).first.wait_for()
    album.take(page, "08-submitted")
    return said


@pytest.fixture(scope="module")
def hostile(root, professor, released):
    """A second student, whose notebook carries scripts in all that is shown."""
    (root / "mal").mkdir()
    person = Person("mal", root / "mal", root)
    person.use_exchange()
    person.run("nbgrader", "fetch_assignment", NAME)
    answers = solutions(professor.folder)
    answers["savings"] += SHOWN
    answers["manual"] = WRITTEN
    fill_in(person.folder, answers)
    person.run("nbgrader", "submit", NAME)
    return person


@pytest.fixture(scope="module")
def graded(professor, handed_in, hostile, released, album):
    """The formgrader after ann was graded by its button and mal by the command."""
    row = released.locator("#main-table tr", has_text=NAME)
    put_away(press(released, row.locator(".collect a"), "Successfully collected"))
    row.locator(".num-submissions a").click()
    mine = released.locator("#main-table tr", has_text="ann")
    button = mine.locator(".autograde a")
    done = press(released, button, "Successfully autograded")
    album.take(professor.page, "09-autograded-by-button")
    put_away(done)
    playwright.expect(mine.locator(".status")).to_have_text("needs manual grading")
    table = professor.run("coursekit", "autograde", NAME)
    return SimpleNamespace(table=table)


@pytest.fixture(scope="module")
def marked(graded, professor, album):
    """Each student's page in the formgrader, after the question was marked by hand."""
    page, seen = professor.page, {}
    grader = page.frame_locator("iframe[src*=formgrader]")
    for points in ("9", "2"):
        grader.get_by_role("link", name="Manual Grading").click()
        for link in (NAME, NAME):  # the assignment, then its notebook
            grader.locator("#main-table").get_by_role("link", name=link).click()
        first = grader.locator("#main-table tr", has=page.locator(".needs-manual-grade .glyphicon"))
        album.take(page, f"10-list-{points}")
        first.first.locator(".name a:visible").click()
        grader.locator("input#manual").wait_for()
        frame = page.frames[-1]
        album.take(page, f"11-page-{points}")
        seen[points] = SimpleNamespace(
            text=frame.locator("body").inner_text(),
            pwned=frame.evaluate("window.pwned"),
            title=frame.title(),
        )
        grader.locator("input#manual").fill(points)
        grader.locator("input#manual").press("Tab")
        page.wait_for_timeout(1000)
        album.take(page, f"12-marked-{points}")
    return seen


def test_a_course_opens_on_its_start_page(professor):
    assert "jupyter lab start.ipynb" in professor.said
    assert professor.page.locator("h1").inner_text().startswith("ml4h")


def test_the_local_check_is_a_table_in_jupyterlab(solved, album):
    table = solved.locator(".jp-OutputArea-output table", has_text="interval").first
    table.scroll_into_view_if_needed()
    album.take(solved, "06-checked")


def test_validate_finds_nothing_wrong(handed_in):
    assert "Success" in handed_in


def test_x(marked):
    print(marked)


def put_away(dialog):
    """Close a dialog of the formgrader."""
    dialog.get_by_role("button", name="OK").click()
    dialog.wait_for(state="hidden")


def solutions(course):
    """Return the notebook's own answers: grade id -> text."""
    notebook = json.loads((course / f"source/{NAME}/{NAME}.ipynb").read_text())
    marks = r"(?m)^ *### (BEGIN|END) SOLUTION\n?"
    return {
        cell["metadata"]["nbgrader"]["grade_id"]: re.sub(
            marks, "", "".join(cell["source"])
        ).rstrip()
        for cell in notebook["cells"]
        if cell["metadata"].get("nbgrader", {}).get("solution")
    }


def fill_in(folder, answers):
    """Write answers into a student's notebook."""
    path = folder / NAME / f"{NAME}.ipynb"
    notebook = json.loads(path.read_text())
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        cell["source"] = answers.get(name, cell["source"])
    path.chmod(0o644)
    path.write_text(json.dumps(notebook))
