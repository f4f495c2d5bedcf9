"""What is in the wheel is what is tracked, no more and no less."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[1]
SHIPPED = ("notebooks", "assignments", "datasets")


def tracked():
    """Return the tracked files of the checkout, as git lists them."""
    if not (CHECKOUT / ".git").exists():
        pytest.skip("not a git checkout, so there is no list of tracked files")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=CHECKOUT, capture_output=True, check=True
    )
    names = listed.stdout.decode().split("\0")
    return [name for name in names if (CHECKOUT / name).is_file()]


def in_wheel(name):
    """Return where a tracked file belongs in the wheel; None if it does not."""
    top = name.split("/")[0]
    if top in SHIPPED:
        return f"coursekit/_content/{name}"
    return name if top == "coursekit" else None


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """A copy of the tracked files, with the litter that work leaves behind."""
    root = tmp_path_factory.mktemp("clone")
    for name in tracked():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(CHECKOUT / name, root / name)
    for litter in (
        "notebooks/.ipynb_checkpoints/01-checkpoint.ipynb",
        "assignments/readmission/.ipynb_checkpoints/x-checkpoint.ipynb",
        "assignments/readmission/archetypes/__pycache__/good.cpython-311.pyc",
        "coursekit/__pycache__/errors.cpython-311.pyc",
        "build/demo/holdout/secret.txt",
    ):
        (root / litter).parent.mkdir(parents=True, exist_ok=True)
        (root / litter).write_text("not to be shipped")
    return root


@pytest.fixture(scope="module")
def shipped(clone):
    """The names of all files in the wheel that is built from the clone."""
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", "dist"]
    subprocess.run(build, cwd=clone, check=True, capture_output=True)
    [wheel] = (clone / "dist").glob("*.whl")
    return set(zipfile.ZipFile(wheel).namelist())


@pytest.mark.slow
def test_the_wheel_holds_the_tracked_files_and_no_other(shipped):
    expected = {place for name in tracked() if (place := in_wheel(name))}
    metadata = {name for name in shipped if ".dist-info/" in name}
    assert any(name.startswith("coursekit/_content/") for name in expected)
    assert shipped - metadata == expected


@pytest.mark.slow
def test_the_wheel_brings_the_command_and_the_licence(shipped):
    kept = {name.split(".dist-info/")[1] for name in shipped if ".dist-info/" in name}
    assert {"entry_points.txt", "licenses/LICENSE", "METADATA"} <= kept
