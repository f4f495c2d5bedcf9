import os
import subprocess
import sys

import pytest

from coursekit.autograde.doctor import FAILING, OK, Finding
from coursekit.autograde.frame import write_frame
from coursekit.cli import main
from coursekit.rules import Rules


def run(monkeypatch, *arguments):
    """Run the command as the shell does, and return its exit code."""
    monkeypatch.setattr(sys, "argv", ["coursekit", "doctor", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code or 0


def test_what_is_failing_ends_with_1_and_says_what_mends_it(monkeypatch, capsys):
    found = [Finding("sandbox", OK, "Fine."), Finding("x", FAILING, "[Bad].", "mend x")]
    monkeypatch.setattr("coursekit.autograde.doctor.examine", lambda *_: found)
    assert run(monkeypatch) == 1
    told = capsys.readouterr().out.splitlines()
    assert told == ["ok      sandbox: Fine.", "failing x: [Bad].", "        -> mend x"]
    found.pop()
    assert run(monkeypatch) == 0


@pytest.mark.slow
def test_a_course_is_looked_at_whole(tmp_path):
    course = tmp_path / "ml4h"
    write_frame(course, "secret", Rules(name="ml4h"))
    (course / "holdout").chmod(0o755)
    command = [sys.executable, "-m", "coursekit.cli", "doctor", "--jobs", "1"]
    done = subprocess.run(
        [*command, "--course", str(course)],
        capture_output=True,
        text=True,
        env=os.environ | {"COLUMNS": "60"},
    )
    assert done.returncode == 1, done.stderr
    for what in ("sandbox", "kernels", "memory", "packages", "versions", "alembic"):
        assert f" {what}: " in done.stdout
    assert f"-> chmod 700 {course / 'holdout'}\n" in done.stdout
    assert "with --jobs 1, submissions may use 3.0 GB" in done.stdout


def test_without_a_course_the_folder_it_is_called_in_counts(monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(
        "coursekit.autograde.doctor.examine", lambda *given: asked.append(given) or []
    )
    monkeypatch.chdir(tmp_path)
    assert run(monkeypatch) == 0
    (tmp_path / "course.toml").touch()
    assert run(monkeypatch, "--jobs", "3") == 0
    assert [str(where) for where, _ in asked] == ["None", "."]
    assert asked[1][1] == 3
