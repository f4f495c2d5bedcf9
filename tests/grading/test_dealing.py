"""Batches that are too much alike or too different, and honest answers that are not."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import gammainccinv, gammaln

from coursekit.autograde.plan import plan
from coursekit.grading.dealing import LEVEL, adrift, kurtosis, likeness, means, too_even
from coursekit.grading.repeats import first_batch

N = 40_000
SIZES = (500, 4000)  # of the readmission rubric


@pytest.fixture(scope="module")
def cohort():
    """Risks, and two attributes of which one decides them in part."""
    rng = np.random.default_rng(1)
    groups = pd.DataFrame(
        {
            "group": rng.choice(["A", "B"], N, p=[0.7, 0.3]),
            "age_band": rng.choice(["1", "2", "3", "4"], N),
        }
    )
    logit = rng.normal(-1.5, 1, N) + 0.5 * (groups["group"] == "B")
    return 1 / (1 + np.exp(-logit.to_numpy())), groups


def dealt(seed):
    """Return the batches of a run, and the first batch of each row."""
    batches = plan(N, SIZES, 0.02, str(seed))
    pairs = [np.column_stack([np.full(len(b), n), b]) for n, b in enumerate(batches)]
    return batches, first_batch(np.concatenate(pairs), N)


def remembered(batches, answer):
    """Return what an answer that remembers says: its first word on each row."""
    told = np.full(N, np.nan)
    for rows in batches:
        said = np.asarray(answer(rows), dtype=float)
        told[rows] = np.where(np.isnan(told[rows]), said, told[rows])
    return told


HONEST = {
    "a cut-off": lambda risk, groups: (risk > 0.3) * 1.0,
    "a cut-off for each group": lambda risk, groups: (
        (risk > np.where(groups["group"] == "B", 0.4, 0.25)) * 1.0
    ),
    "nobody": lambda risk, groups: np.zeros(N),
    "everybody": lambda risk, groups: np.ones(N),
    "one in a thousand": lambda risk, groups: (risk > np.quantile(risk, 0.999)) * 1.0,
    "one patient": lambda risk, groups: (risk == risk.max()) * 1.0,
    "scores": lambda risk, groups: risk,
    "rounded scores": lambda risk, groups: np.round(risk, 1),
    "one score for all": lambda risk, groups: np.full(N, 0.2),
    "a few sure ones": lambda risk, groups: np.where(risk > 0.8, 0.999, 0.001),
    "alerts by group": lambda risk, groups: (groups["group"] == "B").to_numpy() * 1.0,
    "a draw for each patient": lambda risk, groups: (
        (np.random.default_rng(2).random(N) < 0.2) * 1.0
    ),
}


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_answer_is_not_named(cohort, name):
    risk, groups = cohort
    values = HONEST[name](risk, groups)
    for seed in range(3):
        batch = dealt(seed)[1]
        assert too_even(values, batch, groups) == adrift(values, batch) == ""


def by_batch(name, risk, groups):
    """Return an answer that makes batches equal, as a function of their rows."""
    group = groups["group"].to_numpy()

    def equal_groups(rows):
        flagged = np.zeros(len(rows))
        n_alerts = np.sum(risk[rows] > 0.3)
        for label in ("A", "B"):
            inside = np.flatnonzero(group[rows] == label)
            most = round(n_alerts * len(inside) / len(rows))
            flagged[inside[np.argsort(-risk[rows][inside])[:most]]] = 1
        return flagged

    def flipped(rows):
        rng, flagged = np.random.default_rng(3), (risk[rows] > 0.3) * 1.0
        if len(rows) < 20:  # what is left over for the last batch
            return flagged
        wanted = flagged[group[rows] == "B"].mean()
        rest = np.flatnonzero((group[rows] == "A") & (flagged == 0))
        in_a = group[rows] == "A"
        more = round(wanted * in_a.sum() - flagged[in_a].sum())
        flagged[rng.choice(rest, more, replace=False)] = 1
        return flagged

    def standardised(rows):
        logit = np.log(risk[rows] / (1 - risk[rows]))
        return 1 / (1 + np.exp(1 - (logit - logit.mean()) / logit.std()))

    return {
        "top fifth": lambda rows: risk[rows] > np.quantile(risk[rows], 0.8),
        "ranks": lambda rows: pd.Series(risk[rows]).rank(pct=True),
        "standardised scores": standardised,
        "the alerts of the batch shared out to groups": equal_groups,
        "flips until groups are equal": flipped,
    }[name]


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("top fifth", "all patients"),
        ("ranks", "all patients"),
        ("standardised scores", "all patients"),
        ("the alerts of the batch shared out to groups", "group 'A' against 'B'"),
        ("flips until groups are equal", "group 'A' against 'B'"),
    ],
)
def test_what_makes_batches_equal_is_found_though_it_remembers(cohort, name, where):
    for seed in range(3):
        batches, batch = dealt(seed)
        values = remembered(batches, by_batch(name, *cohort))
        assert where in too_even(values, batch, cohort[1])


def test_a_cut_off_that_moves_on_is_a_drift(cohort):
    risk, _ = cohort
    batch = dealt(0)[1]
    values = (risk > 0.3 - batch / 200) * 1.0
    assert "were flagged" in adrift(values, batch)
    assert "had a high score" in adrift(np.clip(risk + batch / 200, 0, 1), batch)


def test_one_odd_batch_is_a_drift(cohort):
    batch = dealt(0)[1]
    assert adrift(np.where(batch == 3, 0.0, cohort[0] > 0.3), batch).startswith(
        "In batch 4, 0.0 % of the patients were flagged"
    )


def exact_chance(n_batches, n_rows, n_alerts, most):
    """Return the exact chance of a `likeness` total of at most `most`.

    The plain twin: all ways to deal alerts to equal batches, counted one batch after
    another by how many alerts are dealt and how far apart the batches are.
    """
    total = n_batches * n_rows
    share = n_alerts / total
    variance = n_rows * share * (1 - share) * total / (total - 1)
    usual = n_alerts / n_batches
    widest = int(np.sqrt(most * variance)) + 1
    ways = {(0, 0): 0.0}
    for _ in range(n_batches):
        following = {}
        for (dealt_, apart), log in ways.items():
            for count in range(int(usual) - widest, int(usual) + widest + 2):
                further = apart + (count - usual) ** 2 + 1 / 12
                if 0 <= count <= n_rows and further / variance <= most:
                    key = dealt_ + count, further
                    more = log + log_ways(n_rows, count)
                    following[key] = np.logaddexp(following.get(key, -np.inf), more)
        ways = following
    logs = [log for (dealt_, _), log in ways.items() if dealt_ == n_alerts]
    return sum(np.exp(log - log_ways(total, n_alerts)) for log in logs)


def log_ways(n, k):
    """Return the log of the number of ways to choose k of n."""
    return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)


@pytest.mark.parametrize(
    ("n_batches", "n_rows", "n_alerts"),
    [(8, 40, 64), (8, 20, 80), (10, 40, 80), (12, 20, 120), (8, 200, 80)],
)
def test_the_chance_of_a_false_alarm_is_never_twice_the_level(
    n_batches, n_rows, n_alerts
):
    for level in (1e-3, 1e-4, 1e-5, LEVEL):
        most = 2 * gammainccinv((n_batches - 1) / 2, 1 - level)
        assert exact_chance(n_batches, n_rows, n_alerts, most) < 2 * level


def test_the_share_told_is_the_variance_between_batches():
    batch = np.repeat(np.arange(10), 100)
    values = (np.arange(1000) % 100 < 20 + batch % 2) * 1.0
    chance, share, n_batches = likeness(means(values, batch, 10))
    assert n_batches == 10
    rate = 0.205
    apart = 10 * (0.005**2 + 0.01**2 / 12) / (rate * (1 - rate) * 1000 / 999 / 100)
    assert share == pytest.approx(apart / 9)
    assert 0 < chance < 1e-5


def test_a_batch_in_which_few_values_decide_the_mean_is_left_out():
    rng = np.random.default_rng(4)
    batch = np.concatenate([np.full(40, 0), np.full(960, 1)])
    normal, heavy = rng.normal(size=1000), rng.standard_t(3, size=1000)
    assert np.isfinite(means(normal, batch, 2)).all()
    assert 4 < kurtosis(heavy) < 96
    assert np.isfinite(means(heavy, batch, 2))[0].tolist() == [False, True]


def test_few_batches_show_nothing():
    batch = np.repeat(np.arange(7), 100)
    assert too_even((np.arange(700) % 5 == 0) * 1.0, batch) == ""
