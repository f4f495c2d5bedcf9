"""What `coursekit new-assignment` writes builds, certifies and is graded."""

import shutil

import pytest

from coursekit.authoring import build_all, new_assignment, new_lab
from coursekit.autograde import layout
from coursekit.autograde.layout import lay_out
from coursekit.autograde.simulate import hand_in
from coursekit.cli.init import named
from coursekit.cli.sources.asked import asked_for
from coursekit.errors import BadInput, BadLesson
from coursekit.grading.assignment import find_assignment
from coursekit.grading.certificate import automatic, fingerprint, rehearse
from coursekit.rules import Rules
from small_course import SmallCourse, nbgrader


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A new assignment in a folder of its author's."""
    return new_assignment("my_ulcers", tmp_path_factory.mktemp("teaching"))


@pytest.fixture(scope="module")
def rehearsed(made):
    return rehearse(find_assignment(str(made)), "scaffold")


@pytest.fixture
def mine(made, tmp_path):
    """A copy that a test may spoil."""
    return shutil.copytree(made, tmp_path / "my_ulcers")


def test_a_new_assignment_is_built_as_its_source_stands(made):
    assert build_all(made, check=True) == []
    assert asked_for(str(made)).rubric.title == "My ulcers"


def test_it_has_all_five_kinds_of_points_and_all_are_100_with_10_by_hand(made):
    rubric = find_assignment(str(made)).rubric
    kinds = {"accuracy": 40, "fairness": 30, "evidence": 20, "contract": 10}
    assert rubric.kinds == kinds
    assert rubric.manual == {"manual": 10}


@pytest.mark.slow
def test_every_archetype_lands_in_its_band(rehearsed):
    assert rehearsed.misplaced() == []
    assert rehearsed.records.keys() == rehearsed.lock.bands.keys()
    assert rehearsed.lock.off == {}
    assert automatic(rehearsed.records["good"]) == 100


@pytest.mark.slow
def test_a_course_has_it_from_its_folder_and_nbgrader_pays_an_honest_student(
    made, rehearsed, tmp_path, monkeypatch
):
    monkeypatch.setattr(layout, "certified", lambda *_, **more: rehearsed)
    rules = Rules(sandbox="none")
    folder = lay_out(tmp_path / "course", [str(made)], rules=rules, progress=str)
    shown = folder / "source" / "my_ulcers"
    assert not list(shown.rglob("patients.py"))  # the truth stays with its author
    nbgrader(folder, "generate_assignment", "my_ulcers")
    hand_in(folder, find_assignment(str(made)), only=["good"])
    nbgrader(folder, "autograde", "my_ulcers")
    rows = SmallCourse(folder).rows("good-1")
    points = {kind: rows["good-1", kind] for kind in rehearsed.lock.kinds}
    assert points == {k: (v, 0) for k, v in rehearsed.lock.kinds.items()}
    assert rows["good-1", "manual"] == (None, 1)


def test_another_draw_of_its_patients_voids_its_certificate(mine):
    before = fingerprint(find_assignment(str(mine)))
    source = mine / "patients.py"
    text = source.read_text("utf-8")
    source.write_text(text + "\n# a comment changes nothing\n", "utf-8")
    assert fingerprint(find_assignment(str(mine))) == before
    source.write_text(text.replace("PREVALENCE = 0.20", "PREVALENCE = 0.25"), "utf-8")
    assert fingerprint(find_assignment(str(mine))) != before


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("My ulcers", "small letters, digits and underscores"),
        ("class", "cannot be called 'class'"),
        ("../up", "cannot be called"),
        ("readmission", "comes with coursekit already"),
        ("there", "nothing is written over"),
    ],
)
def test_an_unfit_name_is_refused_and_nothing_is_written(tmp_path, name, seen):
    (tmp_path / "there").mkdir()
    with pytest.raises(BadInput, match=seen):
        new_assignment(name, tmp_path, taken=["readmission"])
    assert [path.name for path in tmp_path.iterdir()] == ["there"]


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("wards", "two digits, an underscore"),
        ("01_readmission", "comes with coursekit already"),
        ("20_wards", "nothing is written over"),
    ],
)
def test_an_unfit_lab_is_refused(tmp_path, name, seen):
    (tmp_path / "20_wards.quiz.toml").touch()
    with pytest.raises(BadInput, match=seen):
        new_lab(name, tmp_path, taken=["01_readmission"])
    assert [path.name for path in tmp_path.iterdir()] == ["20_wards.quiz.toml"]


def test_a_source_that_was_changed_must_be_built_first(mine):
    source = mine / "my_ulcers.py"
    source.write_text(source.read_text("utf-8").replace("one patient", "1 patient"))
    with pytest.raises(BadInput, match=r"out of date.*First: coursekit build"):
        named(f"readmission,{mine}")
    assert [path.name for path in build_all(mine)] == ["my_ulcers.ipynb"]
    assert named(f"readmission,{mine}") == ["readmission", str(mine)]


def test_two_assignments_of_one_name_are_refused(made, mine):
    with pytest.raises(BadInput, match="my_ulcers is named twice"):
        named(f"{made},{mine}")


def test_a_folder_that_is_no_assignment_says_what_it_lacks(mine, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadInput, match=r"has no rubric\.toml, so it is no assignment"):
        find_assignment(f"{tmp_path}/empty")
    with pytest.raises(BadLesson, match=r"nor a rubric\.toml"):
        build_all(tmp_path / "empty")
    (mine / "my_ulcers.ipynb").unlink()
    with pytest.raises(BadInput, match="First: coursekit build"):
        find_assignment(str(mine))
    mine.rename(tmp_path / "other")
    with pytest.raises(BadInput, match="Make them the same"):
        find_assignment(f"{tmp_path}/other")
