"""A professor's own patients: what is accepted, and what each refusal says."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import tomli_w

from coursekit.datasets import make_readmission
from coursekit.datasets.holdout import read_holdout_truth
from coursekit.datasets.storage import read_cohort
from coursekit.errors import BadData, BadInput
from coursekit.grading.assignment import find_assignment
from coursekit.grading.column_map import read_map
from coursekit.grading.holdout import write_hidden, write_shown
from coursekit.grading.imported import import_cohorts

MAP = {
    "patient": "mrn",
    "outcome": "back",
    "event": "yes",
    "columns": {
        "age_years": "age",
        "prior_admissions_12m": "earlier",
        "comorbidity_count": "comorbidities",
        "length_of_stay_days": "days",
        "haemoglobin_g_dl": "hb",
        "discharge_destination": "to",
    },
    "absent": ["sodium_mmol_l", "creatinine_umol_l", "albumin_g_l", "admission_type"],
    "groups": {"group": "district", "sex": "sex"},
    "thresholds": {"sensitivity_gap_group": {"floor": 0.3, "full": 0.06}},
}


@pytest.fixture(scope="module")
def table():
    cohort = make_readmission(30_000, secret="own", role="train", missed_in_b=0.0)
    X = cohort.X
    return pd.DataFrame(
        {
            "mrn": cohort.patient,
            "age": X["age_years"],
            "earlier": X["prior_admissions_12m"],
            "comorbidities": X["comorbidity_count"],
            "days": X["length_of_stay_days"],
            "hb": X["haemoglobin_g_dl"],
            "to": X["discharge_destination"],
            "district": cohort.groups["group"].map({"A": "north", "B": "south"}),
            "sex": cohort.groups["sex"],
            "back": np.where(cohort.y == 1, "yes", "no"),
        }
    )


@pytest.fixture
def rubric(readmission):
    return readmission.rubric


@pytest.fixture
def give(tmp_path, rubric):
    """Import a table under a map with some keys changed."""

    def run(table, **changes):
        table.to_csv(tmp_path / "own.csv", index=False)
        (tmp_path / "map.toml").write_text(tomli_w.dumps({**MAP, **changes}))
        return import_cohorts(
            rubric, tmp_path / "own.csv", read_map(tmp_path / "map.toml"), "secret"
        )

    return run


def test_own_patients_are_split_by_patient_and_hidden_ones_come_once(give, table):
    cohorts, _ = give(table)
    people = [set(cohort.patient) for cohort in cohorts.values()]
    assert sum(map(len, people)) == len(set.union(*people)) == 30_000
    assert len(cohorts["hidden"]) == len(set(cohorts["hidden"].patient))
    assert len(cohorts["train"]) > len(set(cohorts["train"].patient))


def test_imported_patients_can_be_written_and_read_back(give, table, tmp_path):
    cohorts, rubric = give(table)
    write_hidden(rubric, cohorts, tmp_path / "holdout", secret="s")
    write_shown(rubric, cohorts, tmp_path / "shown")
    kept = read_holdout_truth(tmp_path / "holdout" / "hidden")
    assert (kept.truth.outcome == cohorts["hidden"].y).all()
    assert (read_cohort(tmp_path / "shown", "train").y == cohorts["train"].y).all()


def test_columns_keep_their_values_under_the_assignments_names(give, table):
    cohorts, _ = give(table)
    joined = pd.concat([cohort.X for cohort in cohorts.values()])
    assert joined["age_years"].between(18, 110).all()
    assert joined["haemoglobin_g_dl"].isna().any()
    assert joined["sodium_mmol_l"].isna().all()
    assert set(cohorts["hidden"].groups["group"]) == {"north", "south"}


def test_what_needs_an_absent_attribute_is_off_by_name_and_labels_are_as_recorded(
    give, table
):
    _, rubric = give(table)
    assert "preferred_language" in rubric.off["sensitivity_gap_language"]
    assert rubric.labels == "as recorded"
    assert "preferred_language" not in rubric.given


def test_the_same_secret_hides_the_same_patients(give, table):
    first, second = give(table)[0], give(table)[0]
    assert (first["hidden"].patient == second["hidden"].patient).all()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"patient": "id"}, "no column 'id'"),
        ({"absent": []}, "says nothing about"),
        ({"columns": {**MAP["columns"], "height": "age"}}, "has no column 'height'"),
        ({"event": "Y"}, "matches 0 of"),
        ({"columns": {**MAP["columns"], "age_years": "to"}}, "must be numbers"),
        ({"leave_out": {"group": ["west"]}}, "'west', which nobody has"),
        ({"off": ["speed"]}, "no criterion speed"),
        ({"shares": {"train": 0.5, "hidden": 0.5}}, "shares must name"),
        ({"colour": 1}, "no key 'colour'"),
        (
            {"groups": {"grup": "district"}},
            "'grup', which the assignment does not know",
        ),
        ({"merge": {"race": {"a": "b"}}}, "names 'race'; \\[groups\\] does not"),
    ],
)
def test_a_map_that_does_not_fit_says_what_to_change(give, table, changes, message):
    with pytest.raises((BadInput, BadData), match=message):
        give(table, **changes)


def test_a_group_with_too_few_ill_says_how_many_are_needed_and_what_to_do(give, table):
    rare = table.assign(
        district=table["district"].where(table.index % 50 > 0, "island")
    )
    with pytest.raises(
        BadInput, match=r"'island' \d+.*need about [\d,]+.*merge\.group"
    ):
        give(rare)


@pytest.mark.parametrize("cure", ["merge", "leave_out", "thresholds", "off"])
def test_each_offered_cure_for_a_rare_group_works(give, table, cure):
    rare = table.assign(
        district=table["district"].where(table.index % 50 > 0, "island")
    )
    cures = {
        "merge": {"merge": {"group": {"island": "south"}}},
        "leave_out": {"leave_out": {"group": ["island"]}},
        "thresholds": {
            "thresholds": {"sensitivity_gap_group": {"floor": 0.9, "full": 0.06}}
        },
        "off": {"off": ["sensitivity_gap_group"]},
    }
    cohorts, rubric = give(rare, **cures[cure])
    labels = set(cohorts["hidden"].groups["group"])
    assert (
        labels
        == {
            "merge": {"north", "south"},
            "leave_out": {"north", "south", ""},
            "thresholds": {"north", "south", "island"},
            "off": {"north", "south", "island"},
        }[cure]
    )
    assert ("sensitivity_gap_group" in rubric.off) == (cure == "off")


def test_a_missing_or_broken_file_is_named(tmp_path, rubric):
    column_map = tmp_path / "map.toml"
    column_map.write_text(tomli_w.dumps(MAP))
    with pytest.raises(BadData, match="is missing"):
        import_cohorts(rubric, tmp_path / "no.csv", read_map(column_map), "s")
    (tmp_path / "empty.csv").write_text("")
    with pytest.raises(BadData, match="is not a CSV table"):
        import_cohorts(rubric, tmp_path / "empty.csv", read_map(column_map), "s")


def test_a_map_that_is_not_toml_or_not_there_is_named(tmp_path):
    with pytest.raises(BadInput, match="is missing"):
        read_map(tmp_path / "map.toml")
    (tmp_path / "map.toml").write_text("patient = ")
    with pytest.raises(BadInput, match="is not TOML"):
        read_map(tmp_path / "map.toml")


def test_a_left_out_group_is_not_judged(give, table, rubric):
    from coursekit.grading.contract import Reply
    from coursekit.grading.measures import rate_gap
    from coursekit.grading.patients import Patients

    rare = table.assign(
        district=table["district"].where(table.index % 50 > 0, "island")
    )
    cohorts, _ = give(rare, leave_out={"group": ["island"]})
    patients = Patients.of(cohorts["hidden"])
    left_out = (patients.groups["group"] == "").to_numpy()
    reply = Reply(np.where(left_out, 0.0, 1.0))
    gap = next(each for each in rubric.criteria if each.id == "sensitivity_gap_group")
    assert rate_gap(patients, reply, replace(gap)).value == pytest.approx(0)


def test_patients_of_a_table_are_refused_where_films_are_graded(tmp_path):
    rubric = find_assignment("tumours").rubric
    with pytest.raises(BadInput, match="tumours is about films, which no table holds"):
        import_cohorts(rubric, tmp_path / "patients.csv", None, "secret")
