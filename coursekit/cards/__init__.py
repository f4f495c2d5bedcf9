"""The room of documents: model cards whose numbers come from a run and are checked."""

from coursekit.cards.card import build_card, card_markdown, card_xml
from coursekit.cards.checking import check_card
from coursekit.cards.datasheet import (
    check_datasheet,
    datasheet_markdown,
    measured_cohort,
)
from coursekit.cards.draft import draft_texts
from coursekit.cards.elements import authored_names
from coursekit.cards.gmlp import (
    PRINCIPLES,
    check_evidence,
    evidence_markdown,
    patients_apart,
    represents,
)
from coursekit.cards.measured import Run, measured_numbers
from coursekit.cards.reading import read_card

__all__ = [
    "PRINCIPLES",
    "Run",
    "authored_names",
    "build_card",
    "card_markdown",
    "card_xml",
    "check_card",
    "check_datasheet",
    "check_evidence",
    "datasheet_markdown",
    "draft_texts",
    "evidence_markdown",
    "measured_cohort",
    "measured_numbers",
    "patients_apart",
    "read_card",
    "represents",
]
