"""Chance that follows from a seed, and leaves torch's global state as it was.

torch's layers draw their first weights, and dropout its zeros, from a global state.
Here that state is seeded, used and put back.
"""

import contextlib

import numpy as np
import torch


@contextlib.contextmanager
def seeded(random_state, device="cpu"):
    """Seed torch within a block only, and give a CPU generator seeded alike.

    Parameters
    ----------
    random_state : int or numpy Generator
    device : str or torch.device, default="cpu"
        A cuda device is seeded too, and put back.

    Yields
    ------
    torch.Generator
        For what is drawn on purpose: order, augmentation.

    Examples
    --------
    >>> before = torch.get_rng_state()
    >>> with seeded(0) as generator:
    ...     first = torch.rand(1), torch.rand(1, generator=generator)
    >>> bool((torch.get_rng_state() == before).all())
    True
    """
    seed = int(np.random.default_rng(random_state).integers(2**62))
    device = torch.device(device)
    used = [device] if device.type == "cuda" else []
    with torch.random.fork_rng(devices=used):
        torch.manual_seed(seed)
        yield torch.Generator().manual_seed(seed)
