import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from coursekit.errors import BadInput, NotEstimable
from coursekit.fairness import (
    ThresholdsByGroup,
    frontier_alt_text,
    frontier_table,
    plot_frontier,
)
from coursekit.metrics import net_benefit

SETTING = {"alert_rate": 0.2, "threshold_probability": 0.3}


@pytest.fixture(scope="module")
def table(scores):
    return frontier_table(*scores, **SETTING)


@pytest.fixture
def ax():
    figure, ax = plt.subplots()
    yield ax
    plt.close(figure)


def test_the_gap_shrinks_in_proportion_at_one_alert_rate(table):
    expected = (1 - table["way"]) * table["gap"].iloc[0]
    assert table["gap"].to_numpy() == pytest.approx(expected.to_numpy(), abs=0.01)
    assert table["alert_rate"].to_numpy() == pytest.approx(0.2, abs=0.003)


def test_the_ends_are_one_cut_off_and_equal_sensitivity(table, scores):
    y, risk, group = scores
    one = (risk >= np.quantile(risk, 0.8)).astype(int)
    equal = ThresholdsByGroup(0.2).fit(y, risk, group).predict(risk, group)
    for row, alerts in ((0, one), (-1, equal)):
        benefit = table["net_benefit"].iloc[row]
        assert benefit == pytest.approx(net_benefit(y, alerts, 0.3), abs=1e-3)


def test_equal_sensitivity_costs_net_benefit_where_b_shows_less(table):
    assert table["net_benefit"].iloc[-1] < table["net_benefit"].iloc[0] - 0.001
    assert table["sensitivity_A"].iloc[-1] < table["sensitivity_A"].iloc[0]


def test_a_group_without_ill_patients_has_no_frontier():
    with pytest.raises(NotEstimable, match="no ill patients"):
        frontier_table([1, 0], [0.5, 0.5], ["a", "b"], **SETTING)
    with pytest.raises(BadInput, match="two points"):
        frontier_table([1, 1], [0.5, 0.5], ["a", "b"], **SETTING, n_points=1)


def test_models_differ_by_marker_and_name_not_by_colour_alone(table, ax):
    models = {"reweighed": (0.1, 0.08), "relabelled": (0.05, 0.07)}
    assert plot_frontier(table, models, ax=ax) is ax
    markers = [line.get_marker() for line in ax.lines]
    assert len(set(markers)) == 3
    assert {"reweighed", "relabelled"} < {text.get_text() for text in ax.texts}
    assert "gap" in ax.get_xlabel()


def test_more_models_than_markers_are_refused(table, ax):
    models = {str(number): (0, 0) for number in range(6)}
    with pytest.raises(BadInput, match="At most 5"):
        plot_frontier(table, models, ax=ax)


def test_the_text_says_the_numbers_of_the_picture():
    table = pd.DataFrame({"gap": [0.21, 0.0], "net_benefit": [0.1, 0.09]})
    text = frontier_alt_text(table)
    for number in ("0.210", "0.1000", "0.000", "0.0900"):
        assert number in text
    assert "Beside" not in text
