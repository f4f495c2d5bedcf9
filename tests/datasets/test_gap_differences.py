import numpy as np
import pytest

from coursekit.datasets import make_gap
from coursekit.datasets.gap_differences import draw_differences
from coursekit.datasets.gap_model import course_model


def drawn(role, differences=True, secret="tests"):
    return make_gap(
        8000, secret=secret, role=role, mechanisms=(), differences=differences
    )


def test_without_differences_a_course_is_as_it_was():
    assert course_model("tests", 0.5).differences.need_in_b == 0
    assert drawn("tune", False).X.equals(
        make_gap(8000, secret="tests", role="tune", mechanisms=()).X
    )


@pytest.mark.parametrize("secret", ["one", "two", "three"])
def test_differences_change_no_label_no_device_and_no_risk_at_equal_need(secret):
    train, model = drawn("train", secret=secret), course_model(secret, 1, True)
    assert (train.y == train.truth.outcome).all()
    luck_of_age = (train.X["age_years"].to_numpy() - 62) / 15
    risk = model.risk(train.truth.detail["need"], luck_of_age)
    assert np.quantile(np.abs(risk - train.truth.risk), 0.95) < 0.01
    apart = train.X["spo2_percent"] - train.truth.detail["sao2_percent"]
    by_group = apart.groupby(train.groups["group"].to_numpy()).mean()
    assert by_group["B"] - by_group["A"] == pytest.approx(0, abs=0.3)


def test_differences_are_those_that_the_secret_draws():
    train, tune = drawn("train"), drawn("tune")
    said = draw_differences("tests")
    for cohort, share in [(train, said.share_b_in_train), (tune, said.share_b)]:
        b = (cohort.groups["group"] == "B").to_numpy()
        assert b.mean() == pytest.approx(share, abs=0.02)
        need = cohort.truth.detail["need"]
        assert need[b].mean() - need[~b].mean() == pytest.approx(
            said.need_in_b, abs=0.1
        )


def test_b_is_rare_in_train_in_most_courses_and_not_in_all():
    all_drawn = [draw_differences(f"secret {number}") for number in range(300)]
    rare = [d.share_b_in_train < 0.6 * d.share_b for d in all_drawn]
    assert np.mean(rare) == pytest.approx(0.65, abs=0.08)
