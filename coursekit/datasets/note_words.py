"""The twelve symptoms that notes are searched for, and the six things said of one."""

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
