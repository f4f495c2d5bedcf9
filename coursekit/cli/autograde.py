"""`coursekit autograde`: grade an assignment for the whole class."""

import math
import time
from pathlib import Path
from typing import Annotated, Literal

import typer


def autograde(
    assignment: Annotated[str, typer.Argument(help="Such as readmission.")],
    jobs: Annotated[
        int,
        typer.Option(min=0, help="Submissions side by side; 0: one per processor."),
    ] = 0,
    student: Annotated[
        list[str] | None, typer.Option(help="Only this student; may be repeated.")
    ] = None,
    sandbox: Annotated[
        str | None,
        typer.Option(help="auto, bubblewrap or none; else as course.toml says."),
    ] = None,
    force: Annotated[
        bool,
        typer.Option(
            "--force",
            help="Run again what was run before, and show what differs. The first "
            "valid run keeps setting the mark, unless submission, patients, limits or "
            "versions have changed since.",
        ),
    ] = False,
    backend: Annotated[
        Literal["local", "dask"],
        typer.Option(help="Run on this machine, or on the workers of a cluster."),
    ] = "local",
    scheduler: Annotated[
        str | None, typer.Option(help="With dask: where, such as tcp://10.0.0.1:8786.")
    ] = None,
    course: Annotated[Path, typer.Option(help="The course folder.")] = Path("."),
):
    """Run, score and record all submissions; what was done before is looked up.

    Killed at any moment, the next call finishes the rest. Each submission has a log
    in runs/ASSIGNMENT/logs/.

    Exit code 0: every submission has a score; 1: some need a person; 2: not graded.
    """
    from rich.console import Console

    from coursekit.autograde.course import open_course
    from coursekit.autograde.pipeline import grade
    from coursekit.autograde.table import class_table, print_class_table

    console = Console()
    opened = open_course(course)
    with progress_of(console) as progress:
        grade(
            opened,
            assignment,
            student,
            jobs=jobs or None,
            sandbox=sandbox,
            force=force,
            progress=progress,
            backend=cluster_of(backend, scheduler, progress),
        )
    print_class_table(opened, assignment, console)
    rows = class_table(opened, assignment)
    asked = [row for row in rows if not student or row.student in student]
    if any(row.points is None for row in asked):
        raise typer.Exit(1)


def cluster_of(backend, scheduler, progress):
    """Return what makes the runs on a cluster; None where this machine does."""
    from coursekit.autograde.cluster import DaskRuns
    from coursekit.errors import BadInput

    if (backend == "dask") != (scheduler is not None):
        raise BadInput("A cluster takes both: --backend dask --scheduler ADDRESS.")
    if scheduler is None:
        return None
    return DaskRuns(scheduler, lambda line: progress("cluster", "all", 1, 1, line))


def progress_of(console):
    """Return a context manager that shows `grade`'s progress on a console.

    In a terminal there are bars; in a file or a pipe, a line for each student.
    """
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    bars = Progress(
        TextColumn("{task.description:6}"),
        BarColumn(bar_width=None),
        MofNCompleteColumn(),
        TextColumn("{task.fields[left]}", justify="right"),
        console=console,
        expand=True,
        disable=not console.is_terminal,
    )
    return Steps(bars)


class Steps:
    """Progress bars of the steps, with a line per student above them."""

    def __init__(self, bars, clock=time.monotonic):
        self.bars, self.clock = bars, clock
        self.tasks = {}
        self.began = clock()  # when the last intake was done

    def __enter__(self):
        self.bars.start()
        return self

    def __exit__(self, *_):
        self.bars.stop()

    def __call__(self, step, student, done, total, status):
        """Show that a step is done for a student, or which kernels there are."""
        from coursekit.autograde.door import shown

        if step in ("kernels", "cluster"):
            self.bars.console.print(f"{step}: {status}", markup=False, highlight=False)
            return
        left = self.left(step, done, total)
        if step not in self.tasks:
            self.tasks[step] = self.bars.add_task(step, total=total, left="")
        self.bars.update(self.tasks[step], completed=done, left=left)
        if step == "run" or status != "ok":
            line = f"{step:6} {done}/{total} {shown(student)}: {status}"
            if not self.bars.console.is_terminal and left:
                line += f", {left}"
            self.bars.console.print(line, markup=False, highlight=False, soft_wrap=True)

    def left(self, step, done, total):
        """Return how long a step still takes, at the rate so far, in words."""
        now = self.clock()
        if step == "intake":
            self.began = now
        return (
            "" if done == total else in_time((now - self.began) / done * (total - done))
        )


def in_time(seconds):
    """Return a time that is left in words, rounded so that it can be read.

    Examples
    --------
    >>> [in_time(seconds) for seconds in (0.4, 44, 90, 7400)]
    ['1 s left', '44 s left', '2 min left', '2 h 4 min left']
    """
    minutes = math.ceil(seconds / 60)
    if seconds <= 60:
        return f"{max(math.ceil(seconds), 1)} s left"
    if minutes < 60:
        return f"{minutes} min left"
    return f"{minutes // 60} h {minutes % 60} min left"
