from types import SimpleNamespace

import pytest

from coursekit.errors import NotEstimable
from coursekit.grading.verdict_measures import acquittal

TRUE = [[], ["leaky"], [], ["drifted"]]


def judged(said, true=TRUE):
    cases, reply = ([{"found": each} for each in which] for which in (true, said))
    return acquittal(
        SimpleNamespace(y=cases), SimpleNamespace(values=reply), None
    ).value


@pytest.mark.parametrize("same", [[], ["leaky"], ["leaky", "drifted"]])
def test_who_says_the_same_of_every_case_is_at_zero(same):
    assert judged([same] * 4) == 0


def test_who_acquits_just_the_sound_cases_is_at_one_whatever_else_is_found():
    assert judged([[], ["drifted"], [], ["leaky"]]) == 1
    assert judged([["leaky"], [], ["leaky"], []]) == -1
    assert judged([[], ["leaky"], [], []]) == 0.5


def test_without_sound_cases_or_without_faulty_ones_it_cannot_be_seen():
    for true in ([[]] * 4, [["leaky"]] * 4):
        with pytest.raises(NotEstimable, match="are both needed"):
            judged([[]] * 4, true)
