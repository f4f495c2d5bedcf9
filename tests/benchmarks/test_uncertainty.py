import importlib.util
import json
from pathlib import Path

import pytest

from coursekit.datasets.heart_disease import SITES
from coursekit.datasets.heart_disease_twin import draw_raw

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def benchmark():
    path = ROOT / "benchmarks" / "uncertainty.py"
    spec = importlib.util.spec_from_file_location("uncertainty", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_last_line_holds_auroc_with_interval_and_coverage(
    benchmark, tmp_path, capsys
):
    for site in SITES:
        path = tmp_path / f"processed.{site}.data"
        draw_raw(site).to_csv(path, index=False, na_rep="?")
    benchmark.main(["--data", str(tmp_path), "--replicates", "80"])
    report = json.loads(capsys.readouterr().out.splitlines()[-1])
    ways = report["coverage"]
    assert ways["sums_by_patient"]["B"]["width"] > ways["sums_by_row"]["B"]["width"]
    assert ways["bootstrap_by_row"]["B"]["coverage"] < 0.9
    value, low, high = report["cleveland_to_hungarian"]["measured_at_both"]["auroc"]
    assert low < value < high
    assert report["cleveland_to_hungarian"]["measured_at_both"]["n_columns"] == 10
