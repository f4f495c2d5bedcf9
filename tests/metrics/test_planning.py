"""What follows from few numbers: predictive values, sizes, discoveries, sets."""

import numpy as np
import pytest

from coursekit.datasets import ScoreModel, make_scores
from coursekit.errors import BadInput, NotEstimable
from coursekit.metrics import (
    benjamini_hochberg,
    conformal_cut_off,
    conformal_cut_off_by_group,
    conformal_sets,
    cox_snell_from_auroc,
    development_sample_size,
    predictive_values,
    set_coverage_by_group,
)


def test_the_sepsis_model_outside_has_the_predictive_values_in_print():
    # Wong et al. 2021, JAMA Internal Medicine 181:1065-1070: of 38,455 hospital stays
    # 2,552 with sepsis, 1,709 of them missed; alerts in 6,971. PPV 12 %, NPV 95 %.
    found = 2552 - 1709
    sensitivity, specificity = found / 2552, 1 - (6971 - found) / (38_455 - 2552)
    assert round(sensitivity, 2) == 0.33
    assert round(specificity, 2) == 0.83
    ppv, npv = predictive_values(sensitivity, specificity, 2552 / 38_455)
    assert (round(ppv, 2), round(npv, 2)) == (0.12, 0.95)
    assert ppv == pytest.approx(found / 6971)


def test_predictive_values_are_the_counted_ones():
    drawn = make_scores(20_000, prevalence=0.1)
    alerts, model = drawn["risk"] >= 0.2, ScoreModel(prevalence=0.1)
    ppv, npv = predictive_values(model.sensitivity(0.2), model.specificity(0.2), 0.1)
    assert ppv == pytest.approx(drawn["y"][alerts].mean(), abs=0.02)
    assert npv == pytest.approx(1 - drawn["y"][~alerts].mean(), abs=0.01)
    with pytest.raises(BadInput, match="shares"):
        predictive_values(33, 0.83, 0.07)


def test_sample_sizes_are_those_of_pmsampsize_for_its_example():
    # README of pmsampsize: 24 parameters, prevalence 17.4 %, Cox-Snell R2 0.288; the
    # paper (Riley et al. 2019) states 4.8 events a parameter.
    found = development_sample_size(24, 0.174, cox_snell=0.288)
    assert found["n_patients"].tolist() == [623, 662, 221, 662]
    assert found.loc["all", "events_per_parameter"] == pytest.approx(4.8, abs=0.005)
    # its own tests: criteria 1 and 3 with other inputs
    other = development_sample_size(36, 0.174, cox_snell=0.288)
    assert other["n_patients"].iloc[[0, 2]].tolist() == [934, 221]
    assert development_sample_size(24, 0.25, cox_snell=0.288)["n_patients"].iloc[2] == (
        289
    )


def test_the_r2_of_an_auroc_is_that_of_pmsampsize_and_of_a_simulation():
    assert cox_snell_from_auroc(0.89, 0.174) == pytest.approx(0.288, abs=0.005)
    drawn = make_scores(100_000, auroc=0.8, prevalence=0.2)
    true, y = drawn["true_risk"], drawn["y"]
    share = y.mean()
    told = np.where(y == 1, np.log(true), np.log(1 - true)).mean()
    null = share * np.log(share) + (1 - share) * np.log(1 - share)
    seen = 1 - np.exp(2 * (null - told))
    assert cox_snell_from_auroc(0.8, 0.2) == pytest.approx(seen, abs=0.005)


def test_what_no_model_can_reach_is_refused():
    with pytest.raises(BadInput, match=r"between 0 and 0\.106"):
        development_sample_size(5, 0.01, cox_snell=0.2)
    with pytest.raises(BadInput, match="auroc"):
        cox_snell_from_auroc(1.0, 0.2)


def test_benjamini_and_hochbergs_own_example_declares_four_of_fifteen():
    # The table of their paper, held at 0.05.
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
    p += [0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    assert benjamini_hochberg(p, rate=0.05).sum() == 4
    with pytest.raises(BadInput):
        benjamini_hochberg([1.2])


def test_sets_cover_all_patients_but_not_a_group_whose_risks_are_wrong():
    fitted = [make_scores(4000, slope=s, random_state=i) for i, s in enumerate((1, 3))]
    later = [make_scores(4000, slope=s, random_state=9 + s) for s in (1, 3)]
    group = np.repeat(["A", "B"], 4000)

    def both(parts, name):
        return np.concatenate([part[name] for part in parts])

    y, risk = both(fitted, "y"), both(fitted, "risk")
    new_y, new_risk = both(later, "y"), both(later, "risk")
    sets = conformal_sets(new_risk, conformal_cut_off(y, risk, 0.9))
    table = set_coverage_by_group(new_y, sets, group)
    assert table["coverage"].mean() == pytest.approx(0.9, abs=0.01)
    assert np.ptp(table["coverage"]) > 0.02
    own = conformal_cut_off_by_group(y, risk, group, 0.9)
    sets = conformal_sets(new_risk, own[group].to_numpy())
    assert set_coverage_by_group(new_y, sets, group)["coverage"].tolist() == (
        pytest.approx([0.9, 0.9], abs=0.015)
    )


def test_a_group_of_few_calibration_patients_is_refused():
    with pytest.raises(NotEstimable, match="fewer than 9"):
        conformal_cut_off_by_group([1] * 12, [0.5] * 12, ["A"] * 10 + ["B"] * 2, 0.9)
    assert conformal_cut_off([1, 0], [0.6, 0.4], 0.9) == 1.0
