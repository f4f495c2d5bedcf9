"""The elements of a CHAI Applied Model Card, version 0.2, in their order.

Only names and order, read from the published schema; what is optional there is left
out here. Text of every element is authored, but for the results of `KeyMetrics`.
"""

NAMESPACE = "https://mc.chai.org/v0.2/schema.xsd"
KEY_METRICS = ("UsefulnessUsabilityEfficacy", "FairnessEquity", "SafetyReliability")
ABOUT_A_METRIC = (  # Results stand after the first
    "MetricGoal",
    "Interpretation",
    "TestType",
    "TestingDataDescription",
    "ValidationProcessAndJustification",
)
SECTIONS = {
    "BasicInfo": ("ModelName", "ModelDeveloper", "DeveloperContact"),
    "ReleaseInfo": (
        "ReleaseStage",
        "ReleaseDate",
        "ReleaseVersion",
        "GlobalAvailability",
    ),
    "ModelSummary": ("Summary",),
    "UsesAndDirections": (
        "IntendedUseAndWorkflow",
        "PrimaryIntendedUsers",
        "HowToUse",
        "TargetedPatientPopulation",
        "CautionedOutOfScopeSettings",
    ),
    "Warnings": (
        "KnownRisksAndLimitations",
        "KnownBiasesOrEthicalConsiderations",
        "ClinicalRiskLevel",
    ),
    "AISystemFacts": (
        "OutcomesAndOutputs",
        "ModelType",
        "InputDataSource",
        "OutputAndInputDataTypes",
        "DevelopmentDataCharacterization",
        "BiasMitigationApproaches",
        "OngoingMaintenance",
    ),
    "TransparencyInformation": ("FundingSource", "StakeholdersConsulted"),
    "Resources": ("PeerReviewedPublications", "PatientConsentOrDisclosure"),
}
PROSE = {  # at least so many words; elsewhere one is enough
    "Summary": 10,
    "IntendedUseAndWorkflow": 10,
    "TargetedPatientPopulation": 5,
    "CautionedOutOfScopeSettings": 5,
    "KnownRisksAndLimitations": 10,
    "KnownBiasesOrEthicalConsiderations": 5,
    "DevelopmentDataCharacterization": 10,
}


def authored_names():
    """Return the names of all texts that a person writes, in order.

    Examples
    --------
    >>> names = authored_names()
    >>> len(names), names[0], names[-2]
    (43, 'ModelName', 'SafetyReliability.ValidationProcessAndJustification')
    """
    plain = [name for names in SECTIONS.values() for name in names]
    metrics = [f"{kind}.{about}" for kind in KEY_METRICS for about in ABOUT_A_METRIC]
    return (*plain, *metrics, "Bibliography")


def results_of(numbers):
    """Return which numbers stand under which key metric.

    Parameters
    ----------
    numbers : dict of str to dict
        As `measured_numbers` returns them.

    Returns
    -------
    dict of str to list of str

    Examples
    --------
    >>> names = ["auroc", "brier", "sensitivity/sex=F", "sensitivity_gap/sex"]
    >>> results_of(dict.fromkeys(names))["FairnessEquity"]
    ['sensitivity/sex=F', 'sensitivity_gap/sex']
    """
    fairness = [name for name in numbers if "/" in name]
    safety = [name for name in ("brier", "calibration_slope") if name in numbers]
    rest = [name for name in numbers if name not in {*fairness, *safety}]
    return dict(zip(KEY_METRICS, (rest, fairness, safety), strict=True))
