"""The page: whole, private, and deaf to what students wrote."""

import base64
import hashlib
import re
import stat
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from coursekit.errors import BadInput
from coursekit.report import read_figures, render, write_page
from coursekit.report.legible import legible
from made_up_class import lay_out, put, record_of
from mixed_report import HOSTILE

VOID = {"meta", "link", "br", "img", "input"}


class Page(HTMLParser):
    """Opens and closes every tag; keeps tags, attributes and the text outside code."""

    def __init__(self, page):
        super().__init__()
        self.open, self.tags, self.attributes, self.text = [], [], [], ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] not in ("script", "style"):
            self.text += data


@pytest.fixture(scope="session")
def page(figures):
    return render(figures)


@pytest.fixture(scope="session")
def read(page):
    return Page(page)


def test_every_tag_closes_and_ids_are_those_that_are_linked(read):
    assert read.open == []
    ids = [value for name, value in read.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    links = {value for name, value in read.attributes if name == "href"}
    assert links <= {f"#{name}" for name in ids}
    named = {v for name, v in read.attributes if name.startswith("aria-labelledby")}
    assert {each for value in named for each in value.split()} <= set(ids)


def test_nothing_that_a_student_wrote_becomes_a_tag_or_a_handler(read):
    assert read.tags.count("script") == 1
    assert "img" not in read.tags
    assert not [name for name, _ in read.attributes if name.startswith("on")]
    assert not [v for _, v in read.attributes if v and v.startswith("javascript:")]
    for hostile in HOSTILE[:3]:
        assert hostile in read.text
    assert "</script><script>" in read.text


def test_what_cannot_be_seen_is_shown_and_what_is_long_is_cut(page, read):
    assert "\u202e" not in page
    assert "anna�gnp.exe" in read.text
    assert "N" * 61 not in page
    assert "(10,000 characters)" in page


def test_the_policy_names_the_one_style_and_the_one_script(page):
    policy = re.search('Content-Security-Policy" content="([^"]+)"', page)[1]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        (text,) = re.findall(f"<{tag}>(.*?)</{tag}>", page, re.S)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_the_page_is_complete_without_its_script(read):
    text = " ".join(read.text.split())
    for words in (
        "4 of 8",
        "Better on check than on new patients",
        "timeout: It took longer than",
        "numpy 2.3.0 instead of 2.4.6",
        "1 d 6 h",
        "accuracy 35 -> 34",
        "7 of 9 answers not yet marked",
        "Too good to be true.",
        "Ann Smith",
        "gil",
    ):
        assert words in text.replace("\u00a0", " ")


def test_names_stand_in_it_only_if_asked_for(mixed):
    assert "Smith" not in render(read_figures(mixed, "tiny"))


def test_it_loads_nothing_and_sends_nothing(page, read):
    assert not {"link", "iframe", "object", "embed", "base"} & set(read.tags)
    assert not [v for name, v in read.attributes if name in ("src", "action")]
    assert "url(" not in page
    assert "@import" not in page


def test_no_sandbox_is_said_aloud(figures):
    setting = replace(figures.settings[0].setting, sandbox="none")
    settings = (replace(figures.settings[0], setting=setting),)
    assert "not a security boundary" in render(replace(figures, settings=settings))
    assert "not a security boundary" not in render(figures)


@pytest.mark.parametrize("students", [0, 1], ids=["nobody", "one"])
def test_a_class_of_none_and_of_one_has_a_page(tmp_path, students):
    course = lay_out(tmp_path / "course")
    if students:
        put(course, "ann", record_of(0.8, 0.1))
    text = Page(render(read_figures(course, "tiny"))).text
    assert ("Nobody has handed in yet" in text) is not bool(students)


def test_a_page_without_a_rubric_has_points_and_no_picture(tmp_path):
    course = lay_out(tmp_path / "course", rubric=None)
    put(course, "ann")
    read = Page(render(read_figures(course, "tiny")))
    assert "svg" not in read.tags
    assert "points up to now" in read.text


def test_only_a_report_of_ours_is_replaced_and_nobody_else_may_read_it(tmp_path, page):
    place = tmp_path / "report.html"
    write_page("old", tmp_path / "other.html")
    with pytest.raises(BadInput, match=r"is no class report.*--output"):
        write_page(page, tmp_path / "other.html")
    assert (tmp_path / "other.html").read_text() == "old"
    write_page(page, place)
    write_page(page + " ", place)
    assert place.read_text(encoding="utf-8") == page + " "
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "other.html",
        "report.html",
    ]


def test_a_link_to_a_report_is_not_followed(tmp_path, page):
    write_page(page, tmp_path / "report.html")
    (tmp_path / "link.html").symlink_to("report.html")
    with pytest.raises(BadInput, match="is no class report"):
        write_page(page, tmp_path / "link.html")


def test_half_a_character_is_text_that_can_be_written():
    assert legible("a\ud800b\x00c").encode() == "a�b�c".encode()
