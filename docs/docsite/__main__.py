"""``python -m docsite [--no-run]``: build the site, and check its links."""

import argparse
import sys
from pathlib import Path

from docsite.building import build
from docsite.links import problems

BUILD = Path(__file__).parents[2] / "build"


def main():
    """Build ``build/docs``; exit code 1 where a link leads nowhere."""
    parser = argparse.ArgumentParser(prog="docsite", description=__doc__)
    parser.add_argument(
        "--no-run",
        action="store_true",
        help="show what the labs showed when they were last run",
    )
    arguments = parser.parse_args()
    code = build(BUILD / "docs-pages", BUILD / "docs", run_labs=not arguments.no_run)
    found = problems(BUILD / "docs")
    print("\n".join(found), file=sys.stderr)
    return code or bool(found)


if __name__ == "__main__":
    sys.exit(main())
