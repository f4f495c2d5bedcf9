"""What is known of a drawn messy table, as tables to work with."""

import pandas as pd


def true_table(truth):
    """Return a messy table as it should be.

    Parameters
    ----------
    truth : dict
        One element of the `y` of `coursekit.datasets.make_messy_cases`.

    Returns
    -------
    DataFrame
        Row by row as the messy table, without the columns filled in at discharge.

    Examples
    --------
    >>> from coursekit.datasets import make_messy_cases
    >>> truth = make_messy_cases(1, secret="demo", role="train").y[0]
    >>> bool((true_table(truth)["age_years"] > 0).all())
    True
    """
    return pd.DataFrame(truth["clean"])


def fault_log(truth):
    """Return the log of a messy table: one row for each cell not as it should be.

    Parameters
    ----------
    truth : dict
        As `true_table` takes it.

    Returns
    -------
    DataFrame
        ``row``, ``column``, ``fault``, ``event`` (cells that were spoilt together),
        ``was`` (what stands in the table) and ``true``; None where there is no truth.

    Examples
    --------
    >>> from coursekit.datasets import make_messy_cases
    >>> truth = make_messy_cases(1, secret="demo", role="train").y[0]
    >>> log = fault_log(truth)
    >>> one = log[log["fault"] == "negative-age"].iloc[0]
    >>> bool(one["was"] == -one["true"])
    True
    """
    log = pd.DataFrame(truth["log"])
    cells = zip(log["row"], log["column"], strict=True)
    clean = truth["clean"]
    true = [clean[name][row] if name in clean else None for row, name in cells]
    return log.assign(true=pd.Series(true, dtype=object))
