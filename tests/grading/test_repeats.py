"""Why the same patient got two answers."""

import numpy as np
import pytest

from coursekit.grading.repeats import cause

N = 4000


def asked(answer, seed=0):
    """Return values, repeats and dealt of an answer that sees (rows, number)."""
    rng = np.random.default_rng(seed)
    batches = np.array_split(rng.permutation(N), 10)
    values, repeats, dealt = np.full(N, np.nan), [], []
    for number, own in enumerate(batches):
        before = rng.choice(batches[number - 1], 30) if number else []
        rows = np.concatenate([own, before, rng.choice(own, 8)]).astype(int)
        for row, told in zip(rows, answer(rows, number), strict=True):
            dealt.append((number, row))
            if np.isnan(values[row]):
                values[row] = told
            else:
                repeats.append((row, values[row], told))
    return values, np.array(repeats, dtype=float), np.array(dealt)


RISK = np.random.default_rng(5).random(N)
STORED = np.random.default_rng(6).random(2 * N)
RNG = np.random.default_rng(7)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (lambda rows, n: STORED[: len(rows)], "STATIC-ANSWERS"),
        (lambda rows, n: (STORED[: len(rows)] > 0.8) * 1.0, "STATIC-ANSWERS"),
        (lambda rows, n: STORED[n * 400 :][: len(rows)], "RANDOM-ANSWERS"),
        (lambda rows, n: RNG.random(len(rows)), "RANDOM-ANSWERS"),
        (lambda rows, n: (RNG.random(len(rows)) > 0.8) * 1.0, "RANDOM-ANSWERS"),
        (lambda rows, n: RISK[rows] + RNG.normal(0, 0.01, len(rows)), "RANDOM-ANSWERS"),
        (lambda rows, n: RISK[rows] + n / 1000, "DRIFTING-ANSWERS"),
        (lambda rows, n: (RISK[rows] > 0.9 - n / 11) * 1.0, "DRIFTING-ANSWERS"),
        (lambda rows, n: RISK[rows] / RISK[rows].max(), "BATCH-DEPENDENT"),
        (lambda rows, n: RISK[rows] - RISK[rows].mean(), "BATCH-DEPENDENT"),
        (lambda rows, n: np.argsort(np.argsort(RISK[rows])) / 400, "BATCH-DEPENDENT"),
    ],
)
def test_each_cause_has_its_code(answer, code):
    assert cause(*asked(answer)) == code


def test_a_tie_at_the_cut_off_of_a_batch_is_not_chance():
    values, repeats, dealt = asked(
        lambda rows, n: (RISK[rows] >= np.quantile(RISK[rows], 0.8)) * 1.0
    )
    within = np.flatnonzero(repeats[:, 1] == repeats[:, 2])[0]
    repeats[within, 2] = 1 - repeats[within, 2]
    assert cause(values, repeats, dealt) == "BATCH-DEPENDENT"
