import json
from types import SimpleNamespace

import numpy as np
import pytest

from coursekit.autograde.differences import difference, differences

MODEL = {"model": {"status": "ok"}}


@pytest.fixture
def made(tmp_path):
    """A function that makes a run which answered so."""

    def made(name, numbers=None, values=None):
        folder = tmp_path / name / "predictions"
        folder.mkdir(parents=True)
        if numbers is not None:
            np.save(folder / "model.npy", np.array(numbers, dtype=float))
            np.save(folder / "model.repeat.npy", np.random.default_rng().random((2, 3)))
            np.save(folder / "model.dealt.npy", np.random.default_rng().random((5, 2)))
        if values is not None:
            (folder / "model.json").write_text(json.dumps(values))
        return SimpleNamespace(folder=folder.parent, servings=MODEL)

    return made


def test_only_answers_are_compared_and_not_how_they_were_dealt(made):
    runs = made("a", [0.5, 0.25]), made("b", [0.5, 0.75])
    told = {"rows": 2, "differ": 1, "largest": 0.5}
    assert differences(*runs) == {"model": told}


def test_what_only_one_run_answered_differs_in_all_rows(made):
    told = {"rows": 7, "differ": 7, "largest": None}
    assert differences(made("a", np.zeros(7)), made("b")) == {"model": told}
    assert differences(made("c", values=[1] * 7), made("d")) == {"model": told}
    assert differences(made("e", np.zeros(7)), made("f", values=[0] * 7)) == {
        "model": told
    }


def test_answers_to_a_function_question_are_compared_value_by_value(made):
    runs = (
        made("a", values=[{"x": 1, "y": 2}, [1], None]),
        made("b", values=[{"y": 2, "x": 1}, [1.5], None]),
    )
    told = {"rows": 3, "differ": 1, "largest": None}
    assert differences(*runs) == {"model": told}


def test_files_that_cannot_be_read_are_no_answers(made):
    run = made("a", np.zeros(3))
    broken = made("b", values=[1])
    (broken.folder / "predictions/model.npy").write_bytes(b"no array")
    assert differences(run, broken)["model"]["differ"] == 3


def test_infinite_predictions_are_compared_without_a_warning():
    infinite = np.array([np.inf, 0.0])
    assert difference(infinite, infinite)["differ"] == 0
    told = {"rows": 2, "differ": 2, "largest": 0.5}
    assert difference(infinite, np.array([1.0, 0.5])) == told
