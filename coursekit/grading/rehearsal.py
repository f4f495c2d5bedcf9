"""Run an assignment's archetypes in this process.

Archetypes are ours, so they need no sandbox. Their code goes where a student's
would: into the solution cells of the notebook, up to the call of `submit`.
"""

import contextlib
import io
import sys

import numpy as np
from threadpoolctl import threadpool_limits

from coursekit.grading import handin, holdout
from coursekit.grading.asking import ask
from coursekit.grading.cleaned import true_folds, true_table
from coursekit.grading.contract import Reply
from coursekit.grading.measures import reference_function
from coursekit.grading.patients import Patients
from coursekit.grading.serving import servings

ORACLE = "oracle"


class Stage:
    """The cohorts of one secret, ready for archetypes to perform on.

    Attributes
    ----------
    patients : dict of str to Patients
    inputs : dict of str to object
        As `servings` takes it.
    """

    def __init__(self, rubric, cohorts, secret):
        self.rubric = rubric
        self.cohorts = cohorts
        self.all = {
            "hidden": cohorts["hidden"],
            **holdout.probe_cohorts(cohorts, secret=secret),
        }
        self.patients = {name: Patients.of(each) for name, each in self.all.items()}
        self.inputs = {
            name: each.inputs(rubric.given) for name, each in self.all.items()
        }
        for name, cases in holdout.draw_cases(rubric, secret).items():
            self.patients[name], self.inputs[name] = Patients.of(cases), cases.X
        for answer in rubric.answers:
            if answer.contract == "function":
                drawn = holdout.draw_function_inputs(answer, secret)
                self.inputs[answer.name] = drawn

    def perform(self, assignment, cells):
        """Return an archetype's replies: serving -> Reply."""
        shown = [self.cohorts[role].shown(self.rubric.given) for role in holdout.SHOWN]
        answers = run_notebook(assignment.notebook, cells, shown, self.rubric)
        with threadpool_limits(1):
            return {
                serving.name: ask(answers[serving.answer], serving)
                for serving in servings(self.rubric, self.inputs)
            }

    def perform_all(self, assignment, only=None, progress=lambda text: None):
        """Return the replies of every archetype, the oracle's where truth is known."""
        replies = {}
        for name, cells in assignment.archetypes().items():
            if only is None or name in only:
                progress(f"{assignment.name}: {name} is trained and asked")
                replies[name] = self.perform(assignment, cells)
        if self.truth_is_known():
            replies[ORACLE] = self.oracle()
        return replies

    def truth_is_known(self):
        """Return True where all that an oracle would answer is known."""
        hidden = self.patients["hidden"]
        asked = {answer.contract for answer in self.rubric.answers}
        needed = hidden.risk if asked & {"risk", "decision"} else hidden.y
        return needed is not None

    def oracle(self):
        """Return the replies of one who knows the truth about every patient."""
        return {
            serving.name: self.oracle_reply(serving)
            for serving in servings(self.rubric, self.inputs)
        }

    def oracle_reply(self, serving):
        """Return the oracle's reply to one serving."""
        answer = self.rubric.answer(serving.answer)
        if serving.contract == "function":
            reference = reference_function(answer)
            return Reply([reference(**item) for item in serving.inputs])
        cohort = serving.name.partition("~")[2] or answer.cohort
        patients = self.patients[cohort].first(len(serving.inputs))
        return Reply(self.truth_of(answer, patients))

    def truth_of(self, answer, patients):
        """Return what the truth says to one answer, decisions in mid-band."""
        match answer.contract:
            case "risk":
                return patients.risk
            case "map":
                return patients.detail[answer.truth].astype(np.float32)
            case "mask" | "spans":
                return patients.y
            case "verdict":
                told = ("found", *answer.numbers)
                return [{name: true[name] for name in told} for true in patients.y]
            case "numbers":
                return [{n: true[n] for n in answer.numbers} for true in patients.y]
            case "explanation":
                return [true["values"] for true in patients.y]
            case "clustering":
                return [clustering_of(true) for true in patients.y]
            case "table":
                return [true_table(true) for true in patients.y]
            case "folds":
                return [true_folds(true, answer.n_folds) for true in patients.y]
        alert_rate = np.mean(self.rubric.operating_point.alert_rate)
        cut_off = np.quantile(self.patients["hidden"].risk, 1 - alert_rate)
        return (patients.risk >= cut_off) * 1.0


def clustering_of(true):
    """Return the true answer of a case as a clustering: the same in another sample.

    Examples
    --------
    >>> clustering_of({"endotype": [0, 2, 0], "k": 3})
    {'labels': [0, 2, 0], 'k': 2, 'stability': 1.0}
    """
    k = len(set(true["endotype"]))
    return {"labels": true["endotype"], "k": k, "stability": 1.0}


def run_notebook(notebook, cells, shown, rubric):
    """Execute a notebook's code up to `submit` and return the answers handed in.

    Parameters
    ----------
    notebook : dict
        The built notebook, solutions in place.
    cells : dict of str to str
        Text that replaces solution cells, by grade id.
    shown : list of ShownCohort
        Train, tune and check.
    rubric : Rubric

    Returns
    -------
    dict of str to callable
    """
    handin.session = handin.Session(
        cohorts={each.role: each for each in shown}, lock=rubric, quiet=True
    )
    namespace = {"__name__": "__main__"}
    with contextlib.redirect_stdout(io.StringIO()):
        for source in sources(notebook, cells):
            # Anew for each cell: the one before may have loaded another library.
            with threadpool_limits(1):
                exec(compile(source, "<archetype>", "exec"), namespace)
    close_figures()
    return handin.answers()


def close_figures():
    """Close what a notebook has drawn, where it has drawn anything."""
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close("all")


def sources(notebook, cells):
    """Return the code to run: an archetype's text in place of each solution."""
    wanted = []
    for cell in notebook["cells"]:
        label = cell["metadata"].get("nbgrader", {})
        if cell["cell_type"] != "code" or label.get("grade"):
            continue
        text = "".join(cell["source"])
        wanted.append(cells.get(label.get("grade_id"), text))
    return wanted
