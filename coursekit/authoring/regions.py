"""Parts of a cell that a student must not see, between two marker lines.

::

    ### BEGIN SOLUTION          ### BEGIN HIDDEN TESTS
    ...                         ...
    ### END SOLUTION            ### END HIDDEN TESTS

A marker is any line that contains the words, which is also nbgrader's rule. Where
nbgrader lets a stray ``END`` pass, this module refuses it.
"""

from coursekit.errors import BadLesson

SOLUTION = "SOLUTION"
HIDDEN_TESTS = "HIDDEN TESTS"


def has_marker(source, region):
    """Say whether any line of a cell is a marker of this region.

    Examples
    --------
    >>> has_marker("x = 1  ### END SOLUTION", SOLUTION)
    True
    """
    return f"BEGIN {region}" in source or f"END {region}" in source


def split_regions(source, region):
    r"""Return each line of a cell with its place: outside, begin, inside or end.

    Parameters
    ----------
    source : str
        The text of one cell.
    region : str
        ``SOLUTION`` or ``HIDDEN_TESTS``.

    Returns
    -------
    list of (str, str)
        Place and line, in order.

    Raises
    ------
    BadLesson
        If a ``BEGIN`` has no ``END``, or the other way round, or one stands in
        another.

    Examples
    --------
    >>> source = "def f():\n    # BEGIN SOLUTION\n    return 1\n    # END SOLUTION"
    >>> [place for place, _ in split_regions(source, SOLUTION)]
    ['outside', 'begin', 'inside', 'end']
    >>> split_regions("# END SOLUTION", SOLUTION)
    Traceback (most recent call last):
    ...
    coursekit.errors.BadLesson: line 1 says END SOLUTION, but no BEGIN ...
    """
    placed, opened = [], None
    for number, line in enumerate(source.split("\n"), start=1):
        place = place_of(line, region, opened is not None)
        check_order(place, region, number, opened)
        opened = {"begin": number, "end": None}.get(place, opened)
        placed.append((place, line))
    if opened is not None:
        raise BadLesson(
            f"line {opened} says BEGIN {region}, but no END {region} follows. "
            "Add the END line to the same cell."
        )
    return placed


def place_of(line, region, inside):
    """Return where a line stands, given whether a region is open before it.

    Examples
    --------
    >>> place_of("    ### BEGIN SOLUTION", SOLUTION, False)
    'begin'
    >>> place_of("    return 1", SOLUTION, True)
    'inside'
    """
    if f"BEGIN {region}" in line:
        return "begin"
    if f"END {region}" in line:
        return "end"
    return "inside" if inside else "outside"


def check_order(place, region, number, opened):
    """Refuse a BEGIN in an open region, and an END without one."""
    if place == "begin" and opened is not None:
        raise BadLesson(
            f"line {number} says BEGIN {region} inside the region that line {opened} "
            f"opened. Close that one with END {region} first."
        )
    if place == "end" and opened is None:
        raise BadLesson(
            f"line {number} says END {region}, but no BEGIN {region} stands before "
            "it. Add the BEGIN line or remove this one."
        )


def without_markers(source, region):
    r"""Return a cell with the marker lines taken out and all else kept.

    Examples
    --------
    >>> without_markers("# BEGIN SOLUTION\nrisk = 0.5\n# END SOLUTION", SOLUTION)
    'risk = 0.5'
    """
    kept = ("outside", "inside")
    placed = split_regions(source, region)
    return "\n".join(line for place, line in placed if place in kept)


def without_regions(source, region, stub=""):
    r"""Return a cell with each region replaced by a stub, indented as its BEGIN was.

    Parameters
    ----------
    source : str
        The text of one cell.
    region : str
        ``SOLUTION`` or ``HIDDEN_TESTS``.
    stub : str, default=""
        What stands in the region's place; nothing if empty.

    Examples
    --------
    >>> source = "def f():\n    # BEGIN SOLUTION\n    return 1\n    # END SOLUTION"
    >>> print(without_regions(source, SOLUTION, "..."))
    def f():
        ...
    """
    lines = []
    for place, line in split_regions(source, region):
        if place == "outside":
            lines.append(line)
        elif place == "begin":
            indent = line[: len(line) - len(line.lstrip())]
            lines += [indent + stub_line for stub_line in stub.splitlines()]
    return "\n".join(lines)
