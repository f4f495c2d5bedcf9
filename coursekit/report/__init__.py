"""What a professor sees of a class: one page that needs nothing else.

`read_figures` reads plain figures from score records, gradebook and runs; `render`
turns them into HTML; `write_page` puts that in its place.
"""

from coursekit.report.figures import ClassFigures, read_figures
from coursekit.report.page import render, write_page
from coursekit.report.student import StudentFigures

__all__ = ["ClassFigures", "StudentFigures", "read_figures", "render", "write_page"]
