"""Random generators that follow from a course's secret.

Equal parts give equal draws, on every machine; any other part gives others.
"""

import hashlib

import numpy as np

# Of a course's cohorts; what else an assignment needs, its generator adds.
ROLES = ("train", "tune", "check", "hidden", "hidden-2")


def generator_from(*parts):
    r"""Return a numpy generator seeded by SHA-256 of the parts, in order.

    Parameters
    ----------
    *parts : str or int
        Such as the secret, the name of what is drawn, and the role. The parts are
        told apart: ``("ab", "c")`` and ``("a", "bc")`` give different draws.

    Returns
    -------
    numpy.random.Generator

    Examples
    --------
    >>> first = generator_from("demo", "readmission", "train").random()
    >>> first == generator_from("demo", "readmission", "train").random()
    True
    >>> first == generator_from("demo", "readmission", "tune").random()
    False
    """
    text = "".join(f"{len(str(part))}:{part}" for part in parts)
    digest = hashlib.sha256(text.encode()).digest()
    return np.random.default_rng(int.from_bytes(digest, "big"))
