"""Start quickly: leave out what grading never needs."""

import sys


def leave_out_grammar():
    """Spare a second: jsonschema compiles a grammar for addresses on being imported.

    No notebook's format has addresses to be checked. Call it before anything imports
    nbformat; where the grammar is there already, it stays.
    """
    sys.modules.setdefault("rfc3987_syntax", None)
