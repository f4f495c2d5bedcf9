import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from coursekit.metrics import (
    auroc_interval,
    average_precision_interval,
    calibration_slope_interval,
    gap_interval,
    scaled_brier_interval,
)


def limits(number):
    """Return the ends of intervals computed with this many threads."""
    rng = np.random.default_rng(0)
    risk = rng.beta(2, 5, 60_000)
    y = rng.random(60_000) < risk
    patient, group = rng.integers(0, 40_000, 60_000), rng.integers(0, 4, 60_000)
    scalars = [
        auroc_interval,
        average_precision_interval,
        calibration_slope_interval,
        scaled_brier_interval,
    ]
    with threadpool_limits(number):
        found = [interval(y, risk, patient=patient) for interval in scalars]
        found.append(gap_interval(y, risk > 0.3, group, patient=patient))
    return [(each.value, each.low, each.high) for each in found]


@pytest.mark.parametrize("number", [2, 4])
def test_the_number_of_threads_changes_no_bit(number):
    assert limits(number) == limits(1)
