"""Which attempt's mark leaves the course."""

from coursekit.exports.results import later
from coursekit.status import Standing
from coursekit.status.standing import MARKED, NOTHING, QUESTION


def test_the_second_attempt_counts_once_it_is_handed_in_also_while_it_waits():
    first = Standing("ann", MARKED)
    waiting = Standing("ann", QUESTION)
    assert later(first, waiting) is waiting
    assert later(first, Standing("ann", NOTHING)) is first
    assert later(first, None) is first
