"""The map from a professor's columns to those of an assignment."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from coursekit.errors import BadInput

SHARES = {"train": 0.15, "tune": 0.1, "check": 0.1, "hidden": 0.65}


@dataclass(frozen=True)
class ColumnMap:
    """Which column of a file stands for what."""

    patient: str
    outcome: str
    event: tuple  # values of the outcome that count as an event
    columns: dict  # column of the assignment -> column of the file
    absent: tuple = ()  # columns of the assignment that the file does not have
    keep: tuple = ()  # further columns that are handed to the models as they are
    groups: dict = field(default_factory=dict)  # attribute -> column of the file
    merge: dict = field(default_factory=dict)  # attribute -> {value: merged value}
    leave_out: dict = field(default_factory=dict)  # attribute -> values not judged
    thresholds: dict = field(default_factory=dict)  # criterion -> {floor, full}
    off: tuple = ()  # criteria that the professor switches off
    shares: dict = field(default_factory=lambda: dict(SHARES))


def read_map(path):
    """Read a column map from TOML.

    Raises
    ------
    BadInput
        Naming the file, the key and the remedy.
    """
    path = Path(path)
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadInput(f"{path} is missing. It says what each column is.") from None
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{path} is not TOML: {error}.") from None
    known = ColumnMap.__dataclass_fields__
    for key in table:
        if key not in known:
            raise BadInput(
                f"{path} has no key {key!r}; it may have {', '.join(known)}."
            )
    for key in ("patient", "outcome", "event", "columns"):
        if key not in table:
            raise BadInput(f"{path} lacks the key {key!r}. Add it.")
    event = table["event"]
    table["event"] = tuple(event) if isinstance(event, list) else (event,)
    column_map = ColumnMap(**table)
    if abs(sum(column_map.shares.values()) - 1) > 1e-9 or set(column_map.shares) != set(
        SHARES
    ):
        raise BadInput(f"{path}: shares must name {', '.join(SHARES)} and add up to 1.")
    return column_map
