import numpy as np
import pytest
from scipy.special import expit

from coursekit.errors import BadInput
from coursekit.imaging import TemperatureScaling
from coursekit.metrics import auroc


@pytest.mark.parametrize("too_sure", [0.4, 1.0, 3.0])
def test_the_temperature_undoes_a_known_one(too_sure):
    rng = np.random.default_rng(0)
    honest = rng.normal(0, 2, 20_000)
    y = (rng.random(20_000) < expit(honest)).astype(int)
    scaling = TemperatureScaling().fit(honest * too_sure, y)
    assert scaling.temperature_ == pytest.approx(too_sure, rel=0.05)
    risk = scaling.risk(honest * too_sure)
    assert risk == pytest.approx(expit(honest), abs=0.02)
    assert auroc(y, risk) == auroc(y, honest)


def test_two_classes_have_the_temperature_of_one_logit():
    rng = np.random.default_rng(1)
    logits = rng.normal(0, 3, 500)
    y = (rng.random(500) < expit(logits / 2)).astype(int)
    one = TemperatureScaling().fit(logits, y)
    two = TemperatureScaling().fit(np.column_stack([0 * logits, logits]), y)
    assert two.temperature_ == pytest.approx(one.temperature_, rel=1e-3)
    assert two.risk(np.array([[0.0, 2.0]]))[0, 1] == pytest.approx(
        one.risk(np.array([2.0]))[0], rel=1e-3
    )


def test_a_temperature_needs_both_outcomes():
    with pytest.raises(BadInput, match="both kinds"):
        TemperatureScaling().fit([1.0, 2.0], [1, 1])
