"""How long `coursekit report` takes for a large class, and how large its page is.

::

    python benchmarks/report.py --students 500

Makes a course with so many score records, runs and rows in the gradebook, calls the
command in a process of its own, and prints a line of JSON: students, seconds by the
clock (the start of Python included), cpu_seconds, and the size of the page in MB.
Promised for 500 students: under 5 seconds and 5 MB.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests/classroom"))

from made_up_class import (
    failed,
    lay_out,
    put,
    record_of,
    write_gradebook,
)

CODES = ("MISSED-IN-GROUP", "TUNED-ON-CHECK", "OVERFIT", "BRIER", "RANKING")


def main(arguments=None):
    options = parse(arguments)
    with tempfile.TemporaryDirectory() as folder:
        course = draw_class(Path(folder) / "course", options.students)
        seconds, cpu_seconds = timed(course)
        size = (course / "report-tiny.html").stat().st_size
    found = {
        "students": options.students,
        "seconds": round(seconds, 2),
        "cpu_seconds": round(cpu_seconds, 2),
        "mb": round(size / 1e6, 3),
    }
    print(json.dumps(found))
    return found


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--students", type=int, default=500)
    return parser.parse_args(arguments)


def draw_class(folder, n_students, random_state=0):
    """Draw a class: nine in ten have a score, most of them some feedback."""
    rng = np.random.default_rng(random_state)
    course, records = lay_out(folder), {}
    for number in range(n_students):
        student = f"student-{number:05d}"
        record = record_of(
            float(rng.uniform(0.5, 0.95)),
            float(rng.uniform(0.0, 0.3)),
            codes=[code for code in CODES if rng.random() < 0.3],
        )
        if rng.random() < 0.1:
            record = failed("timeout", "The whole notebook took longer than 300 s.")
        put(course, student, record)
        records[student] = record
    late = dict.fromkeys(list(records)[::10], (30, 5.0))
    write_gradebook(course, records, late=late)
    return course


def timed(course):
    """Return how long the command takes: by the clock, and of a processor."""
    command = [Path(sys.executable).with_name("coursekit"), "report", "tiny"]
    before, start = used(), time.perf_counter()
    subprocess.run(command, cwd=course, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start, used() - before


def used():
    """Return the processor seconds of all processes that this one started."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


if __name__ == "__main__":
    main()
