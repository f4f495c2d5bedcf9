"""What is measured, and for whom: the numbers that set marks.

Rooms: `ranking` (AUROC, average precision), `calibration` (slope, intercept, Brier
score, mean error), `smoothing` (the calibration curve), `groups` (rates by group),
`gaps` (differences between groups), `intervals` and `bootstrap` (how sure a number is),
`comparing` (two models), `discoveries` (many p-values), `conformal` (sets), `utility`
(net benefit, cost, what a programme saves), `overlap` and `lesions` (masks), `spans`
(in notes), `partitions` (two ways of sorting patients). A scalar that the patients
cannot show raises `NotEstimable`; a group that cannot be judged gets NaN. Neither is
ever 0.
"""

from coursekit.metrics.bands import (
    critical_value,
    pair_limits,
)
from coursekit.metrics.bootstrap import (
    bootstrap_auroc,
    drawn_again,
    percentile_interval,
    weighted_auroc,
)
from coursekit.metrics.calibration import (
    mean_calibration_error,
    mean_calibration_error_influence,
    mean_calibration_error_interval,
    reliability_table,
)
from coursekit.metrics.comparing import Comparison, auroc_difference, mcnemar
from coursekit.metrics.conformal import (
    conformal_cut_off,
    conformal_cut_off_by_group,
    conformal_sets,
    set_coverage_by_group,
)
from coursekit.metrics.decomposing import BrierParts, brier_decomposition
from coursekit.metrics.development_size import (
    cox_snell_from_auroc,
    development_sample_size,
)
from coursekit.metrics.discoveries import (
    benjamini_hochberg,
    false_discovery_proportion,
)
from coursekit.metrics.gaps import (
    Gap,
    gap_interval,
    replicate_gaps,
)
from coursekit.metrics.groups import (
    alert_rate_by_group,
    false_positive_rate_by_group,
    group_table,
    mean_calibration_error_by_group,
    npv_by_group,
    ppv_by_group,
    prevalence_by_group,
    rate_by_group,
    sensitivity_by_group,
    specificity_by_group,
)
from coursekit.metrics.intervals import (
    Estimate,
    interval_from_influence,
    logit_interval,
    paired_difference,
    paired_standard_error,
    replicate_counts,
    standard_error,
    wilson,
)
from coursekit.metrics.lesions import (
    LesionCounts,
    false_lesions_per_slice,
    lesion_counts,
    lesion_sensitivity,
)
from coursekit.metrics.overlap import dice, volume_bias, volume_bias_by_group
from coursekit.metrics.overlap_intervals import (
    dice_gap_interval,
    lesion_sensitivity_interval,
    mean_dice_interval,
    volume_bias_by_group_interval,
)
from coursekit.metrics.partitions import (
    adjusted_rand,
    rightly_assigned,
    share_explained,
)
from coursekit.metrics.precision import (
    average_precision,
    average_precision_influence,
    average_precision_interval,
)
from coursekit.metrics.predictive import predictive_values
from coursekit.metrics.programme import (
    Programme,
    break_even_effectiveness,
    check_possible,
    programme_savings,
    saved_cost,
    share_saved,
)
from coursekit.metrics.ranking import (
    auroc,
    auroc_influence,
    auroc_interval,
    auroc_standard_error,
)
from coursekit.metrics.rates import (
    CELLS,
    RATES,
    rate_of_counts,
)
from coursekit.metrics.recalibration import (
    calibration_intercept,
    calibration_intercept_influence,
    calibration_intercept_interval,
    calibration_slope,
    calibration_slope_influence,
    calibration_slope_interval,
)
from coursekit.metrics.scoring import (
    brier,
    brier_influence,
    brier_interval,
    log_loss,
    log_loss_influence,
    log_loss_interval,
    scaled_brier,
    scaled_brier_influence,
    scaled_brier_interval,
)
from coursekit.metrics.smoothing import (
    calibration_curve,
    calibration_hierarchy,
    integrated_calibration_index,
)
from coursekit.metrics.span_recall import recall_by_attribute
from coursekit.metrics.spans import (
    SpanCounts,
    false_assertion_rate,
    macro_f1,
    macro_f1_interval,
    span_counts,
)
from coursekit.metrics.utility import (
    decision_curve,
    expected_cost,
    expected_cost_interval,
    net_benefit,
    net_benefit_influence,
    net_benefit_interval,
)

__all__ = [
    "CELLS",
    "RATES",
    "BrierParts",
    "Comparison",
    "Estimate",
    "Gap",
    "LesionCounts",
    "Programme",
    "SpanCounts",
    "adjusted_rand",
    "alert_rate_by_group",
    "auroc",
    "auroc_difference",
    "auroc_influence",
    "auroc_interval",
    "auroc_standard_error",
    "average_precision",
    "average_precision_influence",
    "average_precision_interval",
    "benjamini_hochberg",
    "bootstrap_auroc",
    "break_even_effectiveness",
    "brier",
    "brier_decomposition",
    "brier_influence",
    "brier_interval",
    "calibration_curve",
    "calibration_hierarchy",
    "calibration_intercept",
    "calibration_intercept_influence",
    "calibration_intercept_interval",
    "calibration_slope",
    "calibration_slope_influence",
    "calibration_slope_interval",
    "check_possible",
    "conformal_cut_off",
    "conformal_cut_off_by_group",
    "conformal_sets",
    "cox_snell_from_auroc",
    "critical_value",
    "decision_curve",
    "development_sample_size",
    "dice",
    "dice_gap_interval",
    "drawn_again",
    "expected_cost",
    "expected_cost_interval",
    "false_assertion_rate",
    "false_discovery_proportion",
    "false_lesions_per_slice",
    "false_positive_rate_by_group",
    "gap_interval",
    "group_table",
    "integrated_calibration_index",
    "interval_from_influence",
    "lesion_counts",
    "lesion_sensitivity",
    "lesion_sensitivity_interval",
    "log_loss",
    "log_loss_influence",
    "log_loss_interval",
    "logit_interval",
    "macro_f1",
    "macro_f1_interval",
    "mcnemar",
    "mean_calibration_error",
    "mean_calibration_error_by_group",
    "mean_calibration_error_influence",
    "mean_calibration_error_interval",
    "mean_dice_interval",
    "net_benefit",
    "net_benefit_influence",
    "net_benefit_interval",
    "npv_by_group",
    "pair_limits",
    "paired_difference",
    "paired_standard_error",
    "percentile_interval",
    "ppv_by_group",
    "predictive_values",
    "prevalence_by_group",
    "programme_savings",
    "rate_by_group",
    "rate_of_counts",
    "recall_by_attribute",
    "reliability_table",
    "replicate_counts",
    "replicate_gaps",
    "rightly_assigned",
    "saved_cost",
    "scaled_brier",
    "scaled_brier_influence",
    "scaled_brier_interval",
    "sensitivity_by_group",
    "set_coverage_by_group",
    "share_explained",
    "share_saved",
    "span_counts",
    "specificity_by_group",
    "standard_error",
    "volume_bias",
    "volume_bias_by_group",
    "volume_bias_by_group_interval",
    "weighted_auroc",
    "wilson",
]
