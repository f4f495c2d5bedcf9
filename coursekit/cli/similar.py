"""`coursekit similar`: which submissions are alike, for a person to look at."""

from pathlib import Path
from typing import Annotated

import typer


def similar(
    assignment: Annotated[str, typer.Argument(help="Such as readmission.")],
    against: Annotated[
        list[Path] | None,
        typer.Option(help="Last term's course folder too; may be given again."),
    ] = None,
    course: Annotated[Path, typer.Option(help="The course folder.")] = Path("."),
):
    """Compare submissions with one another, the solution and the archetypes.

    It changes no mark: what is alike stands in `coursekit report`, for a person.
    """
    from coursekit.autograde.course import open_course
    from coursekit.errors import BadInput
    from coursekit.similarity import alike
    from coursekit.similarity.keeping import keep
    from coursekit.similarity.table import print_compared

    opened = open_course(course)
    others = [open_course(folder) for folder in against or ()]
    if opened.folder in {other.folder for other in others}:
        raise BadInput("--against is for another course, such as last term's.")
    found = alike(opened, assignment, others)
    keep(opened, assignment, found)
    print_compared(found, assignment)
