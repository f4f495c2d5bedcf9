import importlib.util
import json
from pathlib import Path

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "report.py"


def test_the_last_line_tells_students_seconds_and_size(capsys):
    spec = importlib.util.spec_from_file_location("report", BENCHMARK)
    benchmark = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(benchmark)
    benchmark.main(["--students", "3"])
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert list(found) == ["students", "seconds", "cpu_seconds", "mb"]
    assert found["students"] == 3
    assert found["mb"] < 0.2
