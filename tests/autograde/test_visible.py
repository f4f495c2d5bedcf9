import sys
from pathlib import Path

import pytest

from coursekit.autograde.visible import refuse_shown
from coursekit.errors import SandboxUnavailable


@pytest.mark.parametrize("place", [".", "course", "deep/in/it"])
def test_a_course_within_the_environment_is_refused(place):
    with pytest.raises(SandboxUnavailable, match="every submission can read"):
        refuse_shown(Path(sys.prefix) / place)


def test_a_course_elsewhere_is_accepted(tmp_path):
    refuse_shown(tmp_path)
