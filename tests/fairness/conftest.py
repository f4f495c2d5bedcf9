import numpy as np
import pytest


@pytest.fixture(scope="session")
def scores():
    """Outcome, calibrated risk and group of 6,000 patients; of B it tells less."""
    rng = np.random.default_rng(0)
    n = 6000
    in_b = rng.random(n) < 0.3
    need = rng.normal(0, 1, n)
    y = (rng.random(n) < 1 / (1 + np.exp(1.2 - 1.5 * need))).astype(int)
    seen = need + rng.normal(0, np.where(in_b, 1.5, 0.6), n)
    risk = 1 / (1 + np.exp(1.2 - 1.5 * seen / np.where(in_b, 3.25, 1.36)))
    return y, risk, np.where(in_b, "B", "A")
