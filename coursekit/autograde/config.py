"""nbgrader's configuration for a course of ours: nothing is patched, all is config."""

import os
import sys
from pathlib import Path

SANITIZE = (
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.DeduplicateIds",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "coursekit.autograde.replay.CheckOrdinaryCells",
)
AUTOGRADE = (
    "coursekit.autograde.replay.Replay",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "coursekit.autograde.savegrades.SaveTrustedGrades",
    "coursekit.rules.late.GrantExtensions",
    "coursekit.rules.late.TakePenalties",
    "coursekit.autograde.replay.CheckOrdinaryCells",
)
FEEDBACK = (
    "coursekit.rules.late.GetPenalisedGrades",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
)

# Filters through which nbconvert's and nbgrader's templates pass what students wrote:
# nbgrader's own put Markdown through the second one only.
PAGE_FILTERS = ("clean_html", "strip_files_prefix")
FOR_PAGE = "coursekit.autograde.plain_html.for_page"


def configure(c, course=None):
    """Make nbgrader grade the assignments that have a rubric by it.

    Call it in ``nbgrader_config.py``; lines after it may change what it sets. For a
    gradebook in PostgreSQL these two, because PostgreSQL refuses a course without id::

        c.CourseDirectory.db_url = "postgresql+psycopg://user@host/gradebook"
        c.CourseDirectory.course_id = "ml4h"

    Parameters
    ----------
    c : traitlets.config.Config
    course : path, optional
        The course folder. By default the folder of the file that calls this.

    Examples
    --------
    >>> from traitlets.config import Config
    >>> c = Config()
    >>> configure(c, course="/courses/ml4h")
    >>> c.CourseDirectory.db_url
    'sqlite:////courses/ml4h/gradebook.db?timeout=60'
    """
    if course is None:
        course = Path(sys._getframe(1).f_globals["__file__"]).parent
    course = Path(course).absolute()
    find_alembic()
    c.CourseDirectory.root = str(course)
    c.CourseDirectory.db_url = f"sqlite:///{course / 'gradebook.db'}?timeout=60"
    c.Autograde.exporter_class = "coursekit.autograde.exporter.IntakeExporter"
    c.Autograde.sanitize_preprocessors = list(SANITIZE)
    c.Autograde.autograde_preprocessors = list(AUTOGRADE)
    c.GenerateFeedback.preprocessors = list(FEEDBACK)
    c.HTMLExporter.sanitize_html = True
    c.HTMLExporter.filters = dict.fromkeys(PAGE_FILTERS, FOR_PAGE)
    c.ExchangeFactory.collect = "coursekit.autograde.exchange.CollectPlainFiles"
    c.AssignLatePenalties.plugin_class = "coursekit.rules.late.LateDays"
    c.ExportApp.plugin_class = "coursekit.autograde.export.GradesWithStatus"


def find_alembic():
    """Put this Python's commands on the path: nbgrader calls ``alembic`` by name.

    Where it is not found, as in an environment that is not activated, nbgrader leaves
    a half made gradebook behind.
    """
    here = str(Path(sys.executable).parent)
    path = os.environ.get("PATH", os.defpath)
    if here not in path.split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([here, path])
