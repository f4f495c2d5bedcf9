import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.nlp import deidentify, find_phi

NOTES = """
name    | Mrs. *Payne* was seen
name    | seen by Dr. *J. Burns* today
name    | Patient Name: *Maria Lopez-O'Brien*, F
name    | Name: *Lopez, Maria*
name    | Her daughter *Ana* reports
name    | Signed: *Jane Roe*, MD
name    | *Joan Payne*, 53-year-old
name    | RN note - *Omar Fevers* - shift 7a
date    | seen *27-Oct-2024* again
date    | seen *3/14/2024* at noon
date    | DOB *1931-03-14*
date    | since *March 3rd, 2024* she
date    | on *3/14* she
date    | in *January 2019*
phone   | call *(555) 123-4567* now
phone   | phone: *555-0134*
phone   | or *+1 555.123.4567 ext 12*
mrn     | MRN: *00482137*
mrn     | Acct # *AB-12345*
ssn     | SSN *123-45-6789*
address | lives at *12 Chestnut Hill Road, Springfield, IL 62704* alone
address | at *7 Elm St., Apt 4*
email   | write to *m.payne@example.org*
url     | see *https://example.org/x?y=1*
age     | *92*-year-old woman
age     | aged *101*
"""


@pytest.mark.parametrize("line", NOTES.strip().splitlines())
def test_an_identifier_is_found_where_it_stands(line):
    kind, marked = (part.strip() for part in line.split("|"))
    before, phi, after = marked.split("*")
    found = find_phi(before + phi + after)
    assert found == [[len(before), len(before + phi), kind]]


@pytest.mark.parametrize(
    "note",
    [
        "89-year-old woman, BP 120/80, pain 5/10, in 2015, T 98.6",
        "Daughter reports that the patient has had fever since Monday",
        "Interpreter: Patient says no cough",
        "HR 92, 92 mg, takes 1 tablet, 3-4 times",
        "She may 2 times a day",
        "Progress note - Chest Pain - stable. Normal Exam.",
    ],
)
def test_what_may_stay_stays(note):
    assert find_phi(note) == []


@given(st.text(), st.text())
def test_masks_of_the_same_length_leave_every_offset_in_place(before, after):
    note = f"{before} Mrs. Payne, MRN 123456. {after} cough"
    masked = deidentify(note, keep_offsets=True)
    assert len(masked) == len(note)
    assert masked.endswith(" cough")
    assert "Payne" not in masked
    for start, end, _ in find_phi(note):
        assert set(masked[start:end]) == {"*"}


def test_a_full_name_once_known_is_masked_wherever_it_stands_again():
    note = "Name: Ann Lee. She is called Ann Lee, not Ann Leeds."
    assert deidentify(note).count("[NAME]") == 2


def test_masks_name_the_kind():
    assert deidentify("Mr. Fevers, 92 yo") == "Mr. [NAME], [AGE] yo"
