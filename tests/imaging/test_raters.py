import numpy as np
import pytest

from coursekit.datasets import make_mri_slices
from coursekit.errors import BadInput
from coursekit.imaging import majority_vote, rater_bias, staple
from coursekit.metrics import dice, volume_bias


@pytest.fixture(scope="module")
def train():
    return make_mri_slices(150, secret="tests", role="train")


def drawn_votes(rng, sensitivity, specificity, n=60_000, prior=0.1):
    """Draw pixels and what raters of known skill say of them."""
    truth = rng.random(n) < prior
    chance = np.where(truth, np.c_[sensitivity], 1 - np.c_[specificity])
    votes = rng.random(chance.shape) < chance
    return truth, votes[None, :, None].astype(int)


def plain_staple(votes, n_rounds):
    """Run the paper's EM pixel by pixel; votes (n_raters, n)."""
    weight = votes.mean(axis=0)
    for _ in range(n_rounds):
        p = (votes * weight).sum(1) / weight.sum()
        q = ((1 - votes) * (1 - weight)).sum(1) / (1 - weight).sum()
        prior = weight.mean()
        a = prior * np.prod(np.where(votes, p[:, None], 1 - p[:, None]), axis=0)
        b = (1 - prior) * np.prod(np.where(votes, 1 - q[:, None], q[:, None]), axis=0)
        weight = a / (a + b)
    return weight, p, q


def test_staple_finds_the_skill_of_raters_who_err_independently():
    rng = np.random.default_rng(0)
    sensitivity, specificity = [0.95, 0.8, 0.6], [0.99, 0.97, 0.9]
    truth, votes = drawn_votes(rng, sensitivity, specificity)
    found = staple(votes, n_rounds=200)
    assert found.sensitivity == pytest.approx(sensitivity, abs=0.03)
    assert found.specificity == pytest.approx(specificity, abs=0.01)
    wrong = (found.masks[0, 0] != truth).mean()
    assert wrong <= (majority_vote(votes)[0, 0] != truth).mean()


def test_staple_by_patterns_is_staple_by_pixels():
    _, votes = drawn_votes(np.random.default_rng(1), [0.9, 0.8, 0.7], [0.9] * 3, n=500)
    found = staple(votes, n_rounds=7)
    weight, p, q = plain_staple(votes[0, :, 0], 7)
    assert found.probability[0, 0] == pytest.approx(weight)
    assert found.sensitivity == pytest.approx(p)
    assert found.specificity == pytest.approx(q)


def test_a_vote_needs_more_than_half():
    two, four = np.zeros((1, 4, 1, 3), int), np.zeros((1, 4, 1, 3), int)
    two[:, :2] = 1
    four[:, :3] = 1
    assert not majority_vote(two).any()
    assert majority_vote(four).all()


def test_votes_and_staple_come_nearer_to_the_truth_than_any_biased_rater(train):
    true = train.truth.outcome
    ill = true.any((1, 2))

    def agreement(masks):
        return dice(true[ill], masks[ill]).mean()

    in_b = (train.groups["group"] == "B").to_numpy()
    alone = volume_bias(true[in_b], train.y[in_b, 2])
    for masks in (majority_vote(train.y), staple(train.y).masks):
        assert agreement(masks) > max(agreement(train.y[:, k]) for k in (1, 2))
        assert abs(volume_bias(true[in_b], masks[in_b])) < 0.2 * alone


def test_the_table_of_raters_shows_whose_habit_is_where(train):
    table = rater_bias(train.y, train.truth.outcome, train.groups["group"])
    assert table.index.names == ["rater", "group"]
    assert abs(table.loc[("a", "B"), "volume_bias"]) < 0.05
    assert table.loc[("c", "B"), "volume_bias"] > 0.4
    assert abs(table.loc[("c", "A"), "volume_bias"]) < 0.05
    size = rater_bias(train.y, train.truth.outcome, train.groups["size"], "abc")
    assert set(size.index.get_level_values("group")) == {"small", "large"}
    assert size.loc[("b", "small"), "volume_bias"] < -0.4
    assert size.loc[("b", "small"), "lesion_sensitivity"] < 0.95
    n_slices = train.groups["size"].value_counts()
    assert size.loc[("b", "small"), "n_slices"] == n_slices["small"]


@pytest.mark.parametrize(
    ("outlines", "message"),
    [
        (np.zeros((2, 4, 4)), "are not"),
        (np.full((1, 3, 2, 2), 0.5), "other than 0 and 1"),
        (np.zeros((1, 2, 2, 2)), "needs 3 to 16 raters"),
    ],
)
def test_outlines_of_another_shape_or_range_are_refused(outlines, message):
    with pytest.raises(BadInput, match=message):
        staple(outlines)
