import re

import pytest

from coursekit import imaging
from coursekit.content import content

TAUGHT = [
    name
    for name in imaging.__all__
    if "Taught in lab" in str(getattr(imaging, name).__doc__)
]


@pytest.mark.parametrize("taught", TAUGHT)
def test_a_taught_function_names_a_lab_that_uses_it(taught):
    lesson = re.search(r"Taught in lab (\w+)", getattr(imaging, taught).__doc__)
    lab = content("notebooks") / f"{lesson[1]}.py"
    assert f"{taught}(" in lab.read_text("utf-8")
