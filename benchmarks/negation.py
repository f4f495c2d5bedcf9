"""The nlp room's ConText on sentences in the format of the NegEx test set.

::

    python benchmarks/negation.py --data annotations-dev.tsv
    python benchmarks/negation.py --data annotations-dev.tsv --rule negex

Each row is asked as a student would ask: `assertion_status(sentence, concept)`, and
negated means "absent"; every other status is affirmed, since historical and
hypothetical mentions of this corpus are labelled negated or affirmed like all others.
Where the sentence has the concept in capitals, that place is asked about. A concept
that does not stand in its sentence counts as affirmed. Time is of the questions alone;
loading the rules is before it. The last line is JSON.
"""

import argparse
import json
import re
import time

from coursekit.datasets import load_negex
from coursekit.errors import BadInput
from coursekit.nlp import assertion_status
from coursekit.nlp.extracting import METHODS


def main(arguments=None):
    options = parse(arguments)
    rows = load_negex(options.data)
    questions = [
        (sentence, as_marked(concept, sentence))
        for concept, sentence in zip(rows["concept"], rows["sentence"], strict=True)
    ]
    assertion_status("No fever.", "fever")  # loads the rules
    start = time.perf_counter()
    rule = METHODS[options.rule]
    statuses = [status_or_none(*question, rule) for question in questions]
    seconds = time.perf_counter() - start
    print("not found in their sentence:", statuses.count(None))
    if options.errors:
        show_errors(rows, statuses)
    report = figures(rows["is_negated"], [status == "absent" for status in statuses])
    report["sentences_per_s"] = round(len(rows) / seconds)
    print(json.dumps(report))
    return report


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", required=True, help="tab separated, four columns")
    parser.add_argument("--rule", choices=METHODS, default="context")
    parser.add_argument("--errors", action="store_true", help="print what is wrong")
    return parser.parse_args(arguments)


def as_marked(concept, sentence):
    """Return the concept in capitals where the sentence has it so."""
    capitals = concept.upper()
    marked = re.search(r"\s+".join(map(re.escape, capitals.split())), sentence)
    return capitals if marked else concept


def status_or_none(sentence, concept, rule):
    try:
        return assertion_status(sentence, concept, rule=rule)
    except BadInput:
        return None


def figures(is_negated, said_negated):
    """Return precision, recall and F1 of the negated class; None where undefined."""
    pairs = list(zip(is_negated, said_negated, strict=True))
    right = sum(true and said for true, said in pairs)
    n_true, n_said = sum(map(bool, is_negated)), sum(said_negated)
    return {
        "precision": round(right / n_said, 4) if n_said else None,
        "recall": round(right / n_true, 4) if n_true else None,
        "f1": round(2 * right / (n_true + n_said), 4) if n_true + n_said else None,
    }


def show_errors(rows, statuses):
    for row, status in zip(rows.itertuples(), statuses, strict=True):
        if row.is_negated != (status == "absent"):
            print(f"{status} ({row.is_negated=}): {row.concept!r} in {row.sentence!r}")


if __name__ == "__main__":
    main()
