"""Self-check questions of a lab: pick an answer, read why it is right or wrong.

The questions stand beside the lab, in ``notebooks/<lab>.quiz.toml``. Nothing here is
graded or kept::

    [index_time]
    question = "When is the risk needed?"
    [index_time.a]
    text = "At admission."
    feedback = "Then the length of stay is not known yet."
    [index_time.b]
    text = "At discharge."
    feedback = "The place in the programme is given then."
    right = true
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from coursekit.content import content
from coursekit.errors import BadInput, BadLesson


@dataclass(frozen=True)
class Choice:
    """One answer to choose, and what is said to who chooses it."""

    text: str
    feedback: str
    right: bool = False


@dataclass(frozen=True)
class Shown:
    """A text that a notebook shows as markdown."""

    text: str

    def __repr__(self):
        return self.text

    def _repr_markdown_(self):
        return self.text


@dataclass(frozen=True)
class Quiz:
    """The questions of one lab; call it with a name, and with an answer."""

    questions: dict  # name -> (question, {letter: Choice})

    def __call__(self, name, answer=None):
        """Show a question, or say what is right or wrong about an answer to it.

        Parameters
        ----------
        name : str
            Of the question.
        answer : str, optional
            The letter of a choice.

        Returns
        -------
        Shown
        """
        question, choices = pick(self.questions, name, "question")
        if answer is None:
            return Shown(as_list(question, choices))
        choice = pick(choices, answer, "answer")
        verdict = "**Right.**" if choice.right else f"**Not {answer}.**"
        return Shown(f"{verdict} {choice.feedback}")


def open_quiz(lab):
    """Return the self-check questions of a lab.

    Parameters
    ----------
    lab : str
        Such as ``"01_readmission"``. The questions of a lab of your own lie beside the
        notebook.

    Returns
    -------
    Quiz

    Raises
    ------
    BadLesson
        If the lab has no questions, or one of them is not whole.

    Examples
    --------
    >>> quiz = open_quiz("01_readmission")
    >>> print(quiz("horizon"))
    **A patient ...
    >>> str(quiz("horizon", answer="c")).startswith("**Right.**")
    True
    """
    beside = Path(f"{lab}.quiz.toml")
    shipped = content("notebooks") / beside
    return read_quiz(shipped if shipped.is_file() else beside.absolute())


def read_quiz(path):
    """Return the questions of a file; one answer of each must be right."""
    path = Path(path)
    if not path.is_file():
        raise BadLesson(
            f"{path} does not exist, so this lab has no self-check. The questions of a "
            "lab of your own belong beside its notebook."
        )
    tables = tomllib.loads(path.read_text("utf-8"))
    return Quiz({name: read_question(path, name, tables[name]) for name in tables})


def read_question(path, name, table):
    """Return a question and its choices by letter, or say what it lacks."""
    try:
        choices = {
            letter: Choice(**table[letter]) for letter in table if letter != "question"
        }
        question = table["question"]
    except (KeyError, TypeError):
        raise BadLesson(
            f"{path}: {name} needs a question, and a text and feedback for each answer."
        ) from None
    if sum(choice.right for choice in choices.values()) != 1:
        raise BadLesson(f"{path}: {name} needs exactly one answer with right = true.")
    return question, choices


def pick(known, name, kind):
    """Return one of the known, or say which ones there are."""
    if name not in known:
        raise BadInput(f"There is no {kind} {name!r}, only {', '.join(known)}.")
    return known[name]


def as_list(question, choices):
    """Return a question with its choices as markdown.

    Examples
    --------
    >>> print(as_list("When?", {"a": Choice("Now.", "Why?"), "b": Choice("Then.", "")}))
    **When?**
    <BLANKLINE>
    - **a** Now.
    - **b** Then.
    """
    lines = [f"- **{letter}** {choice.text}" for letter, choice in choices.items()]
    return "\n".join([f"**{question}**", "", *lines])
