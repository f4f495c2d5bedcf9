import json

import numpy as np
import pandas as pd
import pytest

from coursekit.datasets import make_gap, make_gap_cases
from coursekit.datasets.cases import open_case
from coursekit.datasets.gap_cases import PAIRS, draw_plan
from coursekit.datasets.gap_caused import reference_gap
from coursekit.datasets.gap_model import MECHANISMS
from coursekit.errors import BadInput
from coursekit.fairness import (
    compare_signs,
    device_bias,
    label_audit,
    shares_in,
    signs_by_group,
)
from coursekit.grading.verdict_measures import f1
from coursekit.metrics.ranking import auroc

GROUPS = ["group", "preferred_language", "sex", "outcome"]


@pytest.fixture(scope="module")
def cases():
    return make_gap_cases(12, secret="tests", role="hidden")


@pytest.fixture(scope="module")
def figures():
    """Raw and honest figures of 96 cases, and what is on in each."""
    drawn = [make_gap_cases(12, secret=f"figures {n}", role="hidden") for n in range(8)]
    rows = [
        {**dict.fromkeys(MECHANISMS, False), **dict.fromkeys(true["found"], True)}
        | raw_figures(**open_case(case))
        | honest_figures(**open_case(case))
        for cohort in drawn
        for case, true in zip(cohort.X, cohort.y, strict=True)
    ]
    return pd.DataFrame(rows)


def raw_figures(train, tune):
    """What an `if` can look at without any reference."""
    b, y = train["group"] == "B", train["outcome"]
    spo2, cost = train["spo2_percent"], np.log(train["cost_12m_eur"] + 0.1)
    return {
        "raw under-ascertainment": -y[b].mean() / y[~b].mean(),
        "raw measurement": spo2[b].mean() - spo2[~b].mean(),
        "raw under-representation": -b.mean(),
        "raw proxy-label": np.corrcoef(cost[~b], y[~b])[0, 1],
    }


def honest_figures(train, tune):
    """Comparisons with audited outcomes and blood gases, within groups."""
    X, audited = (numbers_of(table) for table in (train, tune))
    b, b_audited = train["group"] == "B", tune["group"] == "B"
    y, y_audited = train["outcome"], tune["outcome"]
    bias = device_bias(tune["spo2_percent"], tune["sao2_percent"], tune["group"])
    share = shares_in(train["group"], tune["group"]).loc["B"]
    in_a = compare_signs(audited[~b_audited], y_audited[~b_audited], X[~b], y[~b])
    in_b = label_audit(
        X[b], y[b], train["group"][b], audited[b_audited], y_audited[b_audited]
    )
    signs = audited[["albumin_g_l"]]
    z = signs_by_group(signs, y_audited, tune["group"])["z"].abs().iloc[0]
    is_few = share["share_train"] < 0.6 * share["share_audited"]
    return {
        "honest under-ascertainment": -in_b.loc["B", "ratio"],
        "honest measurement": bias.loc["B", "bias"] - bias.loc["A", "bias"],
        "honest under-representation": z * is_few,
        "honest proxy-label": in_a["z"].abs().max(),
    }


def numbers_of(table):
    return table.drop(columns=[*GROUPS, "sao2_percent"])


@pytest.mark.parametrize("name", MECHANISMS)
def test_no_raw_figure_tells_a_mechanism_and_a_comparison_within_groups_does(
    name, figures
):
    assert auroc(figures[name], figures[f"raw {name}"]) < 0.80
    most = 0.80
    if name == "under-ascertainment":  # a label that is cost loses B's events too
        figures, most = figures[~figures["proxy-label"]], 0.85
    assert auroc(figures[name], figures[f"raw {name}"]) < most
    assert auroc(figures[name], figures[f"honest {name}"]) > 0.95


def test_four_ifs_on_raw_figures_are_hardly_better_than_naming_everything(figures):
    cuts = {"under-ascertainment": -0.85, "measurement": 0.5}
    cuts |= {"under-representation": -0.15, "proxy-label": 0.32}
    said = np.array([figures[f"raw {name}"] > cut for name, cut in cuts.items()]).T
    true = figures[list(cuts)].to_numpy(dtype=bool)
    right, everything = f1(true, said).mean(), f1(true, np.ones_like(true)).mean()
    assert (right - everything) / (1 - everything) < 0.25


def test_how_many_cases_have_no_mechanism_one_or_two_is_drawn():
    plans = [draw_plan(np.random.default_rng(seed)) for seed in range(60)]
    for plan in plans:
        alone = [on[0] for on, _ in plan if len(on) == 1]
        assert set(alone) == set(MECHANISMS)
        pairs = [on for on, _ in plan if len(on) == 2]
        assert set(pairs) <= set(PAIRS)
        assert len(set(pairs)) == len(pairs)
    sizes = [np.bincount([len(on) for on, _ in plan], minlength=3) for plan in plans]
    assert {size[0] for size in sizes} == {2, 3, 4}
    assert {size[2] for size in sizes} == {1, 2, 3}


def test_no_single_number_is_near_the_gap_of_six_tenths_of_the_cases(cases):
    for number in np.linspace(-0.1, 0.6, 71):
        near = [abs(number - y["gap"]) <= y["gap_tolerance"] for y in cases.y]
        assert np.mean(near) <= 0.6


def test_a_case_shows_no_truth_and_twelve_are_small_enough_to_send(cases):
    text = json.dumps(cases.X)
    assert len(text) < 20e6
    assert not any(name in text for name in (*MECHANISMS, "gap", "strength"))
    tables = open_case(cases.X[0])
    assert [len(tables[role]) for role in ("train", "tune")] == [8000, 8000]


def test_other_roles_and_secrets_draw_other_courses_in_another_order(cases):
    others = [
        make_gap_cases(12, secret="tests", role="check"),
        make_gap_cases(12, secret="others", role="hidden"),
    ]
    for other in others:
        assert [y["found"] for y in other.y] != [y["found"] for y in cases.y]
        first = [each.X[0]["tune"]["table"]["age_years"] for each in (other, cases)]
        assert first[0] != first[1]
    again = make_gap_cases(12, secret="tests", role="hidden")
    assert again.y == cases.y


@pytest.mark.parametrize("name", MECHANISMS)
def test_a_weak_mechanism_makes_a_smaller_gap_and_a_strong_one_a_larger(name):
    weak, usual = (reference_gap("tests", (name,), s) for s in (0.5, 1))
    strong = reference_gap("tests", (name,), 1.5)
    assert 0.02 < weak < usual - 0.03
    assert strong > usual - 0.01
    assert strong > weak + 0.05


@pytest.mark.parametrize("strength", [0, 0.2, 1.6])
def test_a_strength_out_of_range_is_refused(strength):
    with pytest.raises(BadInput, match=r"it lies between 0\.25 and 1\.5"):
        make_gap(10, secret="s", role="tune", strength=strength)
