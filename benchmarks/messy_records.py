"""Two public intensive care sets, as they are published: read, counted, scored.

::

    python benchmarks/messy_records.py --physionet2012 FOLDER [--yaib FOLDER]

Seconds (of the clock and of one processor) to read the 4,000 stays of PhysioNet 2012,
set a, deaths, the AUROC of SAPS-I (0 and above) for death in the hospital with its 95 %
interval, and how often the faults of lab 00 are found; stays and deaths of YAIB's demo
cohorts. The last line is JSON.
"""

import argparse
import json
import time

from coursekit.datasets import load_physionet2012, load_yaib
from coursekit.metrics import auroc_interval

LEVEL = 0.95


def main(arguments=None):
    options = parse(arguments)
    start, cpu = time.monotonic(), time.process_time()
    icu = load_physionet2012(options.physionet2012)
    report = {
        "seconds_to_read": round(time.monotonic() - start, 1),
        "cpu_seconds_to_read": round(time.process_time() - cpu, 1),
        "stays": len(icu.stays),
        "deaths": int(icu.stays["died"].sum()),
        "values": len(icu.events),
        "saps1_auroc": saps1_auroc(icu.stays),
        "faults": faults(icu),
    }
    if options.yaib:
        report["yaib"] = {site: of_site(options.yaib, site) for site in SITES}
    print(json.dumps(report))
    return report


SITES = ("eicu", "mimic")


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--physionet2012", required=True, help="folder of set a")
    parser.add_argument("--yaib", help="YAIB's folder demo_data")
    return parser.parse_args(arguments)


def saps1_auroc(stays):
    """Return the AUROC of SAPS-I where it is known, with its interval."""
    known = stays[stays["saps1"] >= 0]
    found = auroc_interval(
        known["died"].to_numpy(), known["saps1"].to_numpy(float), level=LEVEL
    )
    ends = {"value": found.value, "low": found.low, "high": found.high}
    return {"n": len(known), **{name: round(end, 4) for name, end in ends.items()}}


def faults(icu):
    """Return how often the faults of lab 00 are found."""
    stays = icu.stays
    value = {name: rows["value"] for name, rows in icu.events.groupby("parameter")}
    measured = stays["record_id"].isin(
        icu.events["record_id"][icu.events["parameter"] == "Lactate"]
    )
    died = stays["died"].groupby(measured).mean()
    counts = {
        "height_unknown": (stays["height_cm"] == -1).sum(),
        "height_below_100_cm": stays["height_cm"].between(0, 100, "neither").sum(),
        "height_above_220_cm": (stays["height_cm"] > 220).sum(),
        "temperature_below_25": (value["Temp"] < 25).sum(),
        "temperature_of_0_fahrenheit": (value["Temp"].round(1) == -17.8).sum(),
        "ph_above_14": (value["pH"] > 14).sum(),
    }
    return {
        **{name: int(count) for name, count in counts.items()},
        "lactate_measured": round(float(measured.mean()), 4),
        "died_with_lactate": round(float(died.get(True, 0)), 4),
        "died_without": round(float(died.get(False, 0)), 4),
    }


def of_site(path, site):
    """Return stays, deaths and faults of one demo cohort."""
    cohort = load_yaib(path, "mortality24", site)
    ever = cohort.hourly.groupby("stay_id")["lact"].count() > 0
    return {
        "stays": len(cohort.stays),
        "deaths": int(cohort.outcome["label"].sum()),
        "respiratory_rate_0": int((cohort.hourly["resp"] == 0).sum()),
        "height_below_100_cm": int((cohort.stays["height_cm"] < 100).sum()),
        "height_missing": int(cohort.stays["height_cm"].isna().sum()),
        "lactate_ever_measured": round(float(ever.mean()), 4),
    }


if __name__ == "__main__":
    main()
