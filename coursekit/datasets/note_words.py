"""The words in which notes are marked: which symptoms, and what is said of them."""

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
