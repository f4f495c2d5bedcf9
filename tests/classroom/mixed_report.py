"""A small class in which all occurs that a class report tells, hostile ids too."""

from made_up_class import (
    VERSIONS,
    failed,
    lay_out,
    put,
    record_of,
    withheld,
    write_gradebook,
)

SCRIPT = "</script><script>document.title='hacked'</script>"
HOSTILE = (
    "<img src=x onerror=document.title='hacked'>",
    '"onmouseover="document.title=1',
    "javascript:document.title='hacked'",
    "anna\u202egnp.exe",
)
RERUN = {
    "role": "kept beside",
    "run": "ab~1",
    "status": "scored",
    "sandbox": "bubblewrap",
    "points": {"accuracy": [35.0, 34.0]},
    "predictions": {"model": {"rows": 40, "differ": 2, "largest": 0.01}},
}
SAME = RERUN | {
    "points": {"accuracy": [35.0, 35.0]},
    "predictions": {"model": {"rows": 40, "differ": 0, "largest": None}},
}


def mixed_class(folder):
    """Make the class, graded but for one, and return the course folder."""
    course = lay_out(folder)
    unfair = {"codes": ["MISSED-IN-GROUP"]}
    records = {
        "ann": record_of(0.95, 0.02, reruns=[SAME]),
        "bob": record_of(0.85, 0.30, **unfair),
        "cy": withheld(record_of(0.9, 0.1), "Too good to be true. A person looks."),
        "dan": failed("timeout", f"It took longer than \u202e{SCRIPT}."),
        "eve": record_of(0.7, 0.1, reruns=[RERUN], notes=[f"Set aside: {SCRIPT}"]),
    }
    records |= dict.fromkeys(HOSTILE, record_of(0.6, 0.2, codes=["TUNED-ON-CHECK"]))
    for student, record in records.items():
        other = {"versions": VERSIONS | {"numpy": "2.3.0"}} if student == "eve" else {}
        put(course, student, record, **other)
    put(course, "fay")
    write_gradebook(
        course,
        records,
        names={"ann": "Ann Smith", "bob": SCRIPT, "cy": "N" * 10_000},
        late={"eve": (30, 5.0)},
        marked=("ann", "eve"),
        absent=("gil",),
    )
    return course
