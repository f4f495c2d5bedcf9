import numpy as np
import pytest

from coursekit.datasets import ScoreModel, make_scores
from coursekit.errors import BadInput
from coursekit.metrics import auroc


@pytest.mark.parametrize(("rows", "shared"), [(1, 0.0), ((1, 6), 0.7)])
def test_auroc_and_calibration_curve_are_known_whatever_the_clusters(rows, shared):
    given = {"auroc": 0.83, "prevalence": 0.2, "slope": 1.5, "shift": 0.4}
    drawn = make_scores(30_000, rows=rows, shared=shared, **given)
    assert auroc(drawn["y"], drawn["risk"]) == pytest.approx(0.83, abs=0.006)
    model = ScoreModel(**given)
    assert model.true_risk_at(drawn["risk"]) == pytest.approx(drawn["true_risk"])
    for low in (0.0, 0.1, 0.3, 0.6):
        near = (drawn["true_risk"] >= low) & (drawn["true_risk"] < low + 0.3)
        seen, told = drawn["y"][near].mean(), drawn["true_risk"][near].mean()
        assert seen == pytest.approx(told, abs=0.02)


def test_prevalence_moves_the_risks_and_not_the_ranking():
    often, seldom = ScoreModel(prevalence=0.4), ScoreModel(prevalence=0.05)
    assert often.distance == seldom.distance
    assert often.true_risk(1.0) > 3 * seldom.true_risk(1.0)


def test_rows_of_a_patient_share_outcome_and_luck():
    drawn = make_scores(3000, rows=2, shared=0.9)
    by_patient = drawn.groupby("patient")
    assert (by_patient["y"].nunique() == 1).all()
    odds = np.log(drawn["true_risk"] / (1 - drawn["true_risk"]))[drawn["y"] == 0]
    first, second = odds.to_numpy().reshape(-1, 2).T
    assert np.corrcoef(first, second)[0, 1] == pytest.approx(0.9, abs=0.02)


@pytest.mark.parametrize(
    "wrong",
    [{"auroc": 0.5}, {"prevalence": 0}, {"slope": 0}, {"rows": 0}, {"shared": 2}],
)
def test_what_cannot_be_drawn_is_refused(wrong):
    with pytest.raises(BadInput):
        make_scores(10, **wrong)
