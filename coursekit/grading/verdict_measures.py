"""The measures of verdicts about cases that a rubric may name.

They are exact: the cases are those that a student is examined on, no sample of others.
"""

import numpy as np

from coursekit.errors import NotEstimable
from coursekit.grading.patients import LEVEL
from coursekit.grading.verdicts import FOUND
from coursekit.metrics.intervals import Estimate


def verdict_f1(patients, reply, criterion=None):
    """Macro-F1 of the names found, told above chance: 1 is all right, 0 is chance.

    Chance is what comes to who names everything in every case: nobody who looks at no
    case expects more. Names that are true of no case are left out of the mean, so
    naming them is not seen here but by `false_accusations`. It may be negative.
    """
    true, said = (np.array(each) for each in named(patients, reply))
    if not true.any():
        raise NotEstimable("There is nothing to be found in these cases.")
    occurs = true.any(axis=0)
    seen, chance = f1(true, said)[occurs].mean(), f1(true, np.ones_like(true))
    chance = chance[occurs].mean()
    if chance == 1:
        raise NotEstimable("The same is to be found in every one of these cases.")
    return exactly((seen - chance) / (1 - chance))


def named(patients, reply):
    """Return what is true and what was said: (n_cases, n_names) of True and False."""
    names = sorted(
        {name for true in patients.y for name in true[FOUND]}
        | {name for said in reply.values for name in said[FOUND]}
    )
    return [
        [[name in each[FOUND] for name in names] for each in cases]
        for cases in (patients.y, reply.values)
    ]


def f1(true, said):
    """Return F1 by column, 0 where nothing is right.

    Examples
    --------
    >>> f1(np.array([[True], [False]]), np.array([[True], [True]])).round(3)
    array([0.667])
    """
    right, marked = 2.0 * (true & said).sum(0), true.sum(0) + said.sum(0)
    return np.divide(right, marked, out=np.zeros(len(right)), where=marked > 0)


def false_accusations(patients, reply, criterion):
    """Share of the cases in which nothing is wrong where something was found."""
    sound = [
        bool(said[FOUND])
        for true, said in zip(patients.y, reply.values, strict=True)
        if not true[FOUND]
    ]
    if not sound:
        raise NotEstimable("There is no case here in which nothing is wrong.")
    return exactly(np.mean(sound))


def acquittal(patients, reply, criterion):
    """Share of sound cases in which nothing is found, less that of faulty ones.

    1: just the sound cases are acquitted. 0: what comes to who acquits all, none, or
    some without a look at them. It may be negative.
    """
    acquitted = np.array([not said[FOUND] for said in reply.values])
    sound = np.array([not true[FOUND] for true in patients.y])
    if sound.all() or not sound.any():
        raise NotEstimable("Cases without a fault and cases with one are both needed.")
    return exactly(acquitted[sound].mean() - acquitted[~sound].mean())


def within_tolerance(patients, reply, criterion):
    """Share of the cases whose number is as close to the truth as can be asked.

    The truth has beside each ``number`` its ``number_tolerance``. Where it is null
    there is nothing to tell: a number told there counts as one that is wrong.
    """
    number = criterion.number
    pairs = [
        (true, said[number])
        for true, said in zip(patients.y, reply.values, strict=True)
        if true[number] is not None or is_number(said[number])
    ]
    if all(true[number] is None for true, _ in pairs):
        raise NotEstimable(f"In none of these cases is there a {number}.")
    return exactly(np.mean([is_close(true, said, number) for true, said in pairs]))


def is_close(true, said, number):
    """Return True where a number is there, was told, and is within its tolerance."""
    if true[number] is None or not is_number(said):
        return False
    return abs(said - true[number]) <= true[f"{number}_tolerance"]


def is_number(told):
    """Return False for None and NaN: nothing was told."""
    return told is not None and told == told


def exactly(value):
    """Return an estimate without an interval."""
    return Estimate(float(value), float(value), float(value), LEVEL)
