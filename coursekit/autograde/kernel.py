"""Start the student's kernel: seeds set, nothing beside the notebook in its way.

Runs inside the sandbox as ``python -s -P -m coursekit.autograde.kernel``, or in a
process forked for it (`coursekit.autograde.forked`). The notebook's folder comes last
on the path: a helper module beside the notebook can be imported, a ``sklearn.py``
beside it hides nothing.
"""

import importlib
import importlib.util
import json
import os
import random
import sys
from importlib.abc import MetaPathFinder

import numpy as np
from ipykernel.kernelapp import IPKernelApp
from traitlets.config import Config

from coursekit.autograde import GRAMMAR

IN_MEMORY = Config(HistoryManager={"hist_file": ":memory:"})


PRELOAD = "COURSEKIT_PRELOAD"  # in the environment: modules to load, as JSON
SERVING = ("coursekit.autograde.serve", "coursekit.grading.handin")


def preload(names):
    """Import modules before the seeds are set; return those that cannot be imported.

    Importing a library draws random numbers. What an assignment imports is therefore
    loaded before the first cell, in warm and in cold kernels alike.
    """
    missing = []
    for name in names:
        try:
            importlib.import_module(name)
        except Exception:
            missing.append(name)
    return missing


class TorchSeeder(MetaPathFinder):
    """Seed torch as soon as it has been imported; by itself it starts at random.

    It costs seconds to import, so it is not imported for the seed alone. A seed that
    the student sets comes later, and holds.
    """

    def __init__(self, seed):
        self.seed = seed

    def find_spec(self, fullname, path, target=None):
        """Return the spec of torch, its loader seeding what it has loaded."""
        if fullname != "torch":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec("torch")
        if spec is not None:
            load = spec.loader.exec_module
            spec.loader.exec_module = lambda module: seeded(load, module, self.seed)
        return spec


def seeded(load, module, seed):
    """Load torch, then seed it."""
    load(module)
    module.manual_seed(seed)


def main(arguments=None):
    """Run a stock ipykernel, with path set, and seeds set before its first cell."""
    os.set_inheritable(int(os.environ["COURSEKIT_SERVE_FD"]), False)
    if sys.modules.get(GRAMMAR, "absent") is None:
        del sys.modules[GRAMMAR]
    preload([*SERVING, *json.loads(os.environ.pop(PRELOAD))])
    kernel = IPKernelApp.instance(ignore_cwd=True, config=IN_MEMORY)
    kernel.initialize(arguments)
    sys.path.append(os.getcwd())
    seed_before_first_cell(kernel.shell.events, int(os.environ["PYTHONHASHSEED"]))
    kernel.start()


def seed_before_first_cell(events, seed):
    """Set the seeds once, later than what the kernel's own start draws."""

    def set_seeds(info):
        events.unregister("pre_run_cell", set_seeds)
        random.seed(seed)
        np.random.seed(seed)  # noqa: NPY002  (students use the global one)
        if "torch" in sys.modules:
            sys.modules["torch"].manual_seed(seed)
        else:
            sys.meta_path.insert(0, TorchSeeder(seed))

    events.register("pre_run_cell", set_seeds)


if __name__ == "__main__":
    main()
