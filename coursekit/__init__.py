"""coursekit: a course kit for teaching clinical machine learning."""

__version__ = "0.1.0"
