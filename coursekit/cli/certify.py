"""`coursekit certify`: show that a rubric tells good work from bad."""

import os
from pathlib import Path
from typing import Annotated

import typer


def certify(
    assignment: Annotated[
        str, typer.Argument(help="Such as readmission, or ./my_ulcers.")
    ],
    secrets: Annotated[int, typer.Option(min=1, help="How many courses to draw.")] = 20,
    jobs: Annotated[
        int,
        typer.Option(min=0, help="Processes side by side; 0: as many as processors."),
    ] = 0,
    output: Annotated[
        Path | None, typer.Option(help="Where to write; certificate.json by default.")
    ] = None,
):
    """Grade an assignment's archetypes on many secrets and write the certificate."""
    from rich.progress import track

    from coursekit.cli.sources.asked import asked_for
    from coursekit.grading.certificate import certify, write_certificate

    found = asked_for(assignment)
    steps = iter(track(range(secrets), f"{found.name}: {secrets} courses"))
    next(steps)
    certificate = certify(
        found,
        [f"certificate-{number}" for number in range(secrets)],
        jobs=jobs or os.cpu_count(),
        progress=lambda done: next(steps, None),
    )
    write_certificate(certificate, output or found.folder / "certificate.json")
    for name, row in certificate["archetypes"].items():
        share, low, high = row["share_in_band"]
        typer.echo(f"{name:20} in its band {share:.1%} ({low:.1%} to {high:.1%})")
        for miss in row["misses"]:
            typer.echo(f"{'':20} {miss}")
