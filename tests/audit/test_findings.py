"""What is named, and what is not."""

import numpy as np
import pytest

from coursekit.audit import audit_scores
from coursekit.audit.measuring import operating_point
from drawn_scores import GROUPS, moved, sound_scores


def codes(table, **options):
    options = {"groups": GROUPS, "date": "date"} | options
    found = audit_scores(table, "y", "p", **options).findings
    return [finding.code for finding in found]


def test_sound_models_are_hardly_ever_accused():
    accused = [bool(codes(sound_scores(2000, random_state=n))) for n in range(20)]
    assert sum(accused) <= 2


def test_a_sound_model_whose_groups_differ_in_risk_is_not_accused():
    table = sound_scores(6000)
    high = table["p"] > 0.3
    table["language"] = np.where(high & (table["sex"] == "F"), "English", "Spanish")
    found = audit_scores(table, "y", "p", groups=GROUPS)
    assert found.gaps["language"].low > 0.25
    assert found.findings == ()


def test_scores_that_know_the_outcome_are_leak_like():
    table = sound_scores()
    assert codes(moved(table, table["y"] == 1, 7))[0] == "LEAK-LIKE"


def test_scores_that_are_too_high_for_everyone_are_miscalibrated_and_no_more():
    table = sound_scores()
    assert codes(moved(table, True, 0.7)) == ["MISCALIBRATED"]


@pytest.mark.parametrize(("power", "word"), [(1.8, "extreme"), (0.5, "cautious")])
def test_scores_with_a_wrong_slope_are_miscalibrated(power, word):
    table = sound_scores(4000)
    odds = (table["p"] / (1 - table["p"])) ** power
    odds *= 1.32 if power > 1 else 0.6
    found = audit_scores(table.assign(p=odds / (1 + odds)), "y", "p")
    assert [finding.code for finding in found.findings] == ["MISCALIBRATED"]
    assert found.performance["slope"].value == pytest.approx(1 / power, rel=0.1)
    assert word in found.findings[0].said


def test_scores_that_are_too_low_for_one_language_serve_it_worse():
    table = moved(sound_scores(), sound_scores()["language"] == "Spanish", -1.2)
    found = audit_scores(table, "y", "p", groups=GROUPS)
    assert "language = Spanish" in [finding.about for finding in found.findings]


def test_scores_shuffled_within_one_language_serve_it_worse():
    table = sound_scores(6000)
    rows = table["language"] == "Spanish"
    shuffled = np.random.default_rng(1).permutation(table.loc[rows, "p"])
    table.loc[rows, "p"] = shuffled
    found = audit_scores(table, "y", "p", groups=GROUPS)
    assert "language = Spanish" in [finding.about for finding in found.findings]


def test_a_model_that_changes_in_the_second_half_has_drifted():
    table = sound_scores()
    assert "DRIFTED" in codes(moved(table, table["date"] > "2024-07", 0.9))
    assert "DRIFTED" not in codes(moved(table, True, 0.9))


def test_the_limits_of_change_are_wider_the_more_periods_there_are():
    table = sound_scores()
    many = audit_scores(table, "y", "p", date="date").drift
    table["date"] = table["date"].str[:5] + np.where(
        table["date"] < "2024-07", "01-01", "07-01"
    )
    few = audit_scores(table, "y", "p", date="date").drift
    width = {
        len(drift.changes): (drift.changes["high"] - drift.changes["change"]).iloc[-1]
        / drift.changes["se"].iloc[-1]
        for drift in (many, few)
    }
    assert (many.period, len(many.table), len(few.table)) == ("month", 12, 2)
    assert width[len(many.changes)] > width[len(few.changes)]


def test_months_with_few_events_are_put_together_into_quarters():
    drift = audit_scores(sound_scores(700), "y", "p", date="date").drift
    assert drift.period in ("quarter", "year")


def test_a_small_group_is_not_judged_and_it_says_how_many_are_missing():
    table = sound_scores()
    table.loc[:59, "sex"] = "X"
    by_sex = audit_scores(table, "y", "p", groups=["sex"]).groups["sex"]
    assert by_sex["enough"].to_dict() == {"F": True, "M": True, "X": False}
    ill = by_sex.loc["X", "n_ill"] + by_sex.loc["X", "more_ill"]
    assert 55 <= ill <= 100
    assert by_sex.loc["X", "more_patients"] > by_sex.loc["X", "more_ill"]


def test_a_table_too_small_for_a_verdict_says_so():
    assert audit_scores(sound_scores(200), "y", "p").verdict == "too few patients"
    assert audit_scores(sound_scores(2000), "y", "p").verdict == "nothing found"


def test_equal_scores_are_flagged_together_and_never_above_the_rate():
    risk = np.array([0.1] * 5 + [0.5] * 3 + [0.9] * 2)
    assert operating_point(risk, 0.2) == 0.9
    assert operating_point(risk, 0.49) == 0.9
    assert operating_point(risk, 0.5) == 0.5
    assert operating_point(risk, 0.1) == 0.9


def test_repeated_patients_widen_the_intervals():
    table = sound_scores(1000)
    table["patient"] = range(1000)
    repeated = table.loc[table.index.repeat(4)].reset_index(drop=True)
    plain = audit_scores(table, "y", "p").performance["auroc"]
    by_patient = audit_scores(repeated, "y", "p", patient="patient")
    by_row = audit_scores(repeated, "y", "p")
    wide = {
        name: found.high - found.low
        for name, found in (
            ("plain", plain),
            ("patient", by_patient.performance["auroc"]),
            ("row", by_row.performance["auroc"]),
        )
    }
    assert wide["patient"] == pytest.approx(wide["plain"], rel=0.02)
    assert wide["row"] < 0.6 * wide["plain"]
    assert by_patient.data.n_doubled_rows == 3000
