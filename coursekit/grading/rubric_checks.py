"""What a rubric must hold to before anybody is graded by it.

Each check raises `BadRubric`, naming the file, the key and the remedy.
"""

from coursekit.errors import BadRubric
from coursekit.grading.contract import CASES
from coursekit.grading.limits import from_mapping
from coursekit.grading.measures import WORDS

KINDS = ("accuracy", "fairness", "evidence", "contract")
CONTRACTS = ("risk", "decision", "map", "mask", "spans", "function", *CASES)


def check_points(rubric, source):
    """Refuse a rubric whose criteria do not add up to the points of their kind."""
    for kind, points in rubric.kinds.items():
        if kind not in KINDS:
            raise BadRubric(f"{source}: kinds.{kind} is not one of {', '.join(KINDS)}.")
        total = sum(each.points for each in rubric.criteria if each.kind == kind)
        if abs(total - points) > 1e-6:
            raise BadRubric(
                f"{source}: the criteria of kind {kind} add up to {total:g} points, "
                f"kinds.{kind} says {points:g}. Make them equal."
            )


def check_names(rubric, source):
    """Refuse unknown kinds, contracts and answers, and names used twice."""
    names = [answer.name for answer in rubric.answers]
    ids = [criterion.id for criterion in rubric.criteria]
    for listed in (names, ids):
        for name in listed:
            if listed.count(name) > 1:
                raise BadRubric(f"{source}: {name!r} is used twice. Rename one.")
    for answer in rubric.answers:
        if answer.contract not in CONTRACTS:
            raise BadRubric(
                f"{source}: answers.{answer.name}.contract is {answer.contract!r}; "
                f"it must be one of {', '.join(CONTRACTS)}."
            )
        check_cases(rubric, answer, source)
    asked = [*rubric.criteria, *rubric.probes, rubric.operating_point]
    for item in asked:
        if item.answer not in names:
            raise BadRubric(
                f"{source}: an answer {item.answer!r} is graded but not listed. "
                f"Listed are {', '.join(names)}."
            )
    for criterion in rubric.criteria:
        if criterion.kind not in rubric.kinds:
            raise BadRubric(
                f"{source}: criterion {criterion.id} is of kind {criterion.kind!r}; "
                f"kinds has {', '.join(rubric.kinds)}."
            )
        if criterion.measure not in WORDS:
            raise BadRubric(
                f"{source}: criterion {criterion.id} has the measure "
                f"{criterion.measure!r}; there are {', '.join(sorted(WORDS))}."
            )


def check_cases(rubric, answer, source):
    """Refuse an answer about cases that lacks what its cases or verdicts need."""
    where = f"{source}: answers.{answer.name}"
    if answer.contract == "verdict" and not answer.verdicts:
        raise BadRubric(f"{where} lacks verdicts, the names that may be found.")
    if answer.contract == "numbers" and not answer.numbers:
        raise BadRubric(f"{where} lacks numbers, the names of what is told.")
    if not answer.generator:
        return
    if ":" in answer.generator:
        raise BadRubric(
            f"{where}.generator is {answer.generator!r}; only the patients of the "
            "whole assignment may come from its own file. Practice cases are drawn "
            "where the student is, so their generator has to be coursekit's."
        )
    if answer.contract not in CASES or not answer.rows:
        raise BadRubric(
            f"{where} has a generator of cases; it needs rows, how many of them are "
            f"served, and one of the contracts {', '.join(CASES)}."
        )
    if answer.name in (*rubric.cohorts, "hidden-2", "functions"):
        raise BadRubric(f"{where} has the name of a cohort. Rename the answer.")


def check_thresholds(rubric, source):
    """Refuse a criterion whose floor equals its full."""
    for criterion in rubric.criteria:
        if criterion.floor == criterion.full:
            raise BadRubric(
                f"{source}: criterion {criterion.id} has floor = full = "
                f"{criterion.full}. Points rise between them, so they must differ."
            )


def check_limits(rubric, source):
    """Refuse limits that are unknown or not positive."""
    try:
        from_mapping(rubric.limits)
    except BadRubric as error:
        raise BadRubric(f"{source}: {error}") from None


CHECKS = (check_names, check_points, check_thresholds, check_limits)
