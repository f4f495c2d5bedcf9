"""Which attempt's mark leaves the course."""

import pytest

from coursekit.exports.results import counting, result
from coursekit.status import Standing
from coursekit.status.standing import MARKED, NOTHING, QUESTION

FIRST, WAITING = Standing("ann", MARKED), Standing("ann", QUESTION, "why (10 points)")
NOT_AGAIN, ONLY_AGAIN = Standing("ann", NOTHING), Standing("bob", QUESTION)


@pytest.mark.parametrize(
    ("second", "counts"),
    [
        ({"ann": WAITING}, [("tiny-2", WAITING)]),
        ({"ann": NOT_AGAIN}, [("tiny", FIRST)]),
        ({}, [("tiny", FIRST)]),
        ({"bob": ONLY_AGAIN}, [("tiny", FIRST), ("tiny-2", ONLY_AGAIN)]),
    ],
)
def test_the_second_attempt_counts_once_it_is_handed_in_also_while_it_waits(
    second, counts
):
    second = {who: ("tiny-2", each) for who, each in second.items()}
    assert counting({"ann": ("tiny", FIRST)}, second) == counts


def test_why_there_is_no_mark_says_that_it_is_the_second_attempt():
    assert result("tiny-2", WAITING, 65, partial=False).why == (
        "second attempt, question open: why (10 points)"
    )
    assert result("tiny", WAITING, 65, partial=False).why == (
        "question open: why (10 points)"
    )
