import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from coursekit.metrics.intervals import Estimate
from coursekit.supervised import (
    plot_estimates,
    plot_lines,
    plot_reliability,
    plot_tornado,
)
from coursekit.supervised.plots import COLOURS


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def test_a_figure_is_drawn_on_the_axes_it_is_given():
    ax = plt.subplots()[1]
    assert plot_lines([0, 1], {"a": [0, 1]}, xlabel="x", ylabel="y", ax=ax) is ax
    assert len(plt.get_fignums()) == 1


def test_each_line_differs_in_colour_and_in_style():
    lines = {name: [0, 1] for name in "abcde"}
    drawn = plot_lines([0, 1], lines, xlabel="x", ylabel="y").lines
    assert [to_hex(line.get_color()).upper() for line in drawn] == list(COLOURS)
    assert len({str(line.get_linestyle()) for line in drawn[:4]}) == 4


def test_estimates_stand_from_the_top_down_with_both_ends():
    estimates = {
        "first": Estimate(0.5, 0.4, 0.7, 0.95),
        "last": Estimate(0.6, 0.5, 0.7, 0.95),
    }
    ax = plot_estimates(estimates, xlabel="AUROC")
    assert [label.get_text() for label in ax.get_yticklabels()] == ["first", "last"]
    assert ax.yaxis_inverted()
    bar = ax.containers[0].lines[2][0].get_segments()[0]
    assert bar[:, 0].tolist() == pytest.approx([0.4, 0.7])


def test_a_reliability_figure_has_both_axes_named_and_a_diagonal():
    table = pd.DataFrame({"mean_risk": [0.1, 0.6], "event_share": [0.2, 0.5]})
    ax = plot_reliability({"model": table})
    assert ax.get_xlabel()
    assert ax.get_ylabel()
    x, y = ax.lines[-1].get_data()
    assert x.tolist() == y.tolist() == [0, 0.6]


def test_a_tornado_has_the_widest_bar_on_top_whichever_way_it_goes():
    swings = {"a": (3, 1), "b": (-5, 9), "c": (2, 7)}
    ax = plot_tornado(swings, middle=2, xlabel="saved")
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "c", "b"]
    bars = [(bar.get_x(), bar.get_width()) for bar in ax.patches]
    assert bars == [(1, 2), (2, 5), (-5, 14)]
    assert not ax.yaxis_inverted()
