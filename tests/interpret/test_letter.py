import pytest

from coursekit.errors import BadInput
from coursekit.interpret import Fact, check_letter, grade_level
from coursekit.interpret.letter import causal_verbs
from coursekit.interpret.reading_level import n_syllables, sentences

FACTS = {
    "risk": Fact(0.2344, "probability", needed=True),
    "age": Fact(82),
    "systolic": Fact(95),
    "pressure's part": Fact(0.712, "log-odds"),
    "asthma's part": Fact(-0.409, "log-odds"),
    "admissions": Fact(1250),
}
GOOD = """Dear Dr. Ames,

For your patient, aged 82, the model gives a risk of death of 23 %. Of 100 patients
like her it expects 23 in 100 to die. Her blood pressure of 95 mmHg adds 0.71 to the log
odds. That she has asthma takes off 0.41. This does not mean that asthma protects her:
patients with asthma were treated in intensive care. Please do not
change her care for it.
"""


def kinds(text, facts=FACTS, **how):
    return check_letter(text, facts, **how)["kind"].tolist()


def test_a_good_letter_has_no_findings():
    assert kinds(GOOD.replace("Of 100 patients\nlike", "Of patients\nlike")) == []


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("The model says 24 %.", "number"),
        ("The model says 23.5 %.", "number"),
        ("She is 28 years old.", "number"),
        ("The model took off 41 % for it.", "log-odds-as-percent"),
        ("The model added 71 percentage points.", "log-odds-as-percent"),
        ("Asthma protects her.", "causal-verb"),
        ("The model shows that asthma prevents death.", "causal-verb"),
        ("Low pressure raises her risk.", "causal-verb"),
        ("It not only reduces risk.", "causal-verb"),
    ],
)
def test_each_kind_of_mistake_is_found_and_alone(sentence, kind):
    assert kinds("The model gives 23 %. " + sentence) == [kind]


@pytest.mark.parametrize(
    "sentence",
    [
        "The risk is 0.23.",
        "The risk is 23.4 per cent.",
        "The risk is 234 in 1,000.",
        "The risk is 2 of 10.",
        "We saw 1,250 patients.",
        "The model took off 0.4 for asthma.",
        "Low pressure raises the predicted risk.",
        "We cannot say that asthma lowers her risk.",
        "Patients with asthma died less often.",
    ],
)
def test_true_sentences_pass(sentence):
    assert kinds("The model gives 23 %. " + sentence) == []


def test_what_must_be_told_is_missed_by_name():
    found = check_letter("The model was asked.", FACTS)
    assert found["kind"].tolist() == ["missing"]
    assert found["where"].tolist() == ["risk"]


def test_a_sentence_without_end_is_hard_to_read():
    long = (
        "The model gives 23 %, " + "notwithstanding multitudinous considerations " * 9
    )
    assert kinds(long) == ["hard-to-read"]
    assert kinds(long, most_grade=100) == []


def test_the_grade_is_the_stated_formula():
    text = "The model is old. It gives care."
    # 7 words, 2 sentences, syllables: 1 2 1 1 / 1 1 1
    assert grade_level(text) == pytest.approx(0.39 * 3.5 + 11.8 * 8 / 7 - 15.59)


@pytest.mark.parametrize(
    ("word", "n"),
    [
        ("the", 1),
        ("asthma", 2),
        ("albumin", 3),
        ("able", 2),
        ("free", 1),
        ("3.5", 1),
    ],
)
def test_syllables_are_groups_of_vowels(word, n):
    assert n_syllables(word) == n


def test_titles_and_decimals_end_no_sentence_and_blank_lines_do():
    text = "Dear Mrs. Ames\n\nIt is 3.5. Is it? Yes!"
    assert sentences(text) == ["Dear Mrs Ames", "It is 3.5.", "Is it?", "Yes!"]


def test_a_claim_is_denied_only_by_what_stands_before_it():
    assert causal_verbs("Asthma protects her, no doubt.") == ["protect"]
    assert causal_verbs("It is not known whether asthma protects her.") == []


def test_an_empty_letter_and_unknown_units_are_refused():
    with pytest.raises(BadInput, match="empty"):
        check_letter(" ", FACTS)
    with pytest.raises(BadInput, match="no word"):
        grade_level("...")
    with pytest.raises(BadInput, match="unit 'percent'"):
        check_letter("Text.", {"risk": Fact(23, "percent")})
