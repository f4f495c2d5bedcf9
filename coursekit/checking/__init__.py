"""What a student would get for a notebook: the local check, run from a terminal.

`check_notebook` runs a notebook from top to bottom as grading does and looks at what
its own local check says. This side runs wherever students are, so nothing here is
loaded that only Linux has; the sandbox is, where there is one.
"""

from coursekit.checking.accidents import Accident
from coursekit.checking.checking import Checked, check_notebook

__all__ = ["Accident", "Checked", "check_notebook"]
