"""coursekit: a course kit for teaching clinical machine learning.

Importing it loads nothing heavy. What a student's notebook calls, `check`, `submit`
and `load_cohorts`, is loaded when first used.
"""

from importlib import import_module

__version__ = "0.1.0"
__all__ = ["check", "load_cohorts", "submit"]


def __getattr__(name):
    """Load what a student's notebook calls when it is first asked for."""
    if name in __all__:
        return getattr(import_module("coursekit.grading.handin"), name)
    raise AttributeError(f"module 'coursekit' has no attribute {name!r}")


def __dir__():
    return sorted([*globals(), *__all__])
