"""The room of fairness: who is served worse, by what, and what repairs it.

What stands here is taught in the labs. No mark is set by this room;
`coursekit.metrics` does that.
"""

from coursekit.datasets.label_choice_fit import swap_until_equally_ill
from coursekit.fairness.ascertainment import ascertainment_weights, recorded_share
from coursekit.fairness.audit import audit_table, calibration_within_groups
from coursekit.fairness.diagnosis import (
    compare_signs,
    device_bias,
    label_audit,
    shares_in,
    signs_by_group,
)
from coursekit.fairness.frontier import (
    frontier_alt_text,
    frontier_table,
    plot_frontier,
)
from coursekit.fairness.group_thresholds import ThresholdsByGroup
from coursekit.fairness.impossibility import (
    balance_table,
    error_rates_table,
    false_positive_rate_from,
)
from coursekit.fairness.multicalibration import MulticalibratedRisk
from coursekit.fairness.relabelling import expected_label, weighted_rows
from coursekit.fairness.reweighing import reweighing_weights
from coursekit.fairness.sample_size import ill_for_half_width, ill_for_power

__all__ = [
    "MulticalibratedRisk",
    "ThresholdsByGroup",
    "ascertainment_weights",
    "audit_table",
    "balance_table",
    "calibration_within_groups",
    "compare_signs",
    "device_bias",
    "error_rates_table",
    "expected_label",
    "false_positive_rate_from",
    "frontier_alt_text",
    "frontier_table",
    "ill_for_half_width",
    "ill_for_power",
    "label_audit",
    "plot_frontier",
    "recorded_share",
    "reweighing_weights",
    "shares_in",
    "signs_by_group",
    "swap_until_equally_ill",
    "weighted_rows",
]
