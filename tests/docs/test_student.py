"""What docs/student.md promises to those who do not work on Linux."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from coursekit.grading.local import HEADINGS

CHECKOUT = Path(__file__).parents[2]
PAGE = (CHECKOUT / "docs" / "student.md").read_text("utf-8")
MESSAGES = (
    *("There are no patients in this kernel yet.", "Nothing was handed in yet."),
    *("has no predict_proba.", "is missing: submit(..., ", ", not a function."),
    *(" took longer than ", "OPERATING-POINT", "NO-REPLY"),
)
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


def test_the_table_of_the_check_is_shown_with_its_headings():
    [heading] = [line for line in PAGE.splitlines() if line.startswith("    kind ")]
    assert tuple(re.split(r" {2,}", heading.strip())) == HEADINGS


@pytest.mark.parametrize("message", MESSAGES)
def test_a_message_that_the_page_explains_is_one_that_coursekit_says(message):
    assert message in PAGE
    paths = [
        path
        for path in CHECKOUT.glob("coursekit/**/*.*")
        if path.suffix in (".py", ".toml")
    ]
    assert any(message in path.read_text("utf-8") for path in paths)
