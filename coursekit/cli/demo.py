"""`coursekit demo`: the whole way of a submission, on a simulated class."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

MARK = "DEMO.txt"  # stands in a course that a later demo may replace


def demo(
    folder: Annotated[Path, typer.Argument(help="Where the course goes.")] = Path(
        "demo"
    ),
    sandbox: Annotated[
        str, typer.Option(help="auto, bubblewrap or none; none where auto has none.")
    ] = "auto",
    jobs: Annotated[int, typer.Option(help="Submissions side by side.")] = 2,
    secret: Annotated[str, typer.Option(help="Where the patients come from.")] = "demo",
    assignments: Annotated[
        str,
        typer.Option(
            help="Names, or folders of your own (./my_ulcers), separated by commas."
        ),
    ] = "",
):
    """Lay out a course, let a simulated class hand in, grade it, show the table."""
    from rich.console import Console

    from coursekit.autograde.layout import lay_out
    from coursekit.cli.init import named
    from coursekit.rules import Rules

    console = Console()
    sandbox = usable_sandbox(sandbox)
    refuse_other_folders(folder)
    shutil.rmtree(folder, ignore_errors=True)
    names = named(assignments)
    typer.echo(f"1/5 laying out a course in {folder} (draws and certifies patients)")
    rules = Rules(sandbox=sandbox)
    course = lay_out(folder, names, secret=secret, rules=rules, progress=typer.echo)
    (course / MARK).write_text("coursekit demo made this course and may replace it.\n")
    for name in names:
        grade_class(course, name, jobs, sandbox, console)
    typer.echo(f"Gradebook: {course}/gradebook.db; feedback: {course}/feedback/")


def grade_class(course, name, jobs, sandbox, console):
    """Release one assignment, let the class hand in, grade it, show the table."""
    from coursekit.autograde.pipeline import grade
    from coursekit.autograde.simulate import hand_in
    from coursekit.autograde.table import print_class_table
    from coursekit.cli.autograde import progress_of
    from coursekit.grading.assignment import find_assignment

    found = find_assignment(name)
    name = found.name
    typer.echo(f"2/5 {name}: releasing it with nbgrader")
    nbgrader(course, "generate_assignment", name)
    typer.echo(f"3/5 {name}: a simulated class hands in, one student per archetype")
    students = hand_in(course, found)
    typer.echo(f"4/5 {name}: autograding {len(students)} submissions")
    with progress_of(console) as progress:
        grade(course, name, students, jobs=jobs, sandbox=sandbox, progress=progress)
    typer.echo(f"5/5 {name}: writing feedback with nbgrader")
    nbgrader(course, "generate_feedback", name)
    print_class_table(course, name, console)


def usable_sandbox(sandbox):
    """Return the sandbox to use; the demo's own class may do without one, visibly."""
    from coursekit.autograde.sandbox import choose
    from coursekit.errors import SandboxUnavailable

    try:
        return choose(sandbox).name
    except SandboxUnavailable as error:
        if sandbox != "auto":
            raise
        typer.echo(f"No sandbox here: {error}")
        typer.echo("This simulated class is ours, so it runs without (sandbox: none).")
        return "none"


def refuse_other_folders(folder):
    """Replace only what an earlier demo made, never a real course."""
    from coursekit.errors import BadCourse

    taken = folder.is_file() or (folder.exists() and any(folder.iterdir()))
    if taken and not (folder / MARK).is_file():
        raise BadCourse(
            f"{folder} is there and was not made by coursekit demo. Choose another "
            "folder."
        )


def nbgrader(course, *words):
    """Run an nbgrader command in the course folder; show its log only if it fails."""
    command = [sys.executable, "-m", "nbgrader", *words]
    log = []
    with subprocess.Popen(
        command,
        cwd=course,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as running:
        for line in running.stdout:
            log.append(line)
            if "Converting notebook" in line:
                place = Path(line.split()[-1])
                typer.echo(f"nbgrader: {place.relative_to(Path(course).absolute())}")
    if running.returncode:
        typer.echo("".join(log), err=True)
        raise typer.Exit(2)
