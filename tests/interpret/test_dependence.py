import numpy as np
import pandas as pd
import pytest

from coursekit.errors import BadInput
from coursekit.interpret import (
    accumulated_local_effects,
    ice_curves,
    partial_dependence,
)


@pytest.fixture(scope="module")
def correlated():
    rng = np.random.default_rng(0)
    first = rng.normal(size=4000)
    second = first + 0.1 * rng.normal(size=4000)
    return np.column_stack([first, second])


def test_partial_dependence_is_the_mean_of_the_patients_curves():
    X = pd.DataFrame({"age_years": [50, 60, 70], "asthma": [0, 1, 1]})

    def predict(table):
        return table["age_years"] * (1 - 2 * table["asthma"])

    curves = ice_curves(predict, X, "age_years", grid=[40, 80])
    assert curves.to_numpy().tolist() == [[40, 80], [-40, -80], [-40, -80]]
    mean = partial_dependence(predict, X, "age_years", grid=[40, 80])
    assert mean.to_dict() == pytest.approx({40: -40 / 3, 80: -80 / 3})


def test_the_grid_is_made_of_values_that_patients_have():
    X = np.array([[1.0], [2.0], [4.0], [9.0]])
    curves = ice_curves(lambda X: X[:, 0], X, 0, n_points=3)
    assert set(curves.columns) <= {1.0, 2.0, 4.0, 9.0}
    assert curves.shape == (4, 3)


def test_accumulated_effects_of_a_sum_are_its_part_centred(correlated):
    curve = accumulated_local_effects(
        lambda X: X[:, 0] ** 2 + 5 * X[:, 1], correlated, 0, n_bins=40
    )
    edges = curve.index.to_numpy()
    assert (curve - curve.mean()).to_numpy() == pytest.approx(
        edges**2 - np.mean(edges**2), abs=1e-9
    )


def test_partial_dependence_asks_of_patients_who_do_not_exist_and_ale_does_not(
    correlated,
):
    def predict(X):
        impossible = np.abs(X[:, 0] - X[:, 1]) > 1
        return X[:, 0] + 100 * impossible

    partial = partial_dependence(predict, correlated, 0)
    accumulated = accumulated_local_effects(predict, correlated, 0, n_bins=100)
    assert np.ptp(partial) > 50
    inner = accumulated[(accumulated.index > -2) & (accumulated.index < 2)]
    steps = inner.to_numpy() - inner.index.to_numpy()
    assert np.ptp(steps) < 0.01


def test_the_mean_of_accumulated_effects_is_nought(correlated):
    curve = accumulated_local_effects(lambda X: np.exp(X[:, 0]), correlated, 0)
    at_patients = np.interp(correlated[:, 0], curve.index, curve)
    assert at_patients.mean() == pytest.approx(0, abs=1e-9)


def test_columns_that_have_no_curve_are_refused():
    X = pd.DataFrame({"sex": ["F", "M"], "age_years": [50, 50]})

    def predict(table):
        return table["age_years"]

    with pytest.raises(BadInput, match="no numbers"):
        accumulated_local_effects(predict, X, "sex")
    with pytest.raises(BadInput, match="are the same"):
        accumulated_local_effects(predict, X, "age_years")
    with pytest.raises(BadInput, match="no column 'height'"):
        partial_dependence(predict, X, "height")
    by_sex = ice_curves(predict, X, "sex", grid=["F", "M"])
    assert list(by_sex.columns) == ["F", "M"]
