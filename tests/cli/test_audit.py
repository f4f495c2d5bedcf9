import sys

import numpy as np
import pandas as pd
import pytest

from coursekit.cli import main


def run(monkeypatch, *arguments):
    """Run the command as the shell does, and return its exit code."""
    monkeypatch.setattr(sys, "argv", ["coursekit", "audit", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code or 0


@pytest.fixture
def scores(tmp_path):
    rng = np.random.default_rng(0)
    risk = rng.beta(2, 5, 1500)
    file = tmp_path / "scores.csv"
    pd.DataFrame(
        {
            "y": (rng.random(1500) < risk).astype(int),
            "p": risk,
            "sex": rng.choice(["F", "M"], 1500),
        }
    ).to_csv(file, index=False)
    return file


def test_a_report_is_written_and_the_verdict_told(
    monkeypatch, capsys, tmp_path, scores
):
    report = tmp_path / "report.html"
    options = ["--truth", "y", "--score", "p", "--group", "sex", "--output", report]
    assert run(monkeypatch, scores, *options) == 0
    assert capsys.readouterr().out == f"nothing found.\nThe report is {report}.\n"
    assert "By sex" in report.read_text(encoding="utf-8")
    assert run(monkeypatch, scores, *options) == 2
    assert "Add --overwrite" in capsys.readouterr().err
    assert run(monkeypatch, scores, *options, "--overwrite") == 0


def test_bad_input_is_one_message_and_no_report(monkeypatch, capsys, tmp_path, scores):
    report = tmp_path / "report.html"
    options = ["--truth", "y", "--score", "prob", "--output", report]
    assert run(monkeypatch, scores, *options) == 2
    told = capsys.readouterr().err
    assert told.startswith("coursekit: There is no column 'prob'")
    assert "Traceback" not in told
    assert not report.exists()
