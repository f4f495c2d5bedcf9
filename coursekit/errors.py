"""Every error that coursekit raises on purpose.

::

    CoursekitError
    ├── BadInput (also a ValueError)   something given to coursekit cannot be used
    │   ├── BadData                    a table or file is missing, truncated or altered
    │   ├── BadRubric                  a rubric.toml that says something impossible
    │   ├── BadCourse                  a course folder that is not in a usable state
    │   ├── BadLesson                  a percent source that cannot be built
    │   └── NotHandedIn                nothing could be handed in; told in a few lines
    ├── NotEstimable                   a value that these patients cannot show
    ├── NotCertified                   a course whose archetypes miss their bands
    ├── SubmissionFailed               one submission could not be graded; has a status
    ├── SandboxUnavailable             no sandbox works on this machine
    └── ClusterUnavailable             no cluster that runs could be made on

A message says what is the case and what to do about it. Nothing is lost when one
of these is raised: files are written beside and renamed.
"""

import textwrap


class CoursekitError(Exception):
    """The root: catch this to catch everything that coursekit raises on purpose."""


class BadInput(CoursekitError, ValueError):
    """Something given to coursekit cannot be used; the message says what to do."""


class BadData(BadInput):
    """A data file or table is missing, truncated, altered or of the wrong shape."""


class BadRubric(BadInput):
    """A rubric says something impossible; the message names file, key and remedy."""


class BadCourse(BadInput):
    """A course folder is not in a state in which this can be done."""


class BadLesson(BadInput):
    """A percent source cannot be built; the message names file, cell and remedy."""


class NotEstimable(CoursekitError):
    """A value that these patients cannot show, such as sensitivity without cases."""


class NotCertified(CoursekitError):
    """An archetype earns marks outside its band, so the course may not be released."""


class SandboxUnavailable(CoursekitError):
    """No sandbox works on this machine; the message says how to get one."""


class ClusterUnavailable(CoursekitError):
    """A cluster cannot be reached, or would not give the same marks as this machine."""


class SubmissionFailed(CoursekitError):
    """One submission could not be graded.

    Parameters
    ----------
    status : str
        A short fixed name, such as ``"unreadable"``.
    reason : str
        One sentence for the student and the grader.

    Examples
    --------
    >>> error = SubmissionFailed("unreadable", "The notebook is not JSON.")
    >>> error.status, str(error)
    ('unreadable', 'The notebook is not JSON.')
    """

    def __init__(self, status, reason):
        super().__init__(reason)
        self.status = status
        self.reason = reason


class NotHandedIn(BadInput):
    """Nothing could be handed in, and the student is told what to do.

    A notebook shows it as a few short lines. A traceback would be of coursekit's own
    code, and nbgrader's Validate cuts each line after 80 characters.
    """

    def _render_traceback_(self):
        """Return the lines that IPython shows in the place of a traceback."""
        return textwrap.wrap(f"{type(self).__name__}: {self}", width=72)
