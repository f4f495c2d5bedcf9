"""How long coursekit takes to start: the import, and the command's help.

Run it with nothing else going on: ``python benchmarks/startup.py``. Prints the best
and the median of 15 fresh starts as JSON on the last line; from the import's an empty
Python's best is taken off. Promised: the import under 50 ms, ``coursekit --help``
under 0.5 s.
"""

import json
import statistics
import subprocess
import sys
import time

STARTS = {
    "empty": ["-c", "pass"],
    "import": ["-c", "import coursekit"],
    "help": ["-m", "coursekit.cli", "--help"],
}


def seconds(arguments, repeats=15):
    """Return the wall times of fresh Python processes, in seconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL
        )
        times.append(time.perf_counter() - start)
    return times


def main():
    """Measure the three starts and print them."""
    taken = {name: seconds(arguments) for name, arguments in STARTS.items()}
    empty = min(taken["empty"])
    figures = {
        "python_start_s": round(empty, 4),
        "import_s": round(min(taken["import"]) - empty, 4),
        "import_median_s": round(statistics.median(taken["import"]) - empty, 4),
        "help_s": round(min(taken["help"]), 4),
        "help_median_s": round(statistics.median(taken["help"]), 4),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
