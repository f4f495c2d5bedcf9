"""Sentences filled in: pieces of text, some of them marked as a span or as private.

Nothing is searched for afterwards. A note is its pieces one after the other, so that
where a span starts and ends is a sum of lengths.
"""

from bisect import bisect
from typing import NamedTuple

from coursekit.datasets.note_patients import IDENTIFIED_AGE, pick
from coursekit.datasets.note_templates import FEELING, SAID, read

PRONOUNS = {
    "female": {"he": "she", "his": "her", "him": "her", "himself": "herself"},
    "male": {"he": "he", "his": "his", "him": "him", "himself": "himself"},
}
QUOTED = 0.5  # of the lay wordings that stand as nouns
NAMED = 0.15  # of the places where the patient is the subject
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct")


class Piece(NamedTuple):
    """Some text of a note, and what it is."""

    text: str
    mark: tuple = ()  # ("span", symptom, status, wording) or ("phi", kind)


class Writer:
    """Fills the gaps of sentences for one note."""

    def __init__(self, person, specialty, style, complaints, course, side, rng):
        self.person, self.specialty, self.style = person, specialty, style
        self.complaints, self.rng = complaints, rng
        self.course, self.weights = course, course.weights[side]
        self.next = dict.fromkeys(complaints, 0)
        self.marks_instead = rng.random() < 0.15
        self.n_comorbid = 0
        self.fields = fixed_fields(person)

    def sentence(self, parts):
        """Return a sentence as a list of `Piece`, with a capital where it starts."""
        pieces = []
        for part in parts:
            if isinstance(part, str):
                pieces.append(Piece(part))
            elif part.is_symptom:
                pieces += self.symptom(part)
            else:
                pieces += self.field(part.name)
        return with_capital(pieces)

    def symptom(self, slot):
        """Return the pieces that name the next symptom of this status."""
        status, rng = slot.name, self.rng
        symptoms = self.complaints[status]
        symptom = symptoms[self.next[status] % len(symptoms)]
        self.next[status] += 1
        if slot.form in (SAID, FEELING):
            said = self.course.said[symptom]
            lead, wording = said[bisect(self.weights["said"][:-1], rng.random())]
            span = Piece(wording, ("span", symptom, status, "lay"))
            if slot.form == SAID:
                return [Piece(f'"{lead}'), span, Piece('"')]
            return [Piece('"'), span, Piece('" feeling')]
        if rng.random() < self.course.lay_share[self.style]:
            lay = self.course.lay[symptom]
            wording = lay[bisect(self.weights["lay"][:-1], rng.random())]
            span = Piece(wording, ("span", symptom, status, "lay"))
            quoted = rng.random() < QUOTED
            return [Piece('"'), span, Piece('"')] if quoted else [span]
        wording = pick(read("wordings")[symptom]["clinician"], rng)
        return [Piece(wording, ("span", symptom, status, "clinician"))]

    def field(self, name):
        """Return the pieces for anything but a symptom."""
        if name in self.fields:
            return [Piece(self.fields[name])]
        if name in PRIVATE:
            return self.private(name)
        if name == "Pt":
            return self.subject()
        fillers = read("fillers")
        if name == "comorbid":
            self.n_comorbid += 1
            return [Piece(self.person.comorbid[self.n_comorbid % 2])]
        if name == "Relative":
            return [Piece(pick(fillers["names"]["relative"], self.rng).capitalize())]
        if name in MEASURED:
            return [Piece(MEASURED[name](self.rng))]
        items = fillers["names"].get(name) or fillers["lists"][name]
        return [Piece(pick(items, self.rng))]

    def subject(self):
        """Return a word for the patient: Pt, a pronoun, or the name."""
        if self.rng.random() < NAMED:
            title = "Mrs. " if self.person.sex == "female" else "Mr. "
            return [Piece(title), *self.private("family_name")]
        return [Piece(pick(("Pt", "Patient", self.fields["He"]), self.rng))]

    def private(self, name):
        """Return an identifier, marked as such; or what a redactor put in its place."""
        if name in ("age", "Age") and self.person.age_years < IDENTIFIED_AGE:
            return [Piece(str(self.person.age_years))]
        text = PRIVATE_TEXT[name](self.person, self.rng)
        return [Piece(text, ("phi", PRIVATE[name], self.marks_instead))]


def fixed_fields(person):
    """Return the words that follow from who the patient is."""
    words = PRONOUNS[person.sex]
    capital = {k.capitalize(): v.capitalize() for k, v in words.items()}
    language = "English" if person.language == "English" else person.language
    sex = "F" if person.sex == "female" else "M"
    return {**words, **capital, "sex": person.sex, "s": sex, "language": language}


def with_capital(pieces):
    """Return the pieces with the first letter as a capital; lengths stay."""
    for number, (text, mark) in enumerate(pieces):
        at = next((i for i, letter in enumerate(text) if letter.isalnum()), None)
        if at is not None:
            text = text[:at] + text[at].upper() + text[at + 1 :]
            return [*pieces[:number], Piece(text, mark), *pieces[number + 1 :]]
    return pieces


def a_date(rng, year):
    """Return a date of one of three looks."""
    day, month = 1 + int(rng.random() * 28), int(rng.random() * 10)
    look = int(rng.random() * 3)
    if look == 0:
        return f"{month + 1:02d}/{day:02d}/{year}"
    name = MONTHS[month]
    return f"{name} {day}, {year}" if look == 1 else f"{day}-{name}-{year}"


def clock(rng):
    """Return a time of day such as 0830."""
    return f"{int(rng.random() * 24):02d}{int(rng.random() * 12) * 5:02d}"


def between(low, high):
    """Return a function that draws a whole number, as text."""
    return lambda rng: str(low + int(rng.random() * (high - low + 1)))


MEASURED = {
    "time": clock,
    "year": between(2003, 2021),
    "bp": lambda rng: f"{between(98, 168)(rng)}/{between(54, 96)(rng)}",
    "hr": between(56, 112),
    "rr": between(12, 24),
    "spo2": between(91, 99),
    "temp": lambda rng: f"{between(36, 38)(rng)}.{between(0, 9)(rng)}",
}
PRIVATE = {
    "name": "name",
    "family_name": "name",
    "doctor": "name",
    "date": "date",
    "past_date": "date",
    "next_date": "date",
    "mrn": "mrn",
    "phone": "phone",
    "address": "address",
    "age": "age",
    "Age": "age",
}
PRIVATE_TEXT = {
    "name": lambda person, rng: f"{person.given_name} {person.family_name}",
    "family_name": lambda person, rng: person.family_name,
    "doctor": lambda person, rng: pick(read("fillers")["names"]["doctor"], rng),
    "date": lambda person, rng: a_date(rng, 2024),
    "past_date": lambda person, rng: a_date(rng, 2023),
    "next_date": lambda person, rng: a_date(rng, 2025),
    "mrn": lambda person, rng: person.mrn,
    "phone": lambda person, rng: person.phone,
    "address": lambda person, rng: person.address,
    "age": lambda person, rng: str(person.age_years),
    "Age": lambda person, rng: str(person.age_years),
}
