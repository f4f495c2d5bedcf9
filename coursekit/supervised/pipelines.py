"""A whole risk model in one object: missing values, words and the model itself.

What a pipeline learns, medians and words included, it learns from the rows it is
fitted on, and so nothing of the test patients gets into it.
"""

import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

from coursekit.errors import BadInput

RARE = 20  # words seen on fewer patients than this are taken together
MOST_WORDS = 30  # of one column; more of them are learnt by heart
STRENGTH = 0.05  # of logistic regression's penalty, inverse: scikit-learn's C


def risk_pipeline(kind, X, *, class_weight=None, random_state=0):
    """Make an unfitted model of risk for tables like this one.

    Taught in lab 01_readmission.

    Parameters
    ----------
    kind : {"logistic", "forest", "boosting"}
        Logistic regression, with median imputation, a flag for each missing value
        and scaling; a random forest on the same columns; or histogram gradient
        boosting, which takes missing values as they are.
    X : DataFrame
        Patients whose columns and types the model is made for. Columns without any
        value are left out, and other columns of a later table are ignored.
    class_weight : {"balanced"} or dict, optional
        As scikit-learn takes it. Weights move all risks: what comes out is no risk of
        these patients any more.
    random_state : int, default=0
        Used by forest and boosting where they draw at random.

    Returns
    -------
    Pipeline
        With ``fit(X, y)`` and ``predict_proba(X)``.

    Raises
    ------
    BadInput
        If there is no such kind, or no column with a value.

    Examples
    --------
    >>> X = pd.DataFrame({"age_years": [50, None, 70, 80], "sex": ["F", "M", "M", "F"]})
    >>> model = risk_pipeline("logistic", X).fit(X, [0, 0, 1, 1])
    >>> risk = model.predict_proba(X.assign(ward="new"))[:, 1]
    >>> bool(risk[3] > risk[0])
    True
    """
    makers = {
        "logistic": logistic_pipeline,
        "forest": forest_pipeline,
        "boosting": boosting_pipeline,
    }
    if kind not in makers:
        raise BadInput(f"There is no {kind!r} model, only {', '.join(makers)}.")
    measured = [name for name in X if X[name].notna().any()]
    if not measured:
        raise BadInput("The table has no column to learn from.")
    numbers = [name for name in measured if pd.api.types.is_numeric_dtype(X[name])]
    words = [name for name in measured if name not in numbers]
    model = makers[kind](numbers, words, random_state)
    return model.set_params(model__class_weight=class_weight)


def logistic_pipeline(numbers, words, random_state):
    """Make a logistic regression on scaled numbers and one column a word."""
    model = LogisticRegression(C=STRENGTH, max_iter=2000, random_state=random_state)
    return Pipeline([("prepare", filled(numbers, words)), ("model", model)])


def forest_pipeline(numbers, words, random_state):
    """Make a random forest whose leaves are too large to know a patient by heart."""
    model = RandomForestClassifier(
        200, min_samples_leaf=20, random_state=random_state, n_jobs=1
    )
    return Pipeline([("prepare", filled(numbers, words)), ("model", model)])


def filled(numbers, words):
    """Make numbers without gaps, on one scale, and one column a word."""
    return ColumnTransformer(
        [
            ("numbers", make_pipeline(fill_numbers(), StandardScaler()), numbers),
            ("words", make_pipeline(fill_words(), one_hot()), words),
        ]
    )


def fill_numbers():
    """Put the median in the place of a missing number, with a flag beside it."""
    return SimpleImputer(
        strategy="median", add_indicator=True, keep_empty_features=True
    )


def fill_words():
    """Make "missing" a word of its own."""
    return SimpleImputer(strategy="constant", fill_value="missing")


def one_hot():
    """Make one column a word; rare and unknown words share one."""
    return OneHotEncoder(
        handle_unknown="infrequent_if_exist",
        min_frequency=RARE,
        max_categories=MOST_WORDS,
        sparse_output=False,
    )


def boosting_pipeline(numbers, words, random_state):
    """Make a boosting model; slow learning and large leaves guard against chance."""
    to_codes = OrdinalEncoder(
        handle_unknown="use_encoded_value",
        unknown_value=float("nan"),
        min_frequency=RARE,
        max_categories=MOST_WORDS,
    )
    prepare = ColumnTransformer(
        [("numbers", "passthrough", numbers), ("words", to_codes, words)]
    )
    model = HistGradientBoostingClassifier(
        learning_rate=0.05,
        max_iter=150,
        max_leaf_nodes=15,
        min_samples_leaf=50,
        early_stopping=False,
        categorical_features=list(range(len(numbers), len(numbers) + len(words))),
        random_state=random_state,
    )
    return Pipeline([("prepare", prepare), ("model", model)])
