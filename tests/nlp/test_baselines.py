import pytest

from coursekit.nlp import keyword_status, sentence_status, window_status

NEAR = "No fever, sweats, chills, rash or cough, but nausea"


@pytest.mark.parametrize(
    ("rule", "statuses"),
    [
        (keyword_status, ["present", "present", "present"]),
        (window_status, ["absent", "present", "present"]),
        (sentence_status, ["absent", "absent", "absent"]),
    ],
)
def test_each_quick_rule_makes_its_own_errors(rule, statuses):
    places = [NEAR.index(word) for word in ("fever", "cough", "nausea")]
    assert [rule(NEAR, place, place + 5) for place in places] == statuses


def test_a_negation_after_the_mention_is_only_seen_by_the_sentence_rule():
    sentence = "Cough, no fever"
    assert window_status(sentence, 0, 5) == "present"
    assert sentence_status(sentence, 0, 5) == "absent"


def test_without_a_negation_a_mention_is_present():
    for rule in (window_status, sentence_status):
        assert rule("Knows a cough", 8, 13) == "present"
