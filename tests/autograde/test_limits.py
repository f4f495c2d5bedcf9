import pytest

from coursekit.autograde.limits import Limits, from_mapping
from coursekit.errors import BadRubric


def test_what_a_rubric_leaves_out_has_its_default():
    assert from_mapping({"seconds": 90}) == Limits(seconds=90)


@pytest.mark.parametrize(
    "table",
    [
        {"second": 90},
        {"seconds": "90"},
        {"seconds": 0},
        {"seconds": True},
        {"threads": 1.5},
        {"memory_mb": -1},
        {"seconds": float("nan")},
    ],
)
def test_a_bad_limit_is_refused_by_its_name(table):
    (name,) = table
    with pytest.raises(BadRubric, match=name):
        from_mapping(table)


def test_limits_check_themselves_without_a_rubric():
    with pytest.raises(BadRubric, match="threads"):
        Limits(threads=0)
