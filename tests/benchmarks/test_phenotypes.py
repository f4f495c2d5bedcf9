import importlib.util
import json
from pathlib import Path

PATH = Path(__file__).parents[2] / "benchmarks" / "phenotypes.py"


def test_sites_hide_endotypes_until_they_are_taken_out(capsys):
    spec = importlib.util.spec_from_file_location("phenotypes", PATH)
    benchmark = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(benchmark)
    benchmark.main(["--secrets", "3"])
    report = json.loads(capsys.readouterr().out.splitlines()[-1])
    ari = {way: each["ari_endotypes"] for way, each in report.items()}
    assert ari["scaled"] < 0.2 < ari["site out"] < ari["site and care out"]
    assert report["scaled"]["ari_sites"] > 0.5 > report["site out"]["ari_sites"]
    assert report["site out"]["gap"] > 2 * abs(report["site and care out"]["gap"])
