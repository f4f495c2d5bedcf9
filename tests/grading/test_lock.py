from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from coursekit.errors import BadRubric
from coursekit.grading.contract import Reply
from coursekit.grading.lock import read_lock, resolve, write_lock
from coursekit.grading.patients import Patients
from coursekit.grading.rubric import Anchor, Answer, Criterion, OperatingPoint, Rubric
from coursekit.metrics.ranking import auroc

AUROC = Criterion(
    id="auroc",
    kind="accuracy",
    label="Ranking",
    measure="auroc",
    answer="model",
    points=60,
    floor=Anchor("naive", plus=0.01),
    full=Anchor("good", plus=-0.01),
)
GAP = Criterion(
    id="gap",
    kind="accuracy",
    label="Gap",
    measure="sensitivity_gap",
    answer="decide",
    attribute="group",
    points=40,
    floor=0.3,
    full=0.1,
)


@pytest.fixture
def patients():
    rng = np.random.default_rng(0)
    risk = rng.uniform(0.02, 0.9, 20_000)
    groups = pd.DataFrame({"group": np.where(rng.random(20_000) < 0.3, "B", "A")})
    return Patients(y=(rng.random(20_000) < risk) * 1, groups=groups, risk=risk)


@pytest.fixture
def replies(patients):
    rng = np.random.default_rng(1)

    def archetype(noise):
        risk = np.clip(patients.risk + rng.normal(0, noise, len(patients.risk)), 0, 1)
        return {"model": Reply(risk), "decide": Reply((risk > 0.6) * 1.0)}

    return {"naive": archetype(1.0), "good": archetype(0.2), "oracle": archetype(0.0)}


def rubric(*criteria, total=100):
    return Rubric(
        format=1,
        assignment="demo",
        title="Demo",
        version="1",
        generator="make_readmission",
        given=(),
        cohorts={"hidden": 20_000},
        kinds={"accuracy": total},
        manual={},
        operating_point=OperatingPoint(
            answer="decide",
            alert_rate=(0.1, 0.6),
            threshold_probability=0.5,
            useless=Anchor("good", share=0.2),
            useful=Anchor("good", share=0.8),
        ),
        answers=(Answer("model", "risk"), Answer("decide", "decision")),
        criteria=criteria,
    )


def test_an_anchor_becomes_what_the_archetype_reached_here(patients, replies):
    lock = resolve(rubric(AUROC, GAP), {"hidden": patients}, replies)
    (ranking, _) = lock.criteria
    assert 0.5 < ranking.floor < ranking.full < 1
    point = lock.operating_point
    assert point.useless == pytest.approx(point.useful / 4, abs=1e-5)


def test_what_the_other_cohort_is_taken_to_reach_is_anchored_there(patients, replies):
    drop = Criterion(
        *("drop", "accuracy", "Drop", "auroc_drop", "model", 100, 0.3, 0.05),
        against="inside",
        at_least=Anchor("good", plus=-0.03),
    )
    inside = patients.first(5_000)
    for each in replies.values():
        each["model~inside"] = Reply(each["model"].values[:5_000])
    cohorts = {"hidden": patients, "inside": inside}
    lock = resolve(rubric(drop), cohorts, replies)
    good = auroc(inside.y, replies["good"]["model~inside"].values)
    assert lock.criteria[0].at_least == pytest.approx(good - 0.03, abs=1e-4)


def test_a_criterion_that_these_patients_cannot_show_is_off_and_its_points_move(
    patients, replies
):
    narrow = replace(GAP, floor=0.11)
    lock = resolve(rubric(AUROC, narrow), {"hidden": patients}, replies)
    assert [each.id for each in lock.criteria] == ["auroc"]
    assert lock.criteria[0].points == 100
    assert "the rubric needs 0.002" in lock.off["gap"]


def test_a_gap_that_the_true_risks_themselves_show_is_off(patients, replies):
    later = np.where(patients.groups["group"] == "B", 0.75, 0.5)
    replies["oracle"]["decide"] = Reply((patients.risk > later) * 1.0)
    lock = resolve(rubric(AUROC, GAP), {"hidden": patients}, replies)
    assert "Even the true risks" in lock.off["gap"]


def test_a_kind_of_points_without_any_criterion_left_is_refused(patients, replies):
    with pytest.raises(BadRubric, match="No criterion of kind accuracy is left"):
        resolve(
            rubric(replace(GAP, floor=0.11, points=100)), {"hidden": patients}, replies
        )


def test_a_criterion_that_good_work_does_not_reach_is_off(patients, replies):
    """A floor in absolute terms above what good work reaches turns the scale round."""
    turned = replace(AUROC, id="turned", floor=0.99, points=30)
    kept = replace(AUROC, points=30)
    lock = resolve(rubric(kept, turned, GAP), {"hidden": patients}, replies)
    assert [each.id for each in lock.criteria] == ["auroc", "gap"]
    assert "even good work" in lock.off["turned"]


def test_an_anchor_to_an_archetype_that_did_not_run_is_refused(patients, replies):
    lost = replace(AUROC, floor=Anchor("nobody"))
    with pytest.raises(BadRubric, match="archetype 'nobody', which did not run"):
        resolve(rubric(lost, GAP), {"hidden": patients}, replies)


def test_a_lock_is_read_back_as_it_was_written(patients, replies, tmp_path):
    lock = resolve(rubric(AUROC, GAP), {"hidden": patients}, replies)
    write_lock(lock, tmp_path / "rubric.lock.toml")
    assert read_lock(tmp_path / "rubric.lock.toml") == lock


def test_a_rubric_with_open_anchors_is_no_lock(tmp_path):
    write_lock(rubric(AUROC, GAP), tmp_path / "rubric.lock.toml")
    with pytest.raises(BadRubric, match="still has anchored thresholds"):
        read_lock(tmp_path / "rubric.lock.toml")


def test_a_criterion_that_is_off_beforehand_is_not_measured(patients, replies):
    unknown = replace(GAP, attribute="preferred_language")
    before = replace(rubric(AUROC, unknown), off={"gap": "No such column."})
    lock = resolve(before, {"hidden": patients}, replies)
    assert [each.points for each in lock.criteria] == [100]
    assert lock.off == {"gap": "No such column."}


def test_good_must_beat_naive_for_marks_to_lie_between_them(patients, replies):
    replies["good"], replies["naive"] = replies["naive"], replies["good"]
    with pytest.raises(BadRubric, match=r"'good' .* is no better than 'naive'"):
        resolve(rubric(AUROC, GAP), {"hidden": patients}, replies)
