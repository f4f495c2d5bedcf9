"""A professor's own patients in the place of drawn ones.

A map (TOML) says which column of the file is the patient, the outcome, each column
of the assignment and each attribute. Everything is checked before anything is
written, and each message says what to change.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from coursekit.datasets.cohort import Cohort, Truth
from coursekit.errors import BadData, BadInput
from coursekit.grading.holdout import draw_cohorts
from coursekit.grading.patients import NOT_JUDGED
from coursekit.grading.rubric import Anchor


def import_cohorts(rubric, file, column_map, secret, folder=None):
    """Return cohorts of real patients, split by patient, and the rubric for them.

    Parameters
    ----------
    rubric : Rubric
    file : path
        CSV, one row per encounter, ``.csv`` or ``.csv.gz``.
    column_map : ColumnMap
    secret : str
        Decides who is hidden and which encounter of a patient is the index one.
    folder : path, optional
        The assignment's, where a generator of its own may lie.

    Returns
    -------
    cohorts : dict of str to Cohort
    rubric : Rubric
        With criteria that need truth or an absent attribute switched off by name.

    Raises
    ------
    BadData, BadInput
        Saying which column, which values and what to do; or that the assignment's
        patients are no rows of a table.
    """
    pattern = draw_cohorts(
        replace(rubric, cohorts=dict.fromkeys(rubric.cohorts, 50)), "pattern", folder
    )
    pattern = pattern["train"]
    if not isinstance(pattern.X, pd.DataFrame):
        raise BadInput(
            f"{rubric.assignment} is about films, which no table holds. Patients of "
            "your own can be imported for assignments on tables only; this one keeps "
            "its drawn patients."
        )
    frame = read_file(file)
    check_columns(frame, column_map, pattern)
    check_groups(column_map, rubric)
    X = features(frame, column_map, pattern)
    groups = attributes(frame, column_map)
    y = outcomes(frame, column_map)
    patient = pd.factorize(frame[column_map.patient])[0]
    rubric = adapted(rubric, column_map, groups)
    cohorts = split(rubric, column_map, X, y, groups, patient, secret)
    return cohorts, rubric


def check_groups(column_map, rubric):
    """Refuse an attribute that no criterion and no drawn patient knows."""
    known = {each.attribute for each in rubric.criteria} - {None} | set(rubric.given)
    known |= {"sex", "age_band"}
    for name in column_map.groups:
        if name not in known:
            raise BadInput(
                f"[groups] names {name!r}, which the assignment does not know; it "
                f"knows {', '.join(sorted(known))}."
            )
    for attribute in (*column_map.merge, *column_map.leave_out):
        if attribute not in column_map.groups:
            raise BadInput(
                f"merge or leave_out names {attribute!r}; [groups] does not."
            )


def read_file(file):
    """Read the professor's table; every cell as text, types come from the pattern."""
    try:
        return pd.read_csv(file, dtype=str, keep_default_na=False)
    except FileNotFoundError:
        raise BadData(f"{file} is missing.") from None
    except IsADirectoryError:
        raise BadData(f"{file} is a folder. Give the CSV file in it.") from None
    except (
        pd.errors.ParserError,
        UnicodeDecodeError,
        pd.errors.EmptyDataError,
    ) as error:
        raise BadData(f"{file} is not a CSV table in UTF-8: {error}.") from None


def check_columns(frame, column_map, pattern):
    """Refuse a map that forgets a column or names one that the file does not have."""
    named = {
        *column_map.columns.values(),
        *column_map.groups.values(),
        *column_map.keep,
    }
    for column in sorted({column_map.patient, column_map.outcome, *named}):
        if column not in frame:
            raise BadData(
                f"The file has no column {column!r}, which the map names. It has: "
                f"{', '.join(frame.columns)}."
            )
    for column in pattern.X.columns:
        known = column in column_map.columns or column in column_map.absent
        if not known and column not in pattern.post_index:
            raise BadInput(
                f"The map says nothing about {column!r}. Map it under [columns], or "
                "list it in absent = [...]."
            )
    for column in column_map.columns:
        if column not in pattern.X:
            raise BadInput(
                f"The assignment has no column {column!r}; it has "
                f"{', '.join(pattern.X.columns)}. Further columns go into keep = [...]."
            )


def features(frame, column_map, pattern):
    """Return X: mapped columns in the assignment's types, then the kept ones."""
    X = pd.DataFrame(index=frame.index)
    for name, column in column_map.columns.items():
        numeric = pd.api.types.is_numeric_dtype(pattern.X[name])
        X[name] = as_number(frame[column], column) if numeric else frame[column]
    for name in column_map.absent:
        X[name] = np.nan
    for column in column_map.keep:
        X[column] = number_if_all(frame[column])
    return X


def number_if_all(values):
    """Return a text column as numbers where every cell is one, else as it is.

    Examples
    --------
    >>> number_if_all(pd.Series(["1", "2"])).tolist()
    [1.0, 2.0]
    >>> number_if_all(pd.Series(["1", "two"])).tolist()
    ['1', 'two']
    """
    try:
        return as_number(values, values.name)
    except BadData:
        return values


def as_number(values, column):
    """Return a text column as float64; what is empty or ``?`` is NaN.

    Examples
    --------
    >>> as_number(pd.Series(["1", "?", "2.5"]), "dose").tolist()
    [1.0, nan, 2.5]
    """
    missing = values.isin(["", "?", "NA", "NaN", "nan"])
    numbers = pd.to_numeric(values.where(~missing), errors="coerce")
    wrong = values[numbers.isna() & ~missing]
    if len(wrong):
        raise BadData(
            f"{column!r} must be numbers, but {len(wrong)} cells are not, such as "
            f"{wrong.iloc[0]!r} in row {wrong.index[0] + 2}. Convert the column first."
        )
    return numbers.astype(float)


def attributes(frame, column_map):
    """Return the attributes, merged and left out as the map says."""
    groups = pd.DataFrame(index=frame.index)
    for name, column in column_map.groups.items():
        values = frame[column].replace(column_map.merge.get(name, {}))
        for value in column_map.leave_out.get(name, ()):
            if value not in set(values):
                raise BadInput(f"leave_out.{name} names {value!r}, which nobody has.")
        groups[name] = values.where(
            ~values.isin(column_map.leave_out.get(name, ())), NOT_JUDGED
        )
    return groups


def outcomes(frame, column_map):
    """Return 0/1 outcomes; both must occur."""
    y = frame[column_map.outcome].isin(map(str, column_map.event)).to_numpy(int)
    if y.min() == y.max():
        seen = ", ".join(sorted(set(frame[column_map.outcome]))[:8])
        raise BadData(
            f"event = {list(column_map.event)} matches {y.sum()} of {len(y)} rows of "
            f"{column_map.outcome!r}, which has the values {seen}."
        )
    return y


def adapted(rubric, column_map, groups):
    """Return the rubric for these patients, without what needs a known truth."""
    off = dict.fromkeys(column_map.off, "Switched off by the professor.")
    criteria = []
    for criterion in rubric.criteria:
        if criterion.attribute and criterion.attribute not in groups:
            off[criterion.id] = f"These patients have no {criterion.attribute!r}."
        criteria.append(
            replace(criterion, **column_map.thresholds.get(criterion.id, {}))
        )
    unknown = {*column_map.off, *column_map.thresholds} - {each.id for each in criteria}
    if unknown:
        raise BadInput(f"The rubric has no criterion {', '.join(sorted(unknown))}.")
    given = tuple(name for name in rubric.given if name in groups)
    return replace(
        rubric, criteria=tuple(criteria), off=off, given=given, labels="as recorded"
    )


def split(rubric, column_map, X, y, groups, patient, secret):
    """Split by patient; train keeps every encounter, the others a random index one."""
    rng = np.random.default_rng(list(secret.encode()))
    people = rng.permutation(np.unique(patient))
    ends = (np.cumsum(list(column_map.shares.values())) * len(people)).astype(int)
    cohorts = {}
    for role, members in zip(
        column_map.shares, np.split(people, ends[:-1]), strict=True
    ):
        rows = np.flatnonzero(np.isin(patient, members))
        if role != "train":
            rows = one_encounter(rows, patient, rng)
        cohorts[role] = Cohort(
            role=role,
            X=X.iloc[rows].reset_index(drop=True),
            y=y[rows],
            groups=groups.iloc[rows].reset_index(drop=True),
            patient=patient[rows],
            truth=Truth(outcome=y[rows]),
        )
    check_enough(rubric, cohorts["hidden"])
    return cohorts


def one_encounter(rows, patient, rng):
    """Return one random row of each patient, in file order."""
    shuffled = rng.permutation(rows)
    first = np.unique(patient[shuffled], return_index=True)[1]
    return np.sort(shuffled[first])


def check_enough(rubric, hidden):
    """Refuse a group with too few ill patients for the rubric's tolerance."""
    for criterion in rubric.criteria:
        if criterion.measure != "sensitivity_gap" or criterion.id in rubric.off:
            continue
        labels = hidden.groups[criterion.attribute]
        ill = labels[(hidden.y == 1) & (labels != NOT_JUDGED).to_numpy()].value_counts()
        if len(ill) < 2:
            raise BadInput(
                f"{criterion.attribute!r} has fewer than two groups with ill patients. "
                f"Add {criterion.id!r} to off = [...]."
            )
        need = ill_needed(criterion, ill)
        few = ill[ill < need]
        if len(few):
            listed = ", ".join(f"{name!r} {count}" for name, count in few.items())
            raise BadInput(
                f"Too few ill patients for {criterion.id} in: {listed}. Its thresholds "
                f"({criterion.floor:g} to {criterion.full:g}) need about {need:,} in "
                f"each group. Merge groups under [merge.{criterion.attribute}], leave "
                f"values out under [leave_out], widen [thresholds.{criterion.id}], or "
                "add it to off = [...]."
            )


def ill_needed(criterion, ill):
    """Return how many ill patients a group needs beside the largest one.

    The half width of the gap's interval must be at most a quarter of the way from
    floor to full; sensitivity is taken as 0.45 and the limits as Bonferroni's.
    """
    from scipy.stats import norm

    if isinstance(criterion.floor, Anchor):
        return 0
    n_pairs = len(ill) * (len(ill) - 1) / 2
    variance = (
        abs(criterion.floor - criterion.full) / 4 / norm.ppf(1 - 0.05 / n_pairs)
    ) ** 2
    left = variance - 0.45 * 0.55 / ill.max()
    if left <= 0:
        return int(np.ceil(2 * 0.45 * 0.55 / variance))
    return int(np.ceil(0.45 * 0.55 / left))
