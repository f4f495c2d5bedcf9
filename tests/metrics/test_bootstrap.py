import numpy as np
import pytest

from coursekit.datasets import make_scores
from coursekit.errors import BadInput, NotEstimable
from coursekit.metrics import (
    auroc,
    auroc_interval,
    bootstrap_auroc,
    drawn_again,
    weighted_auroc,
)


def test_a_weight_counts_a_row_as_often_as_if_it_stood_there():
    rng = np.random.default_rng(0)
    y, risk = rng.integers(0, 2, 40), rng.integers(0, 7, 40) / 7
    weight = rng.integers(0, 4, (5, 40))
    for row, found in zip(weight, weighted_auroc(y, risk, weight), strict=True):
        again = np.repeat(np.arange(40), row)
        assert found == pytest.approx(auroc(y[again], risk[again]))


def test_patients_are_drawn_with_all_their_rows():
    counts = drawn_again(6, patient=list("abbabc"), n_replicates=50)
    assert (counts[:, 0] == counts[:, 3]).all()
    assert (counts[:, 1] == counts[:, 4]).all()
    assert (counts[:, [0, 1, 5]].sum(axis=1) == 3).all()


def test_the_interval_by_patient_is_as_wide_as_obuchowskis_and_that_by_row_is_not():
    drawn = make_scores(150, rows=6, shared=0.8, random_state=3)
    columns = drawn["y"], drawn["risk"]
    exact = auroc_interval(*columns, patient=drawn["patient"], level=0.95)
    patients = bootstrap_auroc(*columns, patient=drawn["patient"], n_replicates=1000)
    rows = bootstrap_auroc(*columns, n_replicates=1000)
    assert patients.half_width == pytest.approx(exact.half_width, rel=0.1)
    assert rows.half_width < 0.6 * exact.half_width


def test_the_interval_by_patient_covers_and_that_by_row_does_not():
    held = {"patients": 0, "rows": 0}
    for seed in range(200):
        drawn = make_scores(120, auroc=0.8, rows=5, shared=0.8, random_state=seed)
        for name in held:
            patient = drawn["patient"] if name == "patients" else None
            found = bootstrap_auroc(drawn["y"], drawn["risk"], patient=patient)
            held[name] += found.low <= 0.8 <= found.high
    assert held["patients"] / 200 > 0.88
    assert held["rows"] / 200 < 0.75


def test_what_cannot_be_ranked_is_refused():
    with pytest.raises(NotEstimable, match="same outcome"):
        bootstrap_auroc([1, 1], [0.2, 0.3])
    with pytest.raises(BadInput, match="finite"):
        bootstrap_auroc([1, 0], [0.2, np.nan])
