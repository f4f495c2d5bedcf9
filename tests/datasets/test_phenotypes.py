import numpy as np
import pytest
from scipy.stats import kurtosis

from coursekit.datasets import make_phenotype_cases, make_phenotypes
from coursekit.datasets.phenotype_cases import draw_plan
from coursekit.datasets.phenotype_model import CARE, MEASURED, draw_phenotype_model
from coursekit.errors import BadInput
from coursekit.metrics import adjusted_rand, share_explained

DRAWN = {"secret": "tests", "role": "train"}


@pytest.fixture(scope="module")
def cohort():
    return make_phenotypes(6000, n_endotypes=4, **DRAWN)


@pytest.fixture(scope="module")
def smooth():
    return make_phenotypes(6000, n_endotypes=4, structure=False, **DRAWN)


def cared(cohort):
    return np.log(cohort.X[list(CARE)]).mean(axis=1)


def test_any_two_endotypes_are_equally_far_apart_in_every_course():
    for seed in range(5):
        patterns = draw_phenotype_model(np.random.default_rng(seed)).patterns
        one, other = np.triu_indices(len(patterns), 1)
        apart = np.linalg.norm(patterns[one] - patterns[other], axis=1)
        assert apart == pytest.approx(3.4 * np.sqrt(2))


def test_three_to_five_endotypes_are_drawn_and_roles_share_them():
    numbers = set()
    for secret in "abcdefghijkl":
        train, tune = (
            make_phenotypes(400, secret=secret, role=role) for role in ("train", "tune")
        )
        assert set(train.y) == set(tune.y)
        assert not set(train.patient) & set(tune.patient)
        numbers.add(len(set(train.y)))
    assert numbers == {3, 4, 5}


def test_values_lie_where_a_laboratory_would_find_them(cohort):
    assert cohort.X["map_mmhg"].between(30, 120).all()
    assert cohort.X["temperature_c"].between(33, 43).all()
    assert (cohort.X[[*MEASURED, *CARE]] > 0).all().all()


def test_group_b_is_as_ill_and_gets_less_care(cohort):
    group = cohort.groups["group"]
    assert adjusted_rand(group, cohort.y) == pytest.approx(0, abs=0.01)
    assert share_explained(cared(cohort), group) > 0.6
    assert share_explained(cohort.truth.detail["care_intensity"], cohort.y) < 0.01


def test_a_site_moves_measurements_more_than_an_endotype_does(cohort):
    by = {
        name: np.mean([share_explained(np.log(cohort.X[c]), labels) for c in MEASURED])
        for name, labels in (("site", cohort.groups["site"]), ("kind", cohort.y))
    }
    assert by["site"] > by["kind"] > 0.05


def test_without_structure_means_and_covariances_are_the_same(cohort, smooth):
    assert set(smooth.y) == {0}
    for site in set(cohort.groups["site"]):
        one, other = (
            np.log(each.X.loc[each.groups["site"] == site, list(MEASURED)])
            for each in (cohort, smooth)
        )
        assert np.abs(one.mean() - other.mean()).max() < 0.15
        assert np.abs(one.corr() - other.corr()).max().max() < 0.20
        assert (other.std() / one.std()).between(0.85, 1.15).all()


def test_only_endotypes_make_several_heaps(cohort, smooth):
    flattest = []
    for each in (cohort, smooth):
        rows = (each.groups["site"] == "north") & (each.groups["group"] == "A")
        values = np.log(each.X.loc[rows, list(MEASURED)])
        values = (values - values.mean()) / values.std()
        axes = np.linalg.svd(values, full_matrices=False)[0][:, :3]
        flattest.append(kurtosis(axes).min())
    assert flattest[0] < -0.5 < flattest[1]


def test_a_number_that_cannot_be_drawn_is_refused():
    with pytest.raises(BadInput, match="give 2 to 6"):
        make_phenotypes(10, n_endotypes=7, **DRAWN)


def test_every_cohort_comes_twice_with_four_of_five_patients_the_same():
    cases = make_phenotype_cases(6, secret="tests", role="hidden")
    by_cohort = {}
    for item, truth in zip(cases.X, cases.y, strict=True):
        by_cohort.setdefault(truth["cohort"], []).append((item["df"]["table"], truth))
    assert {len(each) for each in by_cohort.values()} == {2}
    for (one, first), (other, second) in by_cohort.values():
        shared = set(first["patient"]) & set(second["patient"])
        assert len(shared) == 384
        assert first["k"] == second["k"] == len(set(first["endotype"]))
        for who in list(shared)[:20]:
            rows = first["patient"].index(who), second["patient"].index(who)
            assert one["crp_mg_l"][rows[0]] == other["crp_mg_l"][rows[1]]
            assert first["endotype"][rows[0]] == second["endotype"][rows[1]]


def test_how_many_cohorts_have_no_structure_is_drawn():
    plans = [draw_plan(12, np.random.default_rng(seed)) for seed in range(30)]
    assert {sum(k == 1 for k, _ in plan) for plan in plans} == {3, 4, 5}
    assert {k for plan in plans for k, _ in plan} == {1, 2, 3, 4, 5, 6}
