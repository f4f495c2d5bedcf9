import numpy as np
import pytest

from coursekit.errors import BadInput
from coursekit.supervised import oversampled_rows


@pytest.mark.parametrize("prevalence", [0.1, 0.5, 0.9])
def test_both_outcomes_are_equally_common_and_nobody_is_lost(prevalence):
    y = (np.arange(1000) < 1000 * prevalence).astype(int)
    rows = oversampled_rows(y)
    assert y[rows].mean() == 0.5
    assert set(rows) == set(range(1000))


def test_only_rows_of_the_rarer_outcome_are_repeated():
    y = np.array([1, 0, 0, 0, 0])
    rows, counts = np.unique(oversampled_rows(y), return_counts=True)
    assert counts[rows == 0] == 4
    assert (counts[rows != 0] == 1).all()


def test_one_outcome_alone_cannot_be_balanced():
    with pytest.raises(BadInput, match="Both outcomes"):
        oversampled_rows([0, 0])
