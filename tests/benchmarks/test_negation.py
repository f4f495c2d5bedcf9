import importlib.util
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NEGEX = ROOT.parent / "shared/data/negex/annotations-dev.tsv"
ROWS = """Report No.\tConcept\tSentence\tNegation
1\tfever\tNo FEVER.\tNegated
1\tcough\tNo cough then, but COUGH now.\tAffirmed
1\tedema\tEDEMA in the legs.\tNegated
1\trash\tSkin clear.\tAffirmed
"""


@pytest.fixture(scope="module")
def benchmark():
    path = ROOT / "benchmarks" / "negation.py"
    spec = importlib.util.spec_from_file_location("negation", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def last_line(capsys):
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def test_the_last_line_holds_the_figures_of_the_negated_class(
    benchmark, tmp_path, capsys
):
    path = tmp_path / "rows.tsv"
    path.write_text(ROWS)
    benchmark.main(["--data", str(path)])
    report = last_line(capsys)
    assert list(report) == ["precision", "recall", "f1", "sentences_per_s"]
    assert (report["precision"], report["recall"], report["f1"]) == (1, 0.5, 0.6667)


def test_what_cannot_be_computed_is_null_and_not_zero(benchmark):
    assert benchmark.figures([False], [False]) == {
        "precision": None,
        "recall": None,
        "f1": None,
    }


@pytest.mark.skipif(not NEGEX.is_file(), reason="../shared/data has no NegEx file here")
def test_negation_in_real_sentences_is_found_as_well_as_reported(benchmark, capsys):
    benchmark.main(["--data", str(NEGEX)])
    report = last_line(capsys)
    assert report["f1"] >= 0.97
    assert report["sentences_per_s"] > 500  # on a busy machine; 5,000 on a free one
