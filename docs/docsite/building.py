"""Lay the pages out and call Sphinx."""

from pathlib import Path

from sphinx.cmd.build import build_main

from docsite.staging import stage

SETTINGS = Path(__file__).parent


def build(pages, output, run_labs):
    """Build the site.

    Parameters
    ----------
    pages, output : path
        Where the pages are laid out, and where the site is written.
    run_labs : bool
        Run the labs that have changed since they were last run.

    Returns
    -------
    int
        Sphinx's exit code: 0 if there was no warning.
    """
    stage(pages, run_labs)
    options = ["-b", "html", "-W", "--keep-going", "-q", "-c", str(SETTINGS)]
    doctrees = ["-d", str(Path(output).with_name("docs-trees"))]
    return build_main([*options, *doctrees, str(pages), str(output)])
