import numpy as np
import pandas as pd
import pytest

from coursekit.datasets import make_gap
from coursekit.datasets.gap_model import MECHANISMS
from coursekit.errors import BadInput, NotEstimable
from coursekit.fairness import (
    compare_signs,
    device_bias,
    label_audit,
    shares_in,
    signs_by_group,
)


def answers(mechanisms, secret="tests"):
    """Return what each small test says of a train and a tune of 8,000 patients."""
    train, tune = (
        make_gap(8000, secret=secret, role=role, mechanisms=mechanisms)
        for role in ("train", "tune")
    )
    group, audited = train.groups["group"], tune.groups["group"]
    in_a, tune_a = (group == "A").to_numpy(), (audited == "A").to_numpy()
    follows = compare_signs(
        tune.X[tune_a], tune.y[tune_a], train.X[in_a], train.y[in_a]
    )
    bias = device_bias(tune.X["spo2_percent"], tune.X["sao2_percent"], audited)
    shares = shares_in(group, audited)
    ratio = label_audit(train.X, train.y, group, tune.X, tune.y)
    return {
        "under-ascertainment": ratio.loc["B", "high"] < 0.8,
        "measurement": bias.loc["B", "bias"] > bias.loc["A", "bias"] + 1,
        "under-representation": shares.loc["B", "high"]
        < shares.loc["B", "share_audited"] / 2,
        "proxy-label": follows.loc["cost_12m_eur", "z"] > 5,
    }


@pytest.mark.parametrize("secret", ["one", "two"])
def test_without_any_mechanism_all_tests_are_quiet(secret):
    assert not any(answers((), secret).values())


@pytest.mark.parametrize("name", MECHANISMS)
def test_each_mechanism_alone_is_told_by_its_own_test(name):
    found = answers([name])
    assert found[name]
    others = {other for other, said in found.items() if said} - {name}
    may_follow = {"under-ascertainment"} if name == "proxy-label" else set()
    assert others <= may_follow  # a proxy label loses events of B too


def test_signs_of_illness_differ_between_groups_only_where_they_do():
    for mechanisms, differing in [((), 0), (["under-representation"], 2)]:
        tune = make_gap(8000, secret="tests", role="tune", mechanisms=mechanisms)
        z = signs_by_group(tune.X, tune.y, tune.groups["group"])["z"]
        assert (z.abs() > 4).sum() == differing


def test_the_audit_of_labels_finds_the_share_that_is_recorded():
    train, tune = (
        make_gap(8000, secret="s", role=role, mechanisms=["under-ascertainment"])
        for role in ("train", "tune")
    )
    table = label_audit(train.X, train.y, train.groups["group"], tune.X, tune.y)
    recorded = 1 - train.truth.label_error["B"]
    assert table.loc["B", "low"] - 0.03 < recorded < table.loc["B", "high"] + 0.03
    assert table.loc["A", "ratio"] == pytest.approx(1, abs=0.06)


def test_the_interval_of_the_audit_covers_what_the_labels_are_drawn_with():
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"x": rng.normal(size=60_000)})
    risk = 1 / (1 + np.exp(-X["x"].to_numpy()))
    y = rng.random(60_000) < risk * 0.7
    truth = rng.random(60_000) < risk
    rows = np.array_split(np.arange(40_000), 40)
    seen = X.iloc[40_000:]
    hits = 0
    for r in rows:
        found = label_audit(X.iloc[r], y[r], ["g"] * len(r), seen, truth[40_000:])
        hits += found.loc["g", "low"] < 0.7 < found.loc["g", "high"]
    assert hits >= 32


def test_a_device_that_hides_falls_has_a_bias_and_a_slope_below_1():
    rng = np.random.default_rng(0)
    reference = rng.normal(92, 4, 2000)
    group = np.repeat(["a", "b"], 1000)
    high = np.where(group == "b", 0.6 * (98 - reference), 0)
    reading = reference + high + rng.normal(0, 0.5, 2000)
    reference[::7] = np.nan
    table = device_bias(reading, reference, group)
    assert table["slope"].tolist() == pytest.approx([1, 0.4], abs=0.03)
    assert abs(table.loc["a", "bias"]) < 0.1
    assert table.loc["b", "bias"] == pytest.approx(3.6, abs=0.2)
    assert table["n_pairs"].sum() == np.isfinite(reference).sum()


def test_a_group_without_pairs_has_no_bias():
    table = device_bias([95, np.nan, 96], [95, 96, np.nan], list("abb"))
    assert table["bias"].isna().all()
    assert table["n_pairs"].tolist() == [1, 0]
    same = device_bias([95, 96], [95, 95], list("aa"))
    assert np.isnan(same.loc["a", "slope"])


def test_a_group_that_train_lacks_is_in_the_table_of_shares():
    table = shares_in(list("aaa"), list("ab"))
    assert table.loc["b", "n_train"] == 0
    assert table.loc["b", "share_audited"] == 0.5


def test_equal_labels_give_small_z_values():
    rng = np.random.default_rng(1)
    X = pd.DataFrame(rng.normal(size=(8000, 6)), columns=list("abcdef"))
    y = rng.random(8000) < 1 / (1 + np.exp(-X["a"]))
    z = compare_signs(X[:4000], y[:4000], X[4000:], y[4000:])["z"]
    assert z.abs().max() < 3.5


def test_what_cannot_be_compared_is_refused():
    X = pd.DataFrame({"a": [1.0, 2.0, 3.0]})
    with pytest.raises(NotEstimable, match="same outcome"):
        compare_signs(X, [1, 0, 1], X, [1, 1, 1])
    with pytest.raises(BadInput, match="3 groups; two"):
        signs_by_group(X, [1, 0, 1], list("abc"))
    with pytest.raises(BadInput, match="no column of numbers"):
        compare_signs(X, [1, 0, 1], X.rename(columns={"a": "b"}), [1, 0, 1])
