"""Where the notebooks, assignments and data sheets of this coursekit lie.

A checkout, and so an editable install, has them beside the package. A wheel carries
a copy inside it, ``coursekit/_content``. The folder is found from the package that
is running, never from a copy that an earlier installation left elsewhere.
"""

from pathlib import Path

from coursekit.errors import BadInput

KINDS = ("notebooks", "assignments", "datasets")
PACKAGE = Path(__file__).resolve().parent


def content(kind):
    """Return the folder of what ships with coursekit beside its code.

    Parameters
    ----------
    kind : {"notebooks", "assignments", "datasets"}
        Labs with their sources, assignments with rubric and archetypes, or data sets
        with their datasheets.

    Returns
    -------
    Path
        An absolute folder. Treat it as read-only.

    Raises
    ------
    BadInput
        If there is no such kind, or the folder is missing from this installation.

    Examples
    --------
    >>> content("datasets").name
    'datasets'
    """
    if kind not in KINDS:
        raise BadInput(f"There is no content {kind!r}, only {', '.join(KINDS)}.")
    folder = content_root(PACKAGE) / kind
    if not folder.is_dir():
        raise BadInput(
            f"{folder} is missing, so coursekit is not whole here. Install it anew; "
            f"in a checkout, get the folder back with `git restore {kind}`."
        )
    return folder


def content_root(package):
    """Return the folder that holds all kinds of content of a package.

    Parameters
    ----------
    package : Path
        The folder of ``coursekit/__init__.py``.

    Returns
    -------
    Path
        The checkout, if ``pyproject.toml`` stands beside the package (in
        site-packages it never does, though a package named ``datasets`` may), else
        the copy inside the package.
    """
    checkout = package.parent
    return checkout if (checkout / "pyproject.toml").is_file() else package / "_content"
