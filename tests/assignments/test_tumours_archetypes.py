"""What the known hand-ins of `tumours` do to masks, before any rubric."""

import numpy as np
import pandas as pd
import pytest
import torch

from coursekit import imaging
from coursekit.authoring import read_cells
from coursekit.content import content
from coursekit.datasets import make_mri_slices
from coursekit.metrics import (
    dice,
    dice_gap_interval,
    false_lesions_per_slice,
    lesion_sensitivity,
    mean_dice_interval,
    volume_bias_by_group,
)

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


@pytest.mark.slow
def test_the_solution_beats_every_archetype_where_it_should():
    train, tune = drawn(400, "train").shown(), drawn(200, "tune").shown()
    hidden = drawn(1000, "hidden")
    true, group = hidden.y, hidden.groups["group"]
    small = (hidden.groups["size"] == "small").to_numpy()
    masks = {
        name: handed_in(name, train, tune)(hidden.X) for name in ["good", *ARCHETYPES]
    }
    value = {n: mean_dice_interval(true, m).value for n, m in masks.items()}
    bias = {n: volume_bias_by_group(true, m, group) for n, m in masks.items()}
    good = masks["good"]
    assert value["good"] > 0.90
    assert dice(true[small], good[small]).mean() > 0.85
    assert lesion_sensitivity(true, good) > 0.95
    assert false_lesions_per_slice(true, good) < 0.3
    assert bias["good"].abs().max() < 0.05
    assert dice_gap_interval(true, good, group).value < 0.04
    assert value["empty"] == 0
    assert 0.35 < value["otsu"] < 0.60
    assert value["overfit"] < value["good"] - 0.05
    b = masks["rater_b_alone"]
    assert (
        dice(true[small], b[small]).mean() < dice(true[small], good[small]).mean() - 0.1
    )
    assert bias["rater_c_alone"]["B"] > 0.15
    assert value["rater_c_alone"] > 0.85
