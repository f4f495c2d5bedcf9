import sys
from pathlib import Path

import pytest
import typer

from coursekit import __version__, cli
from coursekit.cli import main


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


def test_every_file_of_a_command_is_registered():
    files = {path.stem for path in Path(cli.__file__).parent.glob("*.py")}
    commands = set(typer.main.get_command(cli.app).commands)
    commands = {name.replace("-", "_") for name in commands}
    assert files - {"__init__", "__main__", "app"} == commands


def test_the_data_sets_are_listed_and_each_has_its_sheet(monkeypatch, capsys):
    assert run(monkeypatch, "data", "list") == 0
    names = [line.split()[0] for line in capsys.readouterr().out.splitlines()[1:]]
    assert "readmission" in names
    for name in names:
        assert run(monkeypatch, "data", "show", name) == 0
        assert name in capsys.readouterr().out


def test_an_unknown_data_set_is_an_error_that_lists_the_known(monkeypatch, capsys):
    assert run(monkeypatch, "data", "show", "readmision") == 2
    assert "there are readmission" in capsys.readouterr().err


def test_every_command_has_one_line_of_help(monkeypatch, capsys):
    group = typer.main.get_command(cli.app)
    assert {"build", "data", "holdout", "init"} <= set(group.commands)
    assert all(command.help for command in group.commands.values())
    for name in group.commands:
        assert run(monkeypatch, name, "--help") == 0
        assert name in capsys.readouterr().out
