"""The page "How your mark is made", with the numbers of one course."""

import math

from coursekit.grading.contract import CASES
from coursekit.grading.explain_check import about_cases, besides, example, from_check
from coursekit.grading.explanation_measures import EXPLAINS_NOTHING, EXPLAINS_WELL
from coursekit.grading.limits import from_mapping
from coursekit.grading.measures import WORDS
from coursekit.grading.usefulness import NET_BENEFIT

MARKER = "<!-- coursekit: how-your-mark-is-made -->"


def mark_page(lock):
    """Return the page as Markdown.

    Parameters
    ----------
    lock : Rubric
        Resolved for this course.

    Returns
    -------
    str
    """
    parts = [
        MARKER,
        "## How your mark is made",
        introduction(lock),
        table(lock),
        usefulness(lock),
        from_check(lock),
        example(lock),
        besides(lock),
        cases(lock),
        inputs(lock),
        limits(lock),
    ]
    return "\n\n".join(part for part in parts if part)


def introduction(lock):
    """Return what the points come from."""
    kinds = ", ".join(f"{points:g} for {kind}" for kind, points in lock.kinds.items())
    by_hand = sum(lock.manual.values())
    return (
        f"{sum(lock.kinds.values()):g} points are given by measurement ({kinds}) and "
        f"{by_hand:g} by a person who reads your text. {asked_about(lock)} Each "
        "measure earns nothing up to *none*, everything from *all*, and in between in "
        f"proportion. {interval(lock)}"
    )


def asked_about(lock):
    """Return what the answers are asked about, in one sentence."""
    n_hidden = f"{lock.cohorts['hidden']:,}"
    if about_cases(lock):
        return f"Your answers are asked about {n_hidden} cases that you have not seen."
    return (
        f"Your answers are asked about {n_hidden} patients whom your notebook never "
        f"sees; their outcomes are {lock.labels}."
    )


def interval(lock):
    """Return which end of an interval counts, where measures have one."""
    if about_cases(lock):
        return "Nothing here has an interval: you are examined on these cases."
    return (
        "What chance moves has a 90 % interval, and **the end that is better for you "
        "counts**: you lose nothing for what these patients cannot show."
    )


def table(lock):
    """Return the criteria as a Markdown table."""
    rows = [
        "| kind | what | answer | points | none | all |",
        "|---|---|---|---|---|---|",
    ]
    for each in lock.criteria:
        none, all_ = ends(each)
        what = f"{each.label} ({WORDS[each.measure]}{counted_as(each)})"
        rows.append(
            f"| {each.kind} | {what} | `{each.answer}` | "
            f"{each.points:g}{' ×' if each.ramped else ''} | {none} | {all_} |"
        )
    for name, why in lock.off.items():
        rows.append(f"| off | {name}: {why} | | 0 | | |")
    return "\n".join(rows)


def counted_as(criterion):
    """Return what the cohort compared with is taken to reach, in words."""
    if criterion.at_least is None:
        return ""
    return f"; what is reached there counts as at least {criterion.at_least:.3f}"


def ends(criterion):
    """Return where a criterion earns none and all of its points, in words."""
    if criterion.measure == "contract":
        return "broken", "kept"
    if criterion.band:
        low, high = criterion.band
        below, above = (
            low * math.exp(-criterion.floor),
            high * math.exp(criterion.floor),
        )
        return f"below {below:.2f}, above {above:.2f}", f"{low:g} to {high:g}"
    above = criterion.withheld_above
    looked_at = (
        "" if above is None else f"; above {above:.3f} a person looks at it first"
    )
    return f"{criterion.floor:.3f}", f"{criterion.full:.3f}{looked_at}"


def usefulness(lock):
    """Return by what the rows marked × are multiplied."""
    point = lock.operating_point
    if point.measure == NET_BENEFIT:
        return decisions(point)
    return (
        f"**Usefulness.** The rows marked × are multiplied by a factor: 0 where "
        f"`{point.answer}` has a {WORDS[point.measure]} of {point.useless:.3f} or "
        f"less, 1 from {point.useful:.3f} on, in proportion between.{own_factor(lock)} "
        "What treats groups alike because it finds nothing earns nothing for that."
    )


def own_factor(lock):
    """Return by what the rows of an explanation are multiplied, if there is one."""
    named = {each.answer for each in lock.criteria if each.ramped}
    own = [a.name for a in lock.answers if a.contract == "explanation"]
    return "".join(
        f" For the rows of `{name}` it is 1 up to a {WORDS['local_error']} of "
        f"{EXPLAINS_WELL:.3f}, and 0 from {EXPLAINS_NOTHING:.3f} on."
        for name in own
        if name in named
    )


def decisions(point):
    """Return what is asked of the decisions."""
    low, high = point.alert_rate
    odds = point.threshold_probability / (1 - point.threshold_probability)
    return (
        f"**Decisions** are graded where {low:.0%} to {high:.0%} of the patients are "
        "flagged. Outside that band there are no fairness points (here, too, the "
        "better end of the interval counts). The rows marked × are multiplied by a "
        f"factor: 0 where the alerts have a net benefit of {point.useless:.3f} or "
        f"less, 1 from {point.useful:.3f} on, in proportion between (the better end of "
        "its interval once more). Net benefit is "
        "the share of patients rightly flagged, minus the share wrongly flagged times "
        f"{odds:.3f} (odds of the threshold probability, "
        f"{point.threshold_probability:g}). Alerts at random treat groups alike, but "
        "find no more than drawing lots would: nothing here. In a row about risks the "
        "factor is at most what flagging the patients of highest risk would earn."
    )


def cases(lock):
    """Return which answers are asked about whole cases, and what comes back."""
    told = [
        f"`{answer.name}` is asked about {answer.rows} cases that you have not seen, "
        "one at a time; the local check has "
        f"{answer.practice} others."
        for answer in lock.answers
        if answer.generator
    ]
    told += [returned(answer) for answer in lock.answers if answer.contract in CASES]
    return f"**Cases**: {' '.join(told)}" if told else ""


def returned(answer):
    """Return what comes back about one case."""
    match answer.contract:
        case "verdict":
            beside = (f"; `{number}`, a number or None" for number in answer.numbers)
            what = (
                f"a dict: `found`, a list out of {', '.join(answer.verdicts)}, empty "
                f"where nothing is wrong{''.join(beside)}"
            )
        case "explanation":
            what = "one row a patient and one number a column of `X`"
        case "clustering":
            what = (
                "a dict: `labels`, one a patient; `k`, how many different ones there "
                "are, 1 where there is no structure; `stability`, a number or None"
            )
        case "table":
            left_out = ", ".join(answer.optional)
            what = (
                "the table with all its columns"
                + (f" ({left_out} may be left out)" if left_out else "")
                + ", rows known by `encounter_id`; a column may be added for each, "
                "`<column>_missing`, of 0 and 1"
            )
        case "folds":
            what = (
                f"a list with one fold a row, from 0 to {answer.n_folds - 1}, each "
                "with a tenth of the rows at least"
            )
        case "numbers":
            what = f"a dict of numbers: {', '.join(answer.numbers)}"
    return f"`{answer.name}` returns {what}."


def inputs(lock):
    """Return which group columns the answers are handed."""
    if not lock.given:
        return "**Group columns** are not handed to your answers."
    return f"**Group columns** handed to your answers: {', '.join(lock.given)}."


def limits(lock):
    """Return the limits under which the notebook is run for marks."""
    most = from_mapping(lock.limits)
    return (
        f"**Limits** of the graded run: {most.seconds_per_cell:g} s for each cell, "
        f"{most.seconds:g} s for the whole notebook with its answers, "
        f"{most.seconds_per_batch:g} s for each batch of patients; "
        f"{most.memory_mb:,} MB of memory for all you start, files in `/tmp` and "
        f"`/dev/shm` counted in; {most.disk_mb:,} MB of files; {most.processes} "
        f"processes and threads; {in_threads(most.threads)} for computing. Of each "
        f"output {most.output_kb:,} kB are kept, of all together {most.notebook_mb:,} "
        "MB. There is no network. A run that passes a limit is stopped there, and the "
        "limit is named; what ran before is kept and graded."
    )


def in_threads(number):
    """Return a number of threads in words.

    Examples
    --------
    >>> in_threads(1), in_threads(4)
    ('one thread', '4 threads')
    """
    return "one thread" if number == 1 else f"{number} threads"
