"""A class is compared with itself, with the solution, and with another term."""

import shutil
from types import SimpleNamespace

import pytest
from copied_answers import ANOTHER, MINE, RENAMED, WHY
from nbformat.v4 import new_code_cell

from coursekit.autograde.course import open_course
from coursekit.cli.similar import similar
from coursekit.report import read_figures, render
from coursekit.similarity import alike, gathering
from coursekit.similarity.gathering import SOLUTION
from coursekit.similarity.keeping import read_compared
from small_course import SmallCourse

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def course(template, tmp_path_factory):
    """Ann and Bob have one answer, Cy the solution, Dan his own, Eve no notebook."""
    folder = tmp_path_factory.mktemp("alike") / "course"
    shutil.copytree(template, folder)
    course = SmallCourse(folder)
    course.hand_in("ann", course.solved(decide=f"{MINE}\nx = '{SCRIPT}'", manual=WHY))
    course.hand_in("bob", course.solved(decide=f"{RENAMED}\ny = '{SCRIPT}'"))
    course.hand_in("cy", course.solved(manual=f"{WHY} Or so."))
    helper = course.solved(decide=ANOTHER, manual="Chance.")
    helper["cells"].append(new_code_cell("mine = 1"))
    course.hand_in("dan", helper)
    course.hand_in("eve", "no notebook")
    return course


def test_who_is_alike_is_found_in_what_was_handed_in(course):
    found = alike(open_course(course.folder), "tiny")
    pairs = {(pair.one, pair.other, pair.kind) for pair in found.pairs}
    assert ("ann", "bob", "code") in pairs
    assert ("ann", "cy", "text") in pairs
    assert not [pair for pair in pairs if pair[0] == "dan" and pair[1] != SOLUTION]


def test_last_terms_submissions_are_named_with_their_course(course):
    opened = open_course(course.folder)
    found = alike(opened, "tiny", [opened, opened]).pairs
    name = opened.rules.name or opened.folder.name
    told = {(pair.one, pair.other, pair.kind) for pair in found}
    assert ("ann", f"{name}/bob", "code") in told
    assert ("ann", f"{name} (2)/bob", "code") in told


def test_a_sample_of_the_docs_is_among_what_may_be_copied(tmp_path):
    opened = SimpleNamespace(
        coursedir=SimpleNamespace(source_directory="", format_path=lambda *_: tmp_path)
    )
    found = gathering.written_by_us(opened, "readmission", set())
    assert "sample clean" in found
    assert found["sample clean"]["text"]


def test_who_could_not_be_read_is_named(course):
    assert alike(open_course(course.folder), "tiny").left_out.keys() == {"eve"}


def test_a_second_attempt_is_compared_with_the_first_ones_of_others(
    course, monkeypatch
):
    opened = open_course(course.folder)
    monkeypatch.setattr(
        "coursekit.similarity.gathering.first_of",
        lambda name: {"tiny": "tiny"}.get(name),
    )
    found = {(p.one, p.other) for p in alike(opened, "tiny").pairs}
    assert ("ann", "tiny/bob") in found
    assert ("ann", "tiny/ann") not in found


def test_the_command_tells_and_the_report_shows_it_without_running_it(course, capsys):
    assert "Not compared yet" in render(read_figures(course.folder, "tiny"))
    similar("tiny", [], course.folder)
    assert "ann" in capsys.readouterr().out
    compared = read_compared(open_course(course.folder), "tiny")
    assert compared.digests.keys() == {"ann", "bob", "cy", "dan", "eve"}
    page = render(read_figures(course.folder, "tiny"))
    assert "The longest passage that both have" in page
    assert SCRIPT not in page
    assert "handed in something else since" not in page
    path = course / "submitted/dan/tiny/tiny.ipynb"
    path.write_text(path.read_text() + "\n")
    page = render(read_figures(course.folder, "tiny"))
    assert "1 student handed in something else since" in page
