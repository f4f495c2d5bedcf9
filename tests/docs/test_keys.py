"""The reference has every key that is read, with its default, and no other."""

import dataclasses
from pathlib import Path

import pytest

from coursekit.grading.limits import Limits
from coursekit.grading.rubric import (
    Anchor,
    Answer,
    Criterion,
    Mistake,
    OperatingPoint,
    Probe,
    Rubric,
)
from coursekit.grading.rubric_checks import CONTRACTS
from coursekit.rules.reading import KEYS, LATE, TABLES, Late, Rules

DOCS = Path(__file__).parents[2] / "docs"
PLACES = {
    ("rubric-toml", "The file"): Rubric,
    ("rubric-toml", "`[operating_point]`"): OperatingPoint,
    ("rubric-toml", "`[[answers]]`"): Answer,
    ("rubric-toml", "Mistakes"): Mistake,
    ("rubric-toml", "`[[criteria]]`"): Criterion,
    ("rubric-toml", "A threshold"): Anchor,
    ("rubric-toml", "`[[probes]]`"): Probe,
    ("rubric-toml", "`[limits]`"): Limits,
    ("course-toml", "The file"): Rules,
    ("course-toml", "`[late]`"): Late,
}
UNSAID = (None, (), {}, Late())


def documented(page, heading, column=3):
    """Return key -> the cell of one column, of the table below a heading."""
    text = (DOCS / f"{page}.md").read_text("utf-8")
    section = text.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [line.split(" |") for line in section.splitlines() if line[:3] == "| `"]
    return {row[0].strip("| `"): row[column].strip() for row in rows}


def in_words(field):
    """Return the default of a field as the reference writes it."""
    default = field.default
    if field.default_factory is not dataclasses.MISSING:
        default = field.default_factory()
    if default is dataclasses.MISSING:
        return "needed"
    if default in UNSAID:
        return "none"
    if isinstance(default, tuple):
        return str(list(default))
    return str(default).lower() if isinstance(default, bool) else quoted(default)


def quoted(value):
    return f'"{value}"' if isinstance(value, str) else str(value)


@pytest.mark.parametrize(("page", "heading"), PLACES)
def test_every_key_is_in_the_reference_with_its_default(page, heading):
    fields = dataclasses.fields(PLACES[page, heading])
    assert documented(page, heading) == {each.name: in_words(each) for each in fields}


def test_course_toml_may_have_the_keys_of_its_dataclasses():
    assert {*KEYS, *TABLES} == {each.name for each in dataclasses.fields(Rules)}
    assert set(LATE) == {each.name for each in dataclasses.fields(Late)}


def test_every_contract_is_in_the_reference():
    assert tuple(documented("rubric-toml", "The contracts", 1)) == CONTRACTS
