"""``python -m coursekit.authoring [--check]``: build all notebooks of a checkout.

Exit code 0: all is up to date now; 1: with ``--check``, something was not; 2: a
source cannot be built.
"""

import sys

from coursekit.authoring.build import build_all, report
from coursekit.errors import CoursekitError


def main(arguments):
    """Build or check the notebooks below the current folder.

    Parameters
    ----------
    arguments : list of str
        Empty, or ``["--check"]``.

    Returns
    -------
    int
        The exit code.
    """
    if arguments not in ([], ["--check"]):
        print("usage: python -m coursekit.authoring [--check]", file=sys.stderr)
        return 2
    check = bool(arguments)
    try:
        changed = build_all(check=check)
    except CoursekitError as error:
        print(error, file=sys.stderr)
        return 2
    print(report(changed, check))
    return int(check and bool(changed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
