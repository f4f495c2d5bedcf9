import pytest

from coursekit.content import content
from coursekit.errors import BadInput, BadLesson
from coursekit.quiz import open_quiz, read_quiz

QUIZZES = sorted(content("notebooks").glob("*.quiz.toml"))

GOOD = """
[when]
question = "When?"
[when.a]
text = "Now."
feedback = "Too early."
[when.b]
text = "Then."
feedback = "As agreed."
right = true
"""


@pytest.fixture
def write(tmp_path):
    def write_quiz(text):
        path = tmp_path / "01_a.quiz.toml"
        path.write_text(text, "utf-8")
        return path

    return write_quiz


def test_a_question_is_shown_with_all_its_answers(write):
    shown = read_quiz(write(GOOD))("when")
    assert str(shown) == "**When?**\n\n- **a** Now.\n- **b** Then."
    assert shown._repr_markdown_() == str(shown)


def test_a_right_answer_is_told_from_a_wrong_one_and_both_are_explained(write):
    quiz = read_quiz(write(GOOD))
    assert str(quiz("when", answer="b")) == "**Right.** As agreed."
    assert str(quiz("when", answer="a")) == "**Not a.** Too early."


def test_an_unknown_question_or_answer_is_told_what_there_is(write):
    quiz = read_quiz(write(GOOD))
    with pytest.raises(BadInput, match="no question 'who', only when"):
        quiz("who")
    with pytest.raises(BadInput, match="no answer 'c', only a, b"):
        quiz("when", answer="c")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("right = true", ""), "exactly one answer"),
        (('feedback = "Too early."', ""), "text and feedback"),
        (('feedback = "Too early."', 'feedbak = "Too early."'), "text and feedback"),
        (('question = "When?"', ""), "needs a question"),
        (('"Too early."', '"Yes."\nright = true'), "exactly one answer"),
    ],
)
def test_a_question_that_is_not_whole_is_refused(write, change, message):
    with pytest.raises(BadLesson, match=message):
        read_quiz(write(GOOD.replace(*change)))


def test_a_lab_without_questions_says_so():
    with pytest.raises(BadLesson, match="no self-check"):
        open_quiz("99_nothing")


@pytest.mark.parametrize("path", QUIZZES, ids=lambda path: path.name)
def test_every_shipped_quiz_is_whole_and_explains_every_answer(path):
    questions = read_quiz(path).questions
    assert questions
    for _, choices in questions.values():
        assert len(choices) >= 3
        assert all(len(choice.feedback) > 30 for choice in choices.values())
