import numpy as np
import pandas as pd
import pytest

from coursekit.datasets import make_messy_cases, make_messy_ehr
from coursekit.datasets.messy_faults import FAULTS
from coursekit.datasets.messy_model import draw_messy_model
from coursekit.datasets.messy_patients import LATER, VITALS, draw_encounters
from coursekit.errors import BadInput


@pytest.fixture(scope="module")
def hospital():
    return make_messy_ehr(1200, secret="tests", role="train")


@pytest.fixture(scope="module")
def log(hospital):
    cells = enumerate(hospital.truth.detail["log"])
    return pd.DataFrame([{"row": row, **cell} for row, each in cells for cell in each])


@pytest.fixture(scope="module")
def cases():
    return make_messy_cases(6, secret="tests", role="hidden")


def test_every_cell_that_differs_is_logged_with_its_true_value(hospital, log):
    messy, clean = hospital.X, hospital.truth.detail["clean"]
    spoilt = log[log["column"].isin(clean.columns) & (log["column"] != "encounter_id")]
    for name in clean.columns:
        differs = ~((messy[name] == clean[name]) | (messy[name].isna() & False))
        rows = set(spoilt["row"][spoilt["column"] == name])
        assert set(np.flatnonzero(differs)) <= rows
    for row, name, true in spoilt[["row", "column", "true"]].itertuples(index=False):
        assert clean.at[row, name] == true


def test_all_twelve_faults_are_planted(hospital, log):
    assert set(log["fault"]) == set(FAULTS) == {f.name for f in hospital.truth.faults}
    assert len(FAULTS) == 12


def test_copied_vital_signs_stand_in_the_encounter_before(hospital, log):
    messy, clean = hospital.X, hospital.truth.detail["clean"]
    by_date = clean.assign(patient=hospital.patient)
    by_date = by_date.sort_values(["patient", "admission_date"])
    rows = log["row"][log["fault"] == "copied-forward"].unique()
    for row in rows[:40]:
        own = by_date[by_date["patient"] == hospital.patient[row]]
        earlier = own[own["admission_date"] <= clean.at[row, "admission_date"]]
        values = messy.loc[earlier.index.drop(row), list(VITALS)]
        assert (values == messy.loc[row, list(VITALS)]).all(axis=1).any()


def test_no_cell_is_spoilt_twice(log):
    others = log[log["column"] != "encounter_id"]
    twice = others[others.duplicated(["row", "column"], keep=False)]
    assert set(twice["column"]) <= {"patient_id", "last_name", "first_name"}


def test_a_laboratory_value_is_missing_in_a_tenth_of_a_and_nearly_half_of_b(hospital):
    share = hospital.X["lactate_mmol_l"].isna().groupby(hospital.X["group"]).mean()
    assert share["A"] == pytest.approx(0.10, abs=0.02)
    assert share["B"] == pytest.approx(0.45, abs=0.03)


def test_prevalence_and_the_auroc_of_the_true_risk_are_held():
    for secret in ("one", "two"):
        people = draw_encounters(8000, np.random.default_rng(0))
        risk = draw_messy_model(secret).risk(people.clean, people.concern)
        y = np.random.default_rng(1).random(len(risk)) < risk
        assert risk.mean() == pytest.approx(0.25, abs=0.01)
        ill, others = risk[y], risk[~y]
        above = np.searchsorted(np.sort(others), ill).mean() / len(others)
        assert above == pytest.approx(0.82, abs=0.015)
    assert draw_messy_model("one") != draw_messy_model("two")


def test_two_rows_of_an_encounter_are_one_event_of_both(hospital, log):
    pairs = log[log["column"] == "encounter_id"].groupby("event")["row"].agg(list)
    assert len(pairs) > 40
    for one, other in pairs:
        assert hospital.patient[one] == hospital.patient[other]
        assert hospital.X["patient_id"][one] != hospital.X["patient_id"][other]


def test_an_early_copy_has_the_same_values_and_other_discharge_forms(cases):
    by_pair = {}
    for case, truth in zip(cases.X, cases.y, strict=True):
        if truth["pair"] is not None:
            table = pd.DataFrame(case["df"]["table"])
            by_pair.setdefault(truth["pair"], {})[truth["whole"]] = table, truth
    assert len(by_pair) == 2
    for each in by_pair.values():
        (whole, _), (copy, truth) = each[True], each[False]
        there = whole.iloc[truth["place"]].reset_index(drop=True)
        same = [name for name in copy if name not in (*LATER, "encounter_id")]
        assert copy[same].equals(there[same])
        assert not copy[LATER[0]].equals(there[LATER[0]])
        assert len(copy) < len(whole)
        later = copy["diagnosis"].str.contains("I50.9|J18.9", regex=True)
        assert later.any()  # so that the codes do not tell a copy


def test_the_same_secret_gives_the_same_tables(cases):
    again = make_messy_cases(6, secret="tests", role="hidden")
    assert str(again.X) == str(cases.X)
    other = make_messy_cases(1, secret="other", role="hidden")
    assert other.X[0] != cases.X[0]


def test_no_patients_cannot_be_drawn():
    with pytest.raises(BadInput, match="at least one"):
        make_messy_ehr(0, secret="tests", role="train")
