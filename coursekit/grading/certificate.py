"""Does a rubric tell good work from bad? Grade the archetypes and see.

For every secret the cohorts are drawn, the rubric is resolved and each archetype is
graded; a rubric is right where each lands in the band that the rubric expects.
"""

import ast
import hashlib
import json
import tomllib
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context

import numpy as np
from threadpoolctl import threadpool_limits

from coursekit.errors import NotCertified
from coursekit.grading.holdout import draw_cohorts
from coursekit.grading.lock import resolve
from coursekit.grading.rehearsal import Stage, sources
from coursekit.grading.score import score
from coursekit.metrics.intervals import wilson

N_REDRAWS = 20


@dataclass(frozen=True)
class Rehearsed:
    """One secret, with its archetypes graded."""

    secret: str
    cohorts: dict
    lock: object
    records: dict  # archetype -> score record

    def misplaced(self, archetypes=None):
        """Return what is out of its band, in words; empty where all is well."""
        return [
            f"{name}: {fault}"
            for name, band in self.lock.bands.items()
            if name in (archetypes or self.records)
            for fault in faults(self.records[name], band)
        ]


def rehearse(
    assignment,
    secret,
    *,
    rubric=None,
    cohorts=None,
    only=None,
    progress=lambda text: None,
):
    """Draw (or take) the cohorts of a secret and grade every archetype on them."""
    rubric = rubric or assignment.rubric
    cohorts = cohorts or draw_cohorts(rubric, secret, assignment.folder)
    with threadpool_limits(1):
        return perform(assignment, secret, rubric, cohorts, only, progress)


def perform(assignment, secret, rubric, cohorts, only, progress):
    """Let the archetypes perform on these cohorts, resolve the rubric, and grade."""
    stage = Stage(rubric, cohorts, secret)
    replies = stage.perform_all(assignment, only, progress)
    sizes = {role: len(cohort) for role, cohort in cohorts.items()}
    lock = replace(resolve(rubric, stage.patients, replies), cohorts=sizes)
    records = {
        name: score(lock, stage.patients, each, stage.inputs)
        for name, each in replies.items()
    }
    return Rehearsed(secret, cohorts, lock, records)


def certified(assignment, secret, *, progress=lambda text: None):
    """Redraw from a secret until every archetype lies in its band.

    Raises
    ------
    NotCertified
        After 20 draws, naming what was out of its band in the last one.
    """
    for number in range(N_REDRAWS):
        progress(f"{assignment.name}: drawing patients, draw {number + 1}")
        drawn = f"{secret}/{number}" if number else secret
        rehearsed = rehearse(assignment, drawn, progress=progress)
        misplaced = rehearsed.misplaced()
        if not misplaced:
            return rehearsed
    raise NotCertified(
        f"{assignment.name} was drawn {N_REDRAWS} times and never certified; in the "
        f"last draw: {'; '.join(misplaced)}. Correct its rubric or its archetypes."
    )


def automatic(record):
    """Return all automatic points of a record; what is withheld counts nothing."""
    return sum(each["points"] or 0.0 for each in record["kinds"].values())


def faults(record, band):
    """Return how a record misses its band, in words.

    A band has a range of points per kind or for ``automatic``, ``codes`` that must
    be named and codes that must ``never`` be.
    """
    found = []
    named = {each["code"] for each in record["codes"]}
    for key, wanted in band.items():
        if key == "codes":
            found += [f"{code} is not named" for code in wanted if code not in named]
        elif key == "never":
            found += [f"{code} is named" for code in wanted if code in named]
        else:
            found += out_of_range(record, key, *wanted)
    return found


def out_of_range(record, key, low, high):
    """Return in words where points lie outside a range."""
    points = automatic(record) if key == "automatic" else record["kinds"][key]["points"]
    if points is None:
        return [f"{key} points are withheld"]
    if low <= points <= high:
        return []
    return [f"{key} earns {points:g}, its band is {low:g} to {high:g}"]


def certify(assignment, secrets, *, jobs=1, progress=lambda done: None):
    """Return the certificate over many secrets.

    Parameters
    ----------
    assignment : Assignment
    secrets : sequence of str
    jobs : int, default=1
        Processes that work side by side.
    progress : callable
        Called with the number of secrets done.

    Returns
    -------
    dict
        Per archetype: the distribution of every measure and of the points, and the
        share of secrets in which it lands in its band, with its 90 % interval.
    """
    rows = []
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        for row in pool.map(graded, [assignment] * len(secrets), secrets):
            rows.append(row)
            progress(len(rows))
    return summary(assignment, rows)


def graded(assignment, secret):
    """Return the lock and the records of one secret, without its cohorts."""
    rehearsed = rehearse(assignment, secret)
    return rehearsed.lock, rehearsed.records


def summary(assignment, rows):
    """Summarise graded archetypes over secrets."""
    names = rows[0][1]
    bands = assignment.rubric.bands
    return {
        "assignment": assignment.name,
        "rubric_version": assignment.rubric.version,
        "fingerprint": fingerprint(assignment),
        "n_secrets": len(rows),
        "archetypes": {
            name: summarise([records[name] for _, records in rows], bands.get(name, {}))
            for name in names
        },
        "thresholds": thresholds([lock for lock, _ in rows]),
    }


def fingerprint(assignment):
    """Return the SHA-256 of all that a certificate speaks of: rubric and archetypes.

    A generator of the assignment's own counts too; those of coursekit have tests.
    Comments and prose do not count, so correcting a sentence voids no certificate.
    """
    policy = tomllib.loads((assignment.folder / "rubric.toml").read_text("utf-8"))
    total = hashlib.sha256(json.dumps(policy, sort_keys=True).encode())
    for name, cells in assignment.archetypes().items():
        for source in sources(assignment.notebook, cells):
            total.update(f"{name}\0{ast.unparse(ast.parse(source))}\0".encode())
    for path in sorted(assignment.folder.glob(policy["generator"].split(":")[0])):
        total.update(ast.unparse(ast.parse(path.read_text("utf-8"))).encode())
    return total.hexdigest()


def summarise(records, band):
    """Summarise one archetype: points, measures and how often it is in its band."""
    right = sum(not faults(record, band) for record in records)
    share = wilson(right, len(records))
    misses = [fault for record in records for fault in faults(record, band)]
    return {
        "in_band": right,
        "share_in_band": [
            round(end, 4) for end in (share.value, share.low, share.high)
        ],
        "misses": sorted(set(misses))[:10],
        "automatic": spread([automatic(record) for record in records]),
        "kinds": {
            kind: spread([record["kinds"][kind]["points"] for record in records])
            for kind in records[0]["kinds"]
        },
        "measures": measured(records),
        "codes": code_counts(records),
    }


def measured(records):
    """Summarise the value of every criterion and of usefulness over records."""
    values = {}
    for record in records:
        for each in record["criteria"]:
            values.setdefault(each["id"], []).append(each["value"])
        useful = record["usefulness"]
        values.setdefault(useful["measure"], []).append(useful["value"])
        values.setdefault("alert_rate", []).append(useful["alert_rate"])
    return {name: spread(seen) for name, seen in values.items()}


def code_counts(records):
    """Count in how many records each feedback code is named."""
    codes = [each["code"] for record in records for each in record["codes"]]
    return {code: codes.count(code) for code in sorted(set(codes))}


def spread(values):
    """Return minimum, 2.5 %, median, 97.5 % and maximum; None where nothing is.

    Examples
    --------
    >>> spread([1.0, 2.0, None, 3.0])["median"]
    2.0
    """
    seen = [value for value in values if value is not None]
    if not seen:
        return None
    names = ("min", "p2_5", "median", "p97_5", "max")
    ends = np.quantile(seen, [0, 0.025, 0.5, 0.975, 1])
    return {name: round(float(end), 4) for name, end in zip(names, ends, strict=True)}


def thresholds(locks):
    """Summarise where the resolved thresholds lie."""
    values = {}
    for lock in locks:
        for each in lock.criteria:
            values.setdefault(f"{each.id}.floor", []).append(each.floor)
            values.setdefault(f"{each.id}.full", []).append(each.full)
    return {name: spread(seen) for name, seen in values.items()}


def write_certificate(certificate, path):
    """Write a certificate; the same certificate always gives the same bytes."""
    path.write_text(json.dumps(certificate, indent=1, sort_keys=True) + "\n", "utf-8")
