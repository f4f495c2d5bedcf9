"""The certificates as pictures."""


def write(folder):
    """Write."""
