"""How two groups may differ although nothing is wrong.

More illness in one group, thinner air where it lives, another share of the
patients: all this is seen in a table and none of it is a fault. What differs here is
the same in all roles of a course (but for the share of B in train), and drawn whether
or not a mechanism is on. So no figure of one table tells a fault: comparisons with
audited outcomes and with blood gases do.
"""

from dataclasses import dataclass

from coursekit.datasets.seeds import generator_from

SHARE_B = 0.30
COST_KEPT = 0.5
NEXT_COST_SD = 0.5
FULL_SATURATION = 98.0  # percent


@dataclass(frozen=True)
class Differences:
    """What differs between the groups of one course; by default nothing does."""

    share_b: float = SHARE_B  # of the patients, in all roles but train
    share_b_in_train: float = SHARE_B  # where train is as it should be
    few_b_in_train: float | None = None  # with under-representation; None: the model's
    need_in_b: float = 0.0  # by how many standard deviations B needs more than A
    saturation: float = 0.0  # percent, added to the saturation of everybody
    saturation_in_b: float = 0.0  # percent, added to it in B
    falls_in_b: float = 1.0  # how far it falls in B, where in A it falls by 1
    albumin_in_b: float = 0.0  # units of noise, by which it is lower in B
    haemoglobin_in_b: float = 0.0  # the same of haemoglobin
    device_offset: float = 0.0  # percent, by which the device reads high in both groups
    cost_shown: float | None = None  # how much of need shows in cost; None: the model's
    cost_kept: float = COST_KEPT  # how much of this year's excess cost comes again
    next_cost_sd: float = NEXT_COST_SD  # of what is new in the next year, log units


def draw_differences(secret):
    """Draw what differs between the groups of one course.

    Parameters
    ----------
    secret : str

    Returns
    -------
    Differences
        In two of three courses B is rare in train, fault or no fault.

    Examples
    --------
    >>> draw_differences("demo") == draw_differences("demo")
    True
    >>> 0.25 <= draw_differences("demo").share_b <= 0.5
    True
    """
    rng = generator_from(secret, "gap", "differences")
    share_b = rng.uniform(0.25, 0.50)
    few = share_b * rng.uniform(0.2, 0.4)
    usual = share_b * rng.uniform(0.85, 1.15)
    return Differences(
        share_b=share_b,
        few_b_in_train=few,
        share_b_in_train=few if rng.random() < 0.65 else usual,
        need_in_b=rng.uniform(-0.8, 1.2),
        saturation=rng.uniform(-2.0, 0.0),
        saturation_in_b=rng.uniform(-6.5, 2.0),
        falls_in_b=rng.uniform(0.5, 1.3),
        albumin_in_b=rng.uniform(-1.0, 1.0),
        haemoglobin_in_b=rng.uniform(-1.0, 1.0),
        device_offset=rng.uniform(-1.5, 1.5),
        cost_shown=rng.uniform(0.2, 1.8),
        cost_kept=rng.uniform(0.2, 0.5),
        next_cost_sd=rng.uniform(0.6, 1.0),
    )
