"""`coursekit export`: grades for the LMS."""


def export():
    """To come."""
