"""The class report in a real browser: sorted, filtered and read with keys alone."""

import shutil

import pytest

from coursekit.report import read_figures, render
from mixed_report import mixed_class

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is missing"),
]


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    figures = read_figures(mixed_class(folder / "course"), "tiny", names=True)
    place = folder / "report.html"
    place.write_text(render(figures), encoding="utf-8")
    return place.as_uri()


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser, report):
    """The open page; what its console says is in `page.said`."""
    page = browser.new_page()
    page.said = []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.goto(report)
    yield page
    page.close()


def students(page):
    """Return the ids that are shown, in order."""
    return page.locator("#class tbody tr:not([hidden]) th").all_inner_texts()


def tab_to(page, words):
    """Press Tab until what has the focus says these words."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip() == words:
            return
    raise AssertionError(f"no key leads to {words!r}")


def test_nothing_of_a_student_ran_and_the_console_is_silent(page):
    assert page.title() == "Class report: A small assignment"
    assert page.said == []


def test_the_policy_stops_a_script_that_got_in(page):
    added = "const s = document.createElement('script');"
    added += "s.textContent = 'document.title = 1'; document.body.append(s)"
    page.evaluate(added)
    assert page.title() == "Class report: A small assignment"
    assert any("Content Security Policy" in line for line in page.said)


def test_the_table_is_sorted_with_keys_alone_and_says_so(page):
    tab_to(page, "accuracy /40")
    head = page.locator("#class thead th", has_text="accuracy")
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    assert students(page)[4:7] == ["eve", "bob", "ann"]  # 20, 35 and 40 points
    page.keyboard.press("Space")
    assert head.get_attribute("aria-sort") == "descending"
    assert students(page)[:3] == ["ann", "bob", "eve"]
    assert set(students(page)[-4:]) == {"cy", "dan", "fay", "gil"}  # without points
    assert "accuracy /40, descending" in page.locator("#told").inner_text()
    tab_to(page, "fairness /30")
    page.keyboard.press("Enter")
    assert page.locator("[aria-sort]").count() == 1


def test_the_table_is_filtered_by_words_status_and_need(page):
    page.get_by_label("Words to look for").press_sequentially("missed-in scored")
    assert students(page) == ["bob"]
    assert page.locator("#told").inner_text().startswith("1 of 11 students")
    page.get_by_role("button", name="Show all").press("Enter")
    playwright.expect(page.locator("tr[hidden]")).to_have_count(0)
    page.get_by_role("checkbox", name="needs a person").press("Space")
    assert students(page) == ["cy", "dan"]
    page.get_by_role("combobox", name="Status").select_option("timeout")
    assert students(page) == ["dan"]


def test_without_script_the_table_is_whole_and_no_dead_button_is_shown(browser, report):
    page = browser.new_page(java_script_enabled=False)
    page.goto(report)
    assert page.locator("#class tbody tr").count() == 11
    assert page.locator("button:visible").count() == 0
    page.close()


def test_no_part_of_the_page_is_wider_than_a_telephone(browser, report):
    page = browser.new_page(viewport={"width": 360, "height": 700})
    page.goto(report)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.close()
