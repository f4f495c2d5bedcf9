# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Which of these models would you keep?
#
# Twelve clinics have each bought a model that says how likely a patient is to get worse. Of each
# you have what the clinic has: a year of scores and what happened to the patients, and the vendor's
# brochure. You write an audit that looks at one clinic after another and says what is wrong:
#
# | name | what it means |
# |---|---|
# | `leaky` | scores made after the outcome know it |
# | `drifted` | from some day on the scores rank worse, or are too high or too low |
# | `miscalibrated` | the scores are too high, too low or too extreme, all year |
# | `under-serves-language` | the ill of one language are missed although others with the same scores are not |
#
# A model has one of these faults, or **none**. To accuse a sound one costs a clinic a useful tool, and
# you your credit. All clinics have small groups, seasons, and a brochure with figures of other patients.
#
# `train`, `tune` and `check` are such clinics, with the true answers. Your mark comes from twelve others,
# which your notebook never sees. How often each fault occurs among them is drawn for your course.

# %% [markdown]
# <!-- coursekit: how-your-mark-is-made -->
# *How your mark is made* is filled in here with the numbers of your course.

# %% locked="load"
import numpy as np

from coursekit import check, load_cohorts, submit
from coursekit.audit import audit_scores
from coursekit.datasets.cases import open_case
from coursekit.metrics import auroc_interval

train, tune, check_cohort = load_cohorts()
first = open_case(train.X[0])
print(first["claims"], train.y[0])
first["scores"].head()

# %% [markdown]
# `hour_scored` and `hour_settled` count from admission: when the stored score was made, and when the
# outcome happened or the patient left. `audit_scores` is the audit of lab 12. It knows the date and the
# groups that you name, and nothing of hours. It looks at one thing at a time: it does not know, for instance,
# that a model which drifted is also badly calibrated over the year. Of a language spoken by few patients its table
# says that there is not `enough` evidence.
#
# ## 1. Has the score seen the outcome?
#
# Write `leaks(scores)`: True if scores made after the outcome was settled rank surely, and by more than
# a little, better than those made before.


# %% answer="leaks"
def leaks(scores):
    """Return whether late scores know the outcome."""
    ### BEGIN SOLUTION
    late = (scores["hour_scored"] > scores["hour_settled"]).to_numpy()
    after, before = (
        auroc_interval(scores["y"][rows], scores["score"][rows], level=0.95)
        for rows in (late, ~late)
    )
    better = after.value - before.value
    error = np.hypot(after.high - after.low, before.high - before.low) / 2 / 1.96
    return bool(better > 0.05 and better > 3 * error)
    ### END SOLUTION


# %% [markdown]
# ## 2. The audit
#
# Write `audit(scores, claims)`: a table and a dict in, a dict out with
#
# - `found`: a list of the names above, empty if nothing is wrong;
# - `language`: the place of the under-served language among `sorted(set(scores["language"]))`, from 0; `None` if none is.


# %% answer="audit"
def audit(scores, claims):
    """Return what is wrong with one model."""
    ### BEGIN SOLUTION
    if leaks(scores):
        return {"found": ["leaky"], "language": None}
    groups = ["sex", "age_band", "language", "ward"]
    seen = audit_scores(scores, "y", "score", groups=groups, date="date")
    codes = [finding.code for finding in seen.findings]
    spoken = seen.groups["language"].query("enough")["sensitivity"]
    for finding in seen.findings:
        group, _, name = (finding.about or "").partition(" = ")
        accused = finding.code == "UNDER-SERVED" and group == "language"
        if (
            accused
            and name in spoken
            and spoken[name] < spoken.drop(name).min() * 2 / 3
        ):
            place = sorted(set(scores["language"])).index(name)
            return {"found": ["under-serves-language"], "language": place}
    if "DRIFTED" in codes:
        return {"found": ["drifted"], "language": None}
    return {
        "found": ["miscalibrated"] if "MISCALIBRATED" in codes else [],
        "language": None,
    }
    ### END SOLUTION


# %% locked="compare"
def compare(cohort):
    """Print the clinics that the audit gets wrong."""
    for number, (case, true) in enumerate(zip(cohort.X, cohort.y, strict=True)):
        said = audit(**open_case(case))
        if any(said[key] != true[key] for key in ("found", "language")):
            print(f"clinic {number}: said {said}, true {true}")


compare(tune)

# %% [markdown]
# ## Hand in
#
# The next cell takes your answer and shows what the `check` clinics say about it, as ranges of points.

# %% locked="submit"
submit(audit=audit)

# %% check="accuracy" points=40
check("accuracy")

# %% check="fairness" points=30
check("fairness")

# %% check="evidence" points=20
check("evidence")

# %% check="contract" points=10
check("contract")

# %% [markdown]
# ## 3. A page for the patients
#
# Choose a clinic of `tune` whose model under-serves a language. In at most 200 words, write the page that
# hangs in its waiting room: what the model is for, whom it misses, what the clinic does until it is mended, and
# whom to ask. No statistics that a neighbour would not understand. A person reads this.

# %% [markdown] manual="manual" points=10
# ### BEGIN SOLUTION
# When you come to our ward, a computer program estimates how likely you are to get worse in the next days. Nurses use it
# to decide whom to look at more often. It decides nothing by itself.
#
# We looked at how it did last year. For most patients a low number meant what it should. For patients who told us
# that they prefer Spanish it did not: among those with a low number, more became seriously ill than the program said. We
# do not know why. It may have learnt from too few people who speak Spanish, or what is written in their records may
# mean something else. It is not about anything that they did.
#
# Until this is mended we do not use a low number to decide that somebody who prefers Spanish needs less attention.
# Nurses look at these patients as often as at those with a high number, with an interpreter. We have asked the maker to
# mend it, and will look again in six months. Of the smallest language groups we cannot say how they are served: too
# few of them came, and that is not the same as all being well.
#
# You may ask the ward sister what your number is and what follows from it, and say that you do not want it used.
# ### END SOLUTION
