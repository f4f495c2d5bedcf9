import pytest

from coursekit.errors import BadRubric
from coursekit.grading.generators import generator_named

OWN = """
from coursekit.datasets import make_readmission

def make_others(n_patients, *, secret, role):
    return make_readmission({n}, secret=secret, role={role})

def make_nothing(n_patients, *, secret, role):
    return None
"""


@pytest.fixture
def own(tmp_path):
    """A function that writes a generator of one's own and returns its folder."""

    def write(n="n_patients", role="role"):
        (tmp_path / "patients.py").write_text(OWN.format(n=n, role=role))
        return tmp_path

    return write


def test_a_generator_of_ones_own_is_found_beside_the_rubric(own):
    make = generator_named("patients.py:make_others", own())
    cohort = make(60, secret="a", role="hidden")
    assert (len(cohort), cohort.role) == (60, "hidden")


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("make_nobody", "unknown to coursekit.datasets. One of your own is told as"),
        ("others.py:make_others", "there is no others.py beside rubric.toml"),
        ("patients.py:make_more", "has no such function"),
        ("../patients.py:make_others", "unknown to coursekit.datasets"),
    ],
)
def test_one_that_is_not_there_says_what_to_write(own, name, seen):
    with pytest.raises(BadRubric, match=seen):
        generator_named(name, own())


def test_one_that_cannot_be_loaded_says_why(own):
    folder = own()
    (folder / "patients.py").write_text("import no_such_library\n")
    with pytest.raises(BadRubric, match="cannot be loaded: ModuleNotFoundError"):
        generator_named("patients.py:make_others", folder)


@pytest.mark.parametrize(
    ("name", "wrong", "seen"),
    [
        ("make_nothing", {}, "returned a NoneType; it must return a coursekit"),
        ("make_others", {"n": 7}, "asked for 60 patients of tune and returned 7 of"),
        ("make_others", {"role": "'check'"}, "and returned 60 of check"),
    ],
)
def test_other_patients_than_were_asked_for_are_refused(own, name, wrong, seen):
    make = generator_named(f"patients.py:{name}", own(**wrong))
    with pytest.raises(BadRubric, match=seen):
        make(60, secret="a", role="tune")
