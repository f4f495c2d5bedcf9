import pytest

from coursekit.errors import BadInput
from coursekit.nlp import find_triggers, read_triggers, tokens
from coursekit.nlp.triggers import CATEGORIES, default_triggers

GROUP = '[[group]]\ncategory = "absent"\nphrases = ["{}"]\n'


def test_the_rooms_own_triggers_are_of_every_category():
    assert {t.category for t in default_triggers().meanings} == set(CATEGORIES)


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("[[group", "no TOML"),
        ('[[group]]\ncategory = "negated"\nphrases = ["no"]', "'negated'"),
        (GROUP.format("no") + GROUP.format("no").replace("abs", "pres"), "'present'"),
        (
            GROUP.format("no") + GROUP.format("no") + "scope = 3",
            "'no' has two meanings",
        ),
        (GROUP.format("{be} not"), r"slots without words: \['be'\]"),
        (GROUP.format("no") + "reach = 3", "reach"),
        ('[[group]]\ncategory = "absent"', "phrases"),
    ],
)
def test_a_file_that_says_something_impossible_is_refused(toml, message):
    with pytest.raises(BadInput, match=message):
        read_triggers(toml)


def test_the_end_of_a_sentence_counts_as_a_full_stop():
    for text in ("cough: no", "cough: no.", "cough: no, well"):
        (hit, *_) = find_triggers(text, tokens(text))
        assert (hit.first, hit.trigger.direction) == (1, "backward"), text


def test_a_mention_hides_the_triggers_in_it_and_frees_those_around_it():
    text = "no change in gait"
    whole = find_triggers(text, places := tokens(text))
    assert [hit.trigger.category for hit in whole] == ["pseudo"]
    around = find_triggers(text, places, mention=(1, 4))
    assert [hit.trigger.category for hit in around] == ["absent"]


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ('[[groups]]\ncategory = "absent"', "words and"),
        ('[group]\ncategory = "absent"', "two brackets"),
        ('[[group]]\ncategory = "absent"\nphrases = "no"', "it is a list"),
        ('[[group]]\ncategory = "absent"\nphrases = ["no"]\nscope = "5"', "in tokens"),
        ('[[group]]\nphrases = ["no"]', "needs a category"),
        ('[[group]]\ncategory = "absent"\nphrase = ["no"]', "'phrase'"),
    ],
)
def test_triggers_that_would_be_read_as_something_else_are_refused(text, seen):
    with pytest.raises(BadInput, match=seen):
        read_triggers(text)
