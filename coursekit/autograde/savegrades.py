"""Write the trusted points where nbgrader expects them."""

from nbgrader.preprocessors import SaveAutoGrades

from coursekit.autograde.exporter import graded_by_us
from coursekit.autograde.intake import is_solution
from coursekit.autograde.sanitize import is_cut


class SaveTrustedGrades(SaveAutoGrades):
    """Saves points from score records; no output of a cell can become such points.

    A cell of one of the rubric's kinds gets the points of the score record, or none
    and *needs manual grade*. Ordinary test cells beside them are graded by their
    outputs as nbgrader does, unless they did not run. Notebooks without a rubric are
    nbgrader's.

    An assignment without a rubric that ran in the sandbox has such cells only. Where a
    run of its was stopped, none of the notebook's cells is graded by its outputs.

    A question that a person has marked stays marked where the very answer is graded
    again under a rubric. nbgrader itself asks for a person each time.
    """

    def _add_score(self, cell, resources):
        settled = graded_by_us(self, resources) and self.is_settled(cell)
        self.add_score(cell, resources)
        if settled:
            self.grade(cell.metadata["nbgrader"]["grade_id"]).needs_manual_grade = False
            self.gradebook.db.commit()

    def is_settled(self, cell):
        """Return True for a question that a person has marked, with this very text."""
        name = cell.metadata["nbgrader"]["grade_id"]
        if self.parent.marked_before.get(name) != cell.source:
            return False
        grade = self.grade(name)
        return grade.manual_score is not None and not grade.needs_manual_grade

    def add_score(self, cell, resources):
        """Save the points of a cell, from the score record or as nbgrader does."""
        if not graded_by_us(self, resources):
            return super()._add_score(cell, resources)
        score = self.parent.score_record()
        name = cell.metadata["nbgrader"]["grade_id"]
        if name in score["kinds"]:
            return self.save(name, self.trusted(name, score))
        if self.parent.submission.status != "ok" or not self.has_run(cell, score):
            return self.save(name, None)
        try:
            return super()._add_score(cell, resources)
        except (ValueError, KeyError) as error:
            self.log.error("The test %s gave no mark: %s", name, error)
            return self.save(name, None)

    def _add_comment(self, cell, resources):
        if graded_by_us(self, resources) and self.parent.submission.status != "ok":
            return
        super()._add_comment(cell, resources)

    def has_run(self, cell, score):
        """Return True if a cell can be graded as nbgrader does."""
        ended = score.get("notebooks", {}).get(self.notebook_id)
        if ended is None:
            return ran(cell)
        return ended["status"] == "ok" and (is_solution(cell) or ran(cell))

    def trusted(self, kind, score):
        """Return the points of a kind, or None where a person has to give them."""
        total, most = score["kinds"][kind], self.grade(kind).max_score
        if total["max_points"] != most:
            self.log.error(
                "%s has %s points in the rubric and %s in the notebook: not graded",
                *(kind, total["max_points"], most),
            )
            return None
        return total["points"]

    def grade(self, name):
        """Return the gradebook's row for a cell."""
        names = self.notebook_id, self.assignment_id, self.student_id
        return self.gradebook.find_grade(name, *names)

    def save(self, name, points):
        """Save points; a cell without any, or marked by hand before, needs a person."""
        grade = self.grade(name)
        grade.auto_score = points
        by_hand = grade.manual_score is not None
        grade.needs_manual_grade = points is None or by_hand
        self.gradebook.db.commit()


def ran(cell):
    """Return True unless a test cell did not run, or not all it showed was kept."""
    if cell.cell_type != "code":
        return True
    return cell.execution_count is not None and not is_cut(cell.outputs)
