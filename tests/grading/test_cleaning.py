import copy
from types import SimpleNamespace

import numpy as np
import pytest

from coursekit.datasets import make_messy_cases
from coursekit.datasets.cases import open_case, table_reply
from coursekit.errors import NotEstimable
from coursekit.grading import cleaning_measures as measures
from coursekit.grading.cleaned import true_folds, true_table
from coursekit.grading.cleaning_mistakes import cleaning_mistakes
from coursekit.grading.contract import Reply, breaches
from coursekit.grading.patients import Patients
from coursekit.grading.rubric import Answer

CLEAN = Answer("clean", "table", optional=("days_in_hospital", "discharged_to"))
SPLIT = Answer("split", "folds", n_folds=5)
LABS = ["lactate_mmol_l", "albumin_g_l"]


@pytest.fixture(scope="module")
def drawn():
    return make_messy_cases(3, secret="tests", role="hidden")


@pytest.fixture(scope="module")
def cases(drawn):
    return Patients.of(drawn)


@pytest.fixture
def tables(drawn):
    """The true tables, to be spoilt."""
    return [copy.deepcopy(true_table(each)) for each in drawn.y]


def messy(drawn):
    return [table_reply(open_case(case)["df"]) for case in drawn.X]


def value(name, cases, tables):
    return measures.MEASURES[name](cases, Reply(tables)).value


def codes(cases, tables):
    found = cleaning_mistakes(CLEAN, cases, Reply(tables), "accuracy")
    return {breach.code for breach in found}


def test_the_truth_is_right_in_every_measure_and_nothing_is_named(drawn, cases, tables):
    folds = [true_folds(each, 5) for each in drawn.y]
    assert breaches(CLEAN, Reply(tables), inputs=drawn.X) == []
    assert breaches(SPLIT, Reply(folds), inputs=drawn.X) == []
    best = {"fault_recall": 1, "fault_precision": 1, "cleaning_f1": 1, "auroc_loss": 0}
    best |= {"imputation_ratio": 1, "dropped_ratio": 1, "filled_the_same": 1}
    for name, wanted in best.items():
        assert value(name, cases, tables) == pytest.approx(wanted, abs=0.01), name
    assert value("patients_together", cases, folds) == 1
    assert codes(cases, tables) == set()


def test_a_table_as_it_came_has_found_nothing(drawn, cases):
    came = messy(drawn)
    assert breaches(CLEAN, Reply(came), inputs=drawn.X) == []
    assert value("fault_recall", cases, came) == 0
    assert value("cleaning_f1", cases, came) == 0
    for name in ("fault_precision", "imputation_ratio", "auroc_loss"):
        with pytest.raises(NotEstimable):
            value(name, cases, came)
    assert codes(cases, came) == {"UNITS-LEFT", "LOOK-AHEAD", "CODES-UNSEEN"}


def test_to_blank_everything_finds_all_and_is_mostly_wrong(cases, tables):
    for each in tables:
        table = each["table"]
        n = len(table["encounter_id"])
        each["table"] = {
            name: v if name == "encounter_id" else [None] * n
            for name, v in table.items()
        }
    assert value("fault_recall", cases, tables) == 1
    assert value("fault_precision", cases, tables) < 0.3
    assert value("cleaning_f1", cases, tables) < 0.4
    assert value("auroc_loss", cases, tables) > 0.2
    assert "CLIPPED" in codes(cases, tables)


def test_rows_of_b_that_are_left_out_raise_the_ratio(cases, tables):
    for each in tables:
        table = each["table"]
        kept = [
            not (group == "B" and row % 2) for row, group in enumerate(table["group"])
        ]
        each["table"] = {
            name: [v for v, k in zip(values, kept, strict=True) if k]
            for name, values in table.items()
        }
    assert value("dropped_ratio", cases, tables) > 10
    assert value("fault_precision", cases, tables) < 0.97


def test_an_encounter_entered_twice_may_lose_either_row(drawn, cases, tables):
    truth = next(each for each in drawn.y if each["whole"])
    assert len(set(truth["encounter"])) < len(truth["encounter"])
    assert value("dropped_ratio", cases, tables) == 1
    last = {e: row for row, e in enumerate(truth["encounter"])}
    rows = sorted(last.values())
    at = drawn.y.index(truth)
    clean = truth["clean"].items()
    tables[at] = {"table": {name: [v[row] for row in rows] for name, v in clean}}
    assert value("dropped_ratio", cases, tables) == 1
    assert value("fault_recall", cases, tables) == 1


def fill(drawn, tables, wrong):
    """Put wrong(group, true) where a laboratory value is missing."""
    for each, truth in zip(tables, drawn.y, strict=True):
        table, log = each["table"], truth["log"]
        place = {number: at for at, number in enumerate(table["encounter_id"])}
        cells = zip(log["row"], log["column"], log["fault"], strict=True)
        for row, name, fault in cells:
            at = place.get(truth["clean"]["encounter_id"][row])
            if fault == "not-ordered" and at is not None:
                group = truth["clean"]["group"][row]
                table[name][at] = wrong(group, table[name][at])
    return tables


def test_an_error_twice_as_large_in_b_is_a_ratio_of_two(drawn, cases, tables):
    def off(group, true):
        return true * (1.06 if group == "B" else 1.03)

    ratio = value("imputation_ratio", cases, fill(drawn, tables, off))
    assert 1.8 < ratio < 2.8  # B's values are larger in one column, smaller in another


def middle(group, true, further=0.0):
    """Return one value for all, in A further from the truth."""
    at, spread = (1.9, 0.75) if true < 12 else (37.0, 4.3)
    away = further * spread if group == "A" else 0.0
    return at + away if true < at else at - away


def test_to_fill_in_a_badly_makes_no_ratio_better(drawn, cases, tables):
    honest = value("imputation_ratio", cases, fill(drawn, tables, middle))
    assert honest > 1.25

    def spoilt(further):
        again = [copy.deepcopy(true_table(each)) for each in drawn.y]
        return fill(drawn, again, lambda *cell: middle(*cell, further=further))

    assert value("imputation_ratio", cases, spoilt(0.3)) > 0.95 * honest
    with pytest.raises(NotEstimable, match="worse than the median"):
        value("imputation_ratio", cases, spoilt(3.0))


def test_what_is_not_filled_in_cannot_be_judged(drawn, cases, tables):
    fill(drawn, tables, lambda group, true: None)
    for name in ("imputation_ratio", "filled_the_same"):
        with pytest.raises(NotEstimable, match="not filled in"):
            value(name, cases, tables)


def test_one_value_for_all_is_named_unless_it_is_flagged(drawn, cases, tables):
    fill(drawn, tables, lambda group, true: 2.0)
    assert "MEAN-IMPUTED" in codes(cases, tables)
    for each in tables:
        n = len(each["table"]["encounter_id"])
        each["table"] |= {f"{name}_missing": [0] * n for name in LABS}
    assert breaches(CLEAN, Reply(tables), inputs=drawn.X) == []
    assert "MEAN-IMPUTED" not in codes(cases, tables)


def test_a_flag_says_what_was_missing_whatever_stands_in_it(drawn, cases, tables):
    plain = value("auroc_loss", cases, tables)
    told = copy.deepcopy(tables)
    for each, truth in zip(told, drawn.y, strict=True):
        known = dict(zip(truth["clean"]["encounter_id"], truth["outcome"], strict=True))
        numbers = each["table"]["encounter_id"]
        each["table"]["lactate_mmol_l_missing"] = [known[n] for n in numbers]
    assert value("auroc_loss", cases, told) > plain - 0.05


def test_what_is_filled_in_from_later_rows_is_seen(drawn, cases, tables):
    for number, (table, truth) in enumerate(zip(tables, drawn.y, strict=True)):
        own = SimpleNamespace(y=[truth])
        fill(own, [table], lambda group, true, shift=number: 2.0 + shift / 100)
    assert value("filled_the_same", cases, tables) == 0


def test_to_deal_rows_by_lot_comes_to_nothing(drawn, cases):
    rng = np.random.default_rng(0)
    folds = [(rng.permutation(len(each["person"])) % 5).tolist() for each in drawn.y]
    assert breaches(SPLIT, Reply(folds), inputs=drawn.X) == []
    assert abs(value("patients_together", cases, folds)) < 0.08


@pytest.mark.parametrize(
    ("spoil", "seen"),
    [
        (lambda table: None, "returned None, not a DataFrame"),
        (lambda table: [[1, 2]], "a list, not a DataFrame"),
        (lambda table: {"table": [1]}, "a table that is none"),
        (lambda table: without(table, "sex"), "a table without sex"),
        (lambda table: put(table, "risk", 0.5), "a column 'risk' that is none"),
        (lambda table: put(table, "age_years", "61"), "'61' in age_years, a column of"),
        (lambda table: put(table, "age_years", True), "True in age_years, a column of"),
        (lambda table: put(table, "age_years", 1e300), "1e\\+300 in age_years"),
        (lambda table: put(table, "age_years", float("inf")), "inf in age_years"),
        (lambda table: put(table, "site", "x" * 99), "'x{39} in site"),
        (lambda table: put(table, "site", 7), "7 in site, a column of texts"),
        (lambda table: put(table, "encounter_id", -1), "-1, which was not asked about"),
        (lambda table: put(table, "encounter_id", None), "that are no numbers"),
        (lambda table: put(table, "encounter_id", second(table)), "encounter_id twice"),
        (lambda table: put(table, "age_years_missing", 2), "which holds 0 and 1"),
        (lambda table: put(table, "age_years", [1]), r"\[1\] in age_years"),
    ],
)
def test_the_first_thing_wrong_with_a_table_is_said(drawn, tables, spoil, seen):
    tables[0] = spoil(tables[0])
    (breach,) = breaches(CLEAN, Reply(tables), inputs=drawn.X)
    assert breach.code == "BAD-TABLE"
    with pytest.raises(AssertionError, match=seen):
        raise AssertionError(breach.seen)


def second(each):
    return each["table"]["encounter_id"][1]


def without(each, name):
    return {"table": {n: v for n, v in each["table"].items() if n != name}}


def put(each, name, value):
    n = len(each["table"]["encounter_id"])
    column = [*each["table"].get(name, [0] * n)]
    column[0] = value
    return {"table": {**each["table"], name: column}}


@pytest.mark.parametrize(
    ("folds", "seen"),
    [
        (None, "None, not a list"),
        ({"0": 1}, "a dict, not a list"),
        ([0, 1], "2 folds for"),
        (lambda n: [0] * n, "0 of .* rows in fold 1"),
        (lambda n: [0.0] * n, "0.0, not a whole number from 0 to 4"),
        (lambda n: [True] * n, "True, not a whole number"),
        (lambda n: [5] * n, "5, not a whole number"),
    ],
)
def test_the_first_thing_wrong_with_folds_is_said(drawn, folds, seen):
    n = len(drawn.y[0]["person"])
    given = [folds(n) if callable(folds) else folds]
    (breach,) = breaches(SPLIT, Reply(given), inputs=drawn.X[:1])
    assert breach.code == "BAD-FOLDS"
    with pytest.raises(AssertionError, match=seen):
        raise AssertionError(breach.seen)
