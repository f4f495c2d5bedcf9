"""The data sets that coursekit knows, and their datasheets."""

from dataclasses import dataclass

from coursekit.content import content
from coursekit.errors import BadInput


@dataclass(frozen=True)
class DataSet:
    """One line of the catalogue."""

    name: str  # of its folder in datasets/
    kind: str  # "drawn" or "local"
    function: str  # of coursekit.datasets
    about: str


CATALOGUE = (
    DataSet(
        "readmission",
        "drawn",
        "make_readmission",
        "discharged patients, readmission in 30 days, known true risk",
    ),
    DataSet(
        "chest_films",
        "drawn",
        "make_chest_films",
        "chest films of 64 x 64, known lesions, a token that tells the site",
    ),
    DataSet(
        "diabetes130",
        "local",
        "load_diabetes130",
        "101,766 real encounters with diabetes in 130 US hospitals",
    ),
    DataSet(
        "diabetes130_twin",
        "drawn",
        "make_diabetes130_twin",
        "the columns and types of diabetes130, nobody's record",
    ),
    DataSet(
        "medmnist",
        "local",
        "load_medmnist",
        "small real films: PneumoniaMNIST, BreastMNIST, DermaMNIST",
    ),
    DataSet(
        "pneumoniamnist_twin",
        "drawn",
        "make_pneumoniamnist_twin",
        "the splits and shapes of PneumoniaMNIST, nobody's film",
    ),
    DataSet(
        "mri_slices",
        "drawn",
        "make_mri_slices",
        "MRI slices of heads, tumours of known outline, three biased raters",
    ),
    DataSet(
        "notes",
        "drawn",
        "make_notes",
        "notes, symptoms of known place and status, fake identifiers",
    ),
    DataSet(
        "own_notes",
        "local",
        "load_notes",
        "your own notes, and the spans that you marked in them",
    ),
    DataSet(
        "negex",
        "local",
        "load_negex",
        "real sentences of reports, each with a negated or affirmed concept",
    ),
    DataSet(
        "gap",
        "drawn",
        "make_gap",
        "patients served unequally, by up to four known mechanisms",
    ),
    DataSet(
        "label_choice",
        "drawn",
        "make_label_choice",
        "who gets a place by cost, by conditions, by true need",
    ),
    DataSet(
        "explained",
        "drawn",
        "make_explained",
        "pneumonia, with the exact Shapley values of the true risk",
    ),
    DataSet(
        "phenotypes",
        "drawn",
        "make_phenotypes",
        "sepsis-like patients of several sites, known endotypes or none",
    ),
    DataSet(
        "vendor_cases",
        "drawn",
        "make_vendor_cases",
        "scores of bought models and their brochures, one fault or none",
    ),
    DataSet(
        "messy_ehr",
        "drawn",
        "make_messy_ehr",
        "encounters with twelve kinds of fault, each logged cell by cell",
    ),
    DataSet(
        "physionet2012",
        "local",
        "load_physionet2012",
        "4,000 real stays in intensive care, 48 hours each, 554 deaths",
    ),
    DataSet(
        "yaib",
        "local",
        "load_yaib",
        "hourly tables of real stays: the demos of eICU and MIMIC-III",
    ),
    DataSet(
        "icu_twins",
        "drawn",
        "make_physionet2012_twin",
        "the columns and faults of physionet2012 and yaib, nobody's stay",
    ),
    DataSet(
        "scores",
        "drawn",
        "make_scores",
        "outcomes and risks of known AUROC and calibration",
    ),
    DataSet(
        "heart_disease",
        "local",
        "load_heart_disease",
        "597 real patients of two hospitals, coronary disease",
    ),
    DataSet(
        "heart_disease_twin",
        "drawn",
        "make_heart_disease_twin",
        "the columns and types of heart_disease, nobody's record",
    ),
)


def list_datasets():
    """Return the catalogue as text: name, kind, function, what it holds.

    "drawn" needs no file; "local" reads one that you download yourself.

    Examples
    --------
    >>> print(list_datasets().splitlines()[1].split()[:3])
    ['readmission', 'drawn', 'make_readmission']
    """
    rows = [("NAME", "KIND", "FUNCTION", "WHAT IT HOLDS")]
    rows += [(d.name, d.kind, d.function, d.about) for d in CATALOGUE]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return "\n".join(
        "  ".join(
            [*(cell.ljust(w) for cell, w in zip(row, widths, strict=False)), row[3]]
        )
        for row in rows
    )


def show_dataset(name):
    """Return the datasheet of a data set, as Markdown text.

    Parameters
    ----------
    name : str
        As `list_datasets` has it.

    Raises
    ------
    BadInput
        If there is no such data set.

    Examples
    --------
    >>> show_dataset("readmission").splitlines()[0]
    '# Datasheet: readmission'
    """
    known = [dataset.name for dataset in CATALOGUE]
    if name not in known:
        raise BadInput(f"There is no data set {name!r}; there are {', '.join(known)}.")
    return (content("datasets") / name / "datasheet.md").read_text(encoding="utf-8")
