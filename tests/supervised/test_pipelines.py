import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from coursekit.datasets import make_readmission
from coursekit.errors import BadInput
from coursekit.supervised import risk_pipeline

KINDS = ("logistic", "forest", "boosting")


@pytest.fixture(scope="module")
def cohort():
    return make_readmission(1500, secret="pipelines", role="tune")


@pytest.fixture(scope="module")
def fitted(cohort):
    return {
        kind: risk_pipeline(kind, cohort.X).fit(cohort.X, cohort.y) for kind in KINDS
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_model_orders_new_patients_far_better_than_a_coin(cohort, fitted, kind):
    new = make_readmission(1500, secret="pipelines", role="check")
    risk = fitted[kind].predict_proba(new.X)[:, 1]
    assert np.isfinite(risk).all()
    assert roc_auc_score(new.y, risk) > 0.68


@pytest.mark.parametrize("kind", KINDS)
def test_missing_values_and_unknown_words_get_a_risk(cohort, fitted, kind):
    X = cohort.X.head(3).copy()
    X["albumin_g_l"] = np.nan
    X["discharge_destination"] = [None, "spaceship", "home"]
    risk = fitted[kind].predict_proba(X)[:, 1]
    assert ((risk > 0) & (risk < 1)).all()


@pytest.mark.parametrize("kind", KINDS)
def test_a_risk_does_not_depend_on_who_else_is_in_the_table(cohort, fitted, kind):
    together = fitted[kind].predict_proba(cohort.X.head(50))[:, 1]
    alone = [
        fitted[kind].predict_proba(cohort.X.iloc[[row]])[0, 1] for row in range(50)
    ]
    np.testing.assert_allclose(alone, together, atol=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_columns_it_was_not_made_for_are_ignored(cohort, kind):
    model = risk_pipeline(kind, cohort.X[["age_years"]]).fit(cohort.X, cohort.y)
    turned = cohort.X.assign(albumin_g_l=0.0, comorbidity_count=99)
    assert (model.predict_proba(turned) == model.predict_proba(cohort.X)).all()


@pytest.mark.parametrize("kind", KINDS)
def test_a_column_without_any_value_does_no_harm(kind):
    X = pd.DataFrame({"age_years": [50.0, 60, 70, 80] * 30, "empty": np.nan})
    risk = risk_pipeline(kind, X).fit(X, [0, 0, 1, 1] * 30).predict_proba(X)[:, 1]
    assert risk[3] > risk[0]


def test_a_missing_lab_may_itself_say_something():
    X = pd.DataFrame({"lab": [1.0, np.nan] * 200})
    model = risk_pipeline("logistic", X).fit(X, [0, 1] * 200)
    assert model.predict_proba(X)[1, 1] > 0.8


def test_a_kind_that_is_not_there_is_named():
    with pytest.raises(BadInput, match="no 'tree' model, only logistic, forest, boost"):
        risk_pipeline("tree", pd.DataFrame({"a": [1]}))


@pytest.mark.parametrize("kind", KINDS)
def test_class_weights_move_the_risks_and_hardly_the_order(cohort, fitted, kind):
    plain = fitted[kind].predict_proba(cohort.X)[:, 1]
    weighted = risk_pipeline(kind, cohort.X, class_weight="balanced")
    risk = weighted.fit(cohort.X, cohort.y).predict_proba(cohort.X)[:, 1]
    assert risk.mean() > plain.mean() + 0.1
    assert pd.Series(risk).corr(pd.Series(plain), method="spearman") > 0.9


def test_a_table_without_columns_is_refused():
    with pytest.raises(BadInput, match="no column to learn from"):
        risk_pipeline("logistic", pd.DataFrame(index=[0, 1]))
