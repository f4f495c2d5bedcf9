"""What professors and students read: the page of marks, the feedback, the check."""

from dataclasses import asdict, replace

import numpy as np
import pytest

from coursekit.errors import BadInput, CoursekitError, NotHandedIn
from coursekit.grading import handin
from coursekit.grading.asking import ask
from coursekit.grading.codes import catalogue
from coursekit.grading.explain import MARKER, mark_page
from coursekit.grading.feedback import cell_outputs, in_short
from coursekit.grading.holdout import draw_function_inputs
from coursekit.grading.limits import from_mapping
from coursekit.grading.patients import Patients
from coursekit.grading.score import score
from coursekit.grading.scorer import unscored
from coursekit.grading.serving import servings


def test_the_page_shows_every_criterion_with_this_courses_numbers(rehearsed):
    page = mark_page(rehearsed.lock)
    assert page.startswith(MARKER)
    for each in rehearsed.lock.criteria:
        assert each.label in page
    auroc = next(each for each in rehearsed.lock.criteria if each.id == "auroc")
    assert f"| {auroc.floor:.3f} | {auroc.full:.3f} |" in page
    assert "18% to 22%" in page
    assert "We saw a gap of 0.100" in page


def test_the_page_tells_every_limit_also_those_that_the_rubric_leaves_out(rehearsed):
    page = mark_page(rehearsed.lock)
    most = from_mapping(rehearsed.lock.limits)
    assert "300 s for the whole notebook" in page
    assert "2,000 MB of memory for all you start" in page
    for name, value in asdict(replace(most, threads=7)).items():
        told = mark_page(
            replace(rehearsed.lock, limits={**rehearsed.lock.limits, name: value})
        )
        assert f"{value:,}" in told or f"{value:g}" in told, name
    assert "one thread" in page


def test_the_page_leads_from_the_local_check_to_the_mark(rehearsed):
    lock, cohorts = rehearsed.lock, rehearsed.lock.cohorts
    assert "**From the local check to your mark.**" in mark_page(lock)
    four_times = {**cohorts, "hidden": 4 * cohorts["check"]}
    page = mark_page(replace(lock, cohorts=four_times))
    assert "move it 0.50 of the way to the better end" in page
    assert "0.50 of the way from 0.100 to 0.068 is 0.084" in page


def test_the_page_guesses_nothing_where_hidden_patients_are_of_another_kind(rehearsed):
    lock = rehearsed.lock
    criteria = (replace(lock.criteria[0], hidden_only=True), *lock.criteria[1:])
    page = mark_page(replace(lock, criteria=criteria))
    assert "who differ from the check patients" in page
    assert "of the way" not in page


def test_the_page_says_what_the_local_check_does_not_test_and_its_price(rehearsed):
    page = mark_page(rehearsed.lock)
    unseen = page.partition("does not test")[2].splitlines()
    price = {
        probe.code: next(line for line in unseen if f"`{probe.code}`" in line)
        for probe in rehearsed.lock.probes
    }
    assert "all 40 accuracy points are lost" in price["LEAK-POSTDISCH"]
    assert "costs nothing by itself" in price["OVERFIT"]
    assert "costs nothing by itself" in price["TUNED-ON-CHECK"]


def test_every_feedback_code_has_its_three_texts():
    for code, texts in catalogue().items():
        assert set(texts) == {"title", "why", "hint"}, code


def test_every_code_of_the_rubric_is_in_the_catalogue(rehearsed):
    lock = rehearsed.lock
    codes = {each.low_code for each in lock.criteria} | {
        each.code for each in lock.probes
    }
    codes |= {mistake.code for each in lock.answers for mistake in each.mistakes}
    assert codes - {None} <= set(catalogue())


def test_feedback_tells_points_interval_and_what_to_do(rehearsed):
    text, html = cell_outputs(rehearsed.records["biased"], "fairness")
    assert text.startswith("fairness: ")
    assert "We saw a gap of" in text
    assert "MISSED-IN-GROUP" in text
    assert "Hint:" in text
    assert "<script" not in html


def test_feedback_cannot_carry_markup_from_a_submission():
    record = unscored_record("<script>alert(1)</script>")
    assert "<script" not in cell_outputs(record, "accuracy")[1]


def unscored_record(reason):
    class Lock:
        assignment, version, kinds = "demo", "1", {"accuracy": 40}

    return unscored(Lock, "unreadable", reason)


def test_a_submission_without_a_score_says_why_in_the_class_table():
    assert in_short(unscored_record("It is not JSON.")) == "unreadable: It is not JSON."


def test_a_run_that_ended_early_says_so_and_shows_what_was_graded(rehearsed):
    ended = {"status": "kernel-died", "reason": "The kernel died while it was asked."}
    record = rehearsed.records["biased"] | ended
    text, _ = cell_outputs(record, "fairness")
    lines = text.splitlines()
    assert lines[1] == (
        "kernel-died: The kernel died while it was asked. What was answered before is "
        "graded."
    )
    assert any("We saw a gap of" in line for line in lines)
    assert in_short(record).startswith("kernel-died: The kernel died while it was")
    assert "MISSED-IN-GROUP" in in_short(record)


@pytest.fixture
def session(rehearsed):
    before = handin.session
    cohorts = {
        role: rehearsed.cohorts[role].shown(rehearsed.lock.given)
        for role in handin.ROLES
    }
    handin.session = handin.Session(cohorts=cohorts, lock=rehearsed.lock)
    yield handin.session
    handin.session = before


class Half:
    def predict_proba(self, X):
        return np.full((len(X), 2), 0.5)


def decide(X):
    return (X["age_years"] > 75).astype(int)


def savings(**assumptions):
    return 0.0


def test_the_local_check_shows_ranges_and_kinds(session):
    shown = handin.submit(Half(), decide=decide, savings=savings)
    assert "auroc" in repr(shown).lower() or "Ranking" in repr(shown)
    for text in (repr(shown), shown._repr_html_()):
        assert "expect points in these ranges" in text
        assert "How your mark is made" in text
    low, high = (sum(row["points_range"][end] for row in shown.rows) for end in (0, 1))
    ends = f"{low:.1f} to {high:.1f}" if high - low > 0.05 else f"{high:.1f}"
    assert shown.cells()[-1][:6] == ("together", "", "", "", ends, "100")
    fairness = handin.check("fairness")
    assert {row["kind"] for row in fairness.rows} == {"fairness"}


def test_the_local_check_is_the_graders_code(session, rehearsed):
    shown = handin.submit(Half(), decide=decide, savings=savings)
    lock, given = rehearsed.lock, handin.answers()
    drawn = draw_function_inputs(lock.answer("savings"), "check")
    inputs = {"hidden": session.cohorts["check"].X, "savings": drawn}
    replies = {
        each.name: ask(given[each.answer], each) for each in servings(lock, inputs)
    }
    patients = Patients.of(session.cohorts["check"])
    want = score(lock, {"hidden": patients}, replies, inputs)
    assert [row["points"] for row in shown.rows] == [
        each["points"] for each in want["criteria"]
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"model": Half()}, "answer 'decide' is missing"),
        ({"model": Half(), "decide": decide}, "answer 'savings' is missing"),
        ({"model": Half, "predict": decide}, "either a model or predict"),
        ({"model": "forest"}, "A str has no predict_proba"),
        ({"model": Half}, r"Half is a class, not a model.* Half\(\)\.fit\("),
        ({"model": Half(), "decide": 3, "savings": savings}, "decide is a int"),
        (
            {"model": Half(), "decide": decide, "savings": savings, "extra": decide},
            "asks for no 'extra'",
        ),
    ],
)
def test_a_wrong_hand_in_says_what_to_do(session, arguments, message):
    with pytest.raises(BadInput, match=message):
        handin.submit(**arguments)


def test_a_failed_hand_in_loses_nothing(session):
    handin.submit(Half(), decide=decide, savings=savings)
    with pytest.raises(BadInput):
        handin.submit(Half(), decide=decide)
    assert set(handin.answers()) == {"model", "decide", "savings"}


def test_a_check_before_handing_in_says_what_to_run(session):
    with pytest.raises(BadInput, match="Nothing was handed in yet"):
        handin.check("accuracy")


def test_an_empty_kernel_is_told_to_run_from_the_top(session):
    session.lock = None
    for accident in (lambda: handin.submit(Half()), lambda: handin.check("accuracy")):
        with pytest.raises(BadInput, match="from the top: menu Kernel, Restart"):
            accident()


def test_an_accident_is_told_in_short_lines_that_validate_does_not_cut(
    session, monkeypatch
):
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    with pytest.raises(NotHandedIn) as accident:
        handin.check("accuracy")
    lines = accident.value._render_traceback_()
    assert lines[0].startswith("NotHandedIn: Nothing was handed in yet. Run the")
    assert max(map(len, lines)) <= 72
    assert "stops each after 30 seconds" in " ".join(lines)


def test_the_local_check_warns_of_answers_that_may_take_too_long(session, monkeypatch):
    given = {"decide": decide, "savings": savings}
    assert "Too slow" not in repr(handin.submit(Half(), **given))
    seconds = iter(range(0, 1000, 60))
    monkeypatch.setattr("coursekit.grading.local.time.monotonic", lambda: next(seconds))
    shown = handin.submit(Half(), **given)
    for text in (repr(shown), shown._repr_html_()):
        assert "took 60 s here" in text
        assert "about 300 s, and the whole graded run is stopped after 300 s" in text


def test_an_error_of_a_student_and_the_hint_are_two_sentences(session):
    def misspelt(X):
        return modl.predict(X)  # noqa: F821

    shown = handin.submit(Half(), decide=misspelt, savings=savings)
    assert "name 'modl' is not defined. Call the function yourself" in repr(shown)


def test_the_table_says_where_points_begin_and_end(session):
    shown = handin.submit(Half(), decide=decide, savings=savings)
    first, *_, last = shown.cells()[1:]
    criterion = session.lock.criteria[0]
    assert first[-2:] == (f"{criterion.floor:.3f}", f"{criterion.full:.3f}")
    assert last[0] == "together"
    assert last[5] == "100"
    assert "together" not in repr(handin.check("fairness"))


def test_a_grade_cell_that_nbgrader_itself_runs_raises(session, monkeypatch):
    handin.submit(Half(), decide=decide, savings=savings)
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    with pytest.raises(CoursekitError, match="lost the line configure"):
        handin.check("accuracy")
