"""Columns that could point at a person are found, and what is harmless is not."""

import pandas as pd
import pytest

from coursekit.audit.columns import Columns
from coursekit.audit.deidentification import rare_groups, suspicion, suspicions


@pytest.mark.parametrize(
    ("name", "cells", "kind"),
    [
        ("PatientName", ["x"], "name"),
        ("last name", ["x"], "name"),
        ("MRN", ["77"], "record number"),
        ("DOB", ["1950-01-01"], "date of birth"),
        ("birthDate", ["1950-01-01"], "date of birth"),
        ("contact", ["-", "ana@example.org"], "e-mail address"),
        ("contact", ["(617) 555-0123"], "telephone number"),
        ("contact", ["617-555-0123"], "telephone number"),
        ("number", ["123-45-6789"], "social security number"),
        ("where", ["12 Elm Street"], "address"),
        ("age", ["93", "40"], "age above 89"),
        (
            "note",
            [f"Seen by her daughter today, ward {n}" for n in range(9)],
            "free text",
        ),
        (
            "key",
            [f"A{n}" for n in range(10000, 10099)],
            "different in nearly every row",
        ),
    ],
)
def test_what_could_point_at_a_person_is_found(name, cells, kind):
    assert suspicion(name, pd.Series(cells)).kind == kind


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("language", ["English", "Spanish"]),
        ("age_band", ["80+", "90+"]),
        ("age", ["40", "89"]),
        ("los_days", [str(n / 7) for n in range(99)]),
        ("ward", ["the ward on the second floor left"] * 30),
        ("stage", ["", ""]),
    ],
)
def test_what_is_harmless_is_not(name, cells):
    assert suspicion(name, pd.Series(cells)) is None


def test_no_cell_is_kept_and_known_columns_are_not_looked_at():
    table = pd.DataFrame({"y": ["1"], "p": ["0.2"], "mail": ["ana@example.org"]})
    found = suspicions(table, Columns("y", "p"))
    assert "ana" not in repr(found)
    assert suspicions(table, Columns("y", "p", date="mail")) == ()


def test_rare_combinations_are_counted():
    groups = pd.DataFrame({"sex": ["f"] * 30 + ["m"], "band": ["a"] * 25 + ["b"] * 6})
    found = rare_groups(groups)
    assert (found.smallest, found.n_combinations) == (1, 3)
    assert (found.n_rare, found.n_rows) == (2, 6)
    assert rare_groups(pd.DataFrame(index=range(3))) is None
