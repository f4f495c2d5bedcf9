"""What is loaded when nothing has been asked for yet."""

import subprocess
import sys

import pytest

import coursekit

HEAVY = {
    "fairlearn",
    "jupyter_client",
    "jupytext",
    "matplotlib",
    "nbclient",
    "nbconvert",
    "nbformat",
    "nbgrader",
    "numpy",
    "pandas",
    "scipy",
    "shap",
    "sklearn",
    "spacy",
    "sqlalchemy",
    "torch",
}


def loaded_by(statement):
    """Return the top-level packages in a fresh Python after one statement."""
    report = (
        "import sys; print('LOADED', *{name.split('.')[0] for name in sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"try:\n {statement}\nfinally:\n {report}"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split("LOADED")[1].split())


def test_importing_coursekit_loads_nothing_but_the_standard_library():
    added = loaded_by("import coursekit") - loaded_by("pass")
    assert "coursekit" in added
    assert added - set(sys.stdlib_module_names) == {"coursekit"}


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["init", "--help"]])
def test_the_command_says_what_it_can_do_without_loading_heavy_libraries(arguments):
    command = f"sys.argv[1:] = {arguments}; from coursekit.cli import main; main()"
    loaded = loaded_by(f"import sys; {command}")
    assert "typer" in loaded
    assert not loaded & HEAVY


def test_what_a_notebook_calls_is_loaded_on_first_use():
    assert "numpy" in loaded_by("import coursekit; coursekit.submit")
    from coursekit.grading import handin

    assert coursekit.submit is handin.submit
    assert {"check", "load_cohorts", "submit"} <= set(dir(coursekit))


def test_a_name_that_is_not_there_is_named():
    with pytest.raises(AttributeError, match="'coursekit' has no attribute 'sumbit'"):
        coursekit.sumbit  # noqa: B018


def test_a_students_kernel_loads_no_statistics_that_only_a_generator_needs():
    heavy = "coursekit.grading.handin as h, sys; print('scipy.stats' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", f"import {heavy}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "False"
