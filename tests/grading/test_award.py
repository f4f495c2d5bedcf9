import math
from dataclasses import replace

import pytest

from coursekit.grading.award import award, distance_to_band, no_points, withhold
from coursekit.grading.rubric import Criterion
from coursekit.metrics.intervals import Estimate

GAP = Criterion(
    id="gap",
    kind="fairness",
    label="Ill patients found",
    measure="sensitivity_gap",
    answer="decide",
    points=30,
    floor=0.14,
    full=0.06,
    low_code="MISSED-IN-GROUP",
)
AUROC = replace(
    GAP, id="auroc", kind="accuracy", measure="auroc", floor=0.65, full=0.75, points=20
)
SLOPE = replace(
    GAP, id="slope", measure="calibration_slope", band=(0.8, 1.25), floor=0.4, full=0.0
)


def test_a_gap_is_graded_at_its_lower_limit():
    given = award(GAP, Estimate(0.10, 0.08, 0.12))
    assert given.graded == 0.08
    assert given.points == pytest.approx(30 * (0.14 - 0.08) / 0.08)


def test_an_auroc_is_graded_at_its_upper_limit():
    assert award(AUROC, Estimate(0.69, 0.68, 0.70)).points == pytest.approx(10)


@pytest.mark.parametrize(
    ("low", "points"), [(0.02, 30), (0.06, 30), (0.14, 0), (0.3, 0)]
)
def test_points_stop_at_full_and_at_floor(low, points):
    assert award(GAP, Estimate(low + 0.01, low, low + 0.02)).points == points


def test_the_sentence_tells_what_was_seen_what_was_graded_and_what_earns_all():
    assert award(GAP, Estimate(0.10, 0.08, 0.12)).sentence == (
        "We saw a gap of 0.100. With this many patients the true gap could be as small "
        "as 0.080, so we graded 0.080: 22.5 of 30. At most 0.060 earns all, 0.140 none."
    )


def test_the_ramp_multiplies_only_criteria_that_are_ramped():
    seen = Estimate(0.03, 0.01, 0.05)
    assert award(GAP, seen, ramp=0.25).points == 30
    ramped = award(replace(GAP, ramped=True), seen, ramp=0.25)
    assert ramped.points == 7.5
    assert "NOT-USEFUL" in ramped.codes
    assert "help few patients" in ramped.sentence


def test_a_slope_whose_interval_touches_the_band_earns_all():
    assert award(SLOPE, Estimate(0.7, 0.6, 0.81)).points == 30


def test_a_slope_far_from_the_band_earns_nothing():
    given = award(SLOPE, Estimate(0.3, 0.25, 0.35))
    assert given.points == 0
    assert "MISSED-IN-GROUP" in given.codes


def test_a_slope_above_its_band_is_as_far_as_one_below():
    above = distance_to_band(Estimate(2.5, 2.4, 2.6), (0.8, 1.25))
    below = distance_to_band(Estimate(0.4, 1 / 2.6, 1 / 2.4), (0.8, 1.25))
    assert above.low == pytest.approx(below.low)


def test_a_negative_slope_is_infinitely_far():
    assert distance_to_band(Estimate(-0.1, -0.2, -0.05), (0.8, 1.25)).low == math.inf


def test_a_withheld_mark_has_no_points_at_all():
    given = withhold(award(AUROC, Estimate(0.9, 0.89, 0.91)), ("IMPOSSIBLE",), "Look.")
    assert given.points is None
    assert given.verdict == "withheld"


def test_no_points_say_why():
    given = no_points(GAP, ("NO-ALERTS",), "Nobody was flagged.")
    assert (given.points, given.sentence) == (0.0, "Nobody was flagged. 0 of 30.")
