"""The rules of a course: how late counts, who has more time, what a second try is.

They stand in ``course.toml``; `read_rules` reads them.
"""

from coursekit.rules.reading import Late, Rules, read_rules

__all__ = ["Late", "Rules", "read_rules"]
