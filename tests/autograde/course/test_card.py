"""`coursekit card` of a submission that was graded, and of a file of scores."""

import sys

import numpy as np
import pandas as pd
import pytest

from coursekit.autograde.course import open_course
from coursekit.autograde.pipeline import grade
from coursekit.cli import main
from coursekit.grading.scorer import Scorer
from coursekit.metrics import auroc


def run(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["coursekit", "card", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code or 0


@pytest.fixture
def made(course, runs, recorded, monkeypatch, tmp_path):
    """The small course with one student graded, and the card of that run."""
    course.hand_in("ann", course.solved())
    grade(course.folder, "tiny")
    card = tmp_path / "card"
    words = ["tiny", "--student", "ann", "--course", course.folder, "--output", card]
    assert run(monkeypatch, *words) == 0
    return course, card


def filled(card):
    """Fill in a draft as somebody in a hurry would."""
    said = (
        "The model was made and tested on drawn patients, which is all that is known."
    )
    text = (card / "card.md").read_text("utf-8").replace("TBD", said)
    (card / "card.md").write_text(text, encoding="utf-8")
    return card / "card.md"


def test_a_card_holds_the_numbers_of_the_run_and_is_checked_against_it(
    made, monkeypatch, capsys
):
    course, card = made
    hidden = Scorer(open_course(course.folder).holdout("tiny")).patients["hidden"]
    true = auroc(hidden.y, np.linspace(0, 1, len(hidden.y)))
    page = (card / "card.md").read_text("utf-8")
    assert f"| auroc | {true:.3f} |" in page
    words = ["tiny", "--student", "ann", "--course", course.folder]
    assert run(monkeypatch, *words, "--check", card / "card.md") == 1
    assert "Summary: Something is still to be done here." in capsys.readouterr().out
    assert run(monkeypatch, *words, "--check", filled(card)) == 0
    assert capsys.readouterr().out == "Nothing found.\n"
    page = filled(card).read_text("utf-8")
    better = page.replace(f"| auroc | {true:.3f} |", "| auroc | 0.940 |")
    (card / "card.md").write_text(
        better.replace("**Summary**: ", "**Summary**: Its AUROC is 0.94. ")
    )
    assert run(monkeypatch, *words, "--check", card / "card.md") == 1
    told = capsys.readouterr().out
    assert "Summary: '0.94' is no number of this run." in told
    assert "auroc: The card says {'value': 0.94" in told


def test_evidence_and_datasheet_are_of_the_hidden_patients(made):
    _, card = made
    matrix = (card / "gmlp.md").read_text("utf-8")
    assert "| patients-apart |  |  | yes |" in matrix
    assert "| card-checked |  | card-checked | no |" in matrix
    assert "| n_rows | 1500 |" in (card / "datasheet.md").read_text("utf-8")
    assert "<ModelName>tiny, handed in by ann<" in (card / "card.xml").read_text()


def test_a_card_is_not_written_over_and_keeps_its_texts_if_asked_to(
    made, monkeypatch, capsys
):
    course, card = made
    words = ["tiny", "--student", "ann", "--course", course.folder, "--output", card]
    assert run(monkeypatch, *words) == 2
    assert "--overwrite replaces it" in capsys.readouterr().err
    page = filled(card).read_text("utf-8")
    assert run(monkeypatch, *words, "--overwrite", "--texts", card / "card.md") == 0
    assert (card / "card.md").read_text("utf-8") == page


def test_who_is_not_graded_has_no_card(course, monkeypatch, capsys):
    words = ["tiny", "--student", "bob", "--course", course.folder]
    assert run(monkeypatch, *words) == 2
    assert "bob has no graded run of tiny" in capsys.readouterr().err


def test_a_student_makes_a_card_of_own_scores(monkeypatch, capsys, tmp_path):
    file = tmp_path / "scores.csv"
    rng = np.random.default_rng(0)
    risk = rng.beta(2, 5, 400)
    table = {"y": rng.random(400) < risk, "p": risk, "sex": rng.choice(["F", "M"], 400)}
    pd.DataFrame(table).astype({"y": int}).to_csv(file, index=False)
    words = ["--scores", file, "--group", "sex", "--threshold", "0.3"]
    assert run(monkeypatch, *words, "--output", tmp_path / "card") == 0
    page = (tmp_path / "card/card.md").read_text("utf-8")
    assert f"| auroc | {auroc(table['y'].astype(int), risk):.3f} |" in page
    assert "| sensitivity_gap/sex |" in page
    assert run(monkeypatch, "--scores", file, "--group", "age") == 2
    assert "scores.csv has no column 'age'" in capsys.readouterr().err
    assert run(monkeypatch, "tiny", "--scores", file) == 2
