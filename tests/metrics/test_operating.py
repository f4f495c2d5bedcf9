import numpy as np
import pytest

from coursekit.errors import NotEstimable
from coursekit.metrics.operating import (
    sensitivity_at_specificity,
    sensitivity_at_specificity_interval,
)


def by_trying_all_cut_offs(y, risk, specificity):
    """The plain twin: the lowest cut-off that spares enough of the healthy."""
    for cut_off in np.unique(risk):
        if np.mean(risk[y == 0] <= cut_off) >= specificity:
            return np.mean(risk[y == 1] > cut_off)
    return None


@pytest.mark.parametrize("specificity", [0.5, 0.75, 0.9])
@pytest.mark.parametrize("digits", [1, 3])
def test_the_cut_off_is_the_lowest_that_spares_enough(digits, specificity):
    rng = np.random.default_rng(0)
    for _ in range(50):
        y = np.r_[0, 1, rng.integers(0, 2, 30)]
        risk = np.round(rng.random(32), digits)
        wanted = by_trying_all_cut_offs(y, risk, specificity)
        assert sensitivity_at_specificity(y, risk, specificity) == wanted


def test_only_those_counted_are_looked_for_but_all_healthy_set_the_cut_off():
    y = np.array([0, 0, 0, 0, 1, 1])
    risk = np.array([0.1, 0.2, 0.3, 0.4, 0.35, 0.9])
    early = np.array([False, False, False, False, True, False])
    assert sensitivity_at_specificity(y, risk, 0.9, early) == 0.0
    assert sensitivity_at_specificity(y, risk, 0.9) == 0.5


def test_one_risk_for_all_finds_nobody():
    assert sensitivity_at_specificity([0, 0, 1], [0.5, 0.5, 0.5]) == 0.0


@pytest.mark.parametrize("y", [[1, 1], [0, 0]])
def test_without_ill_or_healthy_patients_nothing_can_be_said(y):
    with pytest.raises(NotEstimable, match="healthy patients, and ill ones"):
        sensitivity_at_specificity(y, [0.1, 0.2])


def test_the_interval_covers_the_truth_though_the_cut_off_varies_too():
    """300 healthy: the cut-off's own error is a fifth of the variance here."""
    rng = np.random.default_rng(1)
    true = 0.6389  # of N(1.6368, 1) above the 0.9 quantile of N(0, 1)
    covered = 0
    for _ in range(400):
        y = np.repeat([0, 1], [300, 200])
        score = rng.normal(1.6368 * y)
        seen = sensitivity_at_specificity_interval(y, 1 / (1 + np.exp(-score)))
        covered += seen.low <= true <= seen.high
    assert 0.85 <= covered / 400 <= 0.95


def test_the_films_of_one_patient_stand_or_fall_together():
    rng = np.random.default_rng(2)
    y = np.repeat([0, 1], [500, 500])
    risk = np.clip(rng.normal(0.3 + 0.2 * y, 0.1), 0, 1)
    patient = np.arange(1000)
    alone = sensitivity_at_specificity_interval(y, risk, patient=patient)
    thrice = [np.repeat(each, 3) for each in (y, risk, patient)]
    together = sensitivity_at_specificity_interval(*thrice[:2], patient=thrice[2])
    assert together.half_width == pytest.approx(alone.half_width, rel=0.02)
