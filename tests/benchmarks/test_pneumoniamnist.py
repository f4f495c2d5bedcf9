import dataclasses
import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest
import torch

from coursekit.datasets import Films, make_pneumoniamnist_twin

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def benchmark():
    path = ROOT / "benchmarks" / "pneumoniamnist.py"
    spec = importlib.util.spec_from_file_location("pneumoniamnist", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    threads = torch.get_num_threads()
    yield module
    torch.set_num_threads(threads)


def reports(benchmark, monkeypatch, capsys, films):
    monkeypatch.setattr(benchmark, "load_medmnist", lambda path: films)
    monkeypatch.setattr(benchmark, "N_NETWORKS", 1)
    options = ["--data", "twin", "--seeds", "1", "--epochs", "1", "--threads", "1"]
    benchmark.main(options)
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def test_the_last_line_holds_the_figures_and_test_labels_choose_nothing(
    benchmark, monkeypatch, capsys
):
    films = make_pneumoniamnist_twin((120, 30, 40))
    report = reports(benchmark, monkeypatch, capsys, films)
    assert {"auc", "acc", "train_s", "parameters"} <= set(report)
    assert report["parameters"] == 60785
    flipped = Films(films.test.films, 1 - films.test.y)
    other = reports(
        benchmark, monkeypatch, capsys, dataclasses.replace(films, test=flipped)
    )
    assert other["auc"] == pytest.approx(1 - report["auc"], abs=1e-4)
    assert other["acc"] == pytest.approx(1 - report["acc"], abs=1e-4)
    for chosen in ("cut_off", "harder_validation_auc"):
        assert other[chosen] == report[chosen]


def test_at_the_cut_off_as_many_ill_are_found_as_well_are_left_alone(benchmark):
    rng = np.random.default_rng(0)
    y = (np.arange(4000) % 4 > 0).astype(int)  # 75 % ill
    logit = rng.normal(3 * y, 1)
    cut_off = benchmark.balanced_cut_off(y, logit)
    sensitivity = (logit[y == 1] >= cut_off).mean()
    specificity = (logit[y == 0] < cut_off).mean()
    assert sensitivity == pytest.approx(specificity, abs=0.002)
    assert cut_off == pytest.approx(1.5, abs=0.1)


def test_validation_is_used_as_it_is_and_made_harder(benchmark):
    part = make_pneumoniamnist_twin((4, 10, 4)).val
    films, y = benchmark.harder(part)
    assert films.shape == (40, 1, 28, 28)
    assert films[:10] == pytest.approx(part.films / 255, abs=1e-6)
    assert np.abs(films[10:20] - films[:10]).mean() > 0.02
    assert (y.reshape(4, 10) == part.y).all()
