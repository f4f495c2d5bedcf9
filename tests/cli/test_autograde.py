"""What `coursekit autograde` shows while it is at work."""

import io
import re

import pytest
from rich.console import Console

from coursekit.cli.autograde import Steps, in_time, progress_of


class Clock:
    """A clock that a test moves on."""

    now = 0.0

    def __call__(self):
        return self.now


def class_of(students, console, seconds=3.0):
    """Show a class being graded; return what was shown."""
    clock = Clock()
    with progress_of(console) as steps:
        steps.clock, steps.began = clock, 0.0
        for number in range(1, students + 1):
            steps("intake", f"s{number}", number, students, "ok")
        for number in range(1, students + 1):
            clock.now += seconds
            steps("run", f"s{number}", number, students, "scored")
            steps("record", f"s{number}", number, students, "ok")
    return console.file.getvalue()


def console(width, terminal):
    return Console(file=io.StringIO(), width=width, force_terminal=terminal)


def test_in_a_pipe_there_is_one_plain_line_a_student_whatever_the_width():
    shown = class_of(200, console(20, terminal=False)).splitlines()
    assert len(shown) == 200
    assert shown[0] == "run    1/200 s1: scored, 10 min left"
    assert shown[99] == "run    100/200 s100: scored, 5 min left"
    assert shown[199] == "run    200/200 s200: scored"


@pytest.mark.parametrize("width", [24, 40, 120])
def test_in_a_terminal_no_bar_is_wider_than_the_window(width):
    shown = class_of(200, console(width, terminal=True))
    bars = [line for line in shown.splitlines() if "━" in line]
    assert any("200/200" in line for line in bars)
    plain = [Console().render_str(line).plain for line in bars]
    visible = [escape_free(line) for line in plain]
    assert max(len(line) for line in visible) <= width
    assert max(line.count("━") for line in visible) >= width - 40, "it fills the rest"


def escape_free(line):
    """Return a line without the terminal's commands."""
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", line).rpartition("\r")[2]


def test_the_rate_is_that_of_the_runs_and_not_of_intake():
    clock = Clock()
    steps = Steps(progress_of(console(80, terminal=False)).bars, clock)
    clock.now = 100.0
    steps("intake", "ann", 10, 10, "ok")
    clock.now = 104.0
    assert steps.left("run", 2, 10) == "16 s left"
    assert steps.left("run", 10, 10) == ""


def test_what_failed_is_told_at_every_step():
    out = console(80, terminal=False)
    steps = Steps(progress_of(out).bars, Clock())
    steps("intake", "ann", 1, 2, "unreadable")
    steps("record", "bob", 2, 2, "failed")
    shown = out.file.getvalue()
    assert "intake 1/2 ann: unreadable" in shown
    assert "record 2/2 bob: failed" in shown


def test_a_students_name_is_no_markup():
    out = console(80, terminal=False)
    steps = Steps(progress_of(out).bars, Clock())
    steps("run", "[bold]x[/bold]", 1, 1, "scored")
    assert "[bold]x[/bold]: scored" in out.file.getvalue()


def test_times_are_rounded_up():
    assert in_time(61) == "2 min left"
    assert in_time(3600) == "1 h 0 min left"


def test_a_students_id_cannot_act_on_the_terminal():
    out = console(80, terminal=False)
    with progress_of(out) as steps:
        steps("run", "ann\x1b[2J\nrun 2/2 zoe", 1, 2, "scored")
    assert out.file.getvalue().startswith("run    1/2 ann�[2J�run 2/2 zoe: scored")
