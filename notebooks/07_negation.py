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
# # Lab 7: What does the note say of the symptom?
#
# *Sunday, 2:10, an emergency department.* Your hospital has bought a program that reads
# notes and lists the patient's symptoms for the next doctor. Of Mrs A., 68, who speaks through an interpreter, the note says:
#
# > HPI: She denies chest pain and fever. Per interpreter, "there is an elephant sitting on
# > my chest" since last night.
# > FH: Brother had syncope.
# > Plan: Return if headache.
#
# The program lists: *chest pain, fever, syncope, headache*. She has none of the four.
# What she does have is not on the list.
#
# You build such a program in six steps, and see on notes what each step gets wrong.
#
# **After this lab you can**
#
# - say in which of six ways a note can mention a symptom, and why a list needs all six;
# - find words in a note so that their places stay right;
# - show what goes wrong with keywords, with "any negation in the sentence" and with a window of words;
# - write rules with scopes, terminators and pseudo-negations (NegEx), and with a family, a past and an "if" (ConText);
# - use the sections of a note, and keep clear of names that look like symptoms;
# - measure all this, and say **who is not heard**.
#
# About 90 minutes. Where it says **predict before you run**, write your guess down, then run the
# cell. The notes are drawn by a program; there is no real patient in them, and nothing here may be used on one.

# %% locked="setup"
import re

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from coursekit.datasets import STATUSES, make_notes
from coursekit.metrics import gaps, groups, spans
from coursekit.nlp import (
    Phrases,
    context_status,
    extract_by_rules,
    find_mentions,
    find_phi,
    keyword_status,
    lexicon,
    negex_status,
    sections,
    sentence_status,
    sentences,
    tokens,
    window_status,
)
from coursekit.nlp.tokens import covered
from coursekit.quiz import open_quiz

SECRET = "demo"  # another word draws other sentences, with other numbers
LEVEL = 0.95  # of every interval in this lab
quiz = open_quiz("07_negation")


def words(estimate, digits=2):
    """Write a value with its interval."""
    value, low, high = (
        f"{number:.{digits}f}"
        for number in (estimate.value, estimate.low, estimate.high)
    )
    return f"{value} ({low} to {high})"


# %% tags=["solution-only"]
# What the text says is checked in cells like this one. Students have none.
mrs_a = (
    "HPI: She denies chest pain and fever. Per interpreter, "
    '"there is an elephant sitting on my chest" since last night.\n'
    "FH: Brother had syncope.\nPlan: Return if headache."
)
listed = extract_by_rules(mrs_a, lexicon(lay=False), method="keyword")
assert [span[2] for span in listed] == ["chest pain", "fever", "syncope", "headache"]
assert {span[3] for span in listed} == {"present"}
assert [span[2:] for span in extract_by_rules(mrs_a)] == [
    ["chest pain", "absent"],
    ["fever", "absent"],
    ["chest pain", "present"],
    ["syncope", "family"],
    ["headache", "hypothetical"],
]

# %% [markdown]
# ## 1. Notes, and what is true of them
#
# Physicians, nurses, and physicians who speak through an interpreter have written these notes. Twelve
# symptoms are looked for. Each mention is a **span**: `[start, end, symptom, status]`. `start` and `end` are places in the
# note, `end` not included, so that `note[start:end]` is the wording. The **status** is one of six:
#
# | status | the note says | for example |
# |---|---|---|
# | `present` | the patient has it | "c/o cough" |
# | `absent` | the patient does not have it | "denies cough" |
# | `possible` | it is not sure | "? cough per EMS" |
# | `historical` | it was, and is over | "h/o cough in 2012" |
# | `hypothetical` | it may come | "return if cough" |
# | `family` | somebody else has it | "mother had cough" |
#
# `tune` holds the notes that you read while you write rules. `held_out` was written with **other sentences**,
# as another clinic would write them. You look at its numbers, and never read it to mend a rule.

# %%
tune = make_notes(300, secret=SECRET, role="tune")
held_out = make_notes(300, secret=SECRET, role="hidden")


def marked(note, note_spans):
    """Return a note with each span as [wording = status]."""
    for start, end, _, status in sorted(note_spans, reverse=True):
        note = f"{note[:start]}[{note[start:end]} = {status}]{note[end:]}"
    return note


by_nurse = int(np.flatnonzero(tune.groups["author_style"] == "nurse")[1])
print(marked(tune.X[by_nurse], tune.y[by_nurse]))

# %% [markdown]
# Everybody in these notes is invented, names and numbers too.
#
# **Exercise 1.** How often is each status written in `tune`? Put a dict or a pandas Series from status to count into
# `n_of_status`. `tune.y` has one list of spans a note.

# %% answer="counts"
n_of_status = pd.Series(
    [status for note_spans in tune.y for *_, status in note_spans]
).value_counts()

# %% check="counts"
assert set(dict(n_of_status)) == set(STATUSES), "There are six statuses."
assert sum(dict(n_of_status).values()) == sum(map(len, tune.y))
share_present = n_of_status["present"] / sum(dict(n_of_status).values())
print(
    f"{pd.Series(n_of_status).to_string()}\nshare that is present: {share_present:.2f}"
)

# %% tags=["solution-only"]
assert 0.45 < share_present < 0.60
assert n_of_status["absent"] > 3 * n_of_status["hypothetical"]

# %% [markdown]
# Only about half of the mentions are of a symptom that the patient has. A program that believes
# every word it finds is wrong in the other half.
#
# ## 2. Find the words, and keep their places
#
# A place in a note is the number of characters before it. It is lost as soon as the note is changed before the
# search, and "tidying up" changes it: `strip()` takes white space from the front; `lower()` makes *two* characters of the
# Turkish capital İ; other programs count bytes or pairs of bytes where Python counts characters, and an emoji is one
# character, but four bytes and two pairs.

# %%
note = "  İlkay Y., 61 😷 cough for a week."
found_at = {
    "as written": note.find("cough"),
    "after strip()": note.strip().find("cough"),
    "after lower()": note.lower().find("cough"),
    "in pairs of bytes": len(note[: note.find("cough")].encode("utf-16-le")) // 2,
    "in bytes": note.encode().find(b"cough"),
}
for how, start in found_at.items():
    print(f"{how:18} {start:3} -> {note[start : start + 5]!r}")

# %% tags=["solution-only"]
assert note[found_at["as written"] :].startswith("cough")
assert len(set(found_at.values())) == 4
assert found_at["after strip()"] == found_at["as written"] - 2
assert found_at["after lower()"] == found_at["as written"] + 1
assert found_at["in pairs of bytes"] == found_at["as written"] + 1
assert found_at["in bytes"] == found_at["as written"] + 4

# %% [markdown]
# Only one of the five shows "cough". With such a place the next doctor is shown another word, and a span that is one
# character off does not count as found.
#
# The other trap is the part of a word: *HA* is how a physician writes headache, and "has" begins with it.

# %%
anywhere = sum(note.lower().count("ha") for note in tune.X)
print(f'"ha" stands {anywhere} times in the notes of tune, upper or lower case')

# %% [markdown]
# **Exercise 2.** Write `find_word(note, word)`: the places `(start, end)` of a word in the note **as written**, in
# any case, whole words only. `re.finditer` with `re.IGNORECASE` searches without changing the note; `\b` is the edge
# of a word; `re.escape(word)` takes care of signs in it.


# %% answer="find_word"
def find_word(note, word):
    """Return the (start, end) of each place where a note has a word."""
    ### BEGIN SOLUTION
    pattern = rf"\b{re.escape(word)}\b"
    return [match.span() for match in re.finditer(pattern, note, re.IGNORECASE)]
    ### END SOLUTION


# %% check="find_word"
assert find_word(note, "COUGH") == [
    (found_at["as written"], found_at["as written"] + 5)
]
assert find_word("She has had HA, ha!", "ha") == [(12, 14), (16, 18)]
whole = [note[a:b] for note in tune.X for a, b in find_word(note, "ha")]
assert {each.lower() for each in whole} == {"ha"}
print(f"as a whole word it stands there {len(whole)} times")

# %% tags=["solution-only"]
assert anywhere > 10 * len(whole) > 0

# %% [markdown]
# The room `coursekit.nlp` does this for a whole **lexicon**, a list of wordings of each symptom: `find_mentions(note, lexicon())`
# returns `[start, end, symptom]`.
#
# Sections 3 to 6 ask one question only: given the right place, what does the note say? So each rule
# gets a sentence and the place of a mention in it, and returns a status. A table of all true mentions helps:


# %%
def around(note, start):
    """Return the sentence that holds a place, where it starts, and its section."""
    section = next(part for part in sections(note) if part.start <= start < part.end)
    first, last = next(line for line in sentences(note) if line[0] <= start < line[1])
    first = max(first, section.start)
    return note[first:last], first, section


def mentions_of(cohort):
    """Return one row a true mention: its sentence, its place in it, what is true."""
    rows = []
    for number, note in enumerate(cohort.X):
        kinds = cohort.truth.detail["wording"][number]
        true = cohort.truth.outcome[number]
        for (start, end, symptom, status), kind in zip(true, kinds, strict=True):
            sentence, first, section = around(note, start)
            place = (sentence, start - first, end - first)
            rows.append((*place, symptom, status, kind, section.kind, section.status))
    columns = "sentence start end symptom true wording section section_status"
    return pd.DataFrame(rows, columns=columns.split())


def judged(rule, table):
    """Return what a rule says of each mention."""
    places = zip(table["sentence"], table["start"], table["end"], strict=True)
    return np.array([rule(*place) for place in places])


def wrong_with(rows, rule, like):
    """Return the sentences that a rule gets wrong and that have these words."""
    wrong = rows[rows[rule] != rows["true"]].drop_duplicates("sentence")
    return wrong[wrong["sentence"].str.contains(like, case=False)]


def show(rows, rule, n=1, like=""):
    """Print the shortest of these sentences."""
    wrong = wrong_with(rows, rule, like)
    lengths = wrong["sentence"].str.len().sort_values(kind="stable")
    for row in wrong.loc[lengths.index[:n]].itertuples():
        text = row.sentence
        text = f"{text[: row.start]}[{text[row.start : row.end]}]{text[row.end :]}"
        print(f"{text.strip()}\n    true: {row.true}, {rule}: {getattr(row, rule)}")


mentions = mentions_of(tune)
print(len(mentions), "mentions")
mentions.head(3)

# %% [markdown]
# ## 3. Two quick rules
#
# **Keyword**: every symptom that is named is present. **Sentence**: it is absent if a negation
# ("no", "not", "denies", "without" ...) stands anywhere in the sentence.
#
# **Predict before you run.** For which share of all mentions is the status right? Which of the two rules is better?

# %%
my_guess_keyword, my_guess_sentence = 0.50, 0.70  # write your own guesses here

# %%
mentions["keyword"] = judged(keyword_status, mentions)
mentions["sentence_rule"] = judged(sentence_status, mentions)


def right(rule):
    """Return for which share of the mentions of tune a rule gives the true status."""
    return (mentions[rule] == mentions["true"]).mean()


print(f"keyword {right('keyword'):.2f}, sentence {right('sentence_rule'):.2f}")
denied = mentions["true"] == "absent"
show(mentions[denied], "keyword")
here = mentions["true"] == "present"
show(mentions[here], "sentence_rule", like=r"(?:denies|no) .*\bbut\b")
# %% tags=["solution-only"]
assert right("sentence_rule") < right("keyword")
assert len(wrong_with(mentions[here], "sentence_rule", r"(?:denies|no) .*\bbut\b"))
lost = (mentions["sentence_rule"] == "absent")[here].mean()
assert lost > 0.5
assert denied[mentions["sentence_rule"] == "absent"].mean() < 0.4  # of section 11

# %% [markdown]
# The keyword rule asserts what patients deny. The sentence rule is worse still: clinicians put what is
# there and what is not into one sentence, and more than half of the symptoms that patients *have* are called absent.
#
# ## 4. A window of words
#
# A negation usually stands shortly before what it negates. So: absent if a negation ends at most four words before
# the mention. Signs such as a comma count as words, too.
#
# For this and all later rules, `look` says where the mention is and which phrases of a list stand in the
# sentence, all counted in words: `(first, last)`, `last` not included.


# %% locked="look"
def look(sentence, start, end, phrases):
    """Return a mention as (first, last), and phrases found as (first, last, meaning).

    The longest phrase wins, and words of the mention belong to no phrase.
    """
    places = tokens(sentence)
    mention = covered(places, start, end)
    return mention, phrases.find(sentence, places, taken=range(*mention))


NEGATION_WORDS = [
    "no",
    "not",
    "denies",
    "denied",
    "without",
    "negative",
    "never",
    "w/o",
]
NEGATIONS = Phrases(dict.fromkeys(NEGATION_WORDS, "negation"))
print(look("Pt denies any fever.", 14, 19, NEGATIONS))

# %% [markdown]
# The mention is word 3 (words are counted from 0), and "denies" is word 1. Between them stands one word, "any".
#
# **Exercise 3.** Write the rule. `hits` are `(first, last, meaning)`. A negation counts if it stands before the mention, and
# fewer than `window` words stand between the two.


# %% answer="window"
def my_window(sentence, start, end, window=4):
    """Return "absent" or "present"."""
    # Begin with: mention, hits = look(sentence, start, end, NEGATIONS)
    ### BEGIN SOLUTION
    mention, hits = look(sentence, start, end, NEGATIONS)
    between = [mention[0] - last for _, last, _ in hits if last <= mention[0]]
    return "absent" if any(n < window for n in between) else "present"
    ### END SOLUTION


# %% check="window"
assert my_window("Pt denies any fever.", 14, 19) == "absent"
assert my_window("Pt has fever, no cough.", 7, 12) == "present"
assert my_window("No pain of the left knee, fever.", 26, 31) == "present"
mentions["window"] = judged(my_window, mentions)
same = mentions["window"] == judged(window_status, mentions)
assert same.all(), "The room's window_status says something else."
print(f"window {right('window'):.2f}; the same as the room's rule in all mentions")

# %% [markdown]
# **Predict before you run.** Four kinds of mistakes are left. Can you name two of them before you see them?

# %%
print("-- it does not stop at 'but':")
show(mentions[here], "window", like=r"\bbut\b(?! also)")
print("-- the negation stands after the symptom:")
show(mentions[denied], "window", like=r"denied|resolved|gone|ruled out")
print("-- the list is longer than the window:")
show(mentions[denied], "window", like=r"(?:denies|no|negative for)\b.*,.*,")
print("-- what is negated is something else:")
show(mentions[here], "window", like="no (?:change|increase|relief|significant)")
show(mentions[here], "window", like="not only")

# %% tags=["solution-only"]
assert right("window") > right("keyword") > right("sentence_rule")
for rows, like in (
    (mentions[here], r"\bbut\b(?! also)"),
    (mentions[denied], r"denied|resolved|gone|ruled out"),
    (mentions[denied], r"(?:denies|no|negative for)\b.*,.*,"),
    (mentions[here], "no (?:change|increase|relief|significant)"),
    (mentions[here], "not only"),
):
    assert len(wrong_with(rows, "window", like)), like

# %% [markdown]
# Each of the four has a name, and a remedy in **NegEx** [1]:
#
# | mistake | remedy |
# |---|---|
# | it does not stop | **terminators**: "but", "however", "except" end what a negation reaches |
# | negation after the symptom | triggers that reach **backward**: "was ruled out" |
# | long lists | a longer reach, its **scope** |
# | something else is negated | **pseudo-negations**: "no change", "not only" look like negations and are none |
#
# ## 5. Scopes
#
# A trigger has a direction, and reaches to the end of the sentence, or to the first terminator between it and
# the mention.
#
# **Exercise 4.** Write `reaches(trigger, direction, mention, stops)`. `trigger`, `mention` and each of `stops` are
# `(first, last)` in words. `direction` is `"forward"` (the mention stands after the trigger) or `"backward"`.


# %% answer="reaches"
def reaches(trigger, direction, mention, stops):
    """Return whether a trigger's scope holds a mention."""
    ### BEGIN SOLUTION
    if direction == "forward":
        first, last = trigger[1], mention[0]
    else:
        first, last = mention[1], trigger[0]
    stopped = any(first <= stop[0] and stop[1] <= last for stop in stops)
    return first <= last and not stopped
    ### END SOLUTION


# %% check="reaches"
# words:   0  1     2   3    4     5     6
#          No cough but some fever denied yesterday
assert reaches((0, 1), "forward", (1, 2), [(2, 3)])
assert not reaches((0, 1), "forward", (4, 5), [(2, 3)]), "'but' stands between."
assert reaches((0, 1), "forward", (4, 5), [])
assert reaches((5, 6), "backward", (4, 5), [(2, 3)]), "'but' is not between these."
assert not reaches((5, 6), "forward", (4, 5), []), "It stands after the mention."
assert not reaches((0, 1), "backward", (1, 2), [])
print("All six are right.")

# %% [markdown]
# Rules should be **data**, which a colleague can read and correct without reading the program. Here each phrase has a
# category and a direction; a terminator has the category that it ends.

# %% locked="categories"
FORWARD = ["no", "not", "denies", "denied", "without", "negative for", "never", "w/o"]
FORWARD += ["free of", "absence of", "does not have", "nor"]


def categories(sentence, start, end, triggers):
    """Return the categories of all triggers that reach a mention."""
    mention, hits = look(sentence, start, end, triggers)
    found = set()
    for a, b, (category, directions) in hits:
        if category in ("terminator", "pseudo"):
            continue
        stops = [hit[:2] for hit in hits if hit[2] in ends_of(category)]
        for direction in directions.split(" or "):
            if reaches((a, b), direction, mention, stops):
                found.add(category)
    return found


def ends_of(category):
    """Return the meanings of the terminators that end a category's scopes."""
    return ("terminator", category), ("terminator", "all")


def absent_or_present(sentence, start, end, triggers):
    """Return what the triggers say of a mention, with these two statuses only."""
    found = categories(sentence, start, end, triggers)
    return "absent" if "absent" in found else "present"


# %% [markdown]
# **Exercise 5.** Write three lists of at least three phrases: `backward`, `pseudo` and `terminators`, as in the table above. Look at the
# sentences that the window got wrong. A phrase that stands in the list FORWARD too, such as "denied", then reaches both ways. Since the longest phrase wins, "no change" covers the "no" in it.

# %% answer="triggers"
backward = ["denied", "was denied", "is absent", "are absent", "resolved", "gone"]
backward += ["was ruled out", "ruled out", "has stopped", "not at all", "is over"]
pseudo = ["no change", "no increase", "no improvement", "no significant improvement"]
pseudo += ["no relief", "not only", "not relieved", "gram negative", "not sleeping"]
pseudo += ["not improved", "does not deny", "not without", "no better", "cannot"]
pseudo += ["never free of", "never without", "not a day without", "not a day goes by"]
pseudo += ["did not mention", "no acute", "without any change"]
terminators = ["but", "however", "although", "though", "except", "apart from", "yet"]
terminators += ["reports", "states", "has", "still", "aside from", "other than"]
terminators += ["says", "remains", "also", "followed by", "is", "now", "then", "only"]

# %% check="triggers"
MINE = (
    dict.fromkeys(FORWARD, ("absent", "forward"))
    | dict.fromkeys(backward, ("absent", "backward"))
    | dict.fromkeys({*FORWARD} & {*backward}, ("absent", "forward or backward"))
    | dict.fromkeys(pseudo, ("pseudo", ""))
    | dict.fromkeys(terminators, ("terminator", "absent"))
)
MY_TRIGGERS = Phrases(MINE)


def my_scopes(sentence, start, end):
    """Return "absent" or "present", with scopes."""
    return absent_or_present(sentence, start, end, MY_TRIGGERS)


assert min(map(len, (backward, pseudo, terminators))) >= 3, "Three of each."
assert my_scopes("No cough but fever.", 13, 18) == "present"
assert my_scopes("Fever was denied.", 0, 5) == "absent"
assert my_scopes("No change in edema.", 13, 18) == "present"
assert (
    my_scopes("Denies cough, chest pain, nausea, edema or fever.", 43, 48) == "absent"
)
mentions["scopes"] = judged(my_scopes, mentions)
mentions["negex"] = judged(negex_status, mentions)
two = mentions[here | denied]  # the mentions that NegEx is made for


def right_of_two(rule):
    """Return the share that is right among mentions that are present or absent."""
    return (two[rule] == two["true"]).mean()


for rule in ("keyword", "sentence_rule", "window", "negex", "scopes"):
    print(f"{rule:14} {right_of_two(rule):.2f}")
assert right_of_two("scopes") > right_of_two("window"), "Add phrases."

# %% [markdown]
# `negex` is the room's NegEx: its lists are longer than yours, but every trigger reaches five words at most. How
# far triggers without that limit reach in a sentence:


# %%
def draw_scopes(sentence, triggers, ax):
    """Draw how far each trigger of a sentence reaches."""
    places = tokens(sentence)
    found = triggers.find(sentence, places)
    stops = [(a, b) for a, b, (category, _) in found if category == "terminator"]
    for start, end in places:
        ax.text((start + end) / 2, 0, sentence[start:end], ha="center", va="center")
    row = 0
    for a, b, (category, direction) in found:
        edges = [places[a][0], places[b - 1][1]]
        style = {"absent": "-", "pseudo": ":", "terminator": "--"}[category]
        ax.plot(edges, [-0.5, -0.5], style, color="black", linewidth=2)
        ax.text(np.mean(edges), -0.9, category, ha="center", fontsize=8)
        if category != "absent":
            continue
        row += 1
        one_word = [(n, n + 1) for n in range(len(places)) if not a <= n < b]
        reached = [w for w in one_word if reaches((a, b), direction, w, stops)]
        reached = [places[n] for n, _ in reached if (n, n + 1) not in stops]
        ends = min(p[0] for p in reached), max(p[1] for p in reached)
        ax.plot(ends, [0.3 + 0.3 * row] * 2, color="#0072B2", linewidth=4)
    ax.set(ylim=(-1.3, 1.5), xlim=(-2, len(sentence) + 2))
    ax.axis("off")


SHOWN = "No change in edema but denies cough, fever; however chest pain was ruled out."
SHOWN_TRIGGERS = {
    "no change": ("pseudo", ""),
    "denies": ("absent", "forward"),
    "was ruled out": ("absent", "backward"),
    "but": ("terminator", "absent"),
    "however": ("terminator", "absent"),
}
_, ax = plt.subplots(figsize=(9, 1.8), layout="constrained")
draw_scopes(SHOWN, Phrases(SHOWN_TRIGGERS), ax)
plt.show()

# %% [markdown]
# *Figure: a sentence with its triggers underlined. "No change" is marked as pseudo and reaches nothing. "But" and "however" are
# terminators. A thick line runs from behind "denies" over cough and fever to "however"; a second runs
# from behind "however" over chest pain to "was ruled out".*

# %%
print("-- NegEx, the end of a list is out of reach:")
show(mentions[denied], "negex", like=",.*,")
print("-- your scopes, still wrong:")
show(mentions[here], "scopes", n=3)
print("-- NegEx has no words for these:")
for status in ("historical", "hypothetical", "family"):
    show(mentions[mentions["true"] == status], "negex")

# %% [markdown]
# NegEx knows absent, possible, and everything else. It says *present* of what a relative has, of what is long over, and
# of that for which the patient should come back.
#
# ## 6. Who, when, and if: ConText
#
# **ConText** [2] uses the same machine for more questions: *whose* symptom is it, *when* was it, *has it happened at all*? So
# the categories become more, and the machine stays as it is.
#
# A mention may lie in several scopes: "no family history of syncope" has *absent* and *family*. The first category of
# `STATUS_ORDER` is what counts here; nobody is said to have had it.

# %% locked="context_phrases"
STATUS_ORDER = ("absent", "family", "hypothetical", "historical", "possible")
FROM_HERE = {
    "historical": "h/o,history of,hx of,prior,previous,previously,remote,s/p,long ago",
    "hypothetical": "if,return for,come back for,in case of,in the event of,should,prn,"
    "prn for,call with,call with any,watch for,risk of,notify md for,seek care for",
    "possible": "possible,possibly,perhaps,might,may,could be,?,unclear,unsure,not sure,"
    "cannot rule out,concerning for,suggestive of,questionable",
}
UP_TO_HERE = {
    "historical": "years ago,as a child,in the past",
    "hypothetical": "recurs",
    "possible": "is suspected,not excluded,cannot be excluded",
}
CONTEXT = {
    **MINE,
    **{p: (c, "forward") for c, text in FROM_HERE.items() for p in text.split(",")},
    **{p: (c, "backward") for c, text in UP_TO_HERE.items() for p in text.split(",")},
    **{f"in {y}": ("historical", "forward or backward") for y in range(1990, 2025)},
    **dict.fromkeys(["but", "however", "although"], ("terminator", "all")),
}

# %% [markdown]
# **Exercise 6.** Two things are missing. *a)* Phrases for `family`, in two lists: `kin_before`, those that stand before the symptom ("mother"), and
# `kin_behind`, those behind it ("runs in the family"). *b)* What `my_context` returns: the first category of `STATUS_ORDER` that is in `found`, or
# else `default`.

# %% answer="context"
### BEGIN SOLUTION
kin_before = ["mother", "father", "sister", "brother", "aunt", "uncle", "grandmother"]
kin_before += ["grandfather", "cousin", "relatives", "family history of", "fam hx"]
kin_behind = [
    "runs in the family",
    "in his mother",
    "in her mother",
    "on the mother's side",
]
kin_behind += [
    f"in {whose} {who}" for whose in ("his", "her") for who in kin_before[1:9]
]
### END SOLUTION


def my_context(sentence, start, end, default="present"):
    """Return one of six statuses."""
    # Begin with: found = categories(sentence, start, end, MY_CONTEXT)
    ### BEGIN SOLUTION
    found = categories(sentence, start, end, MY_CONTEXT)
    return next((category for category in STATUS_ORDER if category in found), default)
    ### END SOLUTION


# %% check="context"
MY_CONTEXT = Phrases(
    CONTEXT
    | dict.fromkeys(kin_before, ("family", "forward"))
    | dict.fromkeys(kin_behind, ("family", "backward"))
)
assert my_context("Mother had syncope.", 11, 18) == "family"
assert my_context("Syncope runs in the family.", 0, 7) == "family"
assert my_context("No syncope in her mother.", 3, 10) == "absent", (
    "Mind the STATUS_ORDER."
)
assert my_context("Return if fever.", 10, 15) == "hypothetical"
assert my_context("Fever.", 0, 5, default="historical") == "historical"
assert my_context("Fever.", 0, 5) == "present"
mentions["mine"] = judged(my_context, mentions)
of_relatives = mentions["true"] == "family"
heard = (mentions["mine"] == "family")[of_relatives].mean()
assert heard > 0.6, "Add relatives, and ways to speak of them."
print(
    f"your ConText: {right('mine'):.2f} of all mentions, {heard:.2f} of the relatives'"
)

# %% [markdown]
# ### Sections
#
# A note has headings, and a heading says something of all that stands below it: under *PMH* (past medical
# history) it was, under *FH* it is a relative's. `sections(note)` finds them, and `section.status` is the `default` for a
# mention to which no trigger reaches.

# %%
mentions["mine"] = [
    my_context(*place)
    for place in mentions[["sentence", "start", "end", "section_status"]].to_numpy()
]
mentions["context"] = [
    context_status(*place[:3], default=place[3])
    for place in mentions[["sentence", "start", "end", "section_status"]].to_numpy()
]
no_section = judged(context_status, mentions)
helped = (mentions["context"] == mentions["true"]) & (no_section != mentions["true"])
for row in mentions[helped].drop_duplicates("section").itertuples():
    wording = row.sentence[row.start : row.end]
    print(f"under {row.section}: {row.sentence.strip()!r}: {wording} is {row.true}")
for rule in ("keyword", "sentence_rule", "window", "negex", "mine", "context"):
    print(f"{rule:14} {right(rule):.2f}")

# %% tags=["solution-only"]
assert helped.sum() > 5
assert right("context") > right("negex") + 0.08
assert right("mine") > right("negex") + 0.05

# %% [markdown]
# ConText is not the end either: it is wrong in about one mention of twenty. What does the room's get wrong?

# %%
print("-- denied twice:")
show(mentions[here], "context", like="not a day|cannot be denied")
print("-- nothing in its list ends the scope:")
show(mentions[here], "context", like=r"w/o .* also|although")
print("-- PRN is written of a drug, not of the symptom:")
show(mentions[here], "context", like="PRN meds")
print("-- a verb at the end of the list:")
show(mentions[denied], "context", like="denied|gone")
# %% tags=["solution-only"]
for rows, like in (
    (mentions[here], "not a day|cannot be denied"),
    (mentions[here], r"w/o .* also|although"),
    (mentions[here], "PRN meds"),
    (mentions[denied], "denied|gone"),
):
    assert len(wrong_with(rows, "context", like)), like
assert 0.94 < right("context") < 0.97

# %% [markdown]
# Each could be mended with one more phrase, and the next note brings another.

# %% [markdown]
# ## 7. Names that look like symptoms
#
# Mr. Payne, Mrs. Fevers, Dr. Burns, Feverfew Lane: an identifier in a list of symptoms is wrong twice. It is no
# symptom, and it tells who the patient is to everybody who gets the list. (PHI is the American term: protected health information.)

# %%
CLINICIAN = lexicon(lay=False)  # the wordings that clinicians use


def identifiers_marked(cohort, extracted):
    """Return the wordings of the spans that touch an identifier, with their line."""
    return [
        (note[span[0] : span[1]], note[: span[1]].splitlines()[-1])
        for note, note_spans, private in zip(
            cohort.X, extracted, cohort.truth.detail["phi"], strict=True
        )
        for span in note_spans
        if any(spans.overlaps(span, each) for each in private)
    ]


before = identifiers_marked(tune, [find_mentions(note, CLINICIAN) for note in tune.X])
name, line = before[0]
print(
    f"{len(before)} in tune; the first, taken for {find_mentions(name)[0][2]}: {line!r}"
)

# %% [markdown]
# `find_phi(note)` finds names, dates, numbers and
# addresses by rules of their own ("Mrs.", "Pt:", "MRN"), as `[start, end, kind]`.
#
# **Exercise 7.** Put the program together. For each mention that `find_mentions` returns: skip it if it shares
# a character with an identifier; else append `[start, end, symptom, status]`. `around(note, start)` gives the
# sentence, where in the note the sentence starts, and the section.


# %% answer="extract"
def my_extract(note, phrases):
    """Return the spans [start, end, symptom, status] of a note."""
    # Begin with: identifiers, found = find_phi(note), []
    ### BEGIN SOLUTION
    identifiers, found = find_phi(note), []
    for start, end, symptom in find_mentions(note, phrases):
        if any(start < last and first < end for first, last, _ in identifiers):
            continue
        sentence, at, section = around(note, start)
        status = my_context(sentence, start - at, end - at, section.status)
        found.append([start, end, symptom, status])
    return found
    ### END SOLUTION


# %% check="extract"
named = "Pt: Ruth Fevers\nFH: syncope\nROS: 🙂 no cough, seen by Dr. Fevers, fever."
assert my_extract(named, CLINICIAN) == [
    [20, 27, "syncope", "family"],
    [38, 43, "cough", "absent"],
    [65, 70, "fever", "absent"],
], "Compare places, statuses and identifiers."


mine_tune = [my_extract(note, CLINICIAN) for note in tune.X]
after = identifiers_marked(tune, mine_tune)
print(f"identifiers marked as symptoms: {len(before)} before, {len(after)} after")

# %% tags=["solution-only"]
assert len(before) > 5
assert not after
assert "Fevers" in dict(before)

# %% [markdown]
# None is left here. Do not trust this in your hospital: the rules know a name by what stands beside it ("Mr.", "Pt:", ", MRN"),
# and these notes write names in a few ways only. Before real notes leave a hospital, people must check.
#
# ## 8. Other sentences
#
# A colleague is faster than you. He lets the program learn from `tune` which status goes with the two words before and the two words behind a
# mention, and looks them up. No trigger, no scope.
#
# **Predict before you run.** For which share of the mentions does he give the right status: in `tune`, and in
# `held_out`?

# %%
my_guess_by_heart = {"tune": 0.90, "held out": 0.85}


# %%
def neighbours(sentence, start, end):
    """Return the two words before a mention and the two words behind it."""
    places = tokens(sentence)
    first, last = covered(places, start, end)
    near = [*places[max(0, first - 2) : first], (start, start)]
    near += places[last : last + 2]
    return tuple(sentence[a:b].lower() for a, b in near)


learnt = {}
for row in mentions.itertuples():
    learnt.setdefault(neighbours(row.sentence, row.start, row.end), []).append(row.true)
learnt = {near: max(said, key=said.count) for near, said in learnt.items()}

in_other_sentences = mentions_of(held_out)
RULES = {
    "keyword": lambda *place: "present",
    "window": lambda *place: my_window(*place[:3]),
    "NegEx": lambda *place: negex_status(*place[:3]),
    "your ConText": my_context,
    "the room's ConText": lambda *place: context_status(*place[:3], default=place[3]),
    "by heart": lambda *place: learnt.get(neighbours(*place[:3]), "present"),
}


def share_right(rule, table):
    """Return the share of the mentions with the right status."""
    places = table[["sentence", "start", "end", "section_status"]].to_numpy()
    return np.mean([rule(*place) for place in places] == table["true"])


by_rule = pd.DataFrame(
    {
        name: {rule: share_right(how, table) for rule, how in RULES.items()}
        for name, table in (("tune", mentions), ("held out", in_other_sentences))
    }
)
by_rule.round(2)

# %% tags=["solution-only"]
print(by_rule.round(3))
assert by_rule["tune"]["by heart"] == by_rule["tune"].max() > 0.97
assert abs(by_rule["held out"]["by heart"] - by_rule["held out"]["keyword"]) < 0.08
assert by_rule["held out"]["by heart"] < by_rule["held out"]["window"]
lost = (by_rule["tune"] - by_rule["held out"]).drop("by heart")
assert 0 < lost.max() < 0.035

# %% [markdown]
# In the sentences he has seen he beats everybody, the room's rules too. In others hardly anything is left but the keyword.
# Rules lose a little, up to three in a hundred here: yours were written for sentences like those of `tune`, but a trigger with a scope holds in many
# sentences. The feedback `TEMPLATES-BY-HEART` of the assignment is for his kind of loss.
#
# ## 9. How good is it as a whole?
#
# Now find and judge together. We count three things:
#
# - **macro-F1, strict**: a span is right with both ends, symptom and status. F1 is the harmonic mean of precision (which share of
#   your spans is right) and recall (which share of the true spans you have); macro: of each symptom, then their mean.
# - **relaxed**: an overlap with the right symptom and status is enough.
# - **false assertions**: the share of the *absent* mentions that you call present.


# %%
def extract_all(cohort, method, phrases):
    """Return the spans that a method finds in all notes."""
    if method == "mine":
        return [my_extract(note, phrases) for note in cohort.X]
    return [extract_by_rules(note, phrases, method) for note in cohort.X]


def measures(cohort, extracted):
    """Return the three measures, with intervals by patient."""
    more = {"patient": cohort.patient, "level": LEVEL}
    true = cohort.truth.outcome
    return {
        "strict F1": spans.macro_f1_interval(true, extracted, **more),
        "relaxed F1": spans.macro_f1_interval(true, extracted, relaxed=True, **more),
        "false assertions": spans.false_assertion_rate(true, extracted, **more),
    }


METHODS = ("keyword", "sentence", "window", "negex", "context", "mine")
cohorts = {"tune": tune, "held out": held_out}
extracted = {
    (name, method): extract_all(cohort, method, CLINICIAN)
    for name, cohort in cohorts.items()
    for method in METHODS
}
scores = {key: measures(cohorts[key[0]], each) for key, each in extracted.items()}
score_table = pd.DataFrame(scores).T.map(words)
score_table

# %% tags=["solution-only"]
for name in cohorts:
    strict = {m: scores[name, m]["strict F1"].value for m in METHODS}
    assert min(strict, key=strict.get) == "sentence"
    assert strict["context"] > strict["negex"] > strict["window"]
    assert strict["window"] > strict["keyword"]
    assert all(scores[name, m]["relaxed F1"].value > strict[m] for m in METHODS)
    wrong = {m: scores[name, m]["false assertions"].value for m in METHODS}
    assert max(wrong, key=wrong.get) == "keyword"
    assert wrong["context"] < 0.10 < wrong["window"]
    assert 0.5 < strict["context"] < 0.7
    assert strict["negex"] < strict["mine"] < 0.7
    assert wrong["sentence"] < 0.15
print(score_table.to_string())

# %% [markdown]
# Apart from the sentence rule, each step of sections 3 to 6 is better than the one before. The sentence rule asserts little that was denied, since it asserts
# little at all: look at its F1.
#
# Strict and relaxed differ where only a part of the wording is found. Here is one:

# %%
halves = [
    (note, span, other)
    for note, true, said in zip(
        tune.X, tune.truth.outcome, extracted["tune", "context"], strict=True
    )
    for span in true
    for other in said
    if spans.agrees(span, other, relaxed=True) and span != other
]
note, span, other = halves[0]
print(f"true {note[span[0] : span[1]]!r}, found {note[other[0] : other[1]]!r}")

# %% [markdown]
# A next doctor can live with that, a program that replaces the wording cannot. Report both.
#
# And no method comes near 1. Are the rules for the status to blame? In section 6 ConText was right in nineteen mentions
# of twenty. Something else is missing.
#
# ## 10. Who is not heard
#
# So far the program knew the wordings of clinicians. Patients say "I can't catch my breath", and some notes
# write it down as they say it.
#
# **Exercise 8.** Put the recall of clinicians' wording and of lay wording into `recall_by_wording`, for the room's ConText on
# `held_out`. `found` has one 0 or 1 a true mention (found, with its symptom and status), and `wording`
# is `"clinician"` or `"lay"`.


# %%
def found_mentions(cohort, predicted):
    """Return for each true mention 1 if it is found with its status, else 0."""
    true = cohort.truth.outcome
    hits = [
        spans.found_in_note(one, other, relaxed=True)
        for one, other in zip(true, predicted, strict=True)
    ]
    return np.concatenate(hits).astype(int)


n_in_note = [len(note_spans) for note_spans in held_out.truth.outcome]
wording = np.concatenate([np.array(w) for w in held_out.truth.detail["wording"]])
author = np.repeat(held_out.groups["author_style"].to_numpy(), n_in_note)
patient = np.repeat(held_out.patient, n_in_note)
found = found_mentions(held_out, extracted["held out", "context"])

# %% answer="heard"
recall_by_wording = pd.Series(found).groupby(wording).mean()

# %% check="heard"
assert set(dict(recall_by_wording)) == {"clinician", "lay"}
assert found.sum() == sum(
    recall_by_wording[kind] * (wording == kind).sum() for kind in ("clinician", "lay")
)
gap = gaps.gap_interval(
    np.ones_like(found), found, wording, "sensitivity", patient=patient, level=LEVEL
)
print(f"{pd.Series(recall_by_wording).round(2).to_string()}\ngap {words(gap)}")

# %% [markdown]
# Of what patients say in their own words nearly nothing is found. It is not that the rules judge it wrongly: they never get to
# see it.
#
# The room has lay wordings too, in `lexicon()`, written down by people who had thought about how patients speak.


# %%
def recall_rows(predicted, kinds):
    """Return recall with its interval for each kind of mention."""
    found = found_mentions(held_out, predicted)
    table = groups.group_table(
        np.ones_like(found), found, kinds, patient=patient, level=LEVEL
    )
    return table[["sensitivity", "sensitivity_low", "sensitivity_high"]]


both = [extract_by_rules(note, lexicon()) for note in held_out.X]
LOOKS = {
    "clinicians' lexicon": (extracted["held out", "context"], "#0072B2", "o", 0.12),
    "with lay wordings": (both, "#D55E00", "s", -0.12),
}
_, axes = plt.subplots(1, 2, figsize=(9, 2.6), sharex=True, layout="constrained")
recalls = {}
for ax, kinds, title in zip(
    axes, (wording, author), ("wording", "author"), strict=True
):
    for label, (predicted, colour, marker, shift) in LOOKS.items():
        table = recall_rows(predicted, kinds)
        recalls[title, label] = table
        value, low, high = table.to_numpy().T
        at = np.arange(len(table)) + shift
        reach = [value - low, high - value]
        ax.errorbar(value, at, xerr=reach, fmt=marker, color=colour, label=label)
    ax.set_yticks(range(len(table)), table.index)
    ax.set(xlim=(0, 1), ylim=(-0.5, len(table) - 0.5), xlabel="recall", title=title)
axes[0].legend(fontsize=8, loc="lower center")
plt.show()

# %% [markdown]
# *Figure: recall with 95 % intervals on the held-out notes, for clinicians' lexicon (circles) and with lay wordings (squares). Left, by
# wording: clinicians' wording is found in nine of ten mentions with either; lay wording in one of
# fifteen with the first, and in nearly six of ten with the second. Right, by author: with the first, recall is highest in physicians' notes,
# lower in nurses' and lowest where an interpreter was needed; with the second the three are closer, in the same order.*

# %%
gap_both = gaps.gap_interval(
    np.ones_like(found),
    found_mentions(held_out, both),
    wording,
    "sensitivity",
    patient=patient,
    level=LEVEL,
)
print(f"gap clinician - lay: {words(gap)}; with lay wordings {words(gap_both)}")
all_missed = [
    note[start:end]
    for note, note_spans, kinds in zip(
        tune.X, tune.truth.outcome, tune.truth.detail["wording"], strict=True
    )
    for (start, end, *_), kind in zip(note_spans, kinds, strict=True)
    if kind == "lay" and not find_mentions(note[start:end], lexicon())
]
print("still unknown, in tune:", pd.Series(all_missed).value_counts().head(8).to_dict())

# %% tags=["solution-only"]
by_wording = recalls["wording", "clinicians' lexicon"]["sensitivity"]
assert by_wording["clinician"] > 0.8
assert by_wording["lay"] < 0.10
assert gap.low > 0.5
seen = [
    any(spans.overlaps(span, said) for said in extracted_spans)
    for true, extracted_spans in zip(
        held_out.truth.outcome, extracted["held out", "context"], strict=True
    )
    for span in true
]
assert np.mean(np.array(seen)[wording == "lay"]) < 0.10
which = np.array([span[2] for true in held_out.truth.outcome for span in true])
shares = pd.crosstab(which, author, normalize="columns")
assert np.ptp(shares.to_numpy(), axis=1).max() < 0.06
lay_by_author = pd.Series(wording == "lay").groupby(author).mean()
assert lay_by_author.idxmax() == "interpreter"
assert lay_by_author["interpreter"] > 0.5
by_wording = recalls["wording", "with lay wordings"]["sensitivity"]
assert by_wording["clinician"] > 0.8
assert 0.45 < by_wording["lay"] < 0.65
assert 0.15 < gap_both.low < gap_both.value < gap.low
for label in LOOKS:
    by_author = recalls["author", label]["sensitivity"]
    assert by_author["physician"] > by_author["nurse"] > by_author["interpreter"]
spread = {k: np.ptp(recalls["author", k]["sensitivity"]) for k in LOOKS}
assert spread["with lay wordings"] < 0.7 * spread["clinicians' lexicon"]

# %% [markdown]
# With lay wordings far more is heard, and a gap stays: nobody can think of all that people say. And it is the patients who
# speak through an interpreter, whose notes are most often in their own words, who are heard least. (Which
# symptoms the patients of these notes have does not depend on who writes. What differs is how it is said.)
#
# A macro-F1 over all notes shows none of this. `NOT-HEARD` is the feedback for such a gap in the
# assignment. In **lab 8** a program learns wordings from notes in which people have marked them, and you
# will ask whether those people marked what patients said.
#
# ## 11. Real sentences
#
# Drawn notes have a limit: their sentences were written by the people who also wrote the rules, or who know the same papers. So the
# room's ConText was asked about real ones, the NegEx test set: sentences of reports, in each a concept, marked as
# negated or affirmed. From a clone of coursekit, with that file:
#
#     python benchmarks/negation.py --data FILE
#
# The corpus has two halves. One lay open while the rules were written: 1,091 sentences, 213 of them negated. It is what `tune` was for
# you. (`--rule` takes the other rules of the room.) Of the negated ones:
#
# | rule | precision | recall | F1 |
# |---|---|---|---|
# | any negation in the sentence | 0.80 | 0.97 | 0.87 |
# | window of four words | 0.99 | 0.82 | 0.89 |
# | NegEx, five words | 1.00 | 0.89 | 0.94 |
# | ConText | 1.00 | 0.99 | 0.99 |
#
# Read this table with two doubts. *First*, the 0.99 may be too good: whoever wrote the rules could read these sentences. A fair figure
# comes from the other half, which was kept closed, and it is not known here. *Second*, the rule that was
# worst on our notes does quite well on real ones. Where one of these real sentences has a negation, the concept is negated in four of five
# cases (the precision in the first line); in our notes in fewer than four of ten, because they were drawn to show each trap. How common
# traps are can only be counted in notes of your own hospital.
#
# What the corpus does not ask: who, when and if, the finding of words, lay wording, and who is not heard.

# %% [markdown]
# ## 12. Check yourself
#
# Call `quiz("name")` to read a question, `quiz("name", answer="a")` to answer. Nothing is
# recorded.

# %%
quiz("statuses")

# %% answer="quiz_statuses"
quiz("statuses", answer="c")

# %%
quiz("places")

# %% answer="quiz_places"
quiz("places", answer="b")

# %%
quiz("scope")

# %% answer="quiz_scope"
quiz("scope", answer="a")

# %%
quiz("pseudo")

# %% answer="quiz_pseudo"
quiz("pseudo", answer="b")

# %%
quiz("held_out")

# %% answer="quiz_held_out"
quiz("held_out", answer="c")

# %%
quiz("heard")

# %% answer="quiz_heard"
quiz("heard", answer="a")

# %% [markdown]
# ## Take-away
#
# - A symptom that is named is present in about half of the cases. Ask also whose it is, when, and whether it has happened.
# - Never change a note before you search it. Compare words, not parts of words.
# - A negation reaches as far as its scope: find what ends it, what stands behind, and what only looks like one.
# - Rules are data; the machine stays small.
# - Headings tell whose and when. Names look like symptoms: keep clear of them.
# - Judge rules on sentences that you did not read while you wrote them.
# - One figure over all notes hides who is not heard. Measure recall by wording and by author.
#
# ## References
#
# 1. Chapman WW, Bridewell W, Hanbury P, Cooper GF, Buchanan BG. A simple algorithm for
#    identifying negated findings and diseases in discharge summaries. *Journal of
#    Biomedical Informatics* 2001;34:301-310.
# 2. Harkema H, Dowling JN, Thornblade T, Chapman WW. ConText: an algorithm for determining
#    negation, experiencer, and temporal status from clinical reports. *Journal of
#    Biomedical Informatics* 2009;42:839-851.
