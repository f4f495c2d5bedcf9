import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.ensemble import (
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
)
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier

from coursekit.datasets import make_explained
from coursekit.errors import BadInput
from coursekit.interpret import exact_shapley, explain_model, positive_class
from coursekit.interpret.explaining import explainer_of
from coursekit.interpret.thresholds import thresholds_of

MODELS = [
    LogisticRegression(max_iter=3000),
    make_pipeline(StandardScaler(), LogisticRegression()),
    GradientBoostingClassifier(n_estimators=10, random_state=0),
    HistGradientBoostingClassifier(max_iter=10, random_state=0),
    DecisionTreeClassifier(max_depth=3, random_state=0),
    RandomForestClassifier(10, max_depth=3, random_state=0),
    ExtraTreesClassifier(10, max_depth=3, random_state=0),
]
WAYS = {
    ("LogisticRegression", "log-odds"): "by_coefficients",
    ("GradientBoostingClassifier", "log-odds"): "by_trees",
    ("HistGradientBoostingClassifier", "log-odds"): "by_trees",
    ("DecisionTreeClassifier", "probability"): "by_trees",
    ("RandomForestClassifier", "probability"): "by_trees",
    ("ExtraTreesClassifier", "probability"): "by_trees",
}


@pytest.fixture(scope="module")
def table():
    cohort = make_explained(600, secret="tests", role="train")
    columns = ["age_years", "systolic_mmhg", "respiratory_rate_per_min", "asthma"]
    return cohort.X[columns], cohort.y


@pytest.mark.parametrize("scale", ["log-odds", "probability"])
@pytest.mark.parametrize("model", MODELS, ids=lambda model: type(model).__name__)
def test_every_kind_of_model_gets_exact_values_of_one_shape(model, scale, table):
    X, y = table
    model.fit(X, y)
    patients, background = X.iloc[:5], X.iloc[100:230]
    found = explain_model(model, patients, background, scale=scale)
    predict = positive_class(model, scale)
    assert found.values.shape == patients.shape
    assert found.scale == scale
    assert found.features == tuple(X)
    assert found.total == pytest.approx(predict(patients), abs=1e-6)
    slow = exact_shapley(predict, patients, background)
    assert found.values == pytest.approx(slow.values, abs=1e-6)
    assert found.base == pytest.approx(slow.base, abs=1e-9)
    way = explainer_of(model, scale).__name__
    assert way == WAYS.get((type(model).__name__, scale), "by_asking")


@pytest.mark.parametrize(
    ("model", "scale"),
    [
        (RandomForestClassifier(20, min_samples_leaf=5, random_state=0), "probability"),
        (HistGradientBoostingClassifier(max_iter=30, random_state=0), "log-odds"),
    ],
    ids=["forest", "histograms"],
)
def test_a_value_of_one_decimal_that_lies_on_a_threshold_is_explained(model, scale):
    columns = ["urea_mmol_l", "temperature_c", "distance_km"]
    cohort = make_explained(2000, secret="tests", role="train")
    model.fit(cohort.X[columns], cohort.y)
    some = make_explained(60, secret="tests", role="tune").X[columns]
    columns, thresholds = thresholds_of(model)
    on = [
        np.isclose(some.iloc[:, [column]], thresholds[columns == column], atol=1e-5)
        for column in range(3)
    ]
    assert any(each.any() for each in on)
    rows, background = some.iloc[:30], some.iloc[30:]
    found = explain_model(model, rows, background, scale=scale)
    slow = exact_shapley(positive_class(model, scale), rows, background)
    assert found.values == pytest.approx(slow.values, abs=1e-6)


def test_shap_itself_answers_in_other_shapes_and_uses_100_of_130_rows(table):
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import shap

        X, y = table
        forest = MODELS[5].fit(X, y)
        raw = shap.TreeExplainer(forest).shap_values(X.iloc[:5].to_numpy(float))
        assert np.shape(raw) == (5, 4, 2)
        assert np.shape(raw[1]) == (4, 2)
        masker = shap.maskers.Independent(X.iloc[:130].to_numpy(float))
    assert len(masker.data) == 100


def test_the_positive_class_is_the_second_whatever_it_is_called(table):
    X, y = table
    named = LogisticRegression(max_iter=3000).fit(X, np.where(y, "died", "alive"))
    other = LogisticRegression(max_iter=3000).fit(X, np.where(y, "a: died", "b: not"))
    died, alive = (explain_model(m, X[:3], X[10:40]).values for m in (named, other))
    assert np.abs(died).max() > 0.1
    assert died == pytest.approx(-alive, abs=1e-2)
    risk = positive_class(named, "probability")(X)
    assert risk[y == 1].mean() > risk[y == 0].mean()


def test_a_pipeline_that_codes_text_is_explained_by_its_own_columns(table):
    X, y = table
    X = X.assign(ward=np.where(X["asthma"] == 1, "lung", "other"))
    coded = make_column_transformer(
        (OneHotEncoder(), ["ward"]), remainder="passthrough"
    )
    model = make_pipeline(coded, StandardScaler(), LogisticRegression()).fit(X, y)
    found = explain_model(model, X[:2], X[10:30])
    assert found.values.shape == (2, 5)
    assert found.features[-1] == "ward"


def test_more_than_twelve_features_are_sampled(table):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 13))
    y = (X[:, 0] > 0).astype(int)
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(X, y)
    found = explain_model(model, X[:2], X[20:30])
    assert found.standard_error.shape == found.values.shape == (2, 13)


class Sure:
    classes_ = (0, 1)

    def predict_proba(self, X):
        return np.column_stack([np.zeros(len(X)), np.ones(len(X))])


@pytest.mark.parametrize(
    ("model", "scale", "message"),
    [
        (LinearSVC(), "log-odds", "LinearSVC has no probabilities"),
        (LogisticRegression(), "log-odds", "fitted"),
        (MODELS[0], "percent", "no scale 'percent'"),
        (Sure(), "log-odds", "whose log odds are infinite"),
    ],
)
def test_what_has_no_answer_on_the_scale_is_refused(model, scale, message, table):
    X, y = table
    if model is MODELS[0]:
        model.fit(X, y)
    with pytest.raises(BadInput, match=message):
        explain_model(model, X[:2], X[2:6], scale=scale)


def test_three_classes_and_text_for_shap_are_refused(table):
    X, y = table
    three = LogisticRegression(max_iter=3000).fit(X, y + (X["age_years"] > 70))
    with pytest.raises(BadInput, match="3 classes"):
        explain_model(three, X[:2], X[2:6])
    model = LogisticRegression(max_iter=3000).fit(X, y)
    text = pd.DataFrame({name: X[name].astype("str") for name in X})
    with pytest.raises(BadInput, match="numbers only, and age_years"):
        explain_model(model, text[:2], text[2:6])
