import copy
import tomllib

import pytest

from coursekit.content import content
from coursekit.errors import BadRubric
from coursekit.grading.lock import to_table
from coursekit.grading.rubric import Anchor, load_rubric, read_rubric

RUBRICS = sorted(content("assignments").glob("*/rubric.toml"))


@pytest.fixture
def table():
    return tomllib.loads(
        (content("assignments") / "readmission/rubric.toml").read_text(encoding="utf-8")
    )


def changed(table, path, value):
    table = copy.deepcopy(table)
    inner = table
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return table


@pytest.mark.parametrize("path", RUBRICS, ids=lambda path: path.parent.name)
def test_every_shipped_rubric_is_read_and_adds_up_to_a_hundred(path):
    rubric = load_rubric(path)
    assert sum(rubric.kinds.values()) == 100
    assert rubric.assignment == path.parent.name


def test_an_anchor_is_read_as_an_anchor(table):
    assert isinstance(read_rubric(table).criteria[0].floor, Anchor)


def test_a_rubric_written_as_toml_is_read_back_the_same(table):
    rubric = read_rubric(table)
    assert read_rubric(to_table(rubric)) == rubric


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("format",), 2, "format is 2"),
        (("kindz",), {}, "no key 'kindz'"),
        (("criteria", 0, "poins"), 3, "no key 'poins'"),
        (("criteria", 0, "points"), 1, "add up to 16 points, kinds.accuracy says 40"),
        (("criteria", 0, "answer"), "modell", "'modell' is graded but not listed"),
        (("criteria", 0, "kind"), "speed", "of kind 'speed'"),
        (
            ("criteria", 0, "measure"),
            "aroc",
            "the measure 'aroc'; there are acquittal, .*auroc",
        ),
        (("criteria", 1, "id"), "auroc", "'auroc' is used twice"),
        (("answers", 0, "contract"), "magic", "contract is 'magic'"),
        (("kinds", "speed"), 3, "kinds.speed is not one of"),
        (("criteria", 2, "floor"), 0.06, "floor = full"),
        (("limits", "minutes"), 2, "has the key 'minutes', which is unknown"),
        (("limits", "memory_mb"), "2 GB", "memory_mb = '2 GB': give a whole number"),
    ],
)
def test_a_wrong_rubric_is_refused_with_its_key_and_a_remedy(
    table, path, value, message
):
    with pytest.raises(BadRubric, match=message):
        read_rubric(changed(table, path, value), "rubric.toml")


def test_a_missing_key_is_named(table):
    del table["criteria"][0]["points"]
    with pytest.raises(BadRubric, match="lacks the key 'points'"):
        read_rubric(table, "rubric.toml")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(BadRubric, match=r"rubric\.toml is missing"):
        load_rubric(tmp_path / "rubric.toml")


def test_a_file_that_is_not_toml_is_named(tmp_path):
    path = tmp_path / "rubric.toml"
    path.write_text("format = = 1")
    with pytest.raises(BadRubric, match="is not TOML"):
        load_rubric(path)
