"""Start the student's kernel: seeds set, nothing beside the notebook in its way.

Runs inside the sandbox as ``python -s -P -m coursekit.autograde.kernel``. The
notebook's folder comes last on the path: a helper module beside the notebook can be
imported, a ``sklearn.py`` beside it hides nothing. torch starts every process from
one fixed seed of its own, so it needs none from here.
"""

import os
import random
import sys

import numpy as np
from ipykernel.kernelapp import IPKernelApp


def main():
    """Run a stock ipykernel, with path set, and seeds set before its first cell."""
    os.set_inheritable(int(os.environ["COURSEKIT_SERVE_FD"]), False)
    kernel = IPKernelApp.instance(ignore_cwd=True)
    kernel.initialize()
    sys.path.append(os.getcwd())
    seed_before_first_cell(kernel.shell.events, int(os.environ["PYTHONHASHSEED"]))
    kernel.start()


def seed_before_first_cell(events, seed):
    """Set the seeds once, later than what the kernel's own start draws."""

    def set_seeds(info):
        events.unregister("pre_run_cell", set_seeds)
        random.seed(seed)
        np.random.seed(seed)  # noqa: NPY002  (students use the global one)

    events.register("pre_run_cell", set_seeds)


if __name__ == "__main__":
    main()
