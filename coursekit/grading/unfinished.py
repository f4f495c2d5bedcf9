"""What a run that ended early leaves open: withheld, never 0 and never full.

What was answered to the end is graded as usual. A criterion that needs an answer which
was cut off has no points until a person has looked.
"""

from coursekit.grading.contract import Breach, gravely

PERSON = "A person looks at this before any points are given."


def is_cut_off(found):
    """Return True where an answer is incomplete because the run ended.

    Examples
    --------
    >>> is_cut_off([Breach("CUT-OFF", "The kernel died.")]), is_cut_off([])
    (True, False)
    """
    return any(breach.code == "CUT-OFF" for breach in found)


def left_open(lock, criterion, broken):
    """Return in words why a criterion cannot be judged; empty where it can.

    Parameters
    ----------
    lock : Rubric
    criterion : Criterion
    broken : dict of str to list of Breach
        By answer. An answer that broke its contract is judged, though the decisions
        that its criterion is weighed by were cut off.

    Returns
    -------
    str
    """
    own, decisions = broken[criterion.answer], broken[lock.operating_point.answer]
    weighs_itself = lock.answer(criterion.answer).contract == "explanation"
    weighed = criterion.at_operating_point or (criterion.ramped and not weighs_itself)
    if is_cut_off(own):
        return f"{own[0].seen} {PERSON}"
    if weighed and is_cut_off(decisions) and not gravely(own):
        return f"It depends on the decisions. {decisions[0].seen} {PERSON}"
    return ""


def unprobed(lock, replies):
    """Return the probes that a run did not come to: (Probe, Breach)."""
    return [
        (probe, Breach("CUT-OFF", reply.reason, probe.caps))
        for probe in lock.probes
        for name, reply in replies.items()
        if probe.caps
        and reply.status == "cut-off"
        and name.startswith(f"{probe.answer}~{probe.finds}")
    ]
