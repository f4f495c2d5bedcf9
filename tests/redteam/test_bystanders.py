"""Whoever is graded before and after the attackers gets exactly what is his."""

import pytest

from attacks import BYSTANDERS

either = pytest.mark.parametrize("student", BYSTANDERS)


@either
def test_a_bystanders_score_record_is_the_same_byte_for_byte(graded, student):
    path = f"scores/tiny/{student}.json"
    assert (graded.hostile / path).read_bytes() == (graded.quiet / path).read_bytes()


@either
def test_a_bystanders_rows_in_the_gradebook_are_the_same(graded, student):
    assert graded.hostile.rows(student) == graded.quiet.rows(student)
    assert graded.hostile.rows(student)[student, "shape"] == (5, 0)
