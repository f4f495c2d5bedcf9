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
    """Set seeds and path, then run a stock ipykernel."""
    seed = int(os.environ["PYTHONHASHSEED"])
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002  (students use the global one)
    os.set_inheritable(int(os.environ["COURSEKIT_SERVE_FD"]), False)
    sys.path.append(os.getcwd())
    IPKernelApp.launch_instance(ignore_cwd=True)


if __name__ == "__main__":
    main()
