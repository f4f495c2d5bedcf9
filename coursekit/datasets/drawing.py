"""What every drawn cohort needs: arguments that make sense, patients with numbers."""

from coursekit.errors import BadInput

PATIENTS_A_ROLE = 10_000_000  # numbers kept free for the patients of one role


def refuse_undrawable(n_patients, secret, role, roles):
    """Raise BadInput for arguments that no cohort can be drawn from.

    Parameters
    ----------
    n_patients : int
    secret : str
    role : str
    roles : sequence of str
        Those that the generator knows.

    Examples
    --------
    >>> refuse_undrawable(0, "demo", "train", ("train", "hidden"))
    Traceback (most recent call last):
        ...
    coursekit.errors.BadInput: n_patients is 0; draw at least one patient.
    """
    if n_patients < 1:
        raise BadInput(f"n_patients is {n_patients}; draw at least one patient.")
    if not isinstance(secret, str) or not secret:
        raise BadInput("The secret must be a text that is not empty.")
    if role not in roles:
        raise BadInput(f"There is no role {role!r}; there are {', '.join(roles)}.")


def patient_numbers(person, role, roles, rng):
    """Number the patients at random; no number stands in two roles.

    Parameters
    ----------
    person : ndarray of int, shape (n_rows,)
        Rising from 0, the same for the rows of one patient.
    role : str
    roles : sequence of str
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of int, shape (n_rows,)

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> numbers = patient_numbers(np.array([0, 0, 1]), "tune", ("train", "tune"), rng)
    >>> bool(numbers[0] == numbers[1] != numbers[2]), int(numbers.min())
    (True, 20000000)
    """
    first = PATIENTS_A_ROLE * (1 + roles.index(role))
    return first + rng.permutation(person[-1] + 1)[person]
