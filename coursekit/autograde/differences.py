"""How far the answers of two runs of the same submission lie apart."""

import json

import numpy as np


def differences(run, other):
    """Return how far the answers of two runs differ: serving -> rows, differ, largest.

    Parameters
    ----------
    run, other : Run

    Returns
    -------
    dict of str to dict
        ``largest`` is the largest difference between two finite numbers, None if there
        is none to tell; what only one of them answered differs in all rows.
    """
    names = sorted({*run.servings, *other.servings})
    folders = [each.folder / "predictions" for each in (run, other)]
    return {
        name: difference(*(answers(folder, name) for folder in folders))
        for name in names
    }


def answers(folder, name):
    """Return what a run answered to a serving: numbers, or text of JSON; or nothing."""
    try:
        return np.load(folder / f"{name}.npy", allow_pickle=False)
    except FileNotFoundError:
        return values(folder / f"{name}.json")
    except (OSError, ValueError):
        return np.empty(0)


def values(path):
    """Return the JSON values in a file, each as text that can be compared."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return np.empty(0)
    return np.array([json.dumps(each, sort_keys=True) for each in found], dtype=object)


def difference(mine, theirs):
    """Return how far two arrays of answers differ.

    Examples
    --------
    >>> difference(np.array([0.1, 0.5, np.nan]), np.array([0.1, 0.25, np.nan]))
    {'rows': 3, 'differ': 1, 'largest': 0.25}
    """
    rows = max(len(mine), len(theirs))
    if mine.shape != theirs.shape:
        return {"rows": rows, "differ": rows, "largest": None}
    if object in (mine.dtype, theirs.dtype):
        return {"rows": rows, "differ": int((mine != theirs).sum()), "largest": None}
    same = (mine == theirs) | (np.isnan(mine) & np.isnan(theirs))
    with np.errstate(invalid="ignore"):
        gaps = np.abs(mine.astype(float) - theirs)
    gaps = gaps[np.isfinite(gaps)]
    largest = round(float(gaps.max()), 9) if gaps.size else None
    differ = (~same).reshape(rows, -1).any(axis=1)
    return {"rows": rows, "differ": int(differ.sum()), "largest": largest}
