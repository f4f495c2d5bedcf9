"""``course.toml``: what its rules mean, and what a mistake in it says."""

from datetime import datetime

import pytest

from coursekit.autograde.frame import write_frame
from coursekit.errors import BadCourse
from coursekit.rules import Late, Rules, read_rules


@pytest.fixture
def rules(tmp_path):
    """A function that reads these lines."""

    def rules(text):
        (tmp_path / "course.toml").write_text(f"format = 2\n{text}", encoding="utf-8")
        return read_rules(tmp_path)

    return rules


def test_a_new_course_has_rules_that_change_no_mark(tmp_path):
    write_frame(tmp_path / "course", "secret", Rules(name="ml4h"))
    found = read_rules(tmp_path / "course")
    assert found.late == Late()
    assert (found.name, found.extensions, found.time) == ("ml4h", {}, {})


def test_the_lines_that_a_new_course_has_as_comments_are_rules(tmp_path):
    write_frame(tmp_path / "course", "secret", Rules(name="ml4h"))
    path = tmp_path / "course" / "course.toml"
    starts = "# [", "# s1234", "# last_day"
    lines = [
        line[2:] if line.startswith(starts) else line
        for line in path.read_text().splitlines()
    ]
    path.write_text("\n".join(lines))
    found = read_rules(tmp_path / "course")
    assert found.late.last_day == 7
    assert found.extension("readmission", "s1234") == datetime(2027, 2, 3, 23, 59)
    assert found.time_of("s1234") == 1.5


def test_a_course_of_the_first_format_is_read_with_the_defaults(tmp_path):
    (tmp_path / "course.toml").write_text('format = 1\nname = "x"\nsandbox = "none"\n')
    assert read_rules(tmp_path) == Rules(format=1, name="x", sandbox="none")


def test_an_extension_is_meant_in_the_time_zone_of_the_course(rules):
    found = rules(
        'timezone = "Europe/Berlin"\n[extensions.tiny]\n'
        "ann = 2027-02-03 23:59:00\nbob = 2027-02-03T23:59:00-05:00\n"
    )
    assert found.extension("tiny", "ann") == datetime(2027, 2, 3, 22, 59)
    assert found.extension("tiny", "bob") == datetime(2027, 2, 4, 4, 59)
    assert found.extension("other", "ann") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[late]\nfree_day = 2", "late.free_day is unknown.*Did you mean free_days?"),
        ("[late]\nfree_days = 1.5", "give a whole number from 0 on"),
        ("[late]\npercent_a_day = -1", "give a number from 0 on"),
        ("[late]\npercent_a_day = 101", "above 100"),
        ("late = 3", r"write \[late\] above its lines"),
        ("lates = 3", "lates is unknown"),
        ('timezone = "Berlin"', "is no time zone"),
        ('[extensions]\nann = "tomorrow"', r"write \[extensions.ann\]"),
        ('[extensions.tiny]\nann = "2027-02-03"', "without quotes"),
        ("[time]\nann = 0.5", "from 1 to 10"),
        ("[time]\njane.doe = 2", "needs quotes"),
        ("[extensions.tiny]\njane.doe = 2027-02-03 23:59:00", "needs quotes"),
        ("[time]\nann = true", "from 1 to 10"),
        ("name = 3", 'text in "quotes"'),
        ("x = ", "is not TOML"),
    ],
)
def test_a_mistake_says_which_line_is_wrong_and_what_to_write(rules, text, said):
    with pytest.raises(BadCourse, match=said):
        rules(text)


@pytest.mark.parametrize("found", ["3", "0", "true", '"2"'])
def test_a_newer_course_is_refused(tmp_path, found):
    (tmp_path / "course.toml").write_text(f"format = {found}\n")
    with pytest.raises(BadCourse, match="this coursekit reads up to 2"):
        read_rules(tmp_path)


def test_a_day_counts_once_it_has_begun_and_grace_is_not_late():
    late = Late(grace_minutes=10)
    assert [late.days(s) for s in (0, 600, 601, 86_400, 87_000, 87_001)] == [
        *(0, 0, 1, 1, 1),
        2,
    ]


def test_free_days_are_used_up_first_and_no_more_than_all_is_taken():
    late = Late(percent_a_day=30)
    assert [late.percent(days, free=1) for days in range(6)] == [0, 0, 30, 60, 90, 100]
