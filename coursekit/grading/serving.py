"""What is served to the answers that a student handed in.

A serving is one question put to one answer: these inputs, replied to like this.
It carries features only; labels never come near this module.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from coursekit.datasets.holdout import read_holdout_inputs
from coursekit.grading.contract import CASES

REPEAT_SHARE = 0.02
ATTEMPTS = ("hidden", "hidden-2")


@dataclass(frozen=True, eq=False)
class Serving:
    """One pass of inputs over one answer.

    `reply` is the type of the numbers that come back, `item_shape` of them per row, or
    ``"json"`` (one JSON value per row, which is asked about by itself). `repeat_share`
    of the rows come a second time, in another batch, which shows answers that depend
    on the batch.
    """

    name: str  # unique in a run: "model", "decide", "model~check"
    answer: str  # which of the student's answers is asked
    contract: str  # as `rubric.CONTRACTS`
    reply: str  # "float64", "float32", "uint8" or "json"
    inputs: object  # DataFrame, array or list
    batch_sizes: tuple[int, int] = (250, 2000)
    repeat_share: float = REPEAT_SHARE
    item_shape: tuple[int, ...] = ()  # of what comes back for one row

    @property
    def reply_shape(self):
        """The shape of all that comes back."""
        return (len(self.inputs), *self.item_shape)


# How an answer to a contract comes back; a map or mask has the size of its film.
REPLIES = {
    "risk": "float64",
    "decision": "float64",
    "map": "float32",
    "mask": "uint8",
    "spans": "json",
    "verdict": "json",
    "explanation": "json",
    "clustering": "json",
    "table": "json",
    "folds": "json",
    "numbers": "json",
}
PICTURES = ("map", "mask")


def servings(rubric, inputs):
    """Return everything that a run serves, in order.

    Parameters
    ----------
    rubric : Rubric
    inputs : dict of str to object
        ``"hidden"`` and the probed cohorts by name, each as a model is served it;
        and under the name of each function question the list of its inputs.

    Returns
    -------
    tuple of Serving
    """
    served = []
    for answer in rubric.answers:
        if answer.contract == "function":
            served.append(function_serving(answer, inputs[answer.name]))
            continue
        if answer.contract in CASES:
            cases = inputs[answer.cohort]
            served.append(cases_serving(answer, cases))
            continue
        for name in ["hidden", *probed(rubric, answer, inputs)]:
            served.append(patients_serving(rubric, answer, name, inputs[name]))
    return tuple(served)


def probed(rubric, answer, inputs):
    """Return the other cohorts that probes and criteria of an answer need served."""
    needed = {probe.finds for probe in rubric.probes if probe.answer == answer.name}
    asked = [*rubric.probes, *rubric.criteria]
    needed |= {each.against for each in asked if each.answer == answer.name}
    needed.discard("hidden")
    return sorted(
        name for name in inputs if name in needed or name.partition("=")[0] in needed
    )


def patients_serving(rubric, answer, cohort, inputs):
    """Serve the patients of one cohort to a risk or a decision."""
    marks = cohort == "hidden"
    return Serving(
        name=answer.name if marks else f"{answer.name}~{cohort}",
        answer=answer.name,
        contract=answer.contract,
        reply=REPLIES[answer.contract],
        inputs=inputs[: answer.rows],
        batch_sizes=rubric.batch_sizes,
        repeat_share=REPEAT_SHARE if marks else 0.0,
        item_shape=inputs.shape[2:] if answer.contract in PICTURES else (),
    )


def cases_serving(answer, cases):
    """Serve cases, one at a time: each may hold thousands of patients.

    Those that numbers come back for are small and many, so a batch brings several.
    """
    return Serving(
        name=answer.name,
        answer=answer.name,
        contract=answer.contract,
        reply=REPLIES[answer.contract],
        inputs=cases[: answer.rows],
        batch_sizes=(20, 40) if answer.contract == "numbers" else (1, 1),
        repeat_share=0.0,
    )


def function_serving(answer, inputs):
    """Serve drawn inputs to a function question."""
    return Serving(
        name=answer.name,
        answer=answer.name,
        contract="function",
        reply="json",
        inputs=inputs,
        batch_sizes=(10, 20),
        repeat_share=0.0,
    )


def read_inputs(rubric, holdout, attempt="hidden"):
    """Read what an assignment's holdout folder serves.

    Parameters
    ----------
    rubric : Rubric
    holdout : path
        The assignment's folder in ``holdout/``.
    attempt : {"hidden", "hidden-2"}
        Which hidden cohort the marks come from.

    Returns
    -------
    dict of str to object
        As `servings` takes it.
    """
    holdout = Path(holdout)
    inputs = {"hidden": read_holdout_inputs(holdout / attempt, given=rubric.given)}
    own = [answer.name for answer in rubric.answers if answer.generator]
    for name in own:
        inputs[name] = read_holdout_inputs(holdout / cases_folder(name, attempt))
    apart = {cases_folder(name, each) for name in own for each in ATTEMPTS}
    for folder in sorted(holdout.iterdir()):
        if folder.name not in apart.union(ATTEMPTS) and (folder / "inputs").is_dir():
            inputs[folder.name] = read_holdout_inputs(folder, given=rubric.given)
    for answer in rubric.answers:
        if answer.contract == "function":
            inputs[answer.name] = read_function_inputs(answer, holdout)
    return inputs


def cases_folder(name, attempt):
    """Return the holdout folder of an answer's own cases.

    Examples
    --------
    >>> cases_folder("judge", "hidden"), cases_folder("judge", "hidden-2")
    ('judge', 'judge-2')
    """
    return name + attempt.removeprefix("hidden")


def read_function_inputs(answer, holdout):
    """Read the inputs of a function question: a list of keyword arguments."""
    path = Path(holdout) / "functions" / f"{answer.name}.json"
    return json.loads(path.read_text(encoding="utf-8"))
