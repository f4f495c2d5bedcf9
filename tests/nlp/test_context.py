import pytest

from coursekit.nlp import Phrases, context_status, read_triggers

SENTENCES = """
absent       | Denies fever, chills, sweats, rash, weight loss, headache or *cough*.
absent       | Lungs clear without wheezes or *cough*.
absent       | *Cough* was ruled out.
absent       | *Cough*: denies
absent       | *Cough* is not present.
absent       | Review of systems is negative for fever and *cough*.
absent       | No family history of *syncope*.
absent       | *Cough* denied when asked.
absent       | Denies chest pain after meals, rash or *cough*.
absent       | Her mother says he has had no *cough*.
absent       | *Chest pain* free since Monday
absent       | + fever, - *cough*
absent       | She doesn’t have a *cough*
present      | No fever, but a *cough*.
present      | No fever; has a *cough*.
present      | No symptoms other than *cough*
present      | No change in *cough*.
present      | No relief of *headache* with rest.
present      | Not only fever but *cough*.
present      | *Headache* is not relieved by rest.
present      | *Cough* without fever.
present      | Mother reports a *cough* for two days.
present      | Per her daughter, *fever* at home.
present      | 67 year old man with *cough*
present      | *Fever* over the past week.
present      | History of CAD, presents with *chest pain*.
present      | *Nausea* is likely due to metformin.
present      | Does not deny *cough*.
present      | Never free of *headache*.
present      | There is no increase in *edema*.
present      | Abdomen non-tender, *edema* of both legs
possible     | Cannot rule out *syncope*.
possible     | *Syncope* cannot be excluded.
possible     | ?*syncope*
possible     | Unclear whether she had *syncope*
possible     | *Syncope* vs seizure
historical   | h/o *syncope* in 2010
historical   | *Syncope* two years ago.
historical   | In the past she had *palpitations*.
historical   | The *cough* has resolved.
hypothetical | Return if *fever* or worse pain.
hypothetical | Tylenol as needed for *headache*.
hypothetical | Call for chest pain, *dyspnea* or bleeding.
hypothetical | Lisinopril can cause *cough*.
family       | Mother had *syncope* at 40.
family       | Family history of *syncope* in two brothers
family       | *Headaches* run in the family.
family       | *Syncope* in her father
"""


def asked(marked):
    """Return a sentence without its stars, and where they stood."""
    before, mention, after = marked.split("*")
    return before + mention + after, len(before), len(before + mention)


@pytest.mark.parametrize("line", SENTENCES.strip().splitlines())
def test_a_mention_has_the_status_that_a_reader_gives_it(line):
    status, marked = (part.strip() for part in line.split("|"))
    assert context_status(*asked(marked)) == status


def test_a_section_decides_only_where_no_trigger_does():
    assert context_status(*asked("*syncope*"), default="historical") == "historical"
    assert (
        context_status(*asked("possible *syncope*"), default="historical") == "possible"
    )
    assert context_status(*asked("no *syncope*"), default="historical") == "absent"
    assert context_status(*asked("possible *syncope*"), default="family") == "family"


def test_own_triggers_replace_those_of_the_room():
    toml = '[[group]]\ncategory = "absent"\nscope = 2\nphrases = ["kein"]'
    german = Phrases(read_triggers(toml))
    assert context_status(*asked("kein *Husten*"), triggers=german) == "absent"
    assert context_status(*asked("kein a b *Husten*"), triggers=german) == "present"
    assert context_status(*asked("no *Husten*"), triggers=german) == "present"
