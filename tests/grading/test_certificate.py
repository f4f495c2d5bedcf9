"""The committed certificates: they speak of what is committed, and prove it."""

import json

import pytest

from coursekit.grading.assignment import find_assignment, list_assignments
from coursekit.grading.certificate import fingerprint

SECRETS = {
    "audit": 20,
    "chest_films": 20,
    "cleaning": 20,
    "evaluation": 20,
    "explain": 20,
    "phenotypes": 20,
    "readmission": 200,
    "repair": 20,
    "symptoms": 20,
    "tumours": 20,
}


def read_certificate(name):
    path = find_assignment(name).folder / "certificate.json"
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", list_assignments())
def test_a_certificate_speaks_of_the_committed_rubric_and_archetypes(name):
    made_of = read_certificate(name)["fingerprint"]
    assert made_of == fingerprint(find_assignment(name)), (
        f"Run `coursekit certify {name} --secrets {SECRETS[name]}` and commit what it "
        "wrote."
    )


@pytest.mark.parametrize("name", list_assignments())
def test_a_certificate_knows_every_archetype(name):
    assignment = find_assignment(name)
    assert set(read_certificate(name)["archetypes"]) == {
        *assignment.archetypes(),
        "oracle",
    }


@pytest.mark.parametrize("name", list_assignments())
def test_an_assignment_was_certified_on_enough_secrets(name):
    assert read_certificate(name)["n_secrets"] == SECRETS[name]


@pytest.mark.parametrize("name", list_assignments())
def test_every_archetype_is_in_its_band_nearly_always(name):
    for archetype, row in read_certificate(name)["archetypes"].items():
        assert row["share_in_band"][0] >= 0.95, (archetype, row["misses"])


def test_no_threshold_of_the_gap_lies_within_what_biased_reaches():
    certificate = read_certificate("readmission")
    gap = "sensitivity_gap_group"
    thresholds, rows = certificate["thresholds"], certificate["archetypes"]
    assert rows["biased"]["measures"][gap]["p2_5"] > thresholds[f"{gap}.floor"]["max"]
    assert rows["good"]["kinds"]["fairness"]["p2_5"] == 30
