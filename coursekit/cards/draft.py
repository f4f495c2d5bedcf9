"""The texts of a card that is not written yet: what a run knows, and what is TBD.

A draft must never pass the check: each text that only a person can write is TBD.
"""

from coursekit.cards.elements import KEY_METRICS, authored_names

GOALS = {
    "UsefulnessUsabilityEfficacy": "Order of patients by risk, and what alerts bring.",
    "FairnessEquity": "Alerts among the ill, by group, and the gap between groups.",
    "SafetyReliability": "Whether a risk that is told is the share of events seen.",
}


def draft_texts(run, *, model, version, patients):
    """Return a text for every element of a card.

    Parameters
    ----------
    run : Run
    model : str
        What it is called.
    version : str
        Of what was handed in, such as a digest.
    patients : str
        Who was tested on, such as ``"hidden patients of the course"``.

    Returns
    -------
    dict of str to str

    Examples
    --------
    >>> import pandas as pd
    >>> from coursekit.cards.measured import Run
    >>> run = Run([1, 0], [0.8, 0.1], pd.DataFrame({"sex": ["F", "M"]}), threshold=0.5)
    >>> texts = draft_texts(run, model="Ward score", version="a1", patients="patients")
    >>> texts["Summary"], texts["FairnessEquity.TestingDataDescription"]
    ('TBD', '2 rows (patients), 1 of them with the outcome.')
    """
    texts = dict.fromkeys(authored_names(), "TBD")
    texts |= {
        "ModelName": model,
        "ReleaseStage": "Course work; not for use on patients.",
        "ReleaseVersion": version,
        "GlobalAvailability": "None.",
    }
    described = (
        f"{len(run.y)} rows ({patients}), {run.y.sum()} of them with the outcome."
    )
    for kind in KEY_METRICS:
        texts |= {
            f"{kind}.MetricGoal": GOALS[kind],
            f"{kind}.TestType": "Retrospective.",
            f"{kind}.TestingDataDescription": described,
        }
    return texts
