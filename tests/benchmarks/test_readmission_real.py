import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

from coursekit.datasets import make_diabetes130_twin

ROOT = Path(__file__).parents[2]
DIABETES130 = ROOT.parent / "shared/data/diabetes130/dataset_diabetes.zip"


@pytest.fixture(scope="module")
def benchmark():
    path = ROOT / "benchmarks" / "readmission_real.py"
    spec = importlib.util.spec_from_file_location("readmission_real", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def last_line(capsys):
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def test_the_last_line_holds_every_figure_with_its_interval(
    benchmark, monkeypatch, capsys
):
    monkeypatch.setattr(
        benchmark, "load_diabetes130", lambda path: make_diabetes130_twin(8000)
    )
    benchmark.main(["--data", "twin"])
    models = last_line(capsys)["models"]
    assert list(models) == ["count score", "logistic", "boosting"]
    for kind in ("logistic", "boosting"):
        figures = models[kind]
        for name in ("auroc", "calibration_slope", "mean_error", "scaled_brier"):
            assert (
                figures[name]["low"] <= figures[name]["value"] <= figures[name]["high"]
            )
        assert list(figures["sensitivity_gap"]) == ["race", "sex", "age_band"]
        assert figures["alert_rate"] == pytest.approx(0.2, abs=0.05)


def test_a_gap_that_too_few_patients_show_is_unknown_and_not_zero(benchmark):
    patients = benchmark.readmission_task(make_diabetes130_twin(600))
    gap = benchmark.gap_by(patients, np.ones(len(patients), dtype=int), "race")
    assert gap["value"] is None
    assert sum(gap["not_judged"].values()) > 0


def test_no_patient_is_in_two_of_the_three_parts(benchmark):
    patients = benchmark.readmission_task(make_diabetes130_twin(2000))
    parts = benchmark.three_parts(patients, random_state=0)
    names = [set(part.patient) for part in parts]
    assert sum(len(part) for part in parts) == len(patients)
    assert len(set.union(*names)) == sum(map(len, names))


@pytest.mark.slow
def test_the_models_of_the_lab_rank_real_patients_as_published(benchmark, capsys):
    if not DIABETES130.is_file():
        pytest.skip("../shared/data has no Diabetes 130-US hospitals file here")
    benchmark.main(["--data", str(DIABETES130)])
    report = last_line(capsys)
    assert (report["encounters"], report["patients"]) == (99_343, 69_990)
    for kind in ("logistic", "boosting"):
        figures = report["models"][kind]
        assert 0.65 < figures["auroc"]["value"] < 0.69
        assert 0.9 < figures["calibration_slope"]["value"] < 1.1
        assert abs(figures["mean_error"]["value"]) < 0.005
