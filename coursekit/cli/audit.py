"""`coursekit audit`: a report on any model's scores, for a clinic."""

from pathlib import Path
from typing import Annotated

import typer


def audit(
    file: Annotated[Path, typer.Argument(help="The scores, a CSV file.")],
    truth: Annotated[
        str, typer.Option(help="Column of the outcome: 1 it happened, 0 it did not.")
    ],
    score: Annotated[str, typer.Option(help="Column of the probability, 0 to 1.")],
    group: Annotated[
        str, typer.Option(help="Columns of groups, such as sex,age_band,language.")
    ] = "",
    date: Annotated[str | None, typer.Option(help="Column of the date.")] = None,
    date_format: Annotated[
        str | None,
        typer.Option(help="iso, dmy, mdy or such as %d.%m.%y, if dates are ambiguous."),
    ] = None,
    patient: Annotated[
        str | None, typer.Option(help="Column that says whose row it is.")
    ] = None,
    alert_rate: Annotated[
        float | None, typer.Option(help="Flag this share of patients; 0.2 by default.")
    ] = None,
    threshold: Annotated[
        float | None, typer.Option(help="Or flag patients from this score on.")
    ] = None,
    tolerance: Annotated[
        float, typer.Option(help="Differences below this do not matter.")
    ] = 0.05,
    percent: Annotated[
        bool, typer.Option("--percent", help="The score runs from 0 to 100.")
    ] = False,
    site: Annotated[str | None, typer.Option(help="Name of the clinic.")] = None,
    output: Annotated[Path, typer.Option(help="Where to write.")] = Path("audit.html"),
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace a report that is there.")
    ] = False,
):
    """Audit a model's scores and write a report that a clinic can read."""
    from coursekit.audit import audit_scores, read_table
    from coursekit.audit.report import refuse_place, render, write_report

    refuse_place(output, overwrite=overwrite)
    found = audit_scores(
        read_table(file),
        truth,
        score,
        groups=[name.strip() for name in group.split(",") if name.strip()],
        date=date,
        patient=patient,
        alert_rate=alert_rate,
        threshold=threshold,
        tolerance=tolerance,
        date_format=date_format,
        percent=percent,
    )
    page = render(found, source=file.name, site=site)
    write_report(page, output, overwrite=overwrite)
    codes = sorted({finding.code for finding in found.findings})
    typer.echo(f"{found.verdict}{': ' + ', '.join(codes) if codes else ''}.")
    if found.suspicions:
        names = ", ".join(each.column for each in found.suspicions)
        typer.echo(f"Columns that may point at a person: {names}.")
    typer.echo(f"The report is {output}.")
