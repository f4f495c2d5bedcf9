import numpy as np
import pytest
from scipy.ndimage import label

from coursekit.errors import BadInput, NotEstimable
from coursekit.metrics import (
    dice,
    dice_gap_interval,
    false_lesions_per_slice,
    lesion_counts,
    lesion_sensitivity,
    lesion_sensitivity_interval,
    mean_dice_interval,
    volume_bias,
    volume_bias_by_group,
    volume_bias_by_group_interval,
)


def blobs(n, rng, side=16):
    """Draw masks of a few squares; some are empty."""
    masks = np.zeros((n, side, side), int)
    for mask in masks:
        for _ in range(rng.integers(0, 4)):
            top, left, size = *rng.integers(0, side - 4, 2), rng.integers(1, 5)
            mask[top : top + size, left : left + size] = 1
    return masks


def plain_counts(true, pred, min_iou):
    """Count as the definition says, lesion by lesion."""
    rows = []
    for one, other in zip(true, pred, strict=True):
        lesions, predicted = pieces_of(one), pieces_of(other)

        def meets(piece, others):
            return any(
                len(piece & o) / len(piece | o) > min_iou for o in others if piece & o
            )

        rows.append(
            (
                len(lesions),
                sum(meets(piece, predicted) for piece in lesions),
                sum(not meets(piece, lesions) for piece in predicted),
            )
        )
    return np.array(rows).T


def pieces_of(mask):
    pieces, n_pieces = label(mask, np.ones((3, 3)))
    return [
        set(zip(*np.nonzero(pieces == k + 1), strict=True)) for k in range(n_pieces)
    ]


@pytest.mark.parametrize("min_iou", [0.0, 0.1, 0.5])
def test_lesions_are_counted_as_one_by_one(min_iou):
    rng = np.random.default_rng(0)
    true, pred = blobs(60, rng), blobs(60, rng)
    pred[::3] = np.roll(true[::3], 1, axis=2)
    counts = lesion_counts(true, pred, min_iou)
    found = np.array([counts.n_lesions, counts.n_found, counts.n_false])
    assert (found == plain_counts(true, pred, min_iou)).all()
    assert lesion_sensitivity(true, pred, min_iou) == pytest.approx(
        found[1].sum() / found[0].sum()
    )
    assert false_lesions_per_slice(true, pred, min_iou) == found[2].mean()


def test_dice_is_twice_the_common_pixels_over_all_pixels():
    rng = np.random.default_rng(1)
    true, pred = blobs(40, rng), blobs(40, rng)
    for value, one, other in zip(dice(true, pred), true, pred, strict=True):
        a, b = set(np.flatnonzero(one)), set(np.flatnonzero(other))
        if a or b:
            assert value == pytest.approx(2 * len(a & b) / (len(a) + len(b)))
        else:
            assert np.isnan(value)


def test_two_shifted_discs_have_the_dice_of_the_closed_form():
    side, radius, shift = 400, 100, 60
    row, column = np.mgrid[:side, :side]
    one, other = (np.hypot(row - 200, column - 170 - d) < radius for d in (0, shift))
    half = np.arccos(shift / (2 * radius))
    lens = 2 * radius**2 * half - shift / 2 * np.sqrt(4 * radius**2 - shift**2)
    [value] = dice(one[None], other[None])
    assert value == pytest.approx(lens / (np.pi * radius**2), abs=0.002)


def test_pixels_touching_at_a_corner_are_one_lesion_and_slices_are_apart():
    slices = np.array([[[1, 0], [0, 1]], [[1, 0], [0, 0]]])
    assert lesion_counts(slices, slices).n_lesions.tolist() == [1, 1]


def test_a_mask_of_the_whole_head_finds_nothing_unless_any_pixel_counts():
    true = np.zeros((1, 20, 20), int)
    true[0, 3:6, 3:6] = 1
    everything = np.ones_like(true)
    assert lesion_sensitivity(true, everything) == 0
    assert lesion_sensitivity(true, everything, min_iou=0) == 1
    assert false_lesions_per_slice(true, everything, min_iou=0) == 0


def test_volume_bias_is_of_sums_and_nan_for_a_group_without_lesion():
    true, pred = np.zeros((3, 1, 8), int), np.zeros((3, 1, 8), int)
    true[0, 0, :2] = true[1, 0, :6] = 1
    pred[0, 0, :4] = pred[1, 0, :6] = pred[2, 0, :1] = 1
    assert volume_bias(true, pred) == pytest.approx(3 / 8)
    assert volume_bias_by_group(true, pred, ["a", "b", "c"]).tolist() == pytest.approx(
        [1.0, 0.0, np.nan], nan_ok=True
    )


def test_what_no_slice_shows_is_refused():
    empty = np.zeros((3, 4, 4), int)
    for measure in (
        lesion_sensitivity,
        volume_bias,
        mean_dice_interval,
        lesion_sensitivity_interval,
    ):
        with pytest.raises(NotEstimable):
            measure(empty, empty)
    one = empty.copy()
    one[0, 1, 1] = 1
    for measure in (dice_gap_interval, volume_bias_by_group_interval):
        with pytest.raises(NotEstimable):
            measure(one, one, ["a", "b", "b"])


@pytest.mark.parametrize(
    ("masks", "message"),
    [
        (np.zeros((2, 4)), "has the shape"),
        (np.full((2, 4, 4), 0.3), "other than 0 and 1"),
        (np.zeros((3, 4, 4)), "different shapes"),
    ],
)
def test_masks_of_another_shape_or_range_are_refused(masks, message):
    with pytest.raises(BadInput, match=message):
        dice(np.zeros((2, 4, 4), int), masks)
    with pytest.raises(BadInput, match="min_iou is 1"):
        lesion_counts(masks, masks, min_iou=1)


def test_a_perfect_answer_has_an_interval_below_one_for_sensitivity():
    masks = np.ones((10, 2, 2), int)
    sure = lesion_sensitivity_interval(masks, masks)
    assert sure.value == 1
    assert 0.7 < sure.low < 0.9
    assert sure.high == 1


def drawn_slices(rng, n_patients, shares, width=40):
    """Draw two slices a patient whose overlap depends on patient and group.

    A true mask is `width` pixels in a row; the answer has a share of them.
    """
    group = np.repeat(rng.integers(0, len(shares), n_patients), 2)
    of_patient = np.repeat(rng.normal(0, 0.06, n_patients), 2)
    share = np.array(shares)[group] + of_patient + rng.normal(0, 0.03, 2 * n_patients)
    n_pixels = np.rint(share * width).clip(1, width).astype(int)
    true = np.ones((2 * n_patients, 1, width), int)
    pred = (np.arange(width) < n_pixels[:, None]).astype(int)[:, None]
    return true, pred, group, np.repeat(np.arange(n_patients), 2)


def covered(measure, truth, shares, n_draws=300, **settings):
    rng = np.random.default_rng(3)
    hits = 0
    for _ in range(n_draws):
        true, pred, group, patient = drawn_slices(rng, 80, shares)
        found = measure(true, pred, group, patient)
        hits += found.low <= truth <= found.high
    return hits / n_draws


def mean_of(measure, shares, value):
    true, pred, group, patient = drawn_slices(np.random.default_rng(9), 40_000, shares)
    return value(measure(true, pred, group, patient))


def test_the_interval_of_the_mean_dice_covers_the_truth_as_often_as_it_says():
    def measure(true, pred, group, patient):
        return mean_dice_interval(true, pred, patient=patient)

    truth = mean_of(measure, [0.7], lambda found: found.value)
    assert 0.85 < covered(measure, truth, [0.7]) < 0.95


def test_slices_of_one_patient_make_the_interval_wider():
    rng = np.random.default_rng(0)
    true, pred, _, patient = drawn_slices(rng, 200, [0.7])
    by_patient = mean_dice_interval(true, pred, patient=patient).half_width
    assert by_patient > 1.2 * mean_dice_interval(true, pred).half_width


@pytest.mark.parametrize("shares", [[0.6, 0.75], [0.6, 0.65, 0.75]])
def test_the_limits_of_the_gap_cover_the_true_gap(shares):
    def measure(true, pred, group, patient):
        return dice_gap_interval(true, pred, group, patient=patient, n_replicates=500)

    truth = mean_of(measure, shares, lambda found: found.value)
    assert covered(measure, truth, shares, 200) > 0.85


def test_groups_served_alike_show_a_gap_seldom_although_the_largest_is_never_0():
    rng = np.random.default_rng(5)
    gaps = []
    for _ in range(200):
        true, pred, group, patient = drawn_slices(rng, 60, [0.7] * 4)
        gaps.append(
            dice_gap_interval(true, pred, group, patient=patient, n_replicates=500)
        )
    assert np.mean([gap.value for gap in gaps]) > 0.01
    assert np.mean([gap.low > 0 for gap in gaps]) < 0.16


def test_the_limits_of_the_volume_bias_hold_for_all_groups_at_once():
    def measure(true, pred, group, patient):
        return volume_bias_by_group_interval(
            true, pred, group, patient=patient, n_replicates=500
        )

    shares = [0.8, 0.7, 0.75]
    truth = mean_of(measure, shares, lambda found: found.value)
    assert covered(measure, truth, shares, 200) > 0.85


def test_groups_without_bias_show_one_seldom_although_there_are_many():
    rng = np.random.default_rng(6)
    seen = []
    for _ in range(300):
        n = 120
        size = rng.integers(4, 12, n)
        drawn = size + rng.integers(-2, 3, n)
        true, pred = ((np.arange(16) < k[:, None])[:, None] for k in (size, drawn))
        found = volume_bias_by_group_interval(
            true, pred, np.arange(n) % 6, n_replicates=500
        )
        seen.append(found.low > 0)
    assert np.mean(seen) < 0.16


def test_the_interval_of_the_sensitivity_covers_with_clustered_lesions():
    rng = np.random.default_rng(7)
    hits, n_draws = 0, 300
    for _ in range(n_draws):
        n = 60
        easy = rng.beta(8, 2, n).repeat(2)
        true = np.zeros((2 * n, 1, 8), int)
        true[:, :, [0, 1, 4, 5]] = 1
        pred = np.zeros_like(true)
        for where in ([0, 1], [4, 5]):
            pred[np.ix_(rng.random(2 * n) < easy, [0], where)] = 1
        found = lesion_sensitivity_interval(true, pred, patient=np.arange(n).repeat(2))
        hits += found.low <= 0.8 <= found.high
    assert 0.85 < hits / n_draws < 0.95


@pytest.mark.parametrize("measure", [dice_gap_interval, volume_bias_by_group_interval])
def test_groups_without_any_spread_do_not_widen_the_limits_of_another(measure):
    rng = np.random.default_rng(8)
    true, pred, _, _ = drawn_slices(rng, 30, [0.7])
    perfect = np.ones_like(true)
    masks = np.concatenate([pred, perfect, perfect])
    group = np.repeat(["a", "b", "c"], len(true))
    found = measure(np.concatenate([true] * 3), masks, group)
    assert 0 < found.high - found.low < 0.1
