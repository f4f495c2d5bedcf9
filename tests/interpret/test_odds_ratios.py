import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from coursekit.errors import BadInput, NotEstimable
from coursekit.interpret import odds_ratios


def two_by_two(a, b, c, d):
    """Return exposure and outcome: a exposed ill, b exposed well, c, d unexposed."""
    exposed = np.repeat([1, 1, 0, 0], [a, b, c, d])
    return exposed[:, None], np.repeat([1, 0, 1, 0], [a, b, c, d])


def test_one_exposure_gives_the_ratio_and_limits_of_the_two_by_two_table():
    X, y = two_by_two(20, 30, 10, 60)
    row = odds_ratios(X, y, level=0.95).iloc[0]
    error = np.sqrt(1 / 20 + 1 / 30 + 1 / 10 + 1 / 60)
    assert row["odds_ratio"] == pytest.approx(4.0)
    assert row["low"] == pytest.approx(4 * np.exp(-1.959964 * error))
    assert row["high"] == pytest.approx(4 * np.exp(1.959964 * error))


def test_ratios_agree_with_scikit_learn_and_are_given_for_the_stated_unit():
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"age_years": rng.normal(68, 14, 900), "asthma": rng.random(900)})
    y = rng.random(900) < expit((X["age_years"] - 75) / 14)
    table = odds_ratios(X, y, units={"age_years": 10})
    other = LogisticRegression(C=np.inf, tol=1e-10, max_iter=5000).fit(X, y)
    expected = np.exp(other.coef_[0] * [10, 1])
    assert table["odds_ratio"].to_numpy() == pytest.approx(expected, rel=1e-3)
    assert table["unit"].tolist() == [10, 1]


@pytest.mark.parametrize(
    ("X", "y", "error", "message"),
    [
        ([[0], [0], [1], [1]], [0, 0, 1, 1], NotEstimable, "runs away"),
        (
            [[0, 1], [1, 0], [0, 1], [1, 0]],
            [0, 0, 1, 1],
            NotEstimable,
            "follow exactly",
        ),
        ([[5], [5]], [0, 1], NotEstimable, "same value"),
        ([["F"], ["M"]], [0, 1], BadInput, "text"),
        ([[np.nan], [1]], [0, 1], BadInput, "missing"),
        ([[0], [1]], [0, 1, 1], BadInput, "rows differ"),
    ],
)
def test_what_cannot_be_estimated_is_named(X, y, error, message):
    with pytest.raises(error, match=message):
        odds_ratios(X, y)


def test_a_unit_for_no_column_is_refused():
    X, y = two_by_two(20, 30, 10, 60)
    with pytest.raises(BadInput, match="no column 'age'"):
        odds_ratios(X, y, units={"age": 10})
