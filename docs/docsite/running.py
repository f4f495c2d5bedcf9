"""Run the labs once, and keep what they show until a lab or coursekit changes."""

import hashlib
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

CHECKOUT = Path(__file__).parents[2]
LABS = sorted(CHECKOUT.glob("notebooks/[0-9][0-9]_*.py"))
RUN = CHECKOUT / "build" / "labs"
SECONDS = 600  # of one cell


def unrun(lab):
    """Return a lab's notebook, with its solutions and without outputs."""
    return nbformat.read(lab.with_suffix(".ipynb"), as_version=4)


def key(lab):
    """Return what a lab's outputs depend on: its text, and all of coursekit."""
    digest = hashlib.sha256(lab.with_suffix(".ipynb").read_bytes())
    for path in sorted(CHECKOUT.glob("coursekit/**/*.*")):
        if path.suffix in (".py", ".toml"):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def kept(lab):
    """Return the notebook as it was run last; None where its text is another now."""
    path = RUN / lab.with_suffix(".ipynb").name
    if not path.exists():
        return None
    notebook = nbformat.read(path, as_version=4)
    return notebook if texts(notebook) == texts(unrun(lab)) else None


def texts(notebook):
    """Return what stands in the cells of a notebook."""
    return [cell.source for cell in notebook.cells]


def run(lab):
    """Run a lab if it has to be; return its notebook with outputs.

    A lab takes from ten seconds to two minutes of one core.
    """
    before = kept(lab)
    if before is not None and before.metadata.get("coursekit_key") == key(lab):
        return before
    print(f"running {lab.stem}", end=" ", flush=True)
    started = time.perf_counter()
    notebook = unrun(lab)
    folder = RUN / "folder"
    folder.mkdir(parents=True, exist_ok=True)
    NotebookClient(
        notebook, timeout=SECONDS, resources={"metadata": {"path": str(folder)}}
    ).execute()
    notebook.metadata["coursekit_key"] = key(lab)
    nbformat.write(notebook, RUN / lab.with_suffix(".ipynb").name)
    print(f"{time.perf_counter() - started:.0f} s", flush=True)
    return notebook
