"""Step 2 for a class on this machine: runs side by side, in warm kernels."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager

from coursekit.autograde import runner
from coursekit.autograde.job import digest, versions
from coursekit.autograde.sandbox import choose
from coursekit.autograde.warm import WarmKernels
from coursekit.errors import SandboxUnavailable


class LocalRuns:
    """Makes runs, some at a time; use it as a context manager.

    Parameters
    ----------
    n_jobs : int
        Submissions that run side by side.
    tell : callable
        Called with a line of text that says which kernels are used.
    """

    def __init__(self, n_jobs, tell=lambda line: None):
        self.n_jobs, self.tell = n_jobs, tell

    def __enter__(self):
        self.pool = ThreadPoolExecutor(self.n_jobs)
        return self

    def __exit__(self, *_):
        self.pool.shutdown(cancel_futures=True)

    def made(self, jobs, out):
        """Make or look up every run; whatever goes wrong with one is its status.

        Parameters
        ----------
        jobs : sequence of ((str, str), Job)
            By student and notebook.
        out : Path
            Folder of all runs of the assignment.

        Yields
        ------
        ((str, str), Run)
            As they are made, in any order.
        """
        with self.kernels(jobs, out) as kernels:
            running = {
                self.pool.submit(run_one, job, out, kernels): whose
                for whose, job in jobs
            }
            for done in as_completed(running):
                yield running[done], done.result()

    @contextmanager
    def kernels(self, jobs, out):
        """Yield warm kernels where a notebook has to run, and they work.

        For one notebook too, though it saves no time there: a submission finds
        the same surroundings whether it is graded alone or in a class.
        """
        waiting = [job for _, job in jobs if not is_made(job, out)]
        try:
            warm = waiting and warm_kernels(most_alike(waiting)[0])
        except SandboxUnavailable as error:
            self.tell(f"cold: {error}")
            warm = None
        if not warm:
            yield None
            return
        with warm:
            self.tell("warm")
            yield warm


def most_alike(jobs):
    """Return those jobs that have the files which most have."""
    files = Counter(job.files for job in jobs).most_common(1)
    return [job for job in jobs if job.files == files[0][0]]


def warm_kernels(job):
    """Return warm kernels for jobs like this one, started."""
    return WarmKernels(choose(job.sandbox), job).start()


def is_made(job, out):
    """Return True where the run of a job is there already."""
    return (out / digest(job, choose(job.sandbox).name) / "run.json").is_file()


def run_one(job, out, kernels):
    """Run one submission, or look its run up; never raise.

    Warm kernels have the files of one job; those with others start cold.
    """
    if kernels is not None and job.files != kernels.job.files:
        kernels = None
    try:
        return runner.run(job, out, kernels=kernels)
    except Exception as error:
        return not_run(f"{type(error).__name__}: {error}", job.sandbox)


def not_run(reason, sandbox):
    """Return the run of a submission that our own side could not start."""
    return runner.Run(
        *(None, "", "not-run", f"It was not run: {reason}", 0.0),
        *(sandbox, {}, versions(), {}),
    )
