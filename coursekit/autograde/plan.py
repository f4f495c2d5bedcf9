"""In which order and in which batches hidden patients are served."""

import hashlib

import numpy as np

TOGETHER = 0.25  # as many as the repeats, times this, come twice in the same batch
FEWEST_BATCHES = 12  # that few patients are dealt to: enough to see who evens them out
FEWEST_ROWS = 20  # in these


def plan(n_rows, batch_sizes, repeat_share, seed):
    """Cut rows into batches of random size, in random order, some of them twice.

    Parameters
    ----------
    n_rows : int
    batch_sizes : tuple of int
        Smallest and largest batch; the last may be smaller, and those that hold a
        row twice are larger by it. Where rows come twice, and there are too few for
        12 batches of that size, batches are smaller, but not below 20 rows for it.
    repeat_share : float
        Share of the rows that come a second time, in another batch. Beside them a
        quarter as many come twice in the same batch: an answer that differs there
        is drawn by chance, one that differs between batches looks at its batch.
    seed : str
        What the order is derived from; a student cannot know it.

    Returns
    -------
    list of ndarray
        Row numbers, batch by batch.

    Examples
    --------
    >>> batches = plan(1000, (100, 200), 0.02, seed="a run")
    >>> sum(len(batch) for batch in batches)
    1025
    """
    digest = hashlib.sha256(seed.encode()).digest()
    rng = np.random.default_rng(int.from_bytes(digest[:16], "little"))
    n_repeats = round(repeat_share * n_rows) if n_rows > 1 else 0
    repeats = rng.choice(n_rows, n_repeats, replace=False)
    rows = rng.permutation(np.concatenate([np.arange(n_rows), repeats]))
    sizes = batch_lengths(len(rows), batch_sizes, n_repeats, rng)
    batches = np.split(rows, np.cumsum(sizes)[:-1]) if sizes else []
    part_twins(batches, rng)
    once = np.setdiff1d(np.arange(n_rows), repeats)
    n_together = min(round(TOGETHER * n_repeats), len(once))
    together = rng.choice(once, n_together, replace=False)
    return [doubled(batch, together, rng) for batch in batches]


def doubled(batch, together, rng):
    """Return a batch with some of its rows a second time, somewhere else in it."""
    rows = batch[np.isin(batch, together)]
    return np.insert(batch, rng.integers(0, len(batch) + 1, len(rows)), rows)


def batch_lengths(n_rows, batch_sizes, n_repeats, rng):
    """Draw the sizes of batches that make up `n_rows`."""
    low, high = batch_sizes
    most = max(n_rows // FEWEST_BATCHES, FEWEST_ROWS)
    if n_repeats and high > most:
        low, high = min(low, most // 2), most
    if n_repeats and n_rows <= high:
        return [n_rows // 2, n_rows - n_rows // 2]
    sizes = []
    while n_rows:
        sizes.append(min(n_rows, int(rng.integers(low, high + 1))))
        n_rows -= sizes[-1]
    return sizes


def part_twins(batches, rng):
    """Move the second copy of a row out of the batch that holds the first, in place.

    Where no other batch can take it, it is not served twice.
    """
    for here in range(len(batches)):
        stuck = [
            position
            for position in twins(batches[here])
            if not any(swapped(batches, here, position, rng) for _ in range(100))
        ]
        batches[here] = np.delete(batches[here], stuck)


def swapped(batches, here, position, rng):
    """Try to swap a row with a random one of another batch; return True if it fits."""
    there = batches[(here + rng.integers(1, len(batches))) % len(batches)]
    other = rng.integers(len(there))
    batch, row = batches[here], batches[here][position]
    if row in there or there[other] in batch:
        return False
    batch[position], there[other] = there[other], row
    return True


def twins(batch):
    """Return the positions of rows that stand in a batch before.

    Examples
    --------
    >>> twins(np.array([7, 3, 7, 5, 3]))
    [2, 4]
    """
    order = np.argsort(batch, kind="stable")
    again = batch[order][1:] == batch[order][:-1]
    return sorted(order[1:][again].tolist())
