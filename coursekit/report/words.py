"""Figures in words: counts, shares, points, intervals and times.

A number and its unit never part at the end of a line.
"""

SPACE = "\u00a0"  # that does not break
UNITS = ((86400, "d"), (3600, "h"), (60, "min"))


def points(value):
    """Return points, with at most two decimals; a dash where there are none.

    Examples
    --------
    >>> points(24.0), points(17.614), points(None)
    ('24', '17.61', '–')
    """
    return "–" if value is None else f"{round(value, 2) + 0.0:g}"


def percent(share):
    """Return a share in percent, without claiming none or all where it is nearly so.

    Examples
    --------
    >>> percent(0.31) == "31\u00a0%", percent(0.002) == "<\u00a01\u00a0%"
    (True, True)
    >>> percent(0.998) == ">\u00a099\u00a0%", percent(None)
    (True, '–')
    """
    if share is None:
        return "–"
    if 0 < share < 0.005:
        return f"<{SPACE}1{SPACE}%"
    if 0.995 <= share < 1:
        return f">{SPACE}99{SPACE}%"
    return f"{100 * share:.0f}{SPACE}%"


def value(number):
    """Return a measured value with three digits that count.

    Examples
    --------
    >>> value(0.762439), value(0.0), value(1234.5)
    ('0.762', '0', '1,234')
    """
    if abs(number) >= 1000:
        return f"{number:,.0f}"
    return f"{number:.3g}"


def interval(measure, write=value):
    """Return a value with the ends of its interval; alone where they are one.

    Examples
    --------
    >>> from coursekit.report.student import Measure
    >>> interval(Measure(0.76, 0.75, 0.77)).replace("\u00a0", " ")
    '0.76 (0.75 to 0.77)'
    """
    low, high = write(measure.low), write(measure.high)
    if low == high == write(measure.value):
        return low
    return f"{write(measure.value)} ({low}{SPACE}to{SPACE}{high})"


def duration(seconds):
    """Return how long something took, in its two largest units.

    Examples
    --------
    >>> duration(30), duration(93_784).replace("\u00a0", " ")
    ('under a minute', '1 d 2 h')
    """
    left, said = int(seconds), []
    for size, unit in UNITS:
        number, left = divmod(left, size)
        if number:
            said.append(f"{number}{SPACE}{unit}")
    return " ".join(said[:2]) or "under a minute"


def counted(n, one, many=None):
    """Return a number with its noun.

    Examples
    --------
    >>> counted(1, "student"), counted(1200, "student")
    ('1 student', '1,200 students')
    """
    return f"{n:,} {one if n == 1 else many or one + 's'}"
