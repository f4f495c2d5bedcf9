"""Send runs to the workers of a cluster, and take in what they send back.

Each submission goes to a worker with a free sandbox. If the worker is lost, the
submission is sent to another; one over which several were lost ends as ``not-run``,
like all that is left when no worker has been there for long.
"""

import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass

from coursekit.autograde import remote
from coursekit.autograde.frames import BadReply, words
from coursekit.autograde.parcel import keep_run, pack_own, pack_shared
from coursekit.autograde.pool import not_run

LOOK_SECONDS = 1.0  # between two looks at who is there
FETCH_SECONDS = 60.0  # for the files of one run
LOSSES = 3  # workers that may be lost over one submission
PATIENCE_SECONDS = 120.0  # without any worker
UNREACHABLE = (OSError, TimeoutError, RuntimeError)  # what Dask raises then


@dataclass
class Errand:
    """One run that has to be made, and whose notebooks it is of."""

    name: str  # the digest of the run
    job: object
    whose: list  # of (student, name of the notebook)
    losses: int = 0

    @property
    def students(self):
        """The students whose notebook it is."""
        return [student for student, _ in self.whose]

    def failed(self, reason):
        """Return the run that could not be made."""
        return not_run(reason, self.job.sandbox)


class Sending:
    """Errands on their way: who runs what, and what is still to be sent."""

    def __init__(self, client, crew, errands, out, tell):
        self.client, self.crew, self.out, self.tell = client, crew, out, tell
        self.waiting = deque(errands)
        self.running = {}  # future -> (errand, address of its worker)
        self.shared = None
        self.reached = True
        self.looked = self.seen = time.monotonic()  # when a worker was last there

    def rounds(self, closing):
        """Yield (errand, Run) until nothing is left, or `closing` is set."""
        while (self.waiting or self.running) and not closing.is_set():
            self.look()
            yield from self.lost()
            self.send()
            yield from self.finished()
            if self.hopeless():
                yield from self.given_up()

    def look(self):
        """See who is there; while the scheduler does not answer, nothing is sent."""
        if time.monotonic() - self.looked < LOOK_SECONDS:
            return
        self.looked = time.monotonic()
        refused = set(self.crew.refused)
        try:
            self.crew.refresh()
            self.reached = True
        except UNREACHABLE:
            self.reached = False
        for address in self.crew.refused.keys() - refused:
            self.tell(f"{address} is not used: {self.crew.refused[address]}")
        if self.reached and self.crew.slots:
            self.seen = time.monotonic()

    def send(self):
        """Give every free sandbox a submission."""
        while self.waiting and self.reached:
            busy = [address for _, address in self.running.values()]
            address = self.crew.next_free(busy)
            if address is None:
                return
            try:
                future = self.submitted(self.waiting[0], address)
            except UNREACHABLE:
                return
            self.running[future] = self.waiting.popleft(), address

    def submitted(self, errand, address):
        """Submit one errand to one worker; return its future."""
        from dask import config

        with config.set({"distributed.admin.large-graph-warning-threshold": "1TB"}):
            if self.shared is None:
                self.shared = self.client.submit(
                    *(bytes, pack_shared(errand.job)),
                    workers=list(self.crew.slots),
                    allow_other_workers=True,
                    pure=False,
                )
            return self.client.submit(
                *(remote.run_parcel, self.shared, pack_own(errand.job)),
                workers=[address],
                resources={"sandbox": 1},
                pure=False,
            )

    def lost(self):
        """Send again what was on a worker that is gone."""
        for future, (_, address) in list(self.running.items()):
            if address not in self.crew.present:
                future.cancel()
                yield from self.again(future)

    def again(self, future):
        """Send one errand again, or yield that it cannot be run."""
        errand, address = self.running.pop(future)
        errand.losses += 1
        self.tell(f"{address} was lost while it ran {', '.join(errand.students)}")
        if errand.losses < LOSSES:
            self.waiting.append(errand)
        else:
            yield errand, errand.failed(f"{LOSSES} workers were lost, each with it.")

    def finished(self):
        """Wait a moment; yield what has come back."""
        from distributed import CancelledError, wait

        if self.running:
            with self.client.as_current(), suppress(TimeoutError, CancelledError):
                wait(list(self.running), LOOK_SECONDS, "FIRST_COMPLETED")
        else:
            time.sleep(LOOK_SECONDS)
        for future in [each for each in self.running if each.status != "pending"]:
            yield from self.taken_in(future)

    def taken_in(self, future):
        """Yield the run that a future brought, or see to it that it is made again."""
        from distributed import KilledWorker

        errand, address = self.running[future]
        if future.status == "finished":
            try:
                parcel = future.result(FETCH_SECONDS)
            except UNREACHABLE:
                return  # its worker is gone, which the next look will tell
            run = self.kept(errand, address, parcel)
        elif future.status == "error":
            error = future.exception()
            if isinstance(error, KilledWorker):
                yield from self.again(future)
                return
            run = errand.failed(f"{type(error).__name__}: {words(error)}")
        else:
            yield from self.again(future)
            return
        del self.running[future]
        yield errand, run

    def kept(self, errand, address, parcel):
        """Keep what a worker sent back."""
        try:
            return keep_run(parcel, errand.job, errand.name, self.out)
        except BadReply as error:
            self.tell(f"{address} did not send a run: {error}")
            return errand.failed("A worker sent something else than its run.")
        except OSError as error:
            return errand.failed(f"{type(error).__name__}: {error}")

    def hopeless(self):
        """Return True if no worker has been there for long, or none can come."""
        alone = time.monotonic() - self.seen > PATIENCE_SECONDS
        return alone or self.client.status == "closed"

    def given_up(self):
        """Yield that all that is left was not run."""
        left = [errand for errand, _ in self.running.values()] + list(self.waiting)
        self.running.clear()
        self.waiting.clear()
        for errand in left:
            yield errand, errand.failed("No worker of the cluster was left.")
