"""Lay out the pages for Sphinx: those in ``docs/``, and those made from the code."""

import os
import re
import shutil
from pathlib import Path

from docsite import api, certificates, codes, commands, gallery, measures, running

CHECKOUT = Path(__file__).parents[2]
DOCS = CHECKOUT / "docs"
ROOT = {"CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}
MADE = {  # what a line <!-- site: NAME --> becomes
    "cards": gallery.cards,
    "certificates": certificates.listed,
    "measures": measures.measures,
}
MARK = re.compile(r"^<!-- site: (\w+) -->$", re.MULTILINE)
TOCTREE = re.compile(r"```\{toctree\}\n.*?```", re.DOTALL)
OUTSIDE = re.compile(r"\]\(((?:\.\./)+)([^)#]+)")


def stage(folder, run_labs):
    """Write all pages into a folder.

    Parameters
    ----------
    folder : path
        Emptied first.
    run_labs : bool
        False shows the outputs of the labs that were run before, if any.
    """
    folder = Path(folder)
    shutil.rmtree(folder, ignore_errors=True)
    ignored = shutil.ignore_patterns("docsite", "__pycache__", ".ipynb_checkpoints")
    shutil.copytree(DOCS, folder, ignore=ignored)
    for name, page in ROOT.items():
        text = (CHECKOUT / name).read_text("utf-8")
        (folder / page).write_text(text.replace("](docs/", "]("), encoding="utf-8")
    made = {**commands.pages(), **codes.pages(), **api.pages()}
    for name, text in made.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    certificates.write(folder / "certificates")
    for lab in running.LABS:
        notebook = running.run(lab) if run_labs else running.kept(lab)
        gallery.write_lab(lab, notebook or running.unrun(lab), folder)
    list_the_rest(folder)
    for page in folder.rglob("*.md"):
        page.write_text(finish(page.read_text("utf-8"), page, folder), encoding="utf-8")


def list_the_rest(folder):
    """Put pages that the front page does not list into a list at its end."""
    front = folder / "index.md"
    text = front.read_text("utf-8")
    listed = {"index", *re.findall(r"^[\w-]+$", text, re.MULTILINE)}
    rest = sorted({page.stem for page in folder.glob("*.md")} - listed)
    if rest:
        names = "\n".join(rest)
        text += f"\n```{{toctree}}\n:hidden:\n:caption: More\n\n{names}\n```\n"
        front.write_text(text, encoding="utf-8")


def finish(text, page, folder):
    """Return a page with its marks filled in and its links leading somewhere."""
    text = MARK.sub(lambda found: MADE[found[1]](), text)
    text = TOCTREE.sub(lambda found: present(found[0], page.parent), text)
    return outside(text, page, folder)


def present(toctree, folder):
    """Leave out of a list of pages those that are not there.

    The pages of the tour and of the samples are made elsewhere.
    """
    lines = toctree.splitlines()
    kept = [line for line in lines if not is_missing(line, folder)]
    if any("*" in line for line in kept):
        kept.insert(1, ":glob:")
    return "\n".join(kept)


def is_missing(line, folder):
    """Return True for a line of a toctree that names no page."""
    if not line or line.startswith((":", "`")):
        return False
    return not any(list(folder.glob(f"{line}.{end}")) for end in ("md", "ipynb", "rst"))


def outside(text, page, folder):
    """Let links that leave ``docs/`` lead to the files of the checkout.

    Examples
    --------
    ``[rubric](../assignments/readmission/rubric.toml)`` is a link on GitHub too.
    """
    source = DOCS / page.relative_to(folder)

    def resolved(found):
        target = (source.parent / found[1] / found[2]).resolve()
        if target.is_relative_to(DOCS):
            return found[0]
        if target.name in ROOT:
            target = folder.resolve() / ROOT[target.name]
        return f"]({os.path.relpath(target, page.parent.resolve())}"

    return OUTSIDE.sub(resolved, text) if source.exists() else text
