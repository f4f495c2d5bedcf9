"""The last cell of a notebook that is checked: say what its own local check said.

This is called in the student's kernel, and decides nothing.
"""

import json

from coursekit.grading import handin


def tell():
    """Print the local check of what was handed in, as one line of JSON."""
    from coursekit.checking.running import MARK

    found = handin.session.check
    told = None
    if found is not None:
        told = {
            "rows": list(found.rows),
            "codes": list(found.codes),
            "decisions": found.decisions,
        }
    print("\n" + MARK + json.dumps(told, default=float))
