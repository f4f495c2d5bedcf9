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
# # What does the note say?
#
# A clinic wants a list of symptoms for every visit, drawn from the note by a program and
# checked by a person. You build it: a function that is handed one note and gives back where
# it names a symptom, which one, and how it is meant. "Denies chest pain" is no chest pain;
# "her mother had chest pain" is not hers; "come back if you get chest pain" has not happened.
#
# Some notes quote the patient, often through an interpreter: "an elephant on my chest". The
# symptom is the same. If a program knows the clinicians' words only, these patients are
# not heard.
#
# You get three sets of notes. No patient stands in two of them:
#
# - `train`: symptoms as a **busy annotator** marked them. Some are missed, more often where
#   the patient is quoted.
# - `tune`: notes that were **audited**: every mention is marked.
# - `check`: more audited notes. The check at the end uses them. If you tune on `check`,
#   its table is worth nothing.
#
# Your mark comes from notes of another clinic, which your notebook never sees. People there
# use the same words for symptoms, but write **other sentences** around them.

# %% [markdown]
# <!-- coursekit: how-your-mark-is-made -->
# *How your mark is made* is filled in here with the numbers of your course.

# %% locked="load"
from coursekit import check, load_cohorts, nlp, submit

train, tune, check_cohort = load_cohorts()
print(len(train.X), "notes to learn from,", len(tune.X), "audited ones to tune on")
print("The first note of tune:\n")
print(tune.X[0])

# %% [markdown]
# ## First look
#
# A *span* is `(start, end, symptom, status)`: offsets into the note as Python counts them, the
# end outside, so that `note[start:end]` is the wording; one of twelve symptoms; and one of the
# statuses `present`, `absent`, `possible`, `historical`, `hypothetical`, `family`. Here are the
# true spans of that note.

# %% locked="look"
for start, end, symptom, status in tune.y[0]:
    print(f"{tune.X[0][start:end]!r:32} {symptom:15} {status}")
tune.groups.head()

# %% [markdown]
# ## 1. Which words?
#
# Make `words`, a lexicon, with `nlp.lexicon(lay=False, more=...)`: the room's clinical wordings
# and, in `more`, a dictionary from a symptom to a list of further wordings. Where could you find
# the words that this clinic's patients use?

# %% answer="words"
### BEGIN SOLUTION
wordings = {}
for cohort in (train, tune):
    for note, spans in zip(cohort.X, cohort.y, strict=True):
        for start, end, symptom, _ in spans:
            wordings.setdefault(symptom, set()).add(note[start:end].lower())
words = nlp.lexicon(
    lay=False, more={key: sorted(value) for key, value in wordings.items()}
)
### END SOLUTION

# %% [markdown]
# ## 2. How is it meant?
#
# Choose a `method`, one of `"keyword"` (all is present), `"sentence"` (one negation denies all that
# its sentence names), `"window"` (a negation among the few words before), `"negex"` and `"context"`.
# The cell below counts, on some notes of tune, how often each gives the right status, and prints
# what the last one misreads.


# %% locked="methods"
def misread(method, triggers=None, notes=150):
    """Return the share of the statuses that a method gets right on tune, and its mistakes."""
    mistakes, n_found = [], 0
    for note, spans in zip(tune.X[:notes], tune.y[:notes], strict=True):
        found = nlp.extract_by_rules(note, words, method, triggers=triggers)
        said = {(start, end): status for start, end, _, status in found}
        for start, end, _, status in spans:
            if (start, end) in said:
                n_found += 1
                if said[start, end] != status:
                    around = note[max(0, start - 60) : end + 30].replace("\n", " / ")
                    mistakes.append(f"{said[start, end]}, is {status}: ...{around}...")
    return 1 - len(mistakes) / n_found, mistakes


for name in ("keyword", "sentence", "window", "negex", "context"):
    share, mistakes = misread(name)
    print(f"{name:10} {share:.2f}")
print(*mistakes[:12], sep="\n")

# %% [markdown]
# Then make `triggers`: phrases before or after a mention that change what it means to ConText. The
# room has many; `nlp.own_triggers(text)` adds yours to them:
#
#     [[group]]
#     category = "absent"      # or possible, historical, hypothetical, family; pseudo undoes
#     direction = "forward"    # the mention comes after the phrase; or backward, both
#     phrases = ["no evidence of", "free of"]
#
# `misread("context", triggers)` says whether they help. Write what you would expect to read in
# *other* notes too: a rule that fits one sentence only is of no use there. (`scope = 5` lets a
# trigger reach five words at most; without it, it reaches to the end of the sentence.)

# %% answer="triggers"
### BEGIN SOLUTION
method = "context"
triggers = nlp.own_triggers(
    """
[[group]]
category = "pseudo"
phrases = ["not without", "never without", "rarely without", "does not deny"]

[[group]]
category = "possible"
phrases = ["unclear whether", "not sure whether", "suspicious for", "wonders about"]

[[group]]
category = "hypothetical"
phrases = ["told to report", "told to call for", "watch for", "seek care for"]

[[group]]
category = "absent"
direction = "backward"
phrases = ["has resolved", "is over", "not at all"]
"""
)
### END SOLUTION

# %% [markdown]
# ## 3. Spans for new notes
#
# Write `extract(note)`: a str in, a list of spans out, sorted by start, no two of the same symptom
# overlapping. `nlp.extract_by_rules(note, words, method, triggers)` finds the mentions of a
# lexicon and their status, and keeps clear of what `nlp.find_phi(note)` takes for a name or a
# number, which must not be marked as symptoms (Mrs. Payne has no pain). Never change the note
# before you count: after `strip` or `lower`, offsets may be others.


# %% answer="extract"
def extract(note):
    """Return the symptoms of a note: a list of (start, end, symptom, status)."""
    ### BEGIN SOLUTION
    return nlp.extract_by_rules(note, words, method, triggers)
    ### END SOLUTION


# %% [markdown]
# ## Hand in
#
# The next cell takes your answer and shows what the `check` notes say about it, as
# ranges of points.

# %% locked="submit"
submit(extract=extract)

# %% check="accuracy" points=40
check("accuracy")

# %% check="fairness" points=30
check("fairness")

# %% check="evidence" points=20
check("evidence")

# %% check="contract" points=10
check("contract")

# %% [markdown]
# ## 4. Why?
#
# In at most 200 words, for the head of the clinic: which words did your program lack at first, and
# whose were they; which sentences does it still misread, and what would happen to a patient
# because of it; what must a person look at before the list is used? A person reads this.

# %% [markdown] manual="manual" points=10
# ### BEGIN SOLUTION
# The room's lexicon knew what clinicians write. It lacked what patients say: of the mentions in
# the patient's own words hardly any were found, and these stand mostly in notes taken
# through an interpreter. We collected all wordings that were marked in train and tune: a
# lexicon needs to see each only once, so that what the annotator missed did little harm here. A
# network that learns from every mention would have suffered more.
#
# The status is the harder part. Double negations ("not without nausea", "does not deny"), doubt
# in new phrases ("would be in keeping with"), and lists in which a denial ends without a "but"
# are still misread. A denied symptom that is asserted leads to tests nobody needs; a present
# one that is read as denied is worse, because no one looks again. We therefore tuned the
# triggers on what a reader would expect elsewhere too, not on single sentences.
#
# Before the list is used, a person should read every sentence with a negation beside a
# symptom that matters (chest pain, syncope), and ten notes a month taken through interpreters.
# A new clinic, or a new template in the record, needs a new audit. Names are kept out by
# rules; identifiers that the rules do not know can still slip through.
# ### END SOLUTION
