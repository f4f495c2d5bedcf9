"""Do 90 % intervals hold the truth in 90 % of draws? Small and unequal groups too.

Patients have 1.0, 1.4 or 2.5 encounters on average, and those of one patient resemble
each other. 4,000 draws put a true coverage of 90 % within ±1 %.
"""

from functools import partial

import numpy as np
import pytest
from scipy.special import expit, logit, ndtr

from coursekit.metrics.bands import critical_value, pair_limits
from coursekit.metrics.calibration import (
    brier_interval,
    calibration_intercept_interval,
    calibration_slope_interval,
    mean_calibration_error_interval,
    scaled_brier_interval,
)
from coursekit.metrics.gaps import gap_interval
from coursekit.metrics.intervals import Estimate, wilson
from coursekit.metrics.ranking import (
    auroc_interval,
    average_precision,
    average_precision_interval,
)
from coursekit.metrics.rates import effective_sizes

pytestmark = pytest.mark.slow

DRAWS = 4000
ENCOUNTERS = pytest.mark.parametrize("encounters", [1.0, 1.4, 2.5])
ALIKE = 0.3  # correlation of the encounters of one patient


def share_covered(draw, truth, n_draws=DRAWS, seed=0):
    """Return the share of drawn estimates whose limits hold the truth."""
    rng = np.random.default_rng(seed)
    found = [draw(rng) for _ in range(n_draws)]
    return np.mean([each.low <= truth <= each.high for each in found])


def rows_of(rng, n_patients, encounters):
    """Return the patient of each row."""
    n_rows = 1 + rng.poisson(encounters - 1, n_patients)
    return np.repeat(np.arange(n_patients), n_rows)


def events(rng, chance, patient):
    """Return events of patients whose own chances scatter around `chance`."""
    strength = 1 / ALIKE - 1
    own = rng.beta(chance * strength, (1 - chance) * strength)
    return rng.random(len(patient)) < own[patient]


def draw_binormal(rng, interval, n_patients, encounters, prevalence, delta):
    """Return the interval of a ranking in which the ill lie `delta` higher."""
    patient = rows_of(rng, n_patients, encounters)
    y = events(rng, np.full(n_patients, prevalence), patient)
    while y.sum() < 2:
        y = events(rng, np.full(n_patients, prevalence), patient)
    own, passing = rng.normal(size=n_patients), rng.normal(size=len(patient))
    risk = delta * y + np.sqrt(ALIKE) * own[patient] + np.sqrt(1 - ALIKE) * passing
    return interval(y, risk, patient=patient)


def fair(share):
    """Whether a share of 4,000 draws is what 90 % limits should hold."""
    return 0.88 <= share <= 0.92


@pytest.mark.parametrize(
    ("n_patients", "prevalence", "encounters"),
    [(100, 0.3, 1.0), (100, 0.3, 1.4), (100, 0.3, 2.5), (300, 0.1, 1.0)],
)
def test_auroc_is_held(n_patients, prevalence, encounters):
    draw = partial(
        draw_binormal,
        interval=auroc_interval,
        n_patients=n_patients,
        encounters=encounters,
        prevalence=prevalence,
        delta=1.0,
    )
    assert fair(share_covered(draw, ndtr(1 / np.sqrt(2))))


def test_average_precision_is_held():
    rng = np.random.default_rng(1)
    y = rng.random(2_000_000) < 0.2
    truth = average_precision(y, rng.normal(size=len(y)) + y)
    draw = partial(
        draw_binormal,
        interval=average_precision_interval,
        n_patients=300,
        encounters=1.4,
        prevalence=0.2,
        delta=1.0,
    )
    assert fair(share_covered(draw, truth))


RISKS = np.array([0.05, 0.1, 0.2, 0.3, 0.5, 0.7])
CHANCES = expit(0.3 + 0.8 * logit(RISKS))  # what really happens
BRIER = np.mean((RISKS - CHANCES) ** 2 + CHANCES * (1 - CHANCES))
MEAN = CHANCES.mean()


def draw_risks(rng, interval, n_patients, encounters, chances=CHANCES):
    """Return the interval of a measure of risks that are not quite right."""
    kind = rng.integers(0, len(RISKS), n_patients)
    patient = rows_of(rng, n_patients, encounters)
    y = events(rng, chances[kind], patient)
    return interval(y, RISKS[kind][patient], patient=patient)


@ENCOUNTERS
@pytest.mark.parametrize(
    ("interval", "n_patients", "truth"),
    [
        (mean_calibration_error_interval, 40, RISKS.mean() - MEAN),
        (mean_calibration_error_interval, 200, RISKS.mean() - MEAN),
        (brier_interval, 100, BRIER),
        (scaled_brier_interval, 150, 1 - BRIER / (MEAN * (1 - MEAN))),
        (calibration_slope_interval, 300, 0.8),
    ],
)
def test_calibration_is_held(interval, n_patients, truth, encounters):
    draw = partial(
        draw_risks, interval=interval, n_patients=n_patients, encounters=encounters
    )
    assert fair(share_covered(draw, truth))


def test_the_intercept_is_held():
    draw = partial(
        draw_risks,
        interval=calibration_intercept_interval,
        n_patients=150,
        encounters=1.4,
        chances=expit(0.4 + logit(RISKS)),
    )
    assert fair(share_covered(draw, 0.4))


def draw_band(rng, n_ill, rates, encounters):
    """Return rates and limits of all differences, for ill patients only."""
    n_groups = len(n_ill)
    ward = np.repeat(np.arange(n_groups), n_ill)
    patient = rows_of(rng, len(ward), encounters)
    hit = events(rng, np.asarray(rates)[ward], patient)
    code, counted = ward[patient], np.full(len(patient), True)
    patients = None if encounters == 1 else (patient, len(ward))
    one_pair = 1 - 0.1 / (n_groups * (n_groups - 1) / 2)
    sizes, correlation = effective_sizes(
        hit, counted, code, n_groups, patients, one_pair
    )
    seen = np.bincount(code, hit) / np.bincount(code)
    critical = critical_value(
        seen, sizes, correlation, n_replicates=1000, random_state=rng
    )
    return pair_limits(seen, sizes, correlation, critical)


@ENCOUNTERS
@pytest.mark.parametrize(
    ("n_ill", "rates"),
    [((1000, 200), (0.5, 0.4)), ((300, 50), (0.6, 0.8)), ((30, 30), (0.7, 0.5))],
)
def test_the_gap_between_two_groups_is_held(n_ill, rates, encounters):
    def draw(rng):
        low, high = draw_band(rng, n_ill, rates, encounters)
        return Estimate(0.0, low[0], high[0])

    assert fair(share_covered(draw, rates[0] - rates[1]))


@pytest.mark.parametrize(
    ("n_ill", "encounters"),
    [
        ((50,) * 5, 1.0),
        ((50,) * 5, 2.5),
        ((20, 50, 100, 200, 500), 1.0),
        ((20, 50, 100, 200, 500), 2.5),
    ],
)
def test_a_fair_predictor_is_accused_in_at_most_one_draw_in_ten(n_ill, encounters):
    rng = np.random.default_rng(0)
    accused = 0
    for _ in range(DRAWS):
        low, high = draw_band(rng, n_ill, (0.8,) * len(n_ill), encounters)
        accused += max(low.max(), -high.min()) > 0
    assert 0.05 < accused / DRAWS <= 0.10


def test_rows_taken_for_patients_make_intervals_that_hold_too_little():
    def draw(rng):
        ward = np.repeat([0, 1], 200)
        patient = rows_of(rng, 400, 2.5)
        hit = events(rng, np.array([0.7, 0.5])[ward], patient)
        return gap_of_two(hit, ward[patient])

    assert share_covered(draw, 0.2, n_draws=1000) < 0.85


def test_wilson_holds_shares_of_forty_patients_on_average():
    rng = np.random.default_rng(0)
    shares = rng.uniform(0.05, 0.5, 10_000)
    found = [wilson(rng.binomial(40, share), 40) for share in shares]
    held = [e.low <= share <= e.high for e, share in zip(found, shares, strict=True)]
    assert fair(np.mean(held))


def test_the_band_that_is_drawn_here_is_that_of_gap_interval():
    rng = np.random.default_rng(0)
    hit, ward = rng.random(300) < 0.6, np.repeat([0, 1], 150)
    gap = gap_interval(np.ones(300), hit, ward)
    found = gap_of_two(hit, ward)
    assert (gap.pairs["low"][0], gap.pairs["high"][0]) == (found.low, found.high)


def gap_of_two(hit, ward):
    """Return the difference between wards 0 and 1, each row taken for a patient."""
    sizes = np.bincount(ward).astype(float)
    seen = np.bincount(ward, hit) / sizes
    low, high = pair_limits(
        seen, sizes, np.eye(2), critical_value(seen, sizes, np.eye(2))
    )
    return Estimate(seen[0] - seen[1], low[0], high[0])
