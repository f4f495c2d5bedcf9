"""The table of the measures that a rubric may name."""

import importlib
import inspect
from pathlib import Path

from coursekit.grading.measures import FALLING, MEASURES, WORDS
from coursekit.grading.rubric import load_rubric
from docsite.markdown import cell, table

ASSIGNMENTS = Path(__file__).parents[2] / "assignments"


def rubrics():
    """Return the rubrics of all assignments: name -> rubric."""
    found = sorted(ASSIGNMENTS.glob("*/rubric.toml"))
    return {path.parent.name: load_rubric(path) for path in found}


def measures():
    """Return the table of measures: what each is, and which rubrics use it."""
    used = rubrics()
    rows = []
    for name, words in WORDS.items():
        users = [
            each
            for each, rubric in used.items()
            if any(criterion.measure == name for criterion in rubric.criteria)
        ]
        better = "lower" if name in FALLING else "higher"
        rows.append([f"`{name}`", words, better, first_line(name), ", ".join(users)])
    return table(["measure", "in words", "better is", "what it is", "used by"], rows)


def first_line(name):
    """Return what the function of a measure says of itself."""
    comparisons = importlib.import_module("coursekit.grading.comparisons")
    functions = {**comparisons.COMPARISONS, **MEASURES}
    told = OTHERS.get(name) or inspect.getdoc(functions[name])
    return cell(told.split("\n\n")[0])


OTHERS = {  # where the function alone does not say it
    "sensitivity_gap": "Largest difference in the share of the ill found, by group.",
    "specificity_gap": "Largest difference in the well who are not flagged, by group.",
    "auroc_drop": "AUROC on the other cohort, less that on the hidden patients.",
    "span_f1_drop": "Macro-F1 on the other notes, less that on the hidden notes.",
    "share_right": "Share of the answers within 2 % of what the reference gives.",
    "contract": "1 where the answer keeps its contract, 0 where it breaks it.",
}
