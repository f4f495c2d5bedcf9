"""The invented people in notes: who they are, who writes of them, how ill they feel."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from coursekit.datasets.note_templates import read
from coursekit.datasets.note_words import SYMPTOMS

AGE_BANDS = ("18-49", "50-64", "65-79", "80+")
SHARE_OTHER_LANGUAGE = 0.35
STYLE_SHARES = {"English": (0.60, 0.40, 0.0), "other": (0.15, 0.15, 0.70)}
LIKELY = {  # symptoms that bring patients to a specialty
    "cardiology": ("dyspnea", "chest pain", "palpitations", "edema", "syncope"),
    "pulmonary": ("dyspnea", "cough", "fever", "fatigue"),
    "emergency": ("chest pain", "abdominal pain", "headache", "syncope", "fever"),
    "primary care": ("cough", "fatigue", "headache", "dizziness", "fever"),
    "gastroenterology": ("abdominal pain", "nausea", "fatigue", "fever"),
    "geriatrics": ("dizziness", "edema", "fatigue", "syncope", "dyspnea"),
}
SPECIALTIES = tuple(LIKELY)  # geriatrics last
RARE_IN_FAMILIES = ("fever", "cough", "nausea", "abdominal pain")
IDENTIFIED_AGE = 90  # years; from here on an age is an identifier (Safe Harbor)


@dataclass(frozen=True)
class Person:
    """An invented patient; the same in all of his or her notes."""

    sex: str  # "female" or "male"
    age_years: int
    language: str  # "English", or the one spoken
    given_name: str
    family_name: str
    mrn: str
    phone: str
    address: str
    comorbid: tuple  # two diseases, for every note


def pick(items, rng):
    """Return one of the items; much faster than `Generator.choice`."""
    return items[int(rng.random() * len(items))]


def two_of(items, rng):
    """Return two different items."""
    first, gap = int(rng.random() * len(items)), int(rng.random() * (len(items) - 1))
    return items[first], items[(first + 1 + gap) % len(items)]


def draw_person(rng):
    """Draw one invented patient."""
    names = read("fillers")["names"]
    sex = "female" if rng.random() < 0.52 else "male"
    english = rng.random() >= SHARE_OTHER_LANGUAGE
    digits = rng.integers(0, 10, 16)
    text = "".join(map(str, digits))
    return Person(
        sex=sex,
        age_years=int(np.clip(rng.normal(64, 18), 18, 99)),
        language="English" if english else pick(names["language"], rng),
        given_name=pick(names[sex], rng),
        family_name=pick(names["family"], rng),
        mrn=text[:7],
        phone=f"555-{text[7:10]}-{text[10:14]}",
        address=f"{1 + int(rng.random() * 980)} {pick(names['street'], rng)}",
        comorbid=two_of(read("fillers")["lists"]["comorbid"], rng),
    )


def draw_visits(n_notes, rng, *, several):
    """Draw who is seen at each of the visits, by whom and where.

    Returns
    -------
    person : list of n_notes Person
        In runs of one to three, if `several`, else each seen once.
    number : ndarray of int, shape (n_notes,)
        Of the person, rising from 0.
    groups : DataFrame of n_notes rows, strings
    """
    people = [draw_person(rng) for _ in range(n_notes)]
    n_visits = rng.integers(1, 4, n_notes) if several else np.ones(n_notes, int)
    number = np.repeat(np.arange(n_notes), n_visits)[:n_notes]
    person = [people[i] for i in number]
    usual = [draw_style(someone, rng) for someone in people]
    style = [
        usual[i] if rng.random() < 0.8 else draw_style(people[i], rng) for i in number
    ]
    specialty = [draw_specialty(someone, rng) for someone in person]
    band = np.digitize([someone.age_years for someone in person], [50, 65, 80])
    english = np.array([someone.language == "English" for someone in person])
    groups = pd.DataFrame(
        {
            "author_style": style,
            "language": np.where(english, "English", "other"),
            "sex": ["F" if someone.sex == "female" else "M" for someone in person],
            "age_band": np.array(AGE_BANDS)[band],
            "specialty": specialty,
        }
    ).astype("str")
    return person, number, groups


def draw_style(person, rng):
    """Draw who writes the note of this person."""
    english = person.language == "English"
    physician, nurse, _ = STYLE_SHARES["English" if english else "other"]
    u = rng.random()
    if u < physician:
        return "physician"
    return "nurse" if u < physician + nurse or english else "interpreter"


def draw_specialty(person, rng):
    """Draw who sees this person; geriatrics from 65 years on."""
    return pick(SPECIALTIES if person.age_years >= 65 else SPECIALTIES[:-1], rng)


def draw_complaints(specialty, rng):
    """Draw what a note says of which symptoms, so that it does not contradict itself.

    Returns
    -------
    dict
        Status -> list of symptoms, none of them both present, absent and possible.
    """
    likely = LIKELY[specialty]
    weight = np.array([3.0 if s in likely else 1.0 for s in SYMPTOMS])
    order = np.argsort(rng.exponential(size=len(SYMPTOMS)) / weight)
    ranked = [SYMPTOMS[i] for i in order]
    rest = ranked[4:]
    elsewhere = rest[::2] + rest[1::2]
    return {
        "present": ranked[:4],
        "absent": elsewhere[:5],
        "possible": elsewhere[5:],
        "historical": elsewhere,
        "hypothetical": ranked[3:],
        "family": in_families(ranked, rng),
    }


def in_families(symptoms, rng):
    """Return the symptoms in an order in which few start with a passing illness."""
    if rng.random() < 0.2:
        return symptoms[::-1]
    return [s for s in symptoms[::-1] if s not in RARE_IN_FAMILIES]
