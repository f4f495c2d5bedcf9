"""A wheel in an empty environment, used where there is no checkout."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def run(*command, cwd):
    """Run a command that knows nothing of this checkout, and return what it prints."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    done = subprocess.run(command, cwd=cwd, env=kept, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def away(tmp_path_factory):
    """A folder outside of any checkout."""
    return tmp_path_factory.mktemp("away")


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The bin folder of an empty environment with the wheel in it."""
    root = tmp_path_factory.mktemp("installed")
    build = ("-m", "build", "--wheel", "--no-isolation", "-o", root, CHECKOUT)
    run(sys.executable, *build, cwd=root)
    run(sys.executable, "-m", "venv", root / "venv", cwd=root)
    [wheel] = root.glob("*.whl")
    pins = CHECKOUT / "constraints.txt"
    pip = (root / "venv/bin/python", "-m", "pip", "install", "--quiet", "-c", pins)
    run(*pip, "--no-compile", wheel, cwd=root)
    return root / "venv/bin"


def test_the_command_runs(installed, away):
    assert "Lay out" in run(installed / "coursekit", "--help", cwd=away)
    assert "folder" in run(installed / "coursekit", "init", "x", "--help", cwd=away)


def test_the_code_and_the_content_are_the_wheels(installed, away):
    show = "from coursekit.content import content as c; print(c('assignments'))"
    place = Path(run(installed / "python", "-c", show, cwd=away).strip())
    assert installed.parent in place.parents
    assert (place / "readmission/rubric.toml").is_file()


def test_a_course_is_laid_out(installed, away):
    only = "--assignments", "readmission"
    run(installed / "coursekit", "init", "x", "--sandbox", "none", *only, cwd=away)
    assert (away / "x/nbgrader_config.py").is_file()
    assert (away / "x/source/readmission/readmission.ipynb").is_file()
    assert (away / "x/holdout").stat().st_mode & 0o077 == 0
