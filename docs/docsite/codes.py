"""The page of the feedback codes, from ``codes.toml`` and the rubrics."""

from pathlib import Path

from coursekit.grading.codes import catalogue
from docsite.markdown import cell

CHECKOUT = Path(__file__).parents[2]
OPENING = """# The feedback codes

What a student reads beside the points, and what the class is counted by in the
[report](../report.md). A code stands for one mistake and never changes its meaning.

"""


def pages():
    """Return the page: path -> text."""
    return {"reference/codes.md": OPENING + "\n".join(map(entry, catalogue().items()))}


def entry(item):
    """Return what is said of one code."""
    code, texts = item
    return (
        f"## {code}\n\n**{cell(texts['title'])}.** {cell(texts['why'])}\n\n"
        f"*Hint:* {cell(texts['hint'])}\n"
    )
