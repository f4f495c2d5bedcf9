"""In the place of nbgrader's Execute: show what a run in the sandbox showed."""

import nbformat
from nbformat.v4 import new_output
from nbgrader.api import Gradebook
from nbgrader.preprocessors import CheckCellMetadata, Execute

from coursekit.autograde.exporter import graded_by_us
from coursekit.autograde.intake import label
from coursekit.autograde.recorded import MARK
from coursekit.autograde.sanitize import clean_outputs
from coursekit.autograde.scorebook import digest_of, run_of
from coursekit.grading.feedback import cell_outputs
from coursekit.rules.late import percents, terms


class Replay(Execute):
    """Puts the outputs of a run into the notebook, and feedback into its grade cells.

    A notebook without a rubric is executed exactly as nbgrader does.
    """

    def preprocess(self, nb, resources=None, km=None):
        """Fill in the outputs of one notebook."""
        if not graded_by_us(self, resources):
            return super().preprocess(nb, resources, km)
        exporter = self.parent
        score = exporter.score_record()
        code = code_of(nb)
        run = run_of(score, resources["nbgrader"]["notebook"])
        executed = executed_cells(exporter.course, score["assignment"], run)
        executed = executed or [None] * len(code)
        for cell, ran in zip(code, executed, strict=True):
            show(cell, ran)
        for kind in score["kinds"]:
            show_feedback(nb, kind, score)
        show_notes(nb, [*why_no_marks(score), *score["notes"]])
        nb.metadata[MARK] = {
            "record": digest_of(score),
            "status": score["status"],
            "sandbox": score.get("sandbox"),
            "terms": terms_of(exporter.course, resources["nbgrader"]),
        }
        return nb, resources


def terms_of(course, names):
    """Return what is taken from a submission for being late, and granted."""
    assignment, student = names["assignment"], names["student"]
    with Gradebook(names["db_url"]) as gradebook:
        lost = percents(gradebook, assignment, course.rules, student)
    return terms(course.rules, assignment, student, lost.get(student, 0.0))


def code_of(notebook):
    """Return the code cells of a notebook, which a run and its submission share."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def why_no_marks(score):
    """Return what went wrong, where no grade cell of the rubric's kinds says so."""
    is_told = score["kinds"] or score["status"] == "scored"
    return () if is_told else (f"{score['status']}: {score['reason']}",)


def executed_cells(course, assignment, run):
    """Return the code cells of a run; none where it is gone."""
    path = course.private("runs") / assignment / (run or "-") / "executed.ipynb"
    if not run or not path.is_file():
        return []
    return code_of(nbformat.read(path, as_version=4))


def show(cell, executed):
    """Show in a cell what its run showed; nothing if it did not run."""
    cell.outputs, cell.execution_count = [], None
    if executed is not None:
        cell.outputs = clean_outputs(executed.outputs)
        cell.execution_count = executed.execution_count


def show_feedback(notebook, kind, score):
    """Show the feedback on one kind of points in its grade cell."""
    text, html = cell_outputs(score, kind)
    for cell in notebook.cells:
        if label(cell) == kind and cell.cell_type == "code":
            shown = new_output(
                "display_data", data={"text/plain": text, "text/html": html}
            )
            cell.outputs = [shown]


def show_notes(notebook, notes):
    """Show above the first cell's outputs what intake changed, and limits hit."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    if notes and cells:
        text = "".join(f"About what you handed in: {note}\n" for note in notes)
        cells[0].outputs.insert(0, new_output("stream", name="stdout", text=text))


class CheckOrdinaryCells(CheckCellMetadata):
    """nbgrader's check of cell metadata, where intake has not settled it already."""

    def preprocess(self, nb, resources):
        """Check one notebook."""
        assignment = resources["nbgrader"]["assignment"]
        if graded_by_us(self, resources) and not self.parent.replays(assignment):
            return nb, resources
        return super().preprocess(nb, resources)
