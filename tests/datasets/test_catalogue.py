import re

import pytest

from coursekit import datasets
from coursekit.content import content
from coursekit.datasets import list_datasets, make_readmission, show_dataset
from coursekit.datasets.catalogue import CATALOGUE
from coursekit.errors import BadInput

NAMES = [dataset.name for dataset in CATALOGUE]


def test_every_folder_of_datasets_is_in_the_catalogue():
    folders = {path.name for path in content("datasets").iterdir() if path.is_dir()}
    assert folders == set(NAMES)


def test_every_function_of_the_catalogue_exists():
    assert all(hasattr(datasets, dataset.function) for dataset in CATALOGUE)


def test_the_list_names_each_data_set_on_a_line_of_its_own():
    lines = list_datasets().splitlines()
    assert [line.split()[0] for line in lines] == ["NAME", *NAMES]
    assert max(map(len, lines)) <= 120


@pytest.mark.parametrize("name", NAMES)
def test_every_datasheet_says_licence_citation_and_harms(name):
    sheet = show_dataset(name)
    assert sheet.startswith(f"# Datasheet: {name}\n")
    for word in ("Licence", "citation", "What it", "not "):
        assert word in sheet


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(BadInput, match=r"'mimic'; there are readmission, chest_films"):
        show_dataset("mimic")


def test_every_contact_sheet_is_shown_in_its_datasheet_and_described():
    pictures = list(content("datasets").glob("*/contact_sheet.png"))
    assert len(pictures) == 2
    for picture in pictures:
        sheet = (picture.parent / "datasheet.md").read_text("utf-8")
        assert re.search(r"!\[[^\]]{100,}\]\(contact_sheet\.png\)", sheet)


def test_the_readmission_datasheet_describes_every_column_and_category():
    sheet = show_dataset("readmission")
    cohort = make_readmission(2000, secret="tests", role="train")
    described = set(re.findall(r"^\| `(\w+)`", sheet, flags=re.MULTILINE))
    assert described == set(cohort.X)
    texts = cohort.X.select_dtypes("str")
    words = {word for name in texts for word in set(texts[name])}
    assert all(f"`{word}`" in sheet for word in words)
    assert all(f"`{name}`" in sheet for name in cohort.groups)
