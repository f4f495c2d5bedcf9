import pytest

from coursekit.authoring.regions import SOLUTION, split_regions, without_regions
from coursekit.errors import BadLesson

TWO = """\
a
  # BEGIN SOLUTION
  b
  # END SOLUTION
c
# BEGIN SOLUTION
d
# END SOLUTION"""


def test_each_region_gets_a_stub_with_the_indent_of_its_begin():
    assert without_regions(TWO, SOLUTION, "x\ny") == "a\n  x\n  y\nc\nx\ny"


def test_without_a_stub_a_region_leaves_nothing():
    assert without_regions(TWO, SOLUTION) == "a\nc"


def test_a_region_in_a_region_is_refused():
    with pytest.raises(BadLesson, match="line 2 says BEGIN SOLUTION inside"):
        split_regions("# BEGIN SOLUTION\n# BEGIN SOLUTION\n# END SOLUTION", SOLUTION)


def test_a_second_end_is_refused_where_nbgrader_lets_it_pass():
    with pytest.raises(BadLesson, match="line 3 says END SOLUTION"):
        split_regions("# BEGIN SOLUTION\n# END SOLUTION\n# END SOLUTION", SOLUTION)
