import numpy as np
import pytest

from coursekit.errors import BadInput
from coursekit.fairness import ill_for_half_width, ill_for_power
from coursekit.metrics import gap_interval


def test_as_many_ill_as_said_give_the_half_width():
    n = ill_for_half_width(0.5, 0.4, 0.05, ratio=2)
    alerts = np.concatenate([np.arange(2 * n) < n, np.arange(n) < 0.4 * n])
    gap = gap_interval(np.ones(3 * n), alerts, ["a"] * 2 * n + ["b"] * n)
    assert gap.half_width == pytest.approx(0.05, abs=0.002)


def test_as_many_ill_as_said_show_the_gap_with_the_power():
    n = ill_for_power(0.5, 0.35, power=0.8, ratio=2)
    rng = np.random.default_rng(0)
    a, b = rng.binomial(2 * n, 0.5, 4000) / (2 * n), rng.binomial(n, 0.35, 4000) / n
    pooled = (2 * a + b) / 3
    z = (a - b) / np.sqrt(pooled * (1 - pooled) * 1.5 / n)
    assert np.mean(z > 1.645) == pytest.approx(0.8, abs=0.03)


def test_smaller_gaps_and_narrower_intervals_need_more():
    assert ill_for_power(0.5, 0.45) > 3 * ill_for_power(0.5, 0.4)
    wide, narrow = (ill_for_half_width(0.5, 0.5, w) for w in (0.1, 0.05))
    assert narrow == pytest.approx(4 * wide, abs=4)


@pytest.mark.parametrize(
    "call",
    [
        lambda: ill_for_half_width(1.2, 0.5, 0.05),
        lambda: ill_for_half_width(0.5, 0.5, 0),
        lambda: ill_for_power(0.5, 0.5),
        lambda: ill_for_power(0.5, 0.4, power=0.3),
        lambda: ill_for_power(0.5, 0.4, ratio=0),
    ],
)
def test_impossible_plans_are_refused(call):
    with pytest.raises(BadInput):
        call()
