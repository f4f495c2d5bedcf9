import numpy as np
import pytest

from coursekit.errors import BadInput
from coursekit.supervised import discharge_points


def plain_points(stay, emergency, comorbidities, prior):
    """Add up one patient's points, line by line."""
    if stay < 1:
        points = 0
    elif stay < 4:
        points = int(stay)
    elif stay <= 6:
        points = 4
    elif stay <= 13:
        points = 5
    else:
        points = 7
    points += 3 if emergency else 0
    points += 5 if comorbidities >= 4 else comorbidities
    return points + min(prior, 4)


def test_points_are_those_added_up_by_hand():
    rng = np.random.default_rng(0)
    stay, comorbid, prior = (rng.integers(0, top, 500) for top in (20, 8, 8))
    emergency = rng.random(500) < 0.5
    expected = [
        plain_points(*one) for one in zip(stay, emergency, comorbid, prior, strict=True)
    ]
    assert discharge_points(stay, emergency, comorbid, prior).tolist() == expected


@pytest.mark.parametrize("stay", [-1, np.nan])
def test_a_missing_or_negative_value_is_refused(stay):
    with pytest.raises(BadInput, match="needs every value"):
        discharge_points([stay], [True], [1], [1])
