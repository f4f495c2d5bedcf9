"""The vendors of `make_vendor_cases`: which fault each model has, and how strong it is.

The faults of a cohort are drawn so that counting the cases tells nothing.
"""

from dataclasses import dataclass

import numpy as np

FINE = "fine"
LEAKY = "leaky"
DRIFTED = "drifted"
MISCALIBRATED = "miscalibrated"
UNDER_SERVES = "under-serves-language"
FAULTS = (LEAKY, DRIFTED, MISCALIBRATED, UNDER_SERVES)
OTHER_LANGUAGES = (
    *("Arabic", "Portuguese", "Russian"),
    *("Spanish", "Turkish", "Vietnamese"),
)
LARGE = 0.10  # share of the patients from which a language group can be judged
FAULTY_WAYS = {
    DRIFTED: ("ranks worse", "too high", "too low"),
    MISCALIBRATED: ("too high", "too low", "too extreme"),
}


@dataclass(frozen=True)
class Vendor:
    """One model as a clinic uses it; shifts are of the log odds.

    Examples
    --------
    >>> vendor = draw_vendor(np.random.default_rng(0), "drifted")
    >>> vendor.fault, vendor.way in FAULTY_WAYS["drifted"]
    ('drifted', True)
    """

    fault: str  # "fine", or one of FAULTS
    way: str | None  # what a drifted or miscalibrated model does
    prevalence: float  # of the outcome at this clinic
    spread: float  # sd of the log odds of the true risk, groups apart
    season: float  # how far risk rises from the first day to the last
    shares: dict  # language -> share of the patients
    language_shift: dict  # language -> true difference in risk from English
    worst: str | None  # the language that is under-served
    kept: float  # of what the score knows, where it fails: 1 all, 0 nothing
    shift: float  # of the score, where it fails
    from_day: int  # of the year, since which a drifted model fails
    late_share: float  # of the scores were made after the outcome
    seen: tuple  # how often a leaky model's late sign is there: ill, not ill
    first_date: str
    n_patients: int


def compose(n_cases, rng, *, all_faults=False):
    """Return the fault of each case, in random order.

    Of twelve cases at least three are fine and two under-serve a language; two or all
    three of the other faults occur, each at least twice, and chance fills the rest.

    Examples
    --------
    >>> drawn = compose(12, np.random.default_rng(0))
    >>> drawn.count("fine") >= 3, drawn.count("under-serves-language") >= 2
    (True, True)
    """
    others = [LEAKY, DRIFTED, MISCALIBRATED]
    n_others = 3 if all_faults else rng.integers(2, 4)
    present = [str(name) for name in rng.permutation(others)[:n_others]]
    least = [FINE] * 3 + [UNDER_SERVES] * 2 + present * 2
    weight = np.array([2.0, 1.0, *[1.0] * n_others])
    names = [FINE, UNDER_SERVES, *present]
    more = rng.choice(names, max(n_cases - len(least), 0), p=weight / weight.sum())
    drawn = rng.permutation([*rng.permutation(least)[:n_cases], *more])
    return [str(name) for name in drawn]


def draw_vendor(rng, fault):
    """Draw a vendor's model with this fault and the clinic that bought it.

    What is not the fault is drawn alike for all.
    """
    shares, shifts = draw_languages(rng)
    large = [name for name in OTHER_LANGUAGES if shares[name] >= LARGE]
    worst = str(rng.choice(large))
    way = str(rng.choice(FAULTY_WAYS.get(fault, (FINE,))))
    kept, shift = draw_failure(rng, fault, way)
    return Vendor(
        fault=fault,
        way=way if fault in FAULTY_WAYS else None,
        prevalence=rng.uniform(0.14, 0.24),
        spread=rng.uniform(0.8, 1.1) if fault == LEAKY else rng.uniform(1.2, 2.0),
        season=rng.uniform(-0.6, 0.6),
        shares=shares,
        language_shift=shifts,
        worst=worst if fault == UNDER_SERVES else None,
        kept=kept,
        shift=shift,
        from_day=int(rng.integers(140, 240)),
        late_share=rng.uniform(0.20, 0.40),
        seen=(rng.uniform(0.65, 0.85), rng.uniform(0.03, 0.06)),
        first_date=str(np.datetime64("2024-01-01") + rng.integers(0, 360)),
        n_patients=int(rng.integers(6600, 7400)),
    )


def draw_languages(rng):
    """Draw who speaks what, and how much lower or higher the risk of each is.

    Returns
    -------
    shares : dict of str to float
        English, three or four languages of 10 to 14 percent, and the others of 1 to 3.
    shifts : dict of str to float
    """
    names = [str(name) for name in rng.permutation(OTHER_LANGUAGES)]
    n_large = int(rng.integers(3, 5))
    sizes = [*rng.uniform(LARGE, 0.14, n_large), *rng.uniform(0.01, 0.03, 6 - n_large)]
    others = dict(zip(names, map(float, sizes), strict=True))
    shifts = dict(zip(names, map(float, rng.uniform(-0.4, 0.4, 6)), strict=True))
    return {"English": 1 - sum(sizes), **others}, {"English": 0.0, **shifts}


def draw_failure(rng, fault, way):
    """Return how much of what it knows a failing model keeps, and its shift."""
    if fault == UNDER_SERVES:
        return rng.uniform(0.0, 0.10), -rng.uniform(0.3, 0.8)
    kept = rng.uniform(0.2, 0.45) if way == "ranks worse" else 1.0
    if way == "too extreme":
        kept = rng.uniform(1.7, 2.2)
    size = rng.uniform(0.7, 1.0)
    return kept, {"too high": size, "too low": -size}.get(way, 0.0)
