"""The workers of a Dask cluster that submissions may be sent to.

A worker belongs to the crew if it declares sandboxes (``--resources sandbox=N``) and
would give the same marks as this machine: the same versions, the same sandbox.
"""

import json
import time
from collections import Counter

from coursekit.autograde import remote
from coursekit.autograde.frames import words
from coursekit.autograde.job import versions
from coursekit.autograde.sandbox import name_of
from coursekit.errors import ClusterUnavailable

ANSWER_SECONDS = 30.0  # for the scheduler to say who is there
FIRST_SECONDS = 20.0  # for the first worker to appear
START = (
    "Start some with `dask worker SCHEDULER --nthreads N --resources sandbox=N`, N for "
    "the submissions that one may run side by side."
)


class Crew:
    """Who is there, and how many sandboxes each has.

    Parameters
    ----------
    client : distributed.Client
    sandbox : {"auto", "bubblewrap", "none"}
    """

    def __init__(self, client, sandbox):
        self.client = client
        self.sandbox = name_of(sandbox)
        self.present = {}  # address -> sandboxes, of all that declare some
        self.refused = {}  # address -> why it is given nothing

    @property
    def slots(self):
        """The sandboxes of those that may be sent something: address -> number."""
        return {
            address: number
            for address, number in self.present.items()
            if address not in self.refused and number
        }

    def assemble(self):
        """Wait for the first worker, and refuse the cluster if one is unfit.

        Raises
        ------
        ClusterUnavailable
            If there is none, or one would not give the same marks.
        """
        latest = time.monotonic() + FIRST_SECONDS
        while not self.present and time.monotonic() < latest:
            self.refresh()
            time.sleep(0.2)
        if not self.present:
            there = len(workers_of(self.client))
            raise ClusterUnavailable(
                f"The cluster has no worker that declares sandboxes ({there} others "
                f"are there). {START}"
            )
        if self.refused:
            whys = "\n".join(f"  {a}: {why}" for a, why in self.refused.items())
            raise ClusterUnavailable(
                "These workers would not give the same marks as this machine, so "
                f"nothing was run:\n{whys}\nInstall there what is installed here, such "
                "as with the same constraints.txt, or stop those workers."
            )

    def refresh(self):
        """See who has come and who has gone."""
        found = declared(workers_of(self.client))
        new = [address for address in found if address not in self.present]
        self.refused |= dict(self.complaints(new))
        self.present = found

    def complaints(self, addresses):
        """Yield who of these is unfit, and why."""
        if not addresses:
            return
        answers = self.client.run(
            *(remote.look, self.sandbox), workers=addresses, on_error="return"
        )
        for address in addresses:
            why = complaint(answers.get(address), self.sandbox)
            if why:
                yield address, why

    def next_free(self, busy):
        """Return the worker with most sandboxes free, or None.

        Parameters
        ----------
        busy : iterable of str
            Where something runs already, one address each.
        """
        taken = Counter(busy)
        free = {address: n - taken[address] for address, n in self.slots.items()}
        best = max(free, key=free.get, default=None)
        return best if best is not None and free[best] > 0 else None


def workers_of(client):
    """Ask the scheduler who is there: address -> what it knows of a worker.

    `Client.scheduler_info` is not asked: what it returns is now and then an answer
    without workers, or one from before the scheduler was lost.

    Raises
    ------
    OSError, TimeoutError, RuntimeError
        If the scheduler does not answer.
    """
    scheduler = client.scheduler
    if scheduler is None:
        raise ConnectionError("The scheduler was lost.")
    ask = {"n_workers": -1, "callback_timeout": ANSWER_SECONDS}
    return client.sync(scheduler.identity, **ask)["workers"]


def declared(workers):
    """Return how many sandboxes workers can start: address -> number.

    A worker that is paused or about to go is there, but has none free.

    Examples
    --------
    >>> there = {"resources": {"sandbox": 4.0}, "nthreads": 2, "status": "running"}
    >>> declared({"tcp://a:1": there, "tcp://b:2": {"resources": {}}})
    {'tcp://a:1': 2}
    """
    return {
        address: each["status"] == "running"
        and min(int(each["resources"]["sandbox"]), each["nthreads"])
        for address, each in workers.items()
        if "sandbox" in each.get("resources", {})
    }


def complaint(answer, sandbox):
    """Say why a worker that answered this may not be used; empty if it may.

    Examples
    --------
    >>> complaint(json.dumps({"versions": versions(), "sandbox": "none"}), "none")
    ''
    >>> complaint(ModuleNotFoundError("No module named 'coursekit'"), "none")
    "it cannot do this work: No module named 'coursekit'"
    """
    if not isinstance(answer, bytes | str):
        return f"it cannot do this work: {words(answer)}"
    there = json.loads(answer)
    if different := differences(versions(), there["versions"]):
        return different
    if there.get("sandbox") != sandbox:
        return f"it has no sandbox {sandbox}: {there.get('complaint', '')}".strip()
    return ""


def differences(here, there):
    """Name the packages that differ between two machines.

    Examples
    --------
    >>> differences({"numpy": "2.4.6", "shap": "0.51"}, {"numpy": "2.3.0"})
    'numpy is 2.3.0 there and 2.4.6 here, shap is missing there and 0.51 here'
    """
    return ", ".join(
        f"{name} is {there.get(name, 'missing')} there and "
        f"{here.get(name, 'missing')} here"
        for name in sorted(here.keys() | there.keys())
        if here.get(name) != there.get(name)
    )
