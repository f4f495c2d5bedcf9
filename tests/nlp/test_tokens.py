from hypothesis import given
from hypothesis import strategies as st

from coursekit.nlp import Phrases, tokens
from coursekit.nlp.tokens import covered

ODD = st.text(st.sampled_from("aZ9 .,/-_'’\r\n\t İßé😀\u0301\u200d"))


@given(ODD)
def test_tokens_hold_every_character_but_white_space_and_lone_marks(text):
    places = tokens(text)
    assert places == sorted(places)
    held = "".join(text[start:end] for start, end in places)
    assert not any(character.isspace() for character in held)
    assert sum(end - start for start, end in places) == len(held)
    kept = [c for c in text if not c.isspace() and c not in "\u0301\u200d"]
    assert [c for c in held if c not in "\u0301\u200d"] == kept


@given(ODD, ODD)
def test_a_phrase_stands_where_it_is_found_whatever_is_around_it(before, after):
    text = f"{before} Chest \r\n PAIN {after}"
    found = Phrases({"chest pain": 1}).find(text, places := tokens(text))
    stretches = [(places[a][0], places[b - 1][1]) for a, b, _ in found]
    assert [text[start:end] for start, end in stretches] == ["Chest \r\n PAIN"]


def test_an_accent_belongs_to_its_letter():
    assert tokens("cp\u0301 cp") == [(0, 3), (4, 6)]


def test_curly_apostrophes_and_long_dashes_are_plain_ones():
    phrases = Phrases({"can't": 1, "chest-pain": 2})
    text = "can’t; chest–pain"
    assert [meaning for _, _, meaning in phrases.find(text, tokens(text))] == [1, 2]


def test_the_longest_phrase_wins_and_taken_tokens_are_in_none():
    phrases = Phrases({"no": "absent", "no change": "pseudo"})
    text = "no change"
    assert phrases.find(text, tokens(text)) == [(0, 2, "pseudo")]
    assert phrases.find(text, tokens(text), taken=[1]) == [(0, 1, "absent")]


def test_a_stretch_within_white_space_touches_no_token():
    assert covered(tokens("a  b"), 1, 2) == (0, 0)
