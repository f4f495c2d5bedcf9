"""The patients of a course in which there is always something to repair.

As `make_gap`, except that one mechanism or two are on, never none.
"""

from coursekit.datasets.gap import make_gap
from coursekit.datasets.gap_cases import PAIRS
from coursekit.datasets.gap_model import MECHANISMS
from coursekit.datasets.seeds import generator_from


def make_gap_course(n_patients, *, secret, role):
    """Draw patients of `make_gap` with one or two mechanisms on.

    Each mechanism alone, and each pair that two tables can show
    (`gap_cases.PAIRS`), is equally likely.

    Parameters
    ----------
    n_patients : int
    secret : str
        Also draws which mechanisms are on.
    role : {"train", "tune", "check", "hidden", "hidden-2"}

    Returns
    -------
    Cohort

    Raises
    ------
    BadInput
        As `make_gap`.

    Examples
    --------
    >>> cohort = make_gap_course(100, secret="demo", role="tune")
    >>> 1 <= len(cohort.truth.faults) <= 2
    True
    """
    ways = (*((name,) for name in MECHANISMS), *PAIRS)
    drawn = generator_from(secret, "gap", "course").integers(len(ways))
    return make_gap(n_patients, secret=secret, role=role, mechanisms=ways[drawn])
