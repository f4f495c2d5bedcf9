import pandas as pd
import pytest

from coursekit.errors import BadInput, NotEstimable
from coursekit.interpret import nearest_counterfactual

X = pd.DataFrame(
    {
        "age_years": [80, 60, 70, 50],
        "systolic_mmhg": [90, 110, 130, 120],
        "urea_mmol_l": [14.0, 7.0, 6.0, 9.0],
        "sex": ["F", "M", "F", "M"],
    }
)


def score(table):
    return (
        0.02 * table["age_years"]
        - 0.01 * table["systolic_mmhg"]
        + 0.1 * table["urea_mmol_l"]
    )


def nearest(allowed, **limit):
    return nearest_counterfactual(score, X.iloc[[0]], X, allowed=allowed, **limit)


def test_the_nearest_of_all_allowed_changes_is_found():
    allowed = {"urea_mmol_l": [10.0, 6.0], "systolic_mmhg": [100, 120, 140]}
    found = nearest(allowed, below=1.5)
    # spreads are 1.5 and 10: (urea 10, systolic 120) is enough, 4 / 1.5 + 3 away;
    # (6, 90) is 8 / 1.5 away, which is nearer
    assert found.changes == {"urea_mmol_l": (14.0, 6.0)}
    assert found.answer == pytest.approx(1.3)
    assert found.distance == pytest.approx(8 / spread_of("urea_mmol_l"))
    assert "urea_mmol_l 14.0 -> 6.0" in str(found)


def spread_of(name):
    own = X[name]
    return (own - own.median()).abs().median()


def test_what_is_not_allowed_stays():
    found = nearest({"systolic_mmhg": range(90, 200, 5)}, below=1.9)
    assert set(found.changes) == {"systolic_mmhg"}
    assert score(X.assign(systolic_mmhg=found.changes["systolic_mmhg"][1]))[0] < 1.9


def test_a_patient_who_is_past_the_limit_needs_no_change():
    found = nearest({"urea_mmol_l": [6.0]}, above=1.0)
    assert found.changes == {}
    assert found.distance == 0
    assert str(found).startswith("no change")


def test_a_limit_out_of_reach_is_said_with_how_near_one_comes():
    with pytest.raises(NotEstimable, match=r"2 allowed changes .* answer is 1\.3"):
        nearest({"urea_mmol_l": [6.0]}, below=0.5)


@pytest.mark.parametrize(
    ("allowed", "limit", "message"),
    [
        ({"sex": ["M"]}, {"below": 1}, "sex is not numeric"),
        ({"height": [1]}, {"below": 1}, "no column 'height'"),
        ({"age_years": [1]}, {}, "one limit"),
        ({"age_years": [1]}, {"below": 1, "above": 2}, "one limit"),
        ({n: range(500) for n in X.columns[:2]}, {"below": 1}, "250000|251001|250\\d+"),
    ],
)
def test_impossible_questions_are_refused(allowed, limit, message):
    with pytest.raises(BadInput, match=message):
        nearest(allowed, **limit)
    with pytest.raises(BadInput, match="one patient"):
        nearest_counterfactual(score, X, X, allowed={}, below=1)
