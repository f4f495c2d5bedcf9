"""The tables of what a rubric may name: measures and contracts."""


def measures():
    """Return."""
    return ""


def contracts():
    """Return."""
    return ""
