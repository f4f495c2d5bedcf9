from coursekit.nlp import context_status, negex_status

LIST = "No fever, chills, sweats, nausea or cough."


def status(sentence, mention, **options):
    start = sentence.index(mention)
    return negex_status(sentence, start, start + len(mention), **options)


def test_only_mentions_within_the_window_are_negated():
    assert status(LIST, "chills") == "absent"
    assert status(LIST, "cough") == "present"
    assert status(LIST, "cough", window=9) == "absent"
    assert context_status(LIST, 36, 41) == "absent"


def test_terminators_pseudo_triggers_and_both_directions_are_known():
    assert status("No fever but cough.", "cough") == "present"
    assert status("No change in cough.", "cough") == "present"
    assert status("Cough was ruled out.", "Cough") == "absent"
    assert status("Possible syncope.", "syncope") == "possible"


def test_whose_it_is_and_when_is_not_asked():
    assert status("Mother had syncope.", "syncope") == "present"
    assert status("Return if syncope.", "syncope") == "present"
