from coursekit.datasets import make_gap_course
from coursekit.datasets.gap_cases import PAIRS
from coursekit.datasets.gap_model import MECHANISMS


def names(secret, role="tune"):
    cohort = make_gap_course(20, secret=secret, role=role)
    return tuple(fault.name for fault in cohort.truth.faults)


def test_a_course_has_always_something_to_repair_and_not_always_the_same():
    seen = {names(f"secret {number}") for number in range(40)}
    assert seen <= {*((name,) for name in MECHANISMS), *PAIRS}
    assert len(seen) > 5


def test_all_roles_of_a_course_have_the_same_mechanisms():
    assert len({names("s", role) for role in ("train", "tune", "hidden")}) == 1
