"""Films, maps and masks are graded as tables are."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from coursekit.datasets import ShownCohort
from coursekit.grading.asking import ask
from coursekit.grading.contract import Reply, breaches
from coursekit.grading.local import local_check
from coursekit.grading.patients import Patients
from coursekit.grading.repeats import fingerprints
from coursekit.grading.rubric import Answer, Criterion, OperatingPoint, Rubric
from coursekit.grading.score import score
from coursekit.grading.serving import servings
from coursekit.grading.usefulness import usefulness
from coursekit.metrics.ranking import auroc

N = 600


def criterion(name, answer, points=10, kind="accuracy", **rest):
    rest = {"measure": name, "floor": 0.0, "full": 1.0, **rest}
    return Criterion(name, kind, name, answer=answer, points=points, **rest)


MASKS = Rubric(
    format=1,
    assignment="masks",
    title="Masks",
    version="1",
    generator="make_mri_slices",
    given=(),
    cohorts={"hidden": N},
    kinds={"accuracy": 20, "fairness": 10},
    manual={},
    operating_point=OperatingPoint("predict_mask", 0.2, 0.6, measure="dice"),
    answers=(Answer("predict_mask", "mask"),),
    criteria=(
        criterion("dice", "predict_mask"),
        criterion("false_lesions", "predict_mask", floor=1, full=0, ramped=True),
        criterion(
            "dice_gap",
            "predict_mask",
            kind="fairness",
            attribute="group",
            floor=0.2,
            full=0.05,
            ramped=True,
        ),
    ),
)
FILMS = replace(
    MASKS,
    assignment="films",
    kinds={"accuracy": 20, "evidence": 20},
    batch_sizes=(32, 128),
    operating_point=OperatingPoint(
        "decide", 0.0, 0.1, alert_rate=(0.1, 0.5), threshold_probability=0.3
    ),
    answers=(
        Answer("model", "risk"),
        Answer("decide", "decision"),
        Answer("heatmap", "map", rows=100, truth="lesion"),
    ),
    criteria=(
        criterion(
            *("auroc_drop", "model"),
            against="inside",
            at_least=0.7,
            floor=0.3,
            full=0.05,
        ),
        criterion(
            "sensitivity_at_specificity",
            "model",
            among={"stage": "early"},
            specificity=0.9,
        ),
        criterion(
            "rank_gap",
            "model",
            kind="evidence",
            attribute="letter",
            hidden_only=True,
            floor=0.2,
            full=0.02,
            low_code="SHORTCUT",
        ),
        criterion("mass_in_lesion", "heatmap", kind="evidence"),
    ),
)


@pytest.fixture(scope="module")
def slices():
    """Slices with a bright square each; half of them of group B."""
    rng = np.random.default_rng(0)
    X = rng.integers(0, 100, (N, 1, 16, 16)).astype(np.uint8)
    masks = np.zeros((N, 16, 16), dtype=np.uint8)
    for row, (i, j) in enumerate(rng.integers(1, 11, (N, 2))):
        masks[row, i : i + 4, j : j + 4] = 1
    X[:, 0][masks == 1] = 200
    groups = pd.DataFrame({"group": np.where(np.arange(N) % 2, "B", "A")})
    return X, Patients(y=masks, groups=groups)


def bright(X):
    return X[:, 0] > 150


def narrow_in_b(X):
    masks = bright(X)
    masks[1::2, :, ::2] = 0
    return masks


def graded(function, slices):
    X, patients = slices
    (serving,) = servings(MASKS, {"hidden": X})
    # one batch, in order: narrow_in_b tells groups by their place
    reply = Reply(np.asarray(function(X), dtype=np.uint8))
    assert reply.values.shape == serving.reply_shape
    return score(MASKS, {"hidden": patients}, {"predict_mask": reply}, {})


def points(record):
    return {each["id"]: each["points"] for each in record["criteria"]}


def test_right_masks_earn_all_points(slices):
    assert points(graded(bright, slices)) == {
        "dice": 10,
        "false_lesions": 10,
        "dice_gap": 10,
    }


def test_masks_that_are_narrower_in_one_group_lose_by_the_gap(slices):
    record = graded(narrow_in_b, slices)
    assert points(record)["dice_gap"] == 0
    assert record["criteria"][2]["value"] == pytest.approx(1 / 3, abs=0.01)


def test_empty_masks_treat_groups_alike_and_earn_nothing_for_it(slices):
    record = graded(lambda X: np.zeros((N, 16, 16)), slices)
    assert set(points(record).values()) == {0}
    assert record["usefulness"] == {
        "measure": "dice",
        "value": 0.0,
        "ramp": 0.0,
        "alert_rate": None,
        "in_band": True,
    }


def asked(function, X, contract):
    rubric = replace(MASKS, answers=(Answer("predict_mask", contract),), criteria=())
    (serving,) = servings(rubric, {"hidden": X})
    return breaches(rubric.answers[0], ask(function, serving))


def test_a_map_or_mask_that_keeps_its_contract_is_not_reproached(slices):
    X, _ = slices
    assert asked(bright, X, "mask") == []
    assert asked(lambda films: films[:, 0] / 255.0, X, "map") == []


@pytest.mark.parametrize(
    ("contract", "answer", "code"),
    [
        ("mask", lambda X: X, "NO-REPLY"),
        ("mask", lambda X: X[:, 0] / 2, "NO-REPLY"),
        ("mask", lambda X: bright(X) * 255, "NOT-A-MASK"),
        ("map", lambda X: X[:, 0] - 100.0, "NEGATIVE-MAP"),
        ("map", lambda X: np.where(bright(X), np.nan, 0.0), "NOT-FINITE"),
        ("mask", lambda X: X[:, 0] > np.quantile(X, 0.7), "BATCH-DEPENDENT"),
    ],
)
def test_a_picture_that_breaks_its_contract_is_named(contract, answer, code, slices):
    X, _ = slices
    X = X + np.linspace(0, 30, N).astype(np.uint8)[:, None, None, None]
    assert [each.code for each in asked(answer, X, contract)] == [code]


def test_pictures_that_differ_in_one_pixel_have_different_fingerprints(slices):
    _, patients = slices
    other = patients.y.copy()
    other[:, 3, 3] ^= 1
    assert (fingerprints(patients.y) != fingerprints(other)).all()


def test_a_mask_may_differ_by_a_pixel_between_batches_and_not_by_more(slices):
    X, _ = slices

    def wavering(n_pixels):
        masks = iter(np.arange(10**6))

        def predict_mask(films):
            outlined = bright(films)
            outlined[:, 0, :n_pixels] ^= next(masks) % 2 == 1
            return outlined

        return predict_mask

    assert asked(wavering(1), X, "mask") == []
    assert asked(wavering(12), X, "mask")


def test_a_map_is_compared_whatever_its_scale():
    maps = np.random.default_rng(0).random((5, 8, 8))
    np.testing.assert_allclose(fingerprints(maps), fingerprints(maps * 7), rtol=1e-12)


@pytest.fixture(scope="module")
def films():
    """Films of which some show a lesion, early or late."""
    rng = np.random.default_rng(1)
    y = (rng.random(N) < 0.3) * 1
    stage = np.where(y == 0, "none", np.where(rng.random(N) < 0.5, "early", "late"))
    lesions = np.zeros((N, 8, 8), dtype=np.uint8)
    lesions[y == 1, 2:4, 2:4] = 1
    letter = np.where(rng.random(N) < 0.5, "north", "south")
    groups = pd.DataFrame({"stage": stage, "letter": letter})
    patients = Patients(y, groups, detail={"lesion": lesions})
    return {"hidden": patients, "inside": patients}


def replies_of(films, token):
    """Replies of a model whose risk moves by `token` with the scanner's letter."""
    rng = np.random.default_rng(2)
    y = films["hidden"].y
    signal = 0.15 * y + rng.uniform(0.1, 0.4, N)
    by_site = token * (films["hidden"].groups["letter"] == "south").to_numpy()
    inside = np.clip(signal + token * y, 0, 1)
    return {
        "model": Reply(np.clip(signal + by_site, 0, 1)),
        "model~inside": Reply(inside),
        "decide": Reply((signal > 0.35) * 1.0),
        "heatmap": Reply((films["hidden"].detail["lesion"][:100] + 0.1).astype("f4")),
    }


def test_a_token_reader_loses_outside_and_ranks_by_the_letter(films):
    honest = score(FILMS, films, replies_of(films, 0.0), {})
    reader = score(FILMS, films, replies_of(films, 0.3), {})
    assert points(honest)["rank_gap"] > 9
    assert points(honest)["auroc_drop"] == 10
    assert points(reader)["rank_gap"] == 0
    assert points(reader)["auroc_drop"] < 6
    assert "SHORTCUT" in {each["code"] for each in reader["codes"]}


def test_a_token_reader_cannot_hide_by_scaling_its_risks_down(films):
    reader = replies_of(films, 0.3)
    reader["model"] = Reply(reader["model"].values / 1000)
    assert points(score(FILMS, films, reader, {}))["rank_gap"] == 0


def test_ranking_the_films_inside_badly_on_purpose_makes_no_drop_smaller(films):
    replies = replies_of(films, 0.3)
    lost = score(FILMS, films, replies, {})["criteria"][0]
    replies["model~inside"] = Reply(np.full(N, 0.5))
    hidden = score(FILMS, films, replies, {})["criteria"][0]
    assert lost["value"] > 0
    assert hidden["value"] == pytest.approx(0.7 - auroc_of(films, replies), abs=1e-4)


def auroc_of(films, replies):
    return auroc(films["hidden"].y, replies["model"].values)


def test_a_gap_in_ranks_needs_two_groups(films):
    alone = replace(films["hidden"], groups=films["hidden"].groups.assign(letter="no"))
    record = score(FILMS, {**films, "hidden": alone}, replies_of(films, 0.0), {})
    (gap,) = [each for each in record["criteria"] if each["id"] == "rank_gap"]
    assert "letter has 1 values" in gap["sentence"]


def test_the_share_of_the_map_in_the_lesion_is_told(films):
    record = score(FILMS, films, replies_of(films, 0.0), {})
    (mass,) = [each for each in record["criteria"] if each["id"] == "mass_in_lesion"]
    assert mass["value"] == pytest.approx(4 * 1.1 / (4 * 1.1 + 60 * 0.1), abs=1e-4)


def test_early_lesions_are_looked_for_where_nine_of_ten_healthy_are_spared(films):
    found = score(FILMS, films, replies_of(films, 0.0), {})["criteria"][1]
    patients, risk = films["hidden"], replies_of(films, 0.0)["model"].values
    cut_off = np.quantile(risk[patients.y == 0], 0.9)
    early = (patients.groups["stage"] == "early").to_numpy()
    assert found["value"] == pytest.approx(np.mean(risk[early] > cut_off), abs=0.01)


def test_what_cannot_be_compared_earns_nothing_and_says_why(films):
    replies = replies_of(films, 0.0)
    replies["model~inside"] = Reply(None, status="failed", reason="model raised E")
    record = score(FILMS, films, replies, {})
    assert points(record)["auroc_drop"] == 0
    assert "model raised E" in record["criteria"][0]["sentence"]
    assert points(record)["sensitivity_at_specificity"] > 0


def test_what_was_not_compared_because_the_run_ended_is_left_to_a_person(films):
    replies = replies_of(films, 0.0)
    replies["model~inside"] = Reply(None, status="cut-off", reason="It ended.")
    record = score(FILMS, films, replies, {})
    assert points(record)["auroc_drop"] is None
    assert record["kinds"]["accuracy"]["points"] is None


def test_without_any_lesion_found_or_missed_an_answer_is_of_no_known_use(slices):
    _, patients = slices
    nothing = Patients(patients.y * 0, patients.groups)
    reply = {"predict_mask": Reply(patients.y * 0)}
    useful = usefulness(MASKS, {"hidden": nothing}, reply, {"predict_mask": []})
    assert useful.ramp == 0.0


def test_the_local_check_tells_which_points_only_hidden_films_show(films):
    patients = films["hidden"]
    X = np.zeros((N, 1, 8, 8), dtype=np.uint8)
    X[:, 0, 0, 0] = 200 * patients.y
    shown = ShownCohort("check", X, patients.y, patients.groups, np.arange(N))
    answers = {
        "model": lambda films: films[:, 0, 0, 0] / 255.0,
        "decide": lambda films: films[:, 0, 0, 0] > 100,
        "heatmap": lambda films: films[:, 0] / 255.0,
    }
    check = local_check(FILMS, shown, answers)
    told = {row["label"].partition(" (")[0]: row["points_range"] for row in check.rows}
    assert told["rank_gap"] == told["auroc_drop"] == told["mass_in_lesion"] == (0.0, 10)
    assert told["sensitivity_at_specificity"] == [10.0, 10.0]
    assert "only the hidden patients show it" in repr(check)
