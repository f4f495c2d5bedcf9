import sys

import pytest
import typer

from coursekit import __version__
from coursekit.cli.app import app, main


def run(monkeypatch, *arguments):
    """Run the command as the shell does, and return its exit code."""
    monkeypatch.setattr(sys, "argv", ["coursekit", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code or 0


def test_the_version_is_the_packages(monkeypatch, capsys):
    assert run(monkeypatch, "--version") == 0
    assert capsys.readouterr().out == f"coursekit {__version__}\n"


def test_an_error_of_ours_is_one_message_on_stderr_and_exit_code_2(
    monkeypatch, capsys, tmp_path
):
    assert run(monkeypatch, "build", str(tmp_path)) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(f"coursekit: {tmp_path} has neither notebooks/")
    assert "Traceback" not in told.err


def test_an_error_that_is_not_ours_keeps_its_traceback(monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr("coursekit.authoring.build_all", broken)
    monkeypatch.setattr(sys, "argv", ["coursekit", "build"])
    with pytest.raises(ZeroDivisionError):
        main()


def test_build_ends_with_1_if_a_check_finds_a_stale_notebook(
    monkeypatch, capsys, tmp_path
):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks/01_gaps.py").write_text("# %%\ngap = 0.1\n")
    assert run(monkeypatch, "build", "--check", str(tmp_path)) == 1
    assert "01_gaps.exercise.ipynb" in capsys.readouterr().out
    assert run(monkeypatch, "build", str(tmp_path)) == 0
    assert run(monkeypatch, "build", "--check", str(tmp_path)) == 0


def test_every_command_has_one_line_of_help(monkeypatch, capsys):
    group = typer.main.get_command(app)
    assert {"build", "data", "holdout", "init"} <= set(group.commands)
    assert all(command.help for command in group.commands.values())
    for name in group.commands:
        assert run(monkeypatch, name, "--help") == 0
        assert name in capsys.readouterr().out
