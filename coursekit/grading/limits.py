"""How much of the machine one submission may use."""

from dataclasses import asdict, dataclass, fields, replace

from coursekit.errors import BadRubric


@dataclass(frozen=True)
class Limits:
    """What one submission may use; each limit that is hit becomes a named status.

    Examples
    --------
    >>> Limits().seconds_per_cell
    60.0
    """

    seconds: float = 600.0  # wall clock of the whole submission, serving included
    seconds_per_cell: float = 60.0  # then the cell is interrupted and the next one runs
    seconds_per_batch: float = 30.0  # for one batch of hidden patients
    memory_mb: int = 3072  # the whole sandbox: all processes and all files
    processes: int = 256  # threads count too
    disk_mb: int = 512  # all files; /dev/shm has as much again; memory counts them too
    output_kb: int = 512  # each output, each stream of a cell
    notebook_mb: int = 10  # all outputs together
    threads: int = 1  # of OpenMP, BLAS and torch

    def __post_init__(self):
        for name, value in asdict(self).items():
            check_limit(name, value)


def check_limit(name, value):
    """Refuse a limit that is unknown, not a number, or not positive."""
    kinds = {field.name: field.type for field in fields(Limits)}
    if name not in kinds:
        raise BadRubric(
            f"[limits] has the key {name!r}, which is unknown. Known are "
            f"{', '.join(kinds)}."
        )
    whole = kinds[name] is int
    accepted = int if whole else (int, float)
    if isinstance(value, bool) or not isinstance(value, accepted) or not value > 0:
        kind = "a whole number" if whole else "a number"
        raise BadRubric(f"[limits] {name} = {value!r}: give {kind} above 0.")


def with_more_time(limits, times):
    """Return the limits of somebody who has so many times the time.

    Parameters
    ----------
    limits : Limits
    times : float
        At least 1; what is not time stays as it is.

    Examples
    --------
    >>> with_more_time(Limits(), 1.5).seconds_per_cell
    90.0
    """
    seconds = {
        name: value * times
        for name, value in asdict(limits).items()
        if name.startswith("seconds")
    }
    return replace(limits, **seconds)


def from_mapping(table):
    """Return the limits of a rubric's ``[limits]`` table.

    Parameters
    ----------
    table : mapping
        Any of the fields of `Limits`; what is left out has its default.

    Returns
    -------
    Limits

    Raises
    ------
    BadRubric
        For an unknown key, or a value that is not a positive number.

    Examples
    --------
    >>> from_mapping({"seconds": 120, "memory_mb": 1024}).memory_mb
    1024
    >>> from_mapping({"minutes": 2})
    Traceback (most recent call last):
        ...
    coursekit.errors.BadRubric: [limits] has the key 'minutes', which is unknown. ...
    """
    for name, value in table.items():
        check_limit(name, value)
    return Limits(**table)
