"""A lesson with every kind of cell, and a way to write one."""

import pytest

LESSON = '''\
# %% [markdown]
# # Who is served worse?

# %% locked="setup"
rates = {"a": 1.0, "b": 0.5}

# %%
print(rates)

# %% answer="worst_group"
def worst_group(rates):
    """Return the group with the lowest rate."""
    ### BEGIN SOLUTION
    return min(rates, key=rates.get)
    ### END SOLUTION

# %% check="worst_group" points=2
assert worst_group(rates) == "b"
### BEGIN HIDDEN TESTS
assert worst_group({"c": 0.1, "d": 0.0}) == "d"
### END HIDDEN TESTS

# %% tags=["solution-only"]
print("The gap is", max(rates.values()) - min(rates.values()))

# %% answer="gap"
gap = 0.5

# %% check="fairness" points=30
check("fairness")

# %% [markdown] manual="why" points=10
# Why does the gap matter?
# ### BEGIN SOLUTION
# Half of the ill in b are missed.
# ### END SOLUTION
'''


@pytest.fixture
def write(tmp_path):
    """Write a percent source and return its path."""

    def write_source(source, name="01_gaps.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, "utf-8")
        return path

    return write_source


@pytest.fixture
def lesson(write):
    return write(LESSON)
