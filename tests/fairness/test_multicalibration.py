import numpy as np
import pandas as pd
import pytest

from coursekit.errors import BadInput
from coursekit.fairness import MulticalibratedRisk


@pytest.fixture(scope="module")
def off():
    """Risks too low in old women only: marginally hardly visible."""
    rng = np.random.default_rng(0)
    n = 12_000
    groups = pd.DataFrame({"old": rng.random(n) < 0.4, "women": rng.random(n) < 0.4})
    groups["old women"] = groups["old"] & groups["women"]
    drive = rng.normal(-1, 1, n)
    true = 1 / (1 + np.exp(-(drive + 1.2 * groups["old women"])))
    y = (rng.random(n) < true).astype(int)
    return y, 1 / (1 + np.exp(-drive)), groups, true.to_numpy()


def errors(y, risk, groups):
    return {g: np.mean(y[groups[g]]) - np.mean(risk[groups[g]]) for g in groups}


def test_a_named_group_is_right_on_average_and_at_every_level_on_new_patients(off):
    y, risk, groups, true = off
    fit, new = np.arange(len(y)) < 8000, np.arange(len(y)) >= 8000
    assert errors(true[new], risk[new], groups[new])["old women"] > 0.15
    model = MulticalibratedRisk().fit(y[fit], risk[fit], groups[fit])
    better = model.predict(risk[new], groups[new])
    assert max(map(abs, errors(true[new], better, groups[new]).values())) < 0.03
    inside = groups[new]["old women"].to_numpy()
    level = np.digitize(better[inside], np.quantile(better[inside], [0.25, 0.5, 0.75]))
    for number in range(4):
        cell = level == number
        gap = true[new][inside][cell].mean() - better[inside][cell].mean()
        assert abs(gap) < 0.06
    assert np.mean((better - true[new]) ** 2) < np.mean((risk[new] - true[new]) ** 2)


def test_a_group_that_is_not_named_is_not_served(off):
    y, risk, groups, true = off
    marginal = groups[["old", "women"]]
    model = MulticalibratedRisk().fit(y, risk, marginal)
    left = errors(true, model.predict(risk, marginal), groups)
    assert abs(left["old women"]) > 0.05


def test_no_cell_of_the_fit_is_left_off_by_more_than_the_tolerance(off):
    y, risk, groups, _ = off
    model = MulticalibratedRisk(tolerance=0.03).fit(y, risk, groups)
    again = MulticalibratedRisk(tolerance=0.03).fit(
        y, model.predict(risk, groups), groups
    )
    assert 0 < len(model.steps_) < 100
    assert again.steps_ == []


def test_a_right_risk_is_hardly_moved(off):
    y, _, groups, true = off
    model = MulticalibratedRisk(tolerance=0.05).fit(y, true, groups)
    assert np.abs(model.predict(true, groups) - true).mean() < 0.01


def test_cells_of_few_patients_are_left_alone():
    groups = pd.DataFrame({"few": [True] * 50, "none": [False] * 50})
    model = MulticalibratedRisk(fewest=60).fit([1] * 50, [0.2] * 50, groups)
    assert model.steps_ == []


def test_groups_of_other_patients_are_refused():
    with pytest.raises(BadInput, match="1 rows for 2 patients"):
        MulticalibratedRisk().fit([1, 0], [0.5, 0.5], pd.DataFrame({"g": [True]}))
