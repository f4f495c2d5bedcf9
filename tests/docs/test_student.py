"""What docs/student.md promises to those who do not work on Linux."""

import subprocess
import sys

LACKING = ("fcntl", "grp", "pty", "pwd", "resource", "syslog", "termios")
LOAD = f"""
import sys

class Windows:
    def find_spec(self, name, path=None, target=None):
        if name in {LACKING}:
            raise ModuleNotFoundError(f"Windows has no {{name}}", name=name)

for name in {LACKING}:
    sys.modules.pop(name, None)
sys.meta_path.insert(0, Windows())
import coursekit.datasets, coursekit.grading.handin, coursekit.metrics, coursekit.quiz
from coursekit import check, load_cohorts, submit
"""


def test_what_a_notebook_calls_needs_nothing_that_windows_lacks():
    subprocess.run([sys.executable, "-c", LOAD], check=True)
