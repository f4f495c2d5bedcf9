"""The lab's models on the real patients of Diabetes 130-US hospitals.

::

    python benchmarks/readmission_real.py --data dataset_diabetes.zip

Readmission within 30 days; encounters that ended in death or in a hospice are out;
split by patient. Ranking, calibration and the gaps in sensitivity at one patient in
five flagged, with 95 % intervals clustered by patient. The last line is JSON.
"""

import argparse
import json
import time

import numpy as np
import pandas as pd

from coursekit.datasets import load_diabetes130, readmission_task
from coursekit.metrics import calibration, gaps, ranking
from coursekit.supervised import (
    cut_off_for_alert_rate,
    discharge_points,
    risk_pipeline,
    split_by_patient,
)

LEVEL = 0.95
ALERT_RATE = 0.20
FEWEST_EVENTS = 50  # in a group of the test patients, for its sensitivity to be judged
UNKNOWN = {"value": None, "low": None, "high": None}


def main(arguments=None):
    options = parse(arguments)
    start = time.monotonic()
    patients = readmission_task(load_diabetes130(options.data))
    report = {
        "encounters": len(patients),
        "patients": len(np.unique(patients.patient)),
        "prevalence": round(float(patients.y.mean()), 4),
        "models": models_on(patients, options.random_state),
    }
    report["seconds"] = round(time.monotonic() - start, 1)
    print(json.dumps(report))
    return report


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", required=True, help="the zip or CSV file of UCI")
    parser.add_argument("--random-state", type=int, default=0, help="of the split")
    return parser.parse_args(arguments)


def models_on(patients, random_state):
    """Return the figures of each model of the lab, on the patients of the test part."""
    parts = three_parts(patients, random_state)
    figures = {}
    for kind in ("count score", "logistic", "boosting"):
        risk = RISKS.get(kind, model_risk)(kind, *parts, random_state)
        figures[kind] = figures_of(parts, *risk, is_risk=kind not in RISKS)
        print(f"{kind}: AUROC {in_words(figures[kind]['auroc'])}", flush=True)
    return figures


def three_parts(patients, random_state):
    """Split by patient: 60 % to fit, 10 % for the cut-off, 30 % to test."""
    rest, test = split_by_patient(
        patients.patient, test_share=0.3, random_state=random_state
    )
    fit, tune = split_by_patient(
        patients.patient[rest], test_share=1 / 7, random_state=random_state
    )
    return tuple(patients.take(rows) for rows in (rest[fit], rest[tune], test))


def model_risk(kind, fit, tune, test, random_state):
    """Return the risks of tune and test from a model of the lab."""
    model = risk_pipeline(kind, fit.X, random_state=random_state).fit(fit.X, fit.y)
    return [model.predict_proba(part.X)[:, 1] for part in (tune, test)]


def count_score(kind, fit, tune, test, random_state):
    """Return the points of tune and test; admission type 1 is an emergency."""
    return [
        discharge_points(
            part.X["time_in_hospital"],
            part.X["admission_type_id"] == "1",
            part.X["number_diagnoses"],
            part.X["number_inpatient"],
        )
        for part in (tune, test)
    ]


RISKS = {"count score": count_score}


def figures_of(parts, risk_tune, risk_test, *, is_risk):
    """Return ranking, calibration if these are risks, and gaps, each with interval."""
    test = parts[2]
    given = {"patient": test.patient, "level": LEVEL}
    figures = {"auroc": ranking.auroc_interval(test.y, risk_test, **given)}
    if is_risk:
        figures |= {
            "calibration_slope": calibration.calibration_slope_interval(
                test.y, risk_test, **given
            ),
            "mean_error": calibration.mean_calibration_error_interval(
                test.y, risk_test, **given
            ),
            "scaled_brier": calibration.scaled_brier_interval(
                test.y, risk_test, **given
            ),
        }
    alerts = (risk_test >= cut_off_for_alert_rate(risk_tune, ALERT_RATE)).astype(int)
    return {
        **{name: rounded(estimate) for name, estimate in figures.items()},
        "alert_rate": round(float(alerts.mean()), 4),
        "sensitivity": round(float(alerts[test.y == 1].mean()), 4),
        "sensitivity_gap": {
            attribute: gap_by(test, alerts, attribute) for attribute in test.groups
        },
    }


def gap_by(test, alerts, attribute):
    """Return the largest gap in sensitivity, and which groups could be judged."""
    names = test.groups[attribute].to_numpy()
    events = pd.Series(test.y).groupby(names).sum()
    enough = events >= FEWEST_EVENTS
    judged = np.isin(names, events.index[enough])
    found = pd.Series(alerts[test.y == 1]).groupby(names[test.y == 1]).mean()
    return {
        **(gap_among(test, alerts, names, judged) if enough.sum() > 1 else UNKNOWN),
        "sensitivity": found[events.index[enough]].round(3).to_dict(),
        "not_judged": events[~enough].to_dict(),
    }


def gap_among(test, alerts, names, rows):
    """Return the gap among some rows, with its simultaneous interval."""
    gap = gaps.gap_interval(
        test.y[rows],
        alerts[rows],
        names[rows],
        "sensitivity",
        patient=test.patient[rows],
        level=LEVEL,
    )
    return rounded(gap)


def rounded(estimate):
    """Return value and ends of an interval, to four digits."""
    return {
        name: round(float(getattr(estimate, name)), 4)
        for name in ("value", "low", "high")
    }


def in_words(figure):
    return f"{figure['value']:.3f} ({figure['low']:.3f} to {figure['high']:.3f})"


if __name__ == "__main__":
    main()
