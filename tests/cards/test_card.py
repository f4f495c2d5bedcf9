import json
import xml.etree.ElementTree as ET

import numpy as np
import pandas as pd
import pytest

from coursekit.cards import (
    Run,
    authored_names,
    build_card,
    card_markdown,
    card_xml,
    check_card,
    measured_numbers,
)
from coursekit.cards.elements import NAMESPACE
from coursekit.errors import BadInput
from coursekit.metrics import auroc_interval, gap_interval, group_table

PLAIN = "The model was made and tested on drawn patients, which is all that is known."


def drawn(**how):
    """Return a run in which the ill of B are found less often than those of A."""
    rng = np.random.default_rng(0)
    in_b = rng.random(1200) < 0.4
    y = (rng.random(1200) < 0.3).astype(int)
    risk = np.clip(
        0.25 + 0.3 * y * np.where(in_b, 0.4, 1) + rng.normal(0, 0.1, 1200), 0.01, 0.99
    )
    groups = pd.DataFrame(
        {
            "group": np.where(in_b, "B", "A"),
            "sex": np.where(rng.random(1200) < 0.5, "F", "M"),
        }
    )
    return Run(y, risk, groups, threshold=0.4, **how)


@pytest.fixture(scope="module")
def run():
    return drawn(training_age_years=(18, 100))


def authored(**other):
    return {**dict.fromkeys(authored_names(), PLAIN), **other}


def check(run, **other):
    return check_card(build_card(run, authored(**other)), run)


def test_numbers_are_those_of_the_metrics(run):
    numbers = measured_numbers(run)
    found = auroc_interval(run.y, run.risk)
    assert numbers["auroc"]["value"] == pytest.approx(found.value, abs=1e-6)
    assert numbers["auroc"]["low"] == pytest.approx(found.low, abs=1e-6)
    table = group_table(run.y, run.alerts, run.groups["group"])
    told = numbers["sensitivity/group=B"]
    assert told["value"] == pytest.approx(table.loc["B", "sensitivity"], abs=1e-6)
    assert told["low"] == pytest.approx(table.loc["B", "sensitivity_low"], abs=1e-6)
    assert told["high"] == pytest.approx(table.loc["B", "sensitivity_high"], abs=1e-6)
    assert numbers["n/group=B"]["value"] == table.loc["B", "n_rows"]
    gap = gap_interval(run.y, run.alerts, run.groups["group"])
    assert numbers["sensitivity_gap/group"]["low"] == pytest.approx(gap.low, abs=1e-6)
    assert gap.low > 0.1


def test_what_patients_cannot_show_is_none_and_not_nought():
    groups = pd.DataFrame({"sex": ["F", "F", "M"]})
    numbers = measured_numbers(Run([1, 1, 1], [0.2, 0.8, 0.7], groups, threshold=0.5))
    assert numbers["auroc"]["value"] is None
    one = pd.DataFrame({"sex": ["F", "F", "F"]})
    numbers = measured_numbers(Run([1, 0, 1], [0.2, 0.8, 0.7], one, threshold=0.5))
    assert numbers["sensitivity_gap/sex"]["value"] is None


def test_a_card_that_is_built_and_told_honestly_has_no_findings(run):
    summary = f"{PLAIN} AUROC {{auroc}}; in B we find {{sensitivity/group=B}}."
    found = check(run, Summary=summary)
    assert found.to_dict("records") == []


def test_level_1_finds_what_is_missing_unknown_or_no_text(run):
    card = build_card(run, authored())
    del card["authored"]["ModelName"]
    card["authored"] |= {"Bibliography": 7, "Motto": "first"}
    found = check_card(card, run)
    assert set(found["level"]) == {"schema"}
    assert found["where"].tolist() == ["ModelName", "Bibliography", "Motto"]


def test_level_2_finds_what_is_undone_too_short_or_untold_of_a_group(run):
    card = build_card(run, authored(ModelType="TBD", Summary="A model."))
    del card["numbers"]["sensitivity/group=B"]
    found = check_card(card, run)
    assert set(found["level"]) == {"completeness"}
    assert set(found["where"]) == {"ModelType", "Summary", "sensitivity/group=B"}


def test_level_3_finds_stale_numbers_in_tables_and_in_prose(run):
    card = build_card(run, authored(Summary=f"{PLAIN} It finds 99.9 % of the ill."))
    card["numbers"]["auroc"]["value"] += 0.01
    del card["numbers"]["brier"]
    card["numbers"]["accuracy"] = {"value": 0.9}
    found = check_card(card, run)
    assert set(found["level"]) == {"consistency"}
    assert set(found["where"]) == {"Summary", "auroc", "brier", "accuracy"}


CLAIMS = [
    ("KnownBiasesOrEthicalConsiderations", "There is no known bias."),
    ("Summary", "It serves all groups equally well."),
    ("Summary", "It was externally validated in another hospital."),
    ("TargetedPatientPopulation", "Adults and children with pneumonia."),
    ("Summary", "It is well calibrated."),
]


@pytest.mark.parametrize(("where", "claim"), CLAIMS)
def test_level_4_finds_claims_that_fight_with_the_run(where, claim, run):
    found = check(run, **{where: f"{PLAIN} {claim}"})
    assert found[["level", "where"]].to_numpy().tolist() == [["contradiction", where]]


def test_the_same_claims_stand_where_they_are_true():
    rng = np.random.default_rng(0)
    risk = rng.uniform(0.05, 0.95, 4000)
    y = (rng.random(4000) < risk).astype(int)
    groups = pd.DataFrame({"sex": np.where(rng.random(4000) < 0.5, "F", "M")})
    fine = Run(y, risk, groups, threshold=0.5, external_cohort="north")
    for where, claim in CLAIMS:
        assert check(fine, **{where: f"{PLAIN} {claim}"}).empty
    honest = "It was not externally validated."
    assert check(drawn(), Summary=f"{PLAIN} {honest}").empty


def test_the_xml_has_the_elements_of_the_schema_in_order(run):
    root = ET.fromstring(card_xml(build_card(run, authored(ModelName="Ward < 3"))))
    name = f"{{{NAMESPACE}}}"
    assert root.tag == f"{name}AppliedModelCard"
    order = [child.tag.removeprefix(name) for child in root]
    assert order == [
        "BasicInfo",
        "ReleaseInfo",
        "ModelSummary",
        "UsesAndDirections",
        "Warnings",
        "TrustIngredients",
        "KeyMetrics",
        "Resources",
        "Bibliography",
    ]
    assert root[0][0].text == "Ward < 3"
    fairness = root[6][1]
    assert [child.tag.removeprefix(name) for child in fairness][:3] == [
        "MetricGoal",
        "Results",
        "Interpretation",
    ]
    results = {r[0].text: json.loads(r[1].text) for r in fairness[1]}
    assert (
        results["sensitivity/group=B"] == measured_numbers(run)["sensitivity/group=B"]
    )
    assert set(results["sensitivity/group=B"]) == {"value", "low", "high"}
    assert all(len(kind[1]) for kind in root[6])


def test_the_markdown_holds_every_text_and_number(run):
    card = build_card(run, {name: f"text of {name}" for name in authored_names()})
    text = card_markdown(card)
    assert all(f"text of {name}" in text for name in authored_names())
    assert all(f"| {name} |" in text for name in card["numbers"])


def test_unreadable_runs_and_unknown_numbers_are_refused(run):
    groups = pd.DataFrame({"sex": ["F", "M"]})
    with pytest.raises(BadInput, match="rows differ"):
        Run([1, 0, 1], [0.1, 0.2, 0.3], groups, threshold=0.5)
    with pytest.raises(BadInput, match="threshold is 20"):
        Run([1, 0], [0.1, 0.2], groups, threshold=20)
    with pytest.raises(BadInput, match="no number 'accuracy'"):
        build_card(run, {"Summary": "{accuracy}"})


METRIC = [
    "MetricGoal",
    "Results",
    "Interpretation",
    "TestType",
    "TestingDataDescription",
    "ValidationProcessAndJustification",
]
REQUIRED = {  # as read in the published schema, v0.2; what is optional is left out
    "BasicInfo": ["ModelName", "ModelDeveloper", "DeveloperContact"],
    "ReleaseInfo": [
        "ReleaseStage",
        "ReleaseDate",
        "ReleaseVersion",
        "GlobalAvailability",
    ],
    "ModelSummary": ["Summary", "Keywords"],
    "UsesAndDirections": [
        "IntendedUseAndWorkflow",
        "PrimaryIntendedUsers",
        "HowToUse",
        "TargetedPatientPopulation",
        "CautionedOutOfScopeSettings",
    ],
    "Warnings": [
        "KnownRisksAndLimitations",
        "KnownBiasesOrEthicalConsiderations",
        "ClinicalRiskLevel",
    ],
    "TrustIngredients": ["AISystemFacts", "TransparencyInformation"],
    "AISystemFacts": [
        "OutcomesAndOutputs",
        "ModelType",
        "InputDataSource",
        "OutputAndInputDataTypes",
        "DevelopmentDataCharacterization",
        "BiasMitigationApproaches",
        "OngoingMaintenance",
    ],
    "TransparencyInformation": ["FundingSource", "StakeholdersConsulted"],
    "KeyMetrics": [
        "UsefulnessUsabilityEfficacy",
        "FairnessEquity",
        "SafetyReliability",
    ],
    "UsefulnessUsabilityEfficacy": METRIC,
    "FairnessEquity": METRIC,
    "SafetyReliability": METRIC,
    "MetricResult": ["Label", "ValueJson"],
    "Resources": ["PeerReviewedPublications", "PatientConsentOrDisclosure"],
}


@pytest.mark.parametrize("numbers", [{}, {"auroc": {"value": 0.7}}])
def test_every_element_of_the_xml_has_the_children_that_the_schema_wants(numbers):
    root = ET.fromstring(card_xml({"authored": authored(), "numbers": numbers}))
    seen = set()
    for element in root.iter():
        name = element.tag.removeprefix(f"{{{NAMESPACE}}}")
        children = [c.tag.removeprefix(f"{{{NAMESPACE}}}") for c in element]
        if name == "Results":
            assert set(children) == {"MetricResult"}  # one at least
        elif name in REQUIRED:
            assert children == REQUIRED[name]
            seen.add(name)
    assert seen == set(REQUIRED)


def test_decisions_that_were_handed_in_count_instead_of_the_threshold(run):
    decided = np.arange(len(run.y)) % 2
    own = Run(run.y, run.risk, run.groups, threshold=0.4, decisions=decided)
    assert (own.alerts == decided).all()
    assert measured_numbers(own)["alert_rate"]["value"] == 0.5
    with pytest.raises(BadInput):
        Run(run.y, run.risk, run.groups, threshold=0.4, decisions=decided[1:])
