import pytest

from coursekit.cli.demo import MARK, refuse_other_folders
from coursekit.errors import BadCourse


def test_a_real_course_is_never_replaced_by_a_demo(tmp_path):
    (tmp_path / "course.toml").write_text('made_by = "coursekit 0.1.0"\n')
    with pytest.raises(BadCourse, match="not made by coursekit demo"):
        refuse_other_folders(tmp_path)


def test_an_earlier_demo_and_an_empty_folder_may_be_replaced(tmp_path):
    refuse_other_folders(tmp_path)
    (tmp_path / MARK).write_text("demo")
    refuse_other_folders(tmp_path)
    refuse_other_folders(tmp_path / "not there")
