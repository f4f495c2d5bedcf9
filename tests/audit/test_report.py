"""The page: whole, safe, and complete without a network."""

import re
from html.parser import HTMLParser

import pytest

from coursekit.audit import audit_scores
from coursekit.audit.report import render, write_report
from coursekit.errors import BadInput
from drawn_scores import GROUPS, moved, sound_scores

VOID = {"meta", "img", "br", "link"}


class Page(HTMLParser):
    """Opens and closes every tag, and keeps the pictures and the text."""

    def __init__(self, page):
        super().__init__()
        self.open, self.pictures, self.attributes, self.text = [], [], [], ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)
        self.attributes += attrs
        if tag == "img":
            self.pictures.append(dict(attrs))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


@pytest.fixture(scope="module")
def audit():
    table = sound_scores(1500)
    table.loc[:4, "sex"] = "<b>X</b>"
    table["mail"] = "ana@example.org"
    return audit_scores(table, "y", "p", groups=GROUPS, date="date")


@pytest.fixture(scope="module")
def page(audit):
    return render(audit, source="scores & more.csv", site="Riverside")


def test_every_tag_closes_and_every_picture_is_inside_and_described(page):
    read = Page(page)
    assert read.open == []
    assert len(read.pictures) == 6
    assert all(each["src"].startswith("data:image/svg") for each in read.pictures)
    assert all(len(each["alt"]) > 30 for each in read.pictures)


def test_the_page_loads_nothing_and_runs_nothing(page):
    outside = re.sub(r'src="data:[^"]*"', "", page)
    assert not re.search(r"https?:|//|<script|@import|url\(|<link", outside)


def test_names_from_the_file_cannot_become_markup(page):
    assert "<b>X</b>" not in page
    assert "<b>X</b>" in Page(page).text


def test_neither_an_identifier_nor_rates_of_a_few_patients_are_shown(page):
    assert "ana@" not in page
    row = re.search(r"&lt;b&gt;X&lt;/b&gt;</th>(.*?)</tr>", page, re.DOTALL)[1]
    assert "fewer than 11" in row
    assert "Insufficient evidence" in row
    assert not re.search(r"\d+ ?%", row)


def test_each_section_is_there_and_the_first_page_says_what_it_cannot_say(page):
    read = Page(page).text
    first = read[: read.index("1. The data")]
    for part in ("looked at", "was found", "do next", "cannot say", "PRIVACY"):
        assert part in first
    for number in range(1, 10):
        assert f"\n{number}. " in read


def test_the_first_page_has_the_finding_and_its_next_step():
    table = moved(sound_scores(), True, 1.0)
    found = audit_scores(table, "y", "p")
    first = Page(render(found, source="s.csv")).text.split("1. The data")[0]
    assert "MISCALIBRATED" in first
    assert found.findings[0].next_step in first
    assert "Nothing found" not in first


def test_the_figures_of_the_page_are_the_audits(audit, page):
    auroc, text = audit.performance["auroc"], page.replace("\u00a0", " ")
    assert f"{auroc.value:.2f} ({auroc.low:.2f} to {auroc.high:.2f})" in text
    assert f"{100 * audit.at_threshold['sensitivity']:.0f} % (" in text


def test_no_line_ends_between_a_number_and_its_percent_sign(page):
    assert "\u00a0% (" in page
    assert not re.search(r"\d %", page)


def test_the_same_scores_give_the_same_page(audit, page):
    assert render(audit, source="scores & more.csv", site="Riverside") == page


def test_a_report_that_is_there_is_not_replaced_unasked(tmp_path):
    file = tmp_path / "report.html"
    write_report("first", file)
    with pytest.raises(BadInput, match="stays as it is"):
        write_report("second", file)
    assert file.read_text() == "first"
    write_report("third", file, overwrite=True)
    assert [each.name for each in tmp_path.iterdir()] == ["report.html"]
    assert file.read_text() == "third"
