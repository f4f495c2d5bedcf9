import numpy as np
import pandas as pd
import pytest
from fairlearn.postprocessing import ThresholdOptimizer
from sklearn.base import BaseEstimator, ClassifierMixin

from coursekit.errors import BadInput, NotEstimable
from coursekit.fairness import ThresholdsByGroup
from coursekit.metrics import sensitivity_by_group


class Known(ClassifierMixin, BaseEstimator):
    """A model that answers with the risk it is given."""

    def fit(self, X, y):
        self.classes_ = np.array([0, 1])
        return self

    def predict_proba(self, X):
        risk = np.asarray(X)[:, 0]
        return np.column_stack([1 - risk, risk])


def found(y, alerts, group):
    return sensitivity_by_group(y, alerts, group)


@pytest.mark.parametrize("alert_rate", [0.05, 0.2, 0.5])
def test_the_ill_of_both_groups_are_found_equally_often_at_the_rate(scores, alert_rate):
    y, risk, group = scores
    rule = ThresholdsByGroup(alert_rate).fit(y, risk, group)
    alerts = rule.predict(risk, group)
    assert alerts.mean() == pytest.approx(alert_rate, abs=0.002)
    sensitivity = found(y, alerts, group)
    assert np.ptp(sensitivity) < 0.005
    assert sensitivity["A"] == pytest.approx(rule.sensitivity_, abs=0.005)


def test_one_cut_off_would_not_have_done_it(scores):
    y, risk, group = scores
    one = (risk >= np.quantile(risk, 0.8)).astype(int)
    assert np.ptp(found(y, one, group)) > 0.15


def test_the_same_patient_gets_the_same_answer_again_and_alone(scores):
    y, risk, group = scores
    rule = ThresholdsByGroup(0.2).fit(y, risk, group)
    together = rule.predict(risk, group)
    alone = [rule.predict(risk[[i]], group[[i]])[0] for i in range(100)]
    assert together[:100].tolist() == alone


def test_fairlearn_finds_as_many_at_the_same_alert_rate(scores):
    y, risk, group = scores
    theirs = ThresholdOptimizer(
        estimator=Known().fit(None, None),
        constraints="true_positive_rate_parity",
        objective="balanced_accuracy_score",
        prefit=True,
        predict_method="predict_proba",
    )
    X = pd.DataFrame({"risk": risk})
    theirs.fit(X, y, sensitive_features=group)
    alerts = theirs.predict(X, sensitive_features=group, random_state=0)
    ours = ThresholdsByGroup(alerts.mean()).fit(y, risk, group).predict(risk, group)
    assert np.ptp(found(y, alerts, group)) < 0.03
    for name in "AB":
        assert found(y, ours, group)[name] == pytest.approx(
            found(y, alerts, group)[name], abs=0.02
        )


def test_cut_offs_learnt_on_few_patients_miss_on_others(scores):
    y, risk, group = scores
    rng = np.random.default_rng(0)
    gaps = {}
    for n in (150, 3000):
        chosen = [rng.choice(len(y), n, replace=False) for _ in range(20)]
        rules = [ThresholdsByGroup(0.2).fit(y[c], risk[c], group[c]) for c in chosen]
        gaps[n] = np.mean(
            [np.ptp(found(y, r.predict(risk, group), group)) for r in rules]
        )
    assert gaps[150] > 2 * gaps[3000]


def test_three_groups_are_served_alike(scores):
    y, risk, group = scores
    three = np.where(np.arange(len(y)) % 3 == 0, "C", group)
    rule = ThresholdsByGroup(0.2).fit(y, risk, three)
    assert np.ptp(found(y, rule.predict(risk, three), three)) < 0.01


def test_a_group_that_nobody_audited_is_refused(scores):
    y, risk, group = scores
    rule = ThresholdsByGroup(0.2).fit(y, risk, group)
    with pytest.raises(BadInput, match="no cut-off for group C"):
        rule.predict([0.5], ["C"])
    with pytest.raises(NotEstimable, match="no ill patients"):
        ThresholdsByGroup(0.2).fit([1, 0], [0.5, 0.5], ["a", "b"])
    with pytest.raises(BadInput, match="alert_rate is 0"):
        ThresholdsByGroup(0).fit(y, risk, group)


def test_rates_out_of_reach_give_the_nearest_end():
    y, risk, group = [1, 1, 0, 0], [0.9, 0.8, 0.1, 0.2], list("abab")
    few, many = (ThresholdsByGroup(r).fit(y, risk, group) for r in (0.1, 0.9))
    assert few.sensitivity_ == 0
    assert many.sensitivity_ == 1
