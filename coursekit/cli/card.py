"""`coursekit card`: a model card from a run, and the check of one that is filled in."""

from pathlib import Path
from typing import Annotated

import typer


def card(
    assignment: Annotated[
        str | None, typer.Argument(help="Such as readmission; needs --student.")
    ] = None,
    student: Annotated[
        str | None, typer.Option(help="Whose graded submission the card is about.")
    ] = None,
    course: Annotated[Path, typer.Option(help="The course folder.")] = Path("."),
    scores: Annotated[
        Path | None, typer.Option(help="Instead: a CSV file of outcomes and risks.")
    ] = None,
    truth: Annotated[str, typer.Option(help="Column of the outcome in it.")] = "y",
    score: Annotated[str, typer.Option(help="Column of the risk in it.")] = "p",
    group: Annotated[str, typer.Option(help="Columns of groups in it: a,b,c.")] = "",
    threshold: Annotated[
        float, typer.Option(help="Alert from this risk on, in --scores.")
    ] = 0.5,
    check: Annotated[
        Path | None, typer.Option(help="Check this card against the run.")
    ] = None,
    texts: Annotated[
        Path | None,
        typer.Option(help="Keep the texts of this card, renew the numbers."),
    ] = None,
    output: Annotated[Path, typer.Option(help="Folder to write into.")] = Path("card"),
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace a card that is there.")
    ] = False,
):
    """Make a model card from a run, or check one that somebody has filled in.

    With an assignment and --student it reads hidden patients and recorded predictions:
    for the course's owner. With --scores anybody can make a card of their own scores.
    """
    from coursekit.cli.sources.graded import from_course, from_scores
    from coursekit.errors import BadInput

    if (assignment is None) == (scores is None):
        raise BadInput("Give either an assignment with --student, or --scores FILE.")
    if scores is not None:
        names = [name.strip() for name in group.split(",") if name.strip()]
        source = from_scores(scores, truth, score, names, threshold)
    elif student is None:
        raise BadInput("Whose submission? Add --student ID.")
    else:
        source = from_course(course, assignment, student)
    if check is not None:
        raise typer.Exit(tell(check, source))
    write(source, texts, output, overwrite)


def tell(path, source):
    """Print what is wrong with a card; return the exit code."""
    from coursekit.cards import check_card, measured_numbers, read_card

    written = path.read_text(encoding="utf-8")
    found = check_card(read_card(written, measured_numbers(source.run)), source.run)
    for level, rows in found.groupby("level", sort=False):
        typer.echo(f"{level}:")
        for row in rows.itertuples():
            typer.echo(f"  {row.where}: {row.message}")
    typer.echo(f"{len(found)} findings." if len(found) else "Nothing found.")
    return int(len(found) > 0)


def write(source, texts, folder, overwrite):
    """Write card, datasheet and evidence into a folder."""
    from coursekit import cards
    from coursekit.errors import BadInput

    told = cards.draft_texts(
        source.run, model=source.name, version=source.version, patients=source.patients
    )
    if texts is not None:
        told |= cards.read_card(texts.read_text(encoding="utf-8"))["authored"]
    made = cards.build_card(source.run, told)
    sheet = {
        "authored": dict.fromkeys(cards.datasheet.AUTHORED, "TBD"),
        "numbers": cards.measured_cohort(source.X, source.run.y, source.run.groups),
    }
    pages = {
        "card.md": cards.card_markdown(made),
        "card.xml": cards.card_xml(made) + "\n",
        "datasheet.md": cards.datasheet_markdown(sheet, source.patients),
        "gmlp.md": evidence(source, made) + "\n",
    }
    for name in pages:
        if (folder / name).exists() and not overwrite:
            raise BadInput(
                f"{folder / name} is there already; --overwrite replaces it."
            )
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in pages.items():
        (folder / name).write_text(page, encoding="utf-8")
    typer.echo(f"Written to {folder}: {', '.join(pages)}.")
    typer.echo("Fill in what is TBD in card.md, then check it with --check.")


def evidence(source, made):
    """Return the matrix of good practice as Markdown."""
    from coursekit import cards

    numbers = made["numbers"]
    gaps = [number for name, number in numbers.items() if "_gap/" in name]
    results = source.results | {
        "gap-measured": bool(gaps) and all(g["value"] is not None for g in gaps),
        "calibration-measured": numbers["calibration_slope"]["value"] is not None,
        "card-checked": cards.check_card(made, source.run).empty,
    }
    matrix = {
        2: ["contract-kept"],
        3: ["groups-represented"],
        4: ["patients-apart"],
        8: ["gap-measured", "calibration-measured"],
        9: ["card-checked"],
    }
    return cards.evidence_markdown(cards.check_evidence(matrix, results))
