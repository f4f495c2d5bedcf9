"""An AUROC from Cleveland to Hungary, and how often intervals of 95 % hold the truth.

::

    python benchmarks/uncertainty.py --data FOLDER --replicates 1000

Fits logistic regressions to the heart disease patients of Cleveland, tests them on
those of Budapest, and counts coverage on drawn wards of known AUROC, group A and B as
in the assignment evaluation. Without ``--data`` only coverage is counted. The last
line is JSON.
"""

import argparse
import json

import numpy as np

from coursekit.datasets import load_heart_disease, make_interval_cases
from coursekit.datasets.cases import open_case
from coursekit.metrics import auroc_interval, bootstrap_auroc, calibration_hierarchy
from coursekit.supervised import risk_pipeline

LEVEL = 0.95
WAYS = {
    "bootstrap_by_patient": lambda y, p, patient: bootstrap_auroc(
        y, p, patient=patient, level=LEVEL
    ),
    "bootstrap_by_row": lambda y, p, patient: bootstrap_auroc(y, p, level=LEVEL),
    "sums_by_patient": lambda y, p, patient: auroc_interval(
        y, p, patient=patient, level=LEVEL
    ),
    "sums_by_row": lambda y, p, patient: auroc_interval(y, p, level=LEVEL),
}


def main(arguments=None):
    options = parse(arguments)
    report = {"coverage": coverage(options.replicates)}
    if options.data:
        report["cleveland_to_hungarian"] = transported(options.data)
    print(json.dumps(report))
    return report


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", help="folder of processed.*.data (UCI 45)")
    parser.add_argument("--replicates", type=int, default=1000, help="drawn wards")
    return parser.parse_args(arguments)


def coverage(n_replicates):
    """Return for each way the share of intervals that hold the truth, by group."""
    cases = make_interval_cases(n_replicates, secret="benchmark", role="hidden")
    group = np.array([truth["group"] for truth in cases.y])
    found = {}
    for name, interval in WAYS.items():
        made = [interval(**open_case(case)) for case in cases.X]
        held = np.array(
            [
                each.low <= truth["auroc"] <= each.high
                for each, truth in zip(made, cases.y, strict=True)
            ]
        )
        width = np.array([each.high - each.low for each in made])
        found[name] = {
            which: {
                "coverage": round(float(held[group == which].mean()), 3),
                "width": round(float(width[group == which].mean()), 3),
            }
            for which in "AB"
        }
    return found


def transported(folder):
    """Return AUROC and calibration at Hungary of models fitted at Cleveland."""
    here, there = (load_heart_disease(folder, s) for s in ("cleveland", "hungarian"))
    columns = list(here.drop(columns="diseased"))
    measured = [name for name in columns if there[name].notna().mean() > 0.5]
    found = {}
    for name, used in (("measured_at_both", measured), ("all_columns", columns)):
        model = risk_pipeline("logistic", here[used]).fit(here[used], here["diseased"])
        risk = model.predict_proba(there[used])[:, 1]
        seen = auroc_interval(there["diseased"], risk, level=LEVEL)
        table = calibration_hierarchy(there["diseased"], risk, level=LEVEL)
        found[name] = {
            "n_columns": len(used),
            "auroc": [round(each, 3) for each in (seen.value, seen.low, seen.high)],
            "calibration": table["value"].round(3).to_dict(),
        }
    return found


if __name__ == "__main__":
    main()
