"""Step 2 for a class on other machines: runs made by the workers of a Dask cluster.

::

    grader (labels)              Dask scheduler            workers (no course folder)
      side files, features --------------------------------> once each
      notebook ---------------------------------------------> remote.run_parcel
      files of the run, checked <-----------------------------  sandbox

Only runs travel, as bytes (`coursekit.autograde.parcel`). The workers and the
scheduler are the course's own machines: Dask pickles its messages among them, but
nothing that a student made is ever among what is unpickled.
"""

import queue
import threading

from coursekit.autograde import runner
from coursekit.autograde.crew import Crew
from coursekit.autograde.frames import words
from coursekit.autograde.job import digest
from coursekit.autograde.pool import not_run
from coursekit.autograde.sandbox import name_of
from coursekit.autograde.sending import UNREACHABLE, Errand, Sending
from coursekit.errors import ClusterUnavailable

CONNECT_SECONDS = 10.0


class DaskRuns:
    """Makes runs on the workers of a Dask cluster; use it as a context manager.

    Parameters
    ----------
    scheduler : str
        Its address, such as ``"tcp://10.0.0.1:8786"``.
    tell : callable
        Called with a line of text that says which workers are used.
    """

    def __init__(self, scheduler, tell=lambda line: None):
        self.scheduler, self.tell = scheduler, tell
        self.client = None
        self.closing = threading.Event()

    def __enter__(self):
        self.client = connected(self.scheduler)
        self.closing.clear()
        return self

    def __exit__(self, *_):
        self.closing.set()
        self.client.close(timeout=CONNECT_SECONDS)

    def made(self, jobs, out):
        """Make or look up every run; whatever goes wrong with one is its status.

        Parameters
        ----------
        jobs : iterable of ((str, str), Job)
            By student and notebook; files, servings and sandbox are the same for all.
        out : Path
            Folder of all runs of the assignment.

        Yields
        ------
        ((str, str), Run)
            As they are made, in any order.

        Raises
        ------
        ClusterUnavailable
            Before anything runs, if no worker could make them, or one would not give
            the same marks as this machine.
        """
        errands, looked_up = sorted_out(jobs, out)
        yield from looked_up
        if not errands:
            return
        crew = self.crew(errands[0].job.sandbox)
        self.tell(f"{len(crew.slots)} workers, {sum(crew.slots.values())} sandboxes")
        sending = Sending(self.client, crew, errands, out, self.tell)
        for errand, run in meanwhile(sending.rounds(self.closing)):
            for whose in errand.whose:
                yield whose, run

    def crew(self, sandbox):
        """Return the workers, found fit for a sandbox."""
        crew = Crew(self.client, sandbox)
        try:
            crew.assemble()
        except UNREACHABLE as error:
            raise ClusterUnavailable(
                f"The Dask scheduler at {self.scheduler} does not answer any more: "
                f"{words(error)}."
            ) from None
        return crew


def connected(scheduler):
    """Return a client of a scheduler.

    Raises
    ------
    ClusterUnavailable
        If distributed is not installed, or the scheduler does not answer.
    """
    try:
        from distributed import Client
    except ImportError:
        raise ClusterUnavailable(
            "A cluster needs the package distributed: pip install 'coursekit[cluster]'"
        ) from None
    try:
        return Client(
            scheduler, timeout=CONNECT_SECONDS, set_as_default=False, name="coursekit"
        )
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        raise ClusterUnavailable(
            f"No Dask scheduler answers at {scheduler}: {words(error)}. Start one with "
            "`dask scheduler` and give the address that it prints; for tls:// set "
            "distributed.comm.tls in Dask's configuration."
        ) from None


def sorted_out(jobs, out):
    """Return the runs that have to be made, and [(whose, Run)] of all others."""
    errands, looked_up = {}, []
    for whose, job in jobs:
        try:
            name = digest(job, name_of(job.sandbox))
            if (out / name / "run.json").is_file():
                looked_up.append((whose, runner.read_run(out / name)))
            else:
                errand = errands.setdefault(name, Errand(name, job, []))
                errand.whose.append(whose)
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            looked_up.append((whose, not_run(reason, job.sandbox)))
    return list(errands.values()), looked_up


def meanwhile(source):
    """Yield what a generator yields, while it goes on in a thread of its own."""
    made, end = queue.SimpleQueue(), object()

    def drain():
        try:
            for each in source:
                made.put((each, None))
            made.put((end, None))
        except BaseException as error:
            made.put((end, error))

    threading.Thread(target=drain, name="coursekit-cluster", daemon=True).start()
    while (each := made.get())[0] is not end:
        yield each[0]
    if each[1] is not None:
        raise each[1]
