"""What the known hand-ins of `tumours` do to masks; what they earn is certified."""

import numpy as np
import pandas as pd
import pytest
import torch

from coursekit import imaging
from coursekit.authoring import read_cells
from coursekit.content import content
from coursekit.datasets import make_mri_slices

FOLDER = content("assignments") / "tumours"
ARCHETYPES = sorted(path.stem for path in (FOLDER / "archetypes").glob("*.py"))


def answers(path):
    return {
        cell.label: cell.source for cell in read_cells(path) if cell.role == "answer"
    }


def handed_in(name, train, tune):
    """Run the answers of the solution ("good") or of an archetype."""
    cells = answers(FOLDER / "tumours.py")
    if name != "good":
        cells |= answers(FOLDER / "archetypes" / f"{name}.py")
    names = {"np": np, "pd": pd, "torch": torch, "imaging": imaging}
    names |= {"train": train, "tune": tune}
    for source in cells.values():
        exec(source, names)
    return names["predict_mask"]


def drawn(n_patients, role):
    return make_mri_slices(n_patients, secret="tests", role=role)


def test_archetypes_answer_only_what_is_asked():
    asked = answers(FOLDER / "tumours.py")
    assert list(asked) == ["masks", "network", "predict_mask"]
    assert set(ARCHETYPES) == {
        "empty",
        "otsu",
        "overfit",
        "rater_b_alone",
        "rater_c_alone",
    }
    for name in ARCHETYPES:
        assert set(answers(FOLDER / "archetypes" / f"{name}.py")) <= set(asked)


@pytest.mark.parametrize("name", ["empty", "otsu"])
def test_a_hand_in_without_learning_gives_masks_slice_by_slice(name):
    train, tune = drawn(3, "train").shown(), drawn(3, "tune").shown()
    slices = drawn(20, "hidden").X
    before = slices.copy()
    predict_mask = handed_in(name, train, tune)
    masks = predict_mask(slices)
    assert (masks.shape, masks.dtype) == ((20, 64, 64), np.uint8)
    assert set(np.unique(masks)) <= {0, 1}
    assert (slices == before).all()
    assert (predict_mask(slices[::-1])[::-1] == masks).all()
    assert masks.any() == (name == "otsu")
