import pytest

from coursekit.autograde.lms_names import Sender
from coursekit.autograde.roster import Person, Roster, read_roster
from coursekit.errors import BadData

CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,Lab (77)
,,,,,Manual Posting
    Points Possible,,,,,100
"Doe, Ann",34,u034,ann,1,
"O'Neil, Zoë",35,u035,zoe,1,
"""
MOODLE = """Identifier;Full name;Email address;Status;Grade
Participant 7;Ann Doe;ann@uni.edu;Submitted;
Participant 8;Zoë O'Neil;zoe@uni.edu;Submitted;
"""


@pytest.fixture
def read(tmp_path):
    def read(text, *columns, encoding="utf-8"):
        (tmp_path / "roster.csv").write_text(text, encoding=encoding)
        return read_roster(tmp_path / "roster.csv", *columns)

    return read


def test_canvas_gradebook_gives_the_login_by_the_number(read):
    roster = read(CANVAS)
    assert roster.find(Sender("Canvas", "34", "doeann")) == ("ann", "")
    assert roster.find(Sender("Canvas", "35", "oneilzoë")) == ("zoe", "")
    assert roster.find(Sender("Canvas", "35", "")) == ("zoe", "")
    assert read(CANVAS, "SIS User ID").find(Sender("Canvas", "34", ""))[0] == "u034"


def test_a_name_that_is_not_the_numbers_is_told(read):
    student, problem = read(CANVAS).find(Sender("Canvas", "34", "malloryx"))
    assert student is None
    assert problem == "34 is Doe, Ann, but the file says malloryx."


def test_moodles_worksheet_goes_by_participant_then_by_name(read):
    roster = read(MOODLE, encoding="utf-8-sig")
    assert roster.find(Sender("Moodle", "7", "Participant")) == ("ann@uni.edu", "")
    assert roster.find(Sender("Moodle", "99", "Zoë ONeil")) == ("zoe@uni.edu", "")


def test_participant_numbers_are_never_taken_for_users(read):
    assert read(CANVAS).find(Sender("Moodle", "34", "Bob Roe"))[0] is None
    assert read(MOODLE).find(Sender("Canvas", "7", "doeann"))[0] is None


def test_whoever_is_not_on_a_roster_is_unknown_and_without_one_has_an_own_id(read):
    sender = Sender("Canvas", "99", "roebob")
    assert read(CANVAS).find(sender) == (None, "roebob (99) is not on the roster.")
    assert Roster([Person("ann", users=("34",))]).find(sender) == ("99", "")
    assert Roster().find(Sender("Moodle", "7", "Ann Doe")) == ("Ann Doe", "")


def test_two_of_a_name_are_not_guessed_at():
    people = [Person("a1", names=("Ann Doe",)), Person("a2", names=("Ann Doe",))]
    student, problem = Roster(people).find(Sender("Moodle", "7", "Ann Doe"))
    assert student is None
    assert "more than one student" in problem


def test_any_columns_will_do_if_they_are_named(read):
    text = "Kennung\tBezeichner\nann\tTeilnehmer/in 7\n"
    assert read(text, "Kennung", "Bezeichner").find(Sender("Moodle", "7", "x")) == (
        "ann",
        "",
    )


@pytest.mark.parametrize(
    ("text", "columns", "words"),
    [
        ("Kennung,ID\nann,34\n", ("Name",), "Name one with --id"),
        ("Kennung,Nummer\nann,34\n", (), "Name one with --id"),
        ("student_id\nann\n", (), "nothing by which a file can be matched"),
        ("student_id,ID\nann,34\n", (None, "Nummer"), "no column 'Nummer'"),
        ("student_id,ID\n", (), "no rows"),
        ("", (), "no rows"),
        ('student_id,ID\nann,"34', (), None),
    ],
)
def test_a_roster_that_cannot_be_used_says_why(read, text, columns, words):
    if words is None:
        assert read(text, *columns).find(Sender("Canvas", "34", "")) == ("ann", "")
        return
    with pytest.raises(BadData, match=words):
        read(text, *columns)


def test_a_roster_in_another_encoding_is_an_error(read):
    with pytest.raises(BadData, match="not UTF-8"):
        read(CANVAS, encoding="latin-1")
