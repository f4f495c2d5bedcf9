"""Whether the feedback on a submission is written, still true, and released."""

import re
from pathlib import Path

MISSING, STALE, WRITTEN, RELEASED = "missing", "stale", "written", "released"
SCORE = re.compile(r"<h4>.{0,300}?\(Score: (-?[\d.]+) / [\d.]+\)</h4>", re.DOTALL)
HEAD = 4_000_000  # characters of a page in which its score is looked for


class Feedback:
    """The feedback of one assignment, by nbgrader's own folders and exchange.

    Parameters
    ----------
    course : Course
    assignment : str
    """

    def __init__(self, course, assignment):
        self.course, self.assignment = course, assignment
        self.outbound = exchange_folder(course)

    def folder(self, student, step="feedback"):
        """Return a student's folder of feedback, or of autograded notebooks."""
        coursedir = self.course.coursedir
        step = getattr(coursedir, f"{step}_directory")
        return Path(coursedir.format_path(step, student, self.assignment))

    def state(self, mark):
        """Return ``"missing"``, ``"stale"``, ``"written"`` or ``"released"``.

        It is stale where it is older than the graded notebook or shows another score.

        Parameters
        ----------
        mark : Mark
        """
        folder = self.folder(mark.student)
        names = sorted({cell.notebook for cell in mark.cells})
        pages = [folder / f"{name}.html" for name in names]
        if not pages or not all(page.is_file() for page in pages):
            return MISSING
        if any(self.is_stale(page, mark) for page in pages):
            return STALE
        is_out = all(self.is_released(page) for page in pages)
        return RELEASED if is_out else WRITTEN

    def is_stale(self, page, mark):
        """Return True if a page does not show the marks as they are."""
        graded = self.folder(mark.student, "autograded") / f"{page.stem}.ipynb"
        if graded.is_file() and graded.stat().st_mtime > page.stat().st_mtime:
            return True
        said = score_on(page)
        cells = [cell for cell in mark.cells if cell.notebook == page.stem]
        points = sum(cell.points or 0.0 for cell in cells)
        shown = max(0.0, points - mark.penalties.get(page.stem, 0.0))
        return said is not None and abs(said - shown) > 0.006

    def is_released(self, page):
        """Return True if this very page lies in the exchange."""
        from nbgrader.utils import notebook_hash

        secret = page.with_name("submission_secret.txt")
        if self.outbound is None or not secret.is_file():
            return False
        text = secret.read_text(encoding="utf-8", errors="replace")
        name = notebook_hash(secret=text, notebook_id=page.stem)
        released = self.outbound / f"{name}.html"
        try:
            return released.stat().st_mtime >= page.stat().st_mtime
        except OSError:
            return False

    def by_exchange(self, student):
        """Return True if a student handed in through the exchange.

        All others get their feedback by hand, such as through Canvas or Moodle.
        """
        return (self.folder(student) / "submission_secret.txt").is_file()


def score_on(page):
    """Return the score that stands at the head of a page of feedback, or None."""
    with page.open(encoding="utf-8", errors="replace") as file:
        found = SCORE.search(file.read(HEAD))
    return float(found[1]) if found else None


def exchange_folder(course):
    """Return where the exchange keeps this course's feedback; None without a course."""
    from nbgrader.exchange.default import ExchangeReleaseFeedback

    coursedir = course.coursedir
    if not coursedir.course_id:
        return None
    root = ExchangeReleaseFeedback(coursedir=coursedir, parent=coursedir.parent).root
    return Path(root) / coursedir.course_id / "feedback"
