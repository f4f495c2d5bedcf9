"""The room of supervised learning: risk models for tables, and how they go wrong.

What stands here is taught in the labs, and each function names the lab that teaches
it. No mark is set by this room; `coursekit.metrics` does that.
"""

from coursekit.supervised.imbalance import oversampled_rows
from coursekit.supervised.leakage import auroc_of_each_column, post_index_effect
from coursekit.supervised.pipelines import risk_pipeline
from coursekit.supervised.plots import (
    plot_estimates,
    plot_lines,
    plot_reliability,
    plot_tornado,
)
from coursekit.supervised.scores import discharge_points
from coursekit.supervised.splitting import share_seen_before, split_by_patient
from coursekit.supervised.thresholds import (
    cut_off_for_alert_rate,
    threshold_from_costs,
)

__all__ = [
    "auroc_of_each_column",
    "cut_off_for_alert_rate",
    "discharge_points",
    "oversampled_rows",
    "plot_estimates",
    "plot_lines",
    "plot_reliability",
    "plot_tornado",
    "post_index_effect",
    "risk_pipeline",
    "share_seen_before",
    "split_by_patient",
    "threshold_from_costs",
]
