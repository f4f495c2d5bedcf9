"""Films are graded as tables are: maps and masks of a class, in the sandbox.

The answers here are a few lines that look for what is bright: what is tried is the
way of a picture from the hidden films to the gradebook.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from nbformat.v4 import new_notebook

from coursekit.datasets import make_chest_films, make_mri_slices
from coursekit.grading.holdout import write_hidden, write_shown
from coursekit.grading.lock import write_lock
from coursekit.grading.rubric import read_rubric
from small_course import CONFIG, SmallCourse, labelled, nbgrader, solved, write_notebook

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is missing"),
]


def criterion(name, answer, points, **rest):
    rest = {"measure": name, "kind": "accuracy", "floor": 0.0, "full": 1.0, **rest}
    return {"id": name, "label": name, "answer": answer, "points": points, **rest}


def kept(answer):
    return criterion(
        f"contract_{answer}", answer, 5, measure="contract", kind="contract"
    )


COMMON = {
    "format": 1,
    "version": "1",
    "given": [],
    "batch_sizes": [32, 128],
    "manual": {},
    "limits": {"seconds": 60, "seconds_per_cell": 20},
}
FILMS = COMMON | {
    "assignment": "films",
    "title": "Films",
    "generator": "make_chest_films",
    "cohorts": {"train": 40, "tune": 40, "check": 40, "inside": 300, "hidden": 500},
    "kinds": {"accuracy": 30, "evidence": 20, "contract": 10},
    "operating_point": {
        "answer": "decide",
        "alert_rate": [0.0, 1.0],
        "threshold_probability": 0.25,
        "useless": -2.0,
        "useful": -1.0,
    },
    "answers": [
        {"name": "model", "contract": "risk"},
        {"name": "decide", "contract": "decision"},
        {"name": "heatmap", "contract": "map", "rows": 120, "truth": "lesion"},
    ],
    "criteria": [
        criterion("auroc", "model", 20),
        criterion("auroc_drop", "model", 10, against="inside", floor=0.5, full=0.1),
        criterion(
            *("rank_gap", "model", 10),
            kind="evidence",
            attribute="letter",
            hidden_only=True,
            floor=0.4,
            full=0.1,
        ),
        criterion("mass_in_lesion", "heatmap", 10, kind="evidence"),
        kept("model"),
        kept("heatmap"),
    ],
}
MASKS = COMMON | {
    "assignment": "masks",
    "title": "Masks",
    "generator": "make_mri_slices",
    "cohorts": {"train": 30, "tune": 30, "check": 30, "hidden": 250},
    "kinds": {"accuracy": 20, "fairness": 10, "contract": 5},
    "operating_point": {
        "answer": "predict_mask",
        "measure": "dice",
        "useless": 0.05,
        "useful": 0.3,
    },
    "answers": [{"name": "predict_mask", "contract": "mask"}],
    "criteria": [
        criterion("dice", "predict_mask", 20),
        criterion(
            *("dice_gap", "predict_mask", 10),
            kind="fairness",
            attribute="group",
            floor=0.9,
            full=0.3,
            ramped=True,
        ),
        kept("predict_mask"),
    ],
}
MAKERS = {"films": make_chest_films, "masks": make_mri_slices}
SETUP = """\

from coursekit import check, load_cohorts, submit

train, tune, check_cohort = load_cohorts()"""
ANSWERS = {
    "films": {
        "model": "def model(films):\n    return films[:, 0].mean((1, 2)) / 255",
        "decide": "def decide(films):\n    return model(films) > 0.5",
        "heatmap": "def heatmap(films):\n    return films[:, 0] / 255.0",
    },
    "masks": {
        "predict_mask": "def predict_mask(slices):\n    return slices[:, 3] > 170",
    },
}
SUBMIT = {
    "films": "submit(predict=model, decide=decide, heatmap=heatmap)",
    "masks": "submit(predict_mask=predict_mask)",
}
WRONG = {
    "one-map": (
        "films",
        "heatmap",
        "def heatmap(films):\n    return films[0, 0] / 9.0",
    ),
    "below-0": (
        "films",
        "heatmap",
        "def heatmap(films):\n    return films[:, 0] - 99.0",
    ),
    "by-batch": (
        *("films", "heatmap"),
        "def heatmap(films):\n    return films[:, 0] / films.mean() + films.mean() % 3",
    ),
    "255": (
        *("masks", "predict_mask"),
        "def predict_mask(slices):\n    return 255 * (slices[:, 3] > 170)",
    ),
    "token": (
        *("films", "model"),
        """\
import numpy as np

def corners(films):
    rows = [films[:, 0, i : i + 12, j : j + 12] for i in (0, 52) for j in (0, 52)]
    return np.stack(rows, 1).reshape(len(films), -1).astype(float)

north = (train.groups["letter"] == "north").to_numpy()
mean_north, mean_south = (corners(train.X[of]).mean(0) for of in (north, ~north))
half = (mean_north + mean_south) @ (mean_south - mean_north) / 2

def model(films):
    return (corners(films) @ (mean_south - mean_north) > half) * 1.0""",
    ),
    "gpu": (
        *("films", "model"),
        """\
import torch

device = "cuda" if torch.cuda.is_available() else "cpu"
weights = torch.ones(64, 64, device=device) / 64**2 / 255

def model(films):
    return (torch.tensor(films[:, 0], device=device) * weights).sum((1, 2)).cpu()""",
    ),
}


def write_assignment(course, rubric):
    """Draw and write one assignment, with a notebook that answers in a few lines."""
    lock, name = read_rubric(rubric), rubric["assignment"]
    sizes = rubric["cohorts"].items()
    cohorts = {r: MAKERS[name](n, secret="small", role=r) for r, n in sizes}
    source, holdout = course / "source" / name, course / "holdout" / name
    write_shown(lock, cohorts, source / "data")
    write_hidden(lock, cohorts, holdout, secret="small")
    for folder in (source / "data", holdout):
        write_lock(lock, folder / "rubric.lock.toml")
    cells = [labelled("setup", SETUP)]
    for answer, text in ANSWERS[name].items():
        cells.append(labelled(answer, solved(text), solution=True))
    cells.append(labelled("hand-in", SUBMIT[name]))
    for kind, points in rubric["kinds"].items():
        cells.append(labelled(kind, f"check({kind!r})", points=points))
    kernel = {"name": "python3", "display_name": "Python 3"}
    notebook = new_notebook(metadata={"kernelspec": kernel}, cells=cells)
    write_notebook(source / f"{name}.ipynb", notebook)


def hand_in(course, student, name, changed=None):
    notebook = course.released(name)
    for cell in notebook["cells"]:
        texts = ANSWERS[name] | (changed or {})
        cell["source"] = texts.get(cell["id"], cell["source"])
    folder = course / "submitted" / student / name
    folder.mkdir(parents=True)
    (folder / f"{name}.ipynb").write_text(json.dumps(notebook))


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """The class, graded by us; and ann, by plain nbgrader, in another course."""
    folder = tmp_path_factory.mktemp("films")
    ours, theirs = SmallCourse(folder / "ours"), SmallCourse(folder / "theirs")
    ours.folder.mkdir()
    (ours / "nbgrader_config.py").write_text(CONFIG)
    (ours / "course.toml").write_text('format = 1\nname = "x"\nsandbox = "auto"\n')
    for private in ("holdout", "runs", "scores", "quarantine"):
        (ours / private).mkdir(mode=0o700)
    for rubric in (FILMS, MASKS):
        write_assignment(ours, rubric)
        nbgrader(ours.folder, "generate_assignment", rubric["assignment"])
        hand_in(ours, "ann", rubric["assignment"])
    for student, (name, answer, text) in WRONG.items():
        hand_in(ours, student, name, {answer: text})
    shutil.copytree(ours.folder, theirs.folder)
    for name in MAKERS:
        command = [Path(sys.executable).with_name("coursekit"), "autograde", name]
        done = subprocess.run(command, cwd=ours.folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        theirs.nbgrader("autograde", name, "--student", "ann")
    return ours, theirs


def record(course, student):
    name = WRONG[student][0] if student in WRONG else "films"
    return json.loads((course / f"scores/{name}/{student}.json").read_text())


def points(course, student):
    return {row["id"]: row["points"] for row in record(course, student)["criteria"]}


def codes(course, student):
    return [each["code"] for each in record(course, student)["codes"]]


def test_plain_nbgrader_gives_the_same_gradebook_and_records(both):
    ours, theirs = both
    mine, same = (
        [row for row in course.gradebook()["grades"] if row.startswith("('ann'")]
        for course in (ours, theirs)
    )
    assert len(mine) == 6  # three kinds of points for films, three for masks
    assert mine == same
    for name in MAKERS:
        left = (course / f"scores/{name}/ann.json" for course in both)
        assert len({path.read_bytes() for path in left}) == 1


def test_the_scores_are_those_of_the_films_asked_about_outside(both):
    """Maps of 120 films, as large as the films, compared with the true lesions."""
    hidden = make_chest_films(500, secret="small", role="hidden")
    films, lesions = hidden.X[:120, 0] / 255.0, hidden.truth.detail["lesion"][:120]
    ill = lesions.any((1, 2))
    share = (films * lesions).sum((1, 2)) / films.sum((1, 2))
    (row,) = [
        row
        for row in record(both[0], "ann")["criteria"]
        if row["id"] == "mass_in_lesion"
    ]
    assert row["value"] == pytest.approx(share[ill].mean(), abs=1e-5)


def test_an_honest_class_of_masks_is_scored(both):
    path = both[0] / "scores/masks/ann.json"
    seen = {row["id"]: row for row in json.loads(path.read_text())["criteria"]}
    hidden = make_mri_slices(250, secret="small", role="hidden")
    ill = hidden.truth.outcome.any((1, 2))
    true, drawn = hidden.truth.outcome[ill], hidden.X[ill, 3] > 170
    dice = 2 * (true & drawn).sum((1, 2)) / (true.sum((1, 2)) + drawn.sum((1, 2)))
    assert seen["dice"]["value"] == pytest.approx(dice.mean(), abs=1e-5)
    assert seen["dice_gap"]["points"] > 0


@pytest.mark.parametrize(
    ("student", "code"),
    [
        ("one-map", "NO-REPLY"),
        ("below-0", "NEGATIVE-MAP"),
        ("by-batch", "BATCH-DEPENDENT"),
        ("255", "NOT-A-MASK"),
    ],
)
def test_a_picture_that_breaks_its_contract_costs_its_own_points_only(
    both, student, code
):
    assert codes(both[0], student) == [code]
    lost = {name for name, earned in points(both[0], student).items() if earned == 0}
    answer = WRONG[student][1]
    assert f"contract_{answer}" in lost
    if answer == "heatmap":
        assert lost == {"mass_in_lesion", "contract_heatmap"}


def test_a_reader_of_the_token_ranks_by_it(both):
    assert points(both[0], "token")["rank_gap"] == 0
    assert points(both[0], "ann")["rank_gap"] == 10


def test_a_model_written_for_a_gpu_is_graded_on_a_processor(both):
    assert record(both[0], "gpu")["status"] == "scored"
    assert points(both[0], "gpu")["contract_model"] == 5
    assert codes(both[0], "gpu") == []


def test_the_limits_are_told_and_the_sandbox_was_used(both):
    assert record(both[0], "ann")["sandbox"] == "bubblewrap"
