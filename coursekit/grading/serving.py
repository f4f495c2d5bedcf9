"""What is served to the answers that a student handed in.

A serving is one question put to one answer: these inputs, replied to like this.
It carries features only; labels never come near this module.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from coursekit.datasets.storage import read_holdout_inputs

REPEAT_SHARE = 0.02


@dataclass(frozen=True, eq=False)
class Serving:
    """One pass of inputs over one answer.

    `reply` is ``"float64"`` (one number per row) or ``"json"`` (one JSON value per
    item). `repeat_share` of the rows come a second time, in another batch, which
    shows answers that depend on the batch.
    """

    name: str  # unique in a run: "model", "decide", "model~check"
    answer: str  # which of the student's answers is asked
    contract: str  # "risk", "decision", "function"
    reply: str
    inputs: object  # DataFrame, array or list
    batch_sizes: tuple[int, int] = (250, 2000)
    repeat_share: float = REPEAT_SHARE


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
        for name in ["hidden", *probed(rubric, answer, inputs)]:
            served.append(patients_serving(rubric, answer, name, inputs[name]))
    return tuple(served)


def probed(rubric, answer, inputs):
    """Return the cohorts that the probes of an answer need served."""
    needed = {probe.finds for probe in rubric.probes if probe.answer == answer.name}
    return sorted(name for name in inputs if name.partition("=")[0] in needed)


def patients_serving(rubric, answer, cohort, inputs):
    """Serve the patients of one cohort to a risk or a decision."""
    marks = cohort == "hidden"
    return Serving(
        name=answer.name if marks else f"{answer.name}~{cohort}",
        answer=answer.name,
        contract=answer.contract,
        reply="float64",
        inputs=inputs,
        batch_sizes=rubric.batch_sizes,
        repeat_share=REPEAT_SHARE if marks else 0.0,
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
    for folder in sorted(holdout.iterdir()):
        if folder.name.partition("=")[0] in ("check", "train", "redraw"):
            inputs[folder.name] = read_holdout_inputs(folder, given=rubric.given)
    for answer in rubric.answers:
        if answer.contract == "function":
            inputs[answer.name] = read_function_inputs(answer, holdout)
    return inputs


def read_function_inputs(answer, holdout):
    """Read the inputs of a function question: a list of keyword arguments."""
    path = Path(holdout) / "functions" / f"{answer.name}.json"
    return json.loads(path.read_text(encoding="utf-8"))
