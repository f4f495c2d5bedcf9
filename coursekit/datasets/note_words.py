"""The symptoms that notes are searched for, and how a mention of one is meant."""

SYMPTOMS = (
    "dyspnea",
    "chest pain",
    "cough",
    "fever",
    "fatigue",
    "nausea",
    "abdominal pain",
    "headache",
    "dizziness",
    "palpitations",
    "edema",
    "syncope",
)
STATUSES = ("present", "absent", "possible", "historical", "hypothetical", "family")
