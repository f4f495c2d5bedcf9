import numpy as np
import pytest
import torch

from coursekit.errors import BadInput
from coursekit.imaging import SmallCNN, learning_rate_range


def test_the_loss_stays_then_falls_then_flies_off_and_the_network_stays(faint):
    network = SmallCNN(random_state=0)
    before = [weight.clone() for weight in network.parameters()]
    tried = learning_rate_range(network, faint.films, faint.y, highest=10.0)
    assert all(map(torch.equal, before, network.parameters()))
    rate, loss = tried["learning_rate"].to_numpy(), tried["loss"].to_numpy()
    assert np.allclose(np.diff(np.log(rate)), np.log(10.0 / 1e-5) / 99)
    lowest = loss.argmin()
    assert loss[rate < 1e-4].min() > 1.3 * loss[lowest]
    assert loss[lowest:].max() > 1.3 * loss[lowest]
    assert 1e-3 < rate[lowest] < 1


def test_equal_seeds_give_equal_curves(train):
    one, same, other = (
        learning_rate_range(
            SmallCNN(random_state=0), train.films, train.y, n_steps=5, random_state=s
        )
        for s in (1, 1, 2)
    )
    assert one.equals(same)
    assert not one.equals(other)


def test_the_run_ends_where_the_loss_is_no_number(train):
    def breaks_at_the_third(logits, y):
        seen.append(1)
        return logits[:, 0] + (np.inf if len(seen) == 3 else 0)

    seen = []
    tried = learning_rate_range(
        SmallCNN(random_state=0), train.films, train.y, loss=breaks_at_the_third
    )
    assert len(tried) == 2


@pytest.mark.parametrize(
    "wrong", [{"lowest": 0.0}, {"lowest": 1.0, "highest": 1.0}, {"n_steps": 1}]
)
def test_rates_rise_from_above_0(train, wrong):
    with pytest.raises(BadInput, match="0 < lowest < highest"):
        learning_rate_range(SmallCNN(), train.films, train.y, **wrong)
