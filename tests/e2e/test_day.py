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
from in_jupyterlab import CHROMIUM, FLAGS, MINUTE, SIZE, Album, Person, press  # noqa: E402

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
COMMENTS = {
    "ann": "Where the difference comes from is right. Say who would measure it.",
    "mal": "This is no answer to the question. Come and see me.",
}
FORMGRADER = "iframe[src*=formgrader]"
BY_HAND = {"ann": "9", "mal": "2"}  # points of the question for a person
# What ann pastes into the editor: one cut-off for all, which serves one group worse.
DECIDE = '''\
cut_off = np.quantile(model.predict_proba(tune.X)[:, 1], 0.80)


def decide(X):
    """Return 1 for the fifth of the patients with the highest risk."""
    return (model.predict_proba(X)[:, 1] >= cut_off).astype(int)'''
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
GRADES = """
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
    fetch = page.get_by_role("button", name="Fetch", exact=True)
    fetch.wait_for()
    album.take(page, "03-to-be-fetched")
    fetch.click()
    page.get_by_role("button", name="Submit", exact=True).wait_for()
    answers = solutions(professor.folder)
    del answers["decide"]
    fill_in(ann.folder, answers)
    fetched = page.locator("#fetched_assignments_list")
    fetched.get_by_text(NAME).first.click()
    fetched.locator("a:visible", has_text=NAME).last.click()
    page.locator(".jp-NotebookPanel .jp-Cell").first.wait_for()
    album.take(page, "04-opened")
    ann.paste_into(ann.cell("YOUR CODE HERE"), DECIDE)
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
    answers = solutions(professor.folder) | {"decide": DECIDE}
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
    put_away(press(released, button, "Successfully autograded"))
    playwright.expect(mine.locator(".status")).to_have_text("needs manual grading")
    album.take(professor.page, "09-autograded-by-button")
    table = professor.run("coursekit", "autograde", NAME)
    return SimpleNamespace(table=table)


@pytest.fixture(scope="module")
def marked(graded, professor, album):
    """Each student's page in the formgrader, after the question was marked by hand."""
    page, seen = professor.page, {}
    grader = page.frame_locator(FORMGRADER)
    for student, points in BY_HAND.items():
        grader.get_by_role("link", name="Manual Grading").click()
        for link in (NAME, NAME):  # the assignment, then its notebook
            grader.locator("#main-table").get_by_role("link", name=link).click()
        grader.get_by_role("link", name="Submission #2").wait_for()
        if not seen:
            album.take(page, "10-to-be-marked")
        grader.get_by_role("button", name="Show All Names").click()
        grader.get_by_role("link", name=student, exact=True).click()
        field = grader.locator("input#manual")
        field.wait_for()
        grader.locator("input#fairness").scroll_into_view_if_needed()
        album.take(page, f"11-points-by-kind-{student}")
        seen[student] = looked_at(page.frames[-1])
        field.fill(points)
        field.press("Tab")
        comment = grader.locator("#manual-comment")
        comment.fill(COMMENTS[student])
        comment.press("Tab")
        grader.locator(".comment-saved").last.wait_for()
        album.take(page, f"12-marked-by-hand-{student}")
    return seen


@pytest.fixture(scope="module")
def regraded(marked, professor):
    """The gradebook's points by hand before and after all is run again."""
    before = by_hand(professor.folder)
    professor.run("coursekit", "autograde", NAME, "--force")
    return before, by_hand(professor.folder)


@pytest.fixture(scope="module")
def feedback(regraded, professor, ann, hostile, album):
    """The folder of each student's feedback, fetched after its release by buttons."""
    grader = professor.page.frame_locator(FORMGRADER)
    grader.get_by_role("link", name="Manual Grading").click()
    grader.get_by_role("link", name="Manage Assignments").click()
    row = grader.locator("#main-table tr", has_text=NAME)
    made = row.locator(".generate-feedback a")
    put_away(press(grader, made, "Successfully generated feedback"))
    sent = row.locator(".release-feedback a")
    done = press(grader, sent, "Successfully released feedback")
    put_away(done)
    album.take(professor.page, "13-feedback-released")
    ann.page.locator("#refresh_assignments_list").click()
    ann.page.get_by_role("button", name="Fetch Feedback").click()
    ann.page.get_by_text("view feedback").wait_for()
    album.take(ann.page, "14-feedback-fetched")
    hostile.run("nbgrader", "fetch_feedback", NAME)
    return {
        p.name: next(p.folder.rglob(f"feedback/*/{NAME}.html")) for p in (ann, hostile)
    }


def test_a_course_opens_on_its_start_page(professor):
    assert "jupyter lab start.ipynb" in professor.said
    assert professor.page.locator("h1").inner_text().startswith("ml4h")


def test_the_local_check_is_a_table_in_jupyterlab(solved, album):
    table = solved.locator(".jp-OutputArea-output table", has_text="interval").first
    heading = solved.get_by_role("heading", name="Hand in")
    heading.evaluate("heading => heading.scrollIntoView()")
    album.take(solved, "06-checked")
    cell = solved.locator(".jp-CodeCell", has_text="submit(model")
    album.take(solved, "check", cell.bounding_box())
    first, *_ = table.locator("tr").nth(1).all_inner_texts()
    assert first.split("\t")[0::7] == ["accuracy", "0.747"]
    assert "together" in table.inner_text()
    assert "Still to gain: Readmissions found" in table.locator("..").inner_text()
    assert "Your mark is measured on others" in table.locator("..").inner_text()


def test_validate_finds_nothing_wrong(handed_in):
    assert "Success" in handed_in


def test_the_button_and_the_command_grade_alike(graded, professor):
    points = {
        (student, cell): auto for student, _, auto, cell in grades(professor.folder)
    }
    for kind, most in {"accuracy": 40, "fairness": 20, "contract": 10}.items():
        assert 0 < points["ann", kind] == points["mal", kind] <= most
    assert re.search(r"ann +scored.*\n.*mal +scored", graded.table)


def test_the_grader_sees_the_points_of_each_kind_and_why(marked):
    for words in ("accuracy: 40 of 40", "fairness:", "MISSED-IN-GROUP"):
        assert words in marked["ann"].text
    assert "We saw" in marked["ann"].text


def test_no_script_of_a_submission_runs_in_the_formgrader(marked):
    assert "Look" in marked["mal"].text
    assert [(seen.pwned, seen.title) for seen in marked.values()] == [(None, NAME)] * 2


def test_points_by_hand_survive_a_regrade(regraded):
    assert regraded == (BY_HAND, BY_HAND)


def test_the_student_reads_the_feedback(feedback, browser, album):
    page = browser.new_page(viewport=SIZE)
    page.goto(feedback["ann"].as_uri())
    album.take(page, "15-feedback")
    page.get_by_text("accuracy: 40 of 40").evaluate("words => words.scrollIntoView()")
    album.take(page, "15-feedback-of-fairness")
    text = page.locator("body").inner_text()
    page.close()
    for words in ("Written response (Score: 9.0", "fairness:", COMMENTS["ann"]):
        assert words in text


def test_no_script_of_a_submission_runs_in_the_feedback(feedback, browser):
    page = browser.new_page(viewport=SIZE)
    page.goto(feedback["mal"].as_uri())
    page.wait_for_timeout(500)
    seen = looked_at(page.main_frame)
    page.close()
    assert "Look" in seen.text
    assert (seen.pwned, seen.title) == (None, NAME)


def test_the_same_notebook_does_run_its_scripts_on_an_unguarded_page(
    hostile, browser, root
):
    hostile.run("jupyter-nbconvert", "--to=html", f"{NAME}/{NAME}.ipynb")
    page = browser.new_page()
    page.goto((hostile.folder / NAME / f"{NAME}.html").as_uri())
    page.wait_for_function("window.pwned")
    page.close()


def test_the_professor_sees_where_everyone_is_and_reads_the_report(
    feedback, professor, browser, album
):
    said = professor.run("coursekit", "status", NAME)
    assert "2 of 2 handed in: 2 feedback released" in said
    professor.run("coursekit", "report", NAME)
    page = browser.new_page(viewport=SIZE)
    page.goto((professor.folder / f"report-{NAME}.html").as_uri())
    album.take(page, "16-report")
    page.get_by_role("button", name="fairness").press("Enter")
    page.get_by_label("Words to look for").press_sequentially("mal")
    page.locator("#class").scroll_into_view_if_needed()
    album.take(page, "17-report-filtered")
    shown = page.locator("#class tbody tr:not([hidden]) th").all_inner_texts()
    assert page.locator("[aria-sort]").count() == 1
    assert page.evaluate("window.pwned") is None
    page.close()
    assert shown == ["mal"]


def test_the_marks_are_exported(feedback, professor):
    professor.run("coursekit", "export", NAME, "--to", "csv")
    with open(professor.folder / f"{NAME}-csv.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    totals = {r["student_id"]: r["points"] for r in rows if r["metric"] == "total"}
    assert float(totals["ann"]) - float(totals["mal"]) == 9 - 2


def looked_at(frame):
    """Return what a page shows, and what a script would have changed."""
    return SimpleNamespace(
        text=frame.locator("body").inner_text(),
        pwned=frame.evaluate("window.pwned"),
        title=frame.title(),
    )


def grades(course):
    """Return (student, points by hand, points, cell) of the whole gradebook."""
    with sqlite3.connect(course / "gradebook.db") as gradebook:
        found = gradebook.execute(GRADES).fetchall()
    gradebook.close()
    return found


def by_hand(course):
    """Return the points by hand of the manual question: student -> text."""
    return {
        s: f"{points:g}" for s, points, _, cell in grades(course) if cell == "manual"
    }


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
