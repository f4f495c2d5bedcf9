"""`coursekit init`: lay out a course."""

import datetime
from pathlib import Path
from typing import Annotated

import typer


def init(
    folder: Annotated[Path, typer.Argument(help="The new course folder.")],
    assignments: Annotated[
        str,
        typer.Option(
            help="Names, or folders of your own (./my_ulcers), separated by commas."
        ),
    ] = "",
    syllabus: Annotated[
        str,
        typer.Option(
            help="semester, eight-weeks, workshop, imaging, records-and-notes, or a "
            "YAML file of your own: assignments in order, with weights."
        ),
    ] = "",
    start: Annotated[
        datetime.datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="The first day, for the syllabus's due dates."
        ),
    ] = None,
    timezone: Annotated[
        str | None, typer.Option(help="Of due dates, such as Europe/Berlin.")
    ] = None,
    like: Annotated[
        Path | None,
        typer.Option(help="Last term's course: its rules and own assignments."),
    ] = None,
    secret: Annotated[
        str | None, typer.Option(help="Draw the patients from this; random by default.")
    ] = None,
    sandbox: Annotated[
        str | None, typer.Option(help="auto, bubblewrap or none; in course.toml.")
    ] = None,
):
    """Lay out a ready nbgrader course: notebooks, data, hidden patients, certified."""
    from dataclasses import replace

    from coursekit.autograde.course import open_course
    from coursekit.autograde.layout import lay_out
    from coursekit.autograde.second import first_of
    from coursekit.errors import BadInput
    from coursekit.rules import Rules

    old = open_course(like) if like else None
    if assignments and syllabus:
        raise BadInput("--assignments and --syllabus do not go together: choose one.")
    rules = old.rules if old else Rules()
    rules = replace(rules, syllabus="") if assignments else rules
    rules = chosen(rules, sandbox, timezone, syllabus)
    made = planned(rules, start)
    for line in made.left_out if made else ():
        typer.echo(f"left out, not in this coursekit: {line}")
    had = [name for name in old.assignments() if not first_of(name)] if old else []
    names = made.assignments if made else named(assignments)
    if had and not made and not assignments:
        names = had
    for name in sorted({*had} - {*names}):
        typer.echo(f"left out, though last term had it: {name} (coursekit add {name})")
    course = lay_out(
        *(folder, names),
        secret=secret,
        rules=rules,
        plan=made,
        like=old,
        progress=typer.echo,
    )
    typer.echo(f"{course} is ready. Next, in that folder:")
    typer.echo("  jupyter lab start.ipynb             the course's start page")
    typer.echo("  nbgrader generate_assignment NAME   then hand release/ to the class")
    typer.echo("  coursekit autograde NAME            when they have handed in")
    typer.echo("  nbgrader generate_feedback NAME     when all is marked")


def chosen(rules, sandbox, timezone, syllabus):
    """Return a course's rules with what was asked for, of last term's rules."""
    from dataclasses import replace

    if syllabus.endswith((".yaml", ".yml")):
        syllabus = str(Path(syllabus).absolute())
    asked = {"sandbox": sandbox, "timezone": timezone, "syllabus": syllabus}
    return replace(rules, **{key: value for key, value in asked.items() if value})


def planned(rules, start):
    """Return the plan of a syllabus, or None where there is none."""
    from coursekit.errors import BadInput
    from coursekit.rules.reading import zone_named
    from coursekit.syllabus import plan, read_syllabus

    zone = zone_named(rules.timezone, "--timezone")
    if not rules.syllabus:
        if start:
            raise BadInput("--start goes with --syllabus: due dates are a syllabus's.")
        return None
    return plan(read_syllabus(rules.syllabus), start and start.date(), zone)


def named(assignments):
    """Return the assignments named in a text, separated by commas; all if none is.

    One's own, named by their folders, are refused unless they are built as they stand.

    Examples
    --------
    >>> named("readmission, tumours")
    ['readmission', 'tumours']
    """
    from coursekit.cli.sources.asked import asked_for
    from coursekit.grading.assignment import list_assignments

    names = [name.strip() for name in assignments.split(",") if name.strip()]
    refuse_twice([asked_for(name).name for name in names])
    return names or list_assignments()


def refuse_twice(names):
    """Refuse two assignments of one name: a course has one folder for both."""
    from coursekit.errors import BadInput

    for name in names:
        if names.count(name) > 1:
            raise BadInput(f"The assignment {name} is named twice. Rename one.")
