import numpy as np
import pytest

from coursekit.errors import NotEstimable
from coursekit.metrics import auroc, auroc_difference, auroc_standard_error, mcnemar

# 43 patients with ovarian cancer: albumin, total protein, Krebs-Goplerud score, and
# whether an operation helped. DeLong et al. 1988, as printed in SAS/STAT's manual
# (PROC LOGISTIC, "Comparing Receiver Operating Characteristic Curves").
OVARIAN = """
3.0 5.8 10 0 3.2 6.3 5 1 3.9 6.8 3 1 2.8 4.8 6 0 3.2 5.8 3 1 0.9 4.0 5 0 2.5 5.7 8 0
1.6 5.6 5 1 3.8 5.7 5 1 3.7 6.7 6 1 3.2 5.4 4 1 3.8 6.6 6 1 4.1 6.6 5 1 3.6 5.7 5 1
4.3 7.0 4 1 3.6 6.7 4 0 2.3 4.4 6 1 4.2 7.6 4 0 4.0 6.6 6 0 3.5 5.8 6 1 3.8 6.8 7 1
3.0 4.7 8 0 4.5 7.4 5 1 3.7 7.4 5 1 3.1 6.6 6 1 4.1 8.2 6 1 4.3 7.0 5 1 4.3 6.5 4 1
3.2 5.1 5 1 2.6 4.7 6 1 3.3 6.8 6 0 1.7 4.0 7 0 3.7 6.1 5 1 3.3 6.3 7 1 4.2 7.7 6 1
3.5 6.2 5 1 2.9 5.7 9 0 2.1 4.8 7 1 2.8 6.2 8 0 4.0 7.0 7 1 3.3 5.7 6 1 3.7 6.9 5 1
3.6 6.6 5 1
"""
ALBUMIN, PROTEIN, SCORE, HELPED = np.array(OVARIAN.split(), float).reshape(-1, 4).T


def test_the_areas_and_errors_of_the_ovarian_cancer_data_are_those_in_print():
    y = 1 - HELPED
    printed = [(SCORE, 0.7258, 0.1028), (-PROTEIN, 0.6478, 0.1000)]
    for scores, area, error in printed:
        assert auroc(y, scores) == pytest.approx(area, abs=5e-5)
        assert auroc_standard_error(y, scores) == pytest.approx(error, abs=5e-5)


def test_the_difference_has_the_variance_of_delongs_covariance_matrix():
    y = 1 - HELPED

    def components(scores):
        ill, well = scores[y == 1][:, None], scores[y == 0]
        wins = (ill > well) + (ill == well) / 2
        return wins.mean(axis=1), wins.mean(axis=0)

    by_ill, by_well = zip(components(SCORE), components(-ALBUMIN), strict=True)
    covariance = np.cov(by_ill) / y.sum() + np.cov(by_well) / (1 - y).sum()
    error = np.sqrt(np.array([1, -1]) @ covariance @ [1, -1])
    found = auroc_difference(y, SCORE, -ALBUMIN)
    assert found.high - found.low == pytest.approx(2 * 1.959964 * error, rel=1e-6)
    assert found.low < 0 < found.high
    assert found.p_value > 0.05


def test_a_model_does_not_differ_from_itself():
    found = auroc_difference(1 - HELPED, SCORE, 2 * SCORE)
    assert (found.low, found.high, found.p_value) == (0, 0, 1)


def test_paired_models_differ_surely_where_their_own_intervals_overlap():
    rng = np.random.default_rng(0)
    y = np.repeat([1, 0], [100, 300])
    better = rng.normal(size=400) + y
    worse = better + rng.normal(size=400) * 0.7
    areas = [auroc(y, each) for each in (better, worse)]
    errors = [auroc_standard_error(y, each) for each in (better, worse)]
    assert areas[0] - 1.96 * errors[0] < areas[1] + 1.96 * errors[1]
    assert auroc_difference(y, better, worse).low > 0


def test_rows_of_one_patient_make_the_difference_less_sure():
    rng = np.random.default_rng(1)
    y = np.repeat(np.repeat([1, 0], [30, 70]), 4)
    first, second = (
        np.repeat(rng.normal(size=100), 4) + y + 0.1 * rng.normal(size=400)
        for _ in range(2)
    )
    rows = auroc_difference(y, first, second)
    patients = auroc_difference(y, first, second, patient=np.repeat(np.arange(100), 4))
    assert patients.high - patients.low > 1.7 * (rows.high - rows.low)


def test_mcnemar_counts_only_patients_for_whom_one_is_right():
    y = np.repeat([1, 0], [20, 20])
    first, second = y.copy(), y.copy()
    second[:6] = 0
    first[20:21] = 1
    assert mcnemar(y, first, second)[:2] == (6, 1)
    # 2 * (C(7, 0) + C(7, 1)) / 2 ** 7
    assert mcnemar(y, first, second)[2] == pytest.approx(2 * 8 / 128)


def test_two_that_are_always_right_together_cannot_be_compared():
    with pytest.raises(NotEstimable, match="same patients"):
        mcnemar([1, 0], [1, 0], [1, 0])
