"""How long the intervals of all group rates take, side by side with fairlearn.

40,000 patients in 4 groups. Ours draws 1,000 bootstrap replicates of every rate and of
every largest gap from the table of counts; fairlearn's MetricFrame resamples the rows.
The last line is JSON; times are CPU seconds, the best of several runs.

    python benchmarks/intervals.py
"""

import json
import time
import warnings

import fairlearn
import fairlearn.metrics
import numpy as np
import pandas as pd
from sklearn.metrics import precision_score

from coursekit.metrics import auroc_interval, gap_interval, group_table, replicate_gaps
from coursekit.metrics.rates import grouped_cells

N_PATIENTS, N_REPLICATES, N_THEIRS = 40_000, 1_000, 5
THEIR_METRICS = {
    "sensitivity": fairlearn.metrics.true_positive_rate,
    "specificity": fairlearn.metrics.true_negative_rate,
    "false_positive_rate": fairlearn.metrics.false_positive_rate,
    "ppv": precision_score,
    "alert_rate": fairlearn.metrics.selection_rate,
}


def cohort(random_state=0):
    """Return outcomes, risks, alerts and groups of 40,000 patients."""
    rng = np.random.default_rng(random_state)
    risk = rng.beta(2, 6, N_PATIENTS)
    y = (rng.random(N_PATIENTS) < risk).astype(int)
    group = pd.Series(rng.choice(list("ABCD"), N_PATIENTS, p=[0.5, 0.3, 0.15, 0.05]))
    return y, risk, (risk > 0.35).astype(int), group.rename("group")


def best(run, n_runs=7):
    """Return the shortest time of several runs, after one that warms up."""
    run()
    times = []
    for _ in range(n_runs):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return min(times)


def replicates(y, alerts, group):
    return replicate_gaps(grouped_cells(y, alerts, group).counts, N_REPLICATES)


def theirs(y, alerts, group, n_boot):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return fairlearn.metrics.MetricFrame(
            metrics=THEIR_METRICS,
            y_true=y,
            y_pred=alerts,
            sensitive_features=group,
            n_boot=n_boot,
            ci_quantiles=[0.05, 0.95] if n_boot else None,
            random_state=0,
        )


def main():
    y, risk, alerts, group = cohort()
    rows = y, alerts, group
    ours = best(lambda: replicates(*rows))
    once = best(lambda: theirs(*rows, None), n_runs=2)
    many = best(lambda: theirs(*rows, N_THEIRS), n_runs=1)
    per_replicate = (many - once) / N_THEIRS
    twice = np.random.default_rng(1).integers(0, 28_000, N_PATIENTS)
    result = {
        "n_patients": N_PATIENTS,
        "n_groups": 4,
        "n_replicates": N_REPLICATES,
        "all_rates_and_gaps_s": ours,
        "per_replicate_s": ours / N_REPLICATES,
        "fairlearn": fairlearn.__version__,
        "fairlearn_per_replicate_s": per_replicate,
        "fairlearn_per_replicate_over_ours": per_replicate / (ours / N_REPLICATES),
        "gap_interval_s": best(lambda: gap_interval(*rows)),
        "gap_interval_clustered_s": best(lambda: gap_interval(*rows, patient=twice)),
        "group_table_s": best(lambda: group_table(*rows, risk=risk)),
        "auroc_interval_s": best(lambda: auroc_interval(y, risk)),
        "auroc_interval_clustered_s": best(
            lambda: auroc_interval(y, risk, patient=twice)
        ),
    }
    print(f"1,000 replicates of all group rates and gaps: {ours * 1000:.1f} ms")
    print(f"one replicate of fairlearn's MetricFrame: {per_replicate * 1000:.0f} ms")
    print(json.dumps({key: tidy(value) for key, value in result.items()}))


def tidy(value):
    return float(f"{value:.3g}") if isinstance(value, float) else value


if __name__ == "__main__":
    main()
