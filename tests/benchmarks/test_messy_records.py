import importlib.util
import json
from pathlib import Path

from coursekit.datasets import make_physionet2012_twin, make_yaib_twin

PATH = Path(__file__).parents[2] / "benchmarks" / "messy_records.py"


def test_the_last_line_holds_deaths_the_auroc_of_saps1_and_the_faults(
    monkeypatch, capsys
):
    spec = importlib.util.spec_from_file_location("messy_records", PATH)
    benchmark = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(benchmark)
    twin = make_physionet2012_twin(300)
    monkeypatch.setattr(benchmark, "load_physionet2012", lambda path: twin)
    monkeypatch.setattr(benchmark, "load_yaib", lambda *args: make_yaib_twin(30))
    benchmark.main(["--physionet2012", "twin", "--yaib", "twin"])
    report = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert report["deaths"] == twin.stays["died"].sum()
    auroc = report["saps1_auroc"]
    assert 0.5 < auroc["low"] < auroc["value"] < auroc["high"]
    assert report["faults"]["height_unknown"] > 100
    assert report["yaib"]["eicu"]["stays"] == 30
