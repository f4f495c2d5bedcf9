from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import logit, ndtr
from sklearn.metrics import average_precision_score, roc_auc_score

from coursekit.errors import BadInput, NotEstimable
from coursekit.metrics.ranking import (
    auroc,
    auroc_influence,
    auroc_interval,
    auroc_standard_error,
    average_precision,
    average_precision_influence,
    average_precision_interval,
)

# outcomes and risks with many ties, both outcomes present at least twice
PATIENTS = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 6)), min_size=4, max_size=40
).filter(lambda rows: 2 <= sum(y for y, _ in rows) <= len(rows) - 2)


def columns(rows):
    y, risk = np.array(rows).T
    return y, risk / 6


def binormal(n_ill, n_well, delta, seed=0):
    rng = np.random.default_rng(seed)
    y = np.repeat([1, 0], [n_ill, n_well])
    return y, rng.normal(size=len(y)) + delta * y


def wins(risk_ill, risk_well):
    """Return the table of ill against well: 1 won, 0.5 tied, 0 lost."""
    return (risk_ill[:, None] > risk_well) + (risk_ill[:, None] == risk_well) / 2


@given(PATIENTS)
def test_auroc_counts_pairs(rows):
    y, risk = columns(rows)
    pairs = [(p > q) + (p == q) / 2 for p, q in product(risk[y == 1], risk[y == 0])]
    assert auroc(y, risk) == pytest.approx(np.mean(pairs))


@given(PATIENTS)
def test_scikit_learn_agrees_under_ties(rows):
    y, risk = columns(rows)
    assert auroc(y, risk) == pytest.approx(roc_auc_score(y, risk))
    expected = average_precision_score(y, risk)
    assert average_precision(y, risk) == pytest.approx(expected)


@pytest.mark.parametrize("delta", [0, 0.5, 1, 2])
def test_auroc_is_the_closed_form_for_two_normal_distributions(delta):
    y, risk = binormal(40_000, 160_000, delta)
    assert auroc(y, risk) == pytest.approx(ndtr(delta / np.sqrt(2)), abs=0.004)


@given(PATIENTS)
def test_only_the_order_of_the_risks_matters(rows):
    y, risk = columns(rows)
    stretched = np.exp(3 * risk) - 7
    assert auroc(y, stretched) == auroc(y, risk)
    assert average_precision(y, stretched) == average_precision(y, risk)


@given(PATIENTS)
def test_turning_the_risks_round_turns_auroc_round(rows):
    y, risk = columns(rows)
    assert auroc(y, -risk) == pytest.approx(1 - auroc(y, risk))


def test_a_constant_risk_ranks_like_chance():
    y = np.array([1, 0, 0, 0])
    assert auroc(y, np.full(4, 0.3)) == 0.5
    assert average_precision(y, np.full(4, 0.3)) == 0.25


@given(PATIENTS)
def test_the_error_is_delongs(rows):
    y, risk = columns(rows)
    table = wins(risk[y == 1], risk[y == 0])
    for_ill, for_well = table.mean(axis=1), table.mean(axis=0)
    variance = for_ill.var(ddof=1) / len(for_ill) + for_well.var(ddof=1) / len(for_well)
    expected = np.sqrt(variance)
    assert auroc_standard_error(y, risk) == pytest.approx(expected, abs=1e-9)


def obuchowski_patient_by_patient(y, risk, patient):
    """Return the clustered error as Obuchowski 1997 writes it, sum by sum."""
    table = wins(risk[y == 1], risk[y == 0])
    area, (m, n) = table.mean(), table.shape
    ill_of, well_of = patient[y == 1], patient[y == 0]
    names = np.unique(patient)
    a = np.array([(table.mean(axis=1) - area)[ill_of == name].sum() for name in names])
    b = np.array([(table.mean(axis=0) - area)[well_of == name].sum() for name in names])
    i10, i01, i = len(np.unique(ill_of)), len(np.unique(well_of)), len(names)
    s10 = i10 / ((i10 - 1) * m) * (a**2).sum()
    s01 = i01 / ((i01 - 1) * n) * (b**2).sum()
    s11 = i / (i - 1) * (a * b).sum()
    return np.sqrt(s10 / m + s01 / n + 2 * s11 / (m * n))


@pytest.mark.parametrize("seed", range(5))
def test_the_clustered_error_is_obuchowskis(seed):
    y, risk = binormal(20, 60, 1.0, seed)
    patient = np.random.default_rng(seed).integers(0, 30, len(y))
    expected = obuchowski_patient_by_patient(y, risk, patient)
    found = auroc_standard_error(y, risk, patient=patient)
    assert found == pytest.approx(expected)


def test_patients_with_one_row_each_are_not_clustered():
    y, risk = binormal(20, 60, 1.0)
    apart = auroc_standard_error(y, risk, patient=np.arange(80))
    assert apart == pytest.approx(auroc_standard_error(y, risk))


@given(PATIENTS)
def test_the_order_of_the_rows_does_not_matter(rows):
    y, risk = columns(rows)
    turned = auroc_interval(y[::-1], risk[::-1])
    assert turned.low == pytest.approx(auroc_interval(y, risk).low)


@pytest.mark.parametrize(
    ("measure", "influence"),
    [
        (auroc, auroc_influence),
        (average_precision, average_precision_influence),
    ],
)
def test_influence_is_what_a_little_less_of_a_row_does(measure, influence):
    y, risk = (np.tile(column, 300) for column in binormal(12, 28, 1.0))
    risk = risk.round(1)
    n, whole = len(y), measure(y, risk)
    less = [(n - 1) * (whole - measure(*np.delete([y, risk], i, 1))) for i in range(40)]
    phi = influence(y[:40], risk[:40])
    assert phi.sum() == pytest.approx(0, abs=1e-9)
    assert phi == pytest.approx(less, abs=0.01)


def test_with_thousands_of_patients_the_interval_is_the_plain_delong_one():
    y, risk = binormal(5000, 15_000, 1.0)
    found, se = auroc_interval(y, risk), auroc_standard_error(y, risk)
    plain = found.value - 1.6449 * se, found.value + 1.6449 * se
    assert (found.low, found.high) == pytest.approx(plain, abs=se / 50)


def test_few_ill_patients_widen_the_interval_by_students_t():
    y, risk = binormal(5, 50, 1.0)
    found, se = auroc_interval(y, risk), auroc_standard_error(y, risk)
    error = se / (found.value * (1 - found.value))
    reach = (logit(found.high) - logit(found.low)) / 2
    assert reach == pytest.approx(2.1318 * error, rel=1e-4)  # t, 4 degrees, 90 %


def test_a_perfect_ranking_of_few_is_not_known_to_be_perfect():
    found = auroc_interval([1] * 5 + [0] * 50, np.arange(55)[::-1])
    assert (found.value, found.high) == (1, 1)
    assert 0.5 < found.low < 0.8


def test_a_ranking_that_is_all_wrong_keeps_an_upper_limit():
    found = auroc_interval([1] * 5 + [0] * 50, np.arange(55))
    assert (found.value, found.low) == (0, 0)
    assert 0.2 < found.high < 0.5


def test_average_precision_by_chance_lies_in_its_interval_around_the_prevalence():
    y, risk = binormal(200, 800, 0.0)
    found = average_precision_interval(y, risk)
    assert found.low < 0.2 < found.high


@pytest.mark.parametrize("measure", [auroc, average_precision, auroc_influence])
@pytest.mark.parametrize("y", [[1, 1], [0, 0]])
def test_one_outcome_alone_cannot_be_ranked(measure, y):
    with pytest.raises(NotEstimable, match="no pair"):
        measure(y, [0.1, 0.2])


def test_an_error_needs_two_of_each_outcome():
    with pytest.raises(NotEstimable, match="two ill and two well"):
        auroc_interval([1, 0, 0], [0.9, 0.2, 0.1])


def test_a_missing_risk_is_refused():
    with pytest.raises(BadInput, match="1 missing"):
        auroc([1, 0], [0.2, np.nan])
