"""One run while it is made: what the runner hears, and what it makes of it."""

import time
from dataclasses import asdict

import nbformat

from coursekit.autograde.collect import collect, nothing_yet
from coursekit.autograde.frames import BadReply, parse, words
from coursekit.autograde.hits import hits_of
from coursekit.autograde.job import read_notebook
from coursekit.autograde.link import Overdue, Stopped
from coursekit.autograde.outputs import MOST_OUTPUTS, valid
from coursekit.autograde.watch import Watch

HELLO_SECONDS = 60.0  # for the kernel to get ready to serve
HELLO_CAP = 1 << 16


class Attempt:
    """One run while it is made, with all that has come in so far.

    Parameters
    ----------
    job : Job
    digest : str
        The row order of each serving is derived from it.
    progress : callable
        Called with a stage, how much of it is done, and how much there is.
    """

    def __init__(self, job, digest, progress):
        self.job = job
        self.digest = digest
        self.progress = progress
        self.notebook = read_notebook(job)
        self.collected = [nothing_yet(serving) for serving in job.servings]
        self.watch = None  # of memory and time, once the run has started
        self.room = MOST_OUTPUTS
        self.last_cell, self.heard = -1, time.monotonic()
        self.hits = []  # limits that cells hit while the run went on
        self.status, self.reason = "ok", ""
        self.last_words = ""  # of the sandbox, on standard error
        self.seconds = 0.0

    def make(self, kernels, sandbox):
        """Execute and serve; whatever happens ends in a status."""
        begun = time.monotonic()
        try:
            with kernels.started(self.job) as link:
                self.follow(link, sandbox)
        finally:
            if self.watch:
                self.watch.close()
        self.seconds = round(time.monotonic() - begun, 3)

    def follow(self, link, sandbox):
        """Watch a run that waits for its job, from its start to its end.

        That is after the last cell, where no answer is to be asked.
        """
        try:
            first, limits = link.hear_start(), self.job.limits
            self.watch = link.watch = Watch(first, limits, sandbox.cgroups)
            self.hand_over(link, sandbox.counts_processes)
            self.hear_cells(link)
            if self.job.servings:
                self.hear_answers(link)
                self.serve(link)
            self.watch.check_memory()
        except Stopped as stop:
            named = self.watch.named(stop) if self.watch else stop
            self.status, self.reason = named.status, named.reason
        self.last_words = link.last_words()

    def hand_over(self, link, count_processes):
        """Give the program inside its notebook and limits."""
        job = {
            "limits": asdict(self.job.limits),
            "count_processes": count_processes,
            "preload": self.job.preload,
        }
        link.give(job, nbformat.writes(self.notebook).encode())

    def hear_cells(self, link):
        """Take in the outputs of the cells until serving begins."""
        self.heard = time.monotonic()
        while True:
            try:
                header, payload = link.next_report()
            except Stopped as stop:
                raise self.in_words(self.watch.named(stop)) from None
            if header.get("stage") == "serving":
                return
            if header.get("stage") != "cell":
                died = Stopped("kernel-died", header.get("reason", ""))
                raise self.in_words(self.watch.named(died))
            self.keep_cell(header, payload)
            self.progress("cells", self.last_cell + 1, len(self.notebook.cells))

    def in_words(self, stop):
        """Return a Stopped that says in which cell it happened."""
        cells = self.notebook.cells[self.last_cell + 1 :]
        number = self.last_cell + 1
        number += next((n for n, c in enumerate(cells, 1) if c.cell_type == "code"), 1)
        if stop.status != "kernel-died":
            return Stopped(stop.status, f"{stop.reason} It was in cell {number}.")
        why = f"The kernel died in cell {number}. {words(stop.reason)}"
        return Stopped("kernel-died", why.strip())

    def keep_cell(self, header, payload):
        """Put the outputs of one cell into our own copy of the notebook."""
        position, count = header.get("cell"), header.get("count")
        known = type(position) is int and 0 <= position < len(self.notebook.cells)
        if not known or self.notebook.cells[position].cell_type != "code":
            raise Stopped("kernel-died", "The run reported a cell that does not exist.")
        cell = self.notebook.cells[position]
        cell.outputs = valid(parsed_or_none(payload), self.room)
        self.room -= len(cell.outputs)
        cell.execution_count = count if type(count) is int and count > 0 else None
        self.last_cell = position
        took, self.heard = time.monotonic() - self.heard, time.monotonic()
        self.hits += hits_of(cell, position + 1, took, self.job.limits)

    def hear_answers(self, link):
        """Hear which answers were handed in."""
        try:
            header, _ = link.next_reply(time.monotonic() + HELLO_SECONDS, HELLO_CAP)
        except Overdue:
            reason = "The answers could not be asked: the kernel does not serve."
            raise Stopped("serving-failed", reason) from None
        if not header.get("answers"):
            raise why_nothing(self.notebook, self.hits)

    def serve(self, link):
        """Serve all servings, in order."""
        seconds = self.job.limits.seconds_per_batch
        for serving, collected in zip(self.job.servings, self.collected, strict=True):

            def tell(done, total, name=serving.name):
                self.progress(name, done, total)

            seed = f"{self.digest} {serving.name}"
            collect(link, serving, seed, seconds, collected, tell)
        if self.collected and all(each.status != "ok" for each in self.collected):
            raise Stopped("serving-failed", self.collected[0].reason)


def parsed_or_none(payload):
    """Return what JSON says, or None where it is none."""
    try:
        return parse(payload)
    except BadReply:
        return None


def in_short(error, status):
    """Return a cell's error in words."""
    if status == "timeout":
        return "took too long and was interrupted."
    return words(f"stopped with {error.ename}: {error.evalue}".strip(": "))


def status_of(number, hits):
    """Return the status of a run that failed in a cell: the limit it hit, if any."""
    limits = [each["limit"] for each in hits if each["cell"] == number]
    return next((each for each in limits if each != "outputs-cut"), "not-submitted")


def why_nothing(notebook, hits=()):
    """Return the Stopped for a notebook in which submit() never ran.

    Parameters
    ----------
    notebook : NotebookNode
        With its outputs.
    hits : list of dict
        From `hits_of`; the limit that the first failing cell hit is the status.

    Examples
    --------
    >>> from nbformat.v4 import new_code_cell, new_notebook, new_output
    >>> error = new_output("error", ename="NameError", evalue="no model", traceback=[])
    >>> broken = new_notebook(cells=[new_code_cell("submit(model)", outputs=[error])])
    >>> why_nothing(broken).status, why_nothing(broken).reason
    ('not-submitted', 'submit() never ran: cell 1 stopped with NameError: no model')
    """
    for number, cell in enumerate(notebook.cells, 1):
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                status = status_of(number, hits)
                what = in_short(output, status)
                return Stopped(status, f"submit() never ran: cell {number} {what}")
    return Stopped("not-submitted", "submit() never ran in this notebook.")
