"""A rubric: what is measured, what it is worth, and where the thresholds stand.

Policy is data. `rubric.toml` lies beside each assignment and is read into frozen
dataclasses here; unknown or missing keys are errors that name file, key and
remedy. Thresholds may be anchored to an archetype; `grading.lock` resolves them
for one course.
"""

import dataclasses
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from coursekit.errors import BadRubric
from coursekit.grading.rubric_checks import CHECKS

FORMAT = 1


@dataclass(frozen=True)
class Anchor:
    """A threshold told as a share of what an archetype reaches, plus a margin."""

    archetype: str
    plus: float = 0.0
    share: float = 1.0


@dataclass(frozen=True)
class Mistake:
    """A wrong way to answer a function question, told as inputs put in its place."""

    code: str
    instead: dict


@dataclass(frozen=True)
class Answer:
    """One thing that the student hands in."""

    name: str
    contract: str
    rows: int | None = None  # only so many of the patients are asked about
    truth: str | None = None  # maps: what of the truth they are compared with
    reference: str | None = None  # functions: "package.module:function"
    n_inputs: int = 40
    draw: dict = field(default_factory=dict)  # functions: input -> [low, high]
    corners: tuple[dict, ...] = ()  # functions: inputs that must be among those served
    mistakes: tuple[Mistake, ...] = ()
    generator: str | None = None  # of cases of its own; else the assignment's
    practice: int = 4  # how many of them the local check asks about
    verdicts: tuple[str, ...] = ()  # verdicts: the names that may be found
    numbers: tuple[str, ...] = ()  # that are told, by themselves or beside verdicts
    optional: tuple[str, ...] = ()  # tables: columns that may be left out
    n_folds: int = 5  # folds: how many, numbered from 0

    @property
    def cohort(self):
        """The cohort that sets its marks: the hidden one, or cases of its own."""
        return self.name if self.generator else "hidden"


@dataclass(frozen=True)
class Criterion:
    """One measure, its points and its thresholds.

    From `floor` (no points) to `full` (all points) the points rise linearly. A
    `band` makes the measure a distance: 0 inside the band.
    """

    id: str
    kind: str
    label: str
    measure: str
    answer: str
    points: float
    floor: float | Anchor
    full: float | Anchor
    attribute: str | None = None
    band: tuple[float, float] | None = None
    ramped: bool = False  # multiplied by the usefulness of the decisions
    at_operating_point: bool = False  # no points outside the alert band
    low_code: str | None = None  # feedback where fewer than half the points are earned
    against: str | None = None  # the other cohort, where two are compared
    among: dict = field(default_factory=dict)  # attribute -> value: which rows count
    specificity: float | None = None  # at which a sensitivity is read off
    at_least: float | Anchor | None = None  # what the other cohort is taken to reach
    hidden_only: bool = False  # the local check cannot show it
    withheld_above: float | Anchor | None = None  # a person looks at what lies above
    number: str | None = None  # which number is compared

    @property
    def rises(self):
        """True where larger values are better."""
        return self.full > self.floor


@dataclass(frozen=True)
class Probe:
    """A question that finds one named mistake.

    ``redraw`` serves patients with one post-index column drawn anew; ``train`` and
    ``check`` serve patients whom the student has seen.
    """

    name: str
    finds: str  # "redraw", "train" or "check"
    answer: str
    code: str
    tolerance: float
    caps: str | None = None  # a kind of points that falls to nothing
    against: str = (
        "hidden"  # the cohort that patients whom the student saw stand beside
    )


@dataclass(frozen=True)
class OperatingPoint:
    """When an answer is of use, and at which alert rate decisions are graded.

    The usefulness ramp runs from 0 where `measure` is `useless` to 1 at `useful`.
    """

    answer: str
    useless: float | Anchor
    useful: float | Anchor
    measure: str = "net_benefit"
    alert_rate: tuple[float, float] | None = None  # decisions only
    threshold_probability: float | str | None = None  # "prevalence": of the hidden


@dataclass(frozen=True)
class Rubric:
    """The whole policy of one assignment."""

    format: int
    assignment: str
    title: str
    version: str
    generator: str  # a function of coursekit.datasets, or "FILE.py:FUNCTION" beside
    given: tuple[str, ...]  # group columns that the model is served
    cohorts: dict  # role -> number of patients
    kinds: dict  # kind -> points
    manual: dict  # grade id -> points
    operating_point: OperatingPoint
    answers: tuple[Answer, ...]
    criteria: tuple[Criterion, ...]
    probes: tuple[Probe, ...] = ()
    bands: dict = field(default_factory=dict)  # archetype -> what it must earn
    limits: dict = field(default_factory=dict)
    batch_sizes: tuple[int, int] = (250, 2000)
    off: dict = field(default_factory=dict)  # criterion -> why it is switched off here
    labels: str = "audited"  # or "as recorded", for a professor's own patients

    def answer(self, name):
        """Return the answer of this name."""
        return next(answer for answer in self.answers if answer.name == name)


def load_rubric(path):
    """Read a rubric (or a resolved one) from TOML.

    Raises
    ------
    BadRubric
        Naming the file, the key and the remedy.
    """
    path = Path(path)
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadRubric(f"{path} is missing. Every assignment needs one.") from None
    except tomllib.TOMLDecodeError as error:
        raise BadRubric(f"{path} is not TOML: {error}.") from None
    return read_rubric(table, path)


def read_rubric(table, source="rubric"):
    """Turn a TOML table into a `Rubric`, checking every key."""
    if table.get("format") != FORMAT:
        raise BadRubric(
            f"{source}: format is {table.get('format')!r}, this coursekit reads "
            f"{FORMAT}. Install the coursekit that wrote it, or set format = {FORMAT}."
        )
    rubric = build(Rubric, table, source)
    for check in CHECKS:
        check(rubric, source)
    return rubric


READERS = {
    "answers": (Answer, True),
    "criteria": (Criterion, True),
    "probes": (Probe, True),
    "mistakes": (Mistake, True),
    "operating_point": (OperatingPoint, False),
}
THRESHOLDS = ("floor", "full", "useless", "useful", "at_least", "withheld_above")


def build(kind, table, source):
    """Build a dataclass from a table; a key too many or too few is an error."""
    known = {item.name: item for item in dataclasses.fields(kind)}
    where = (
        f"{source}: [{kind.__name__.lower()} {table.get('id', table.get('name', ''))}"
    )
    for key in table:
        if key not in known:
            raise BadRubric(
                f"{where}] has no key {key!r}; it may have {', '.join(known)}."
            )
    for key, item in known.items():
        required = item.default is item.default_factory is dataclasses.MISSING
        if required and key not in table:
            raise BadRubric(f"{where}] lacks the key {key!r}. Add it.")
    return kind(**{key: read_value(key, table[key], source) for key in table})


def read_value(key, value, source):
    """Read one value: nested tables become dataclasses, lists become tuples."""
    if key in READERS:
        kind, many = READERS[key]
        if many:
            return tuple(build(kind, item, source) for item in value)
        return build(kind, value, source)
    if key in THRESHOLDS and isinstance(value, dict):
        return build(Anchor, value, source)
    return tuple(value) if isinstance(value, list) else value
