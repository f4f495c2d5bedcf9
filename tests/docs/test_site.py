"""The site builds without a warning, leads nowhere wrong, and needs no network."""

import subprocess
import sys
from pathlib import Path

import pytest

from docsite.links import problems

DOCS = Path(__file__).parents[2] / "docs"
BUILD = """
import sys
from docsite.building import build
sys.exit(build(sys.argv[1], sys.argv[2], run_labs=False))
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site as it is built where no lab was run; about 25 s."""
    folder = tmp_path_factory.mktemp("site")
    made = subprocess.run(
        [sys.executable, "-c", BUILD, folder / "pages", folder / "html"],
        cwd=DOCS,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (made.returncode, made.stderr) == (0, "")
    return folder / "html"


@pytest.mark.slow
def test_every_link_leads_somewhere_and_nothing_is_loaded_from_elsewhere(site):
    assert problems(site) == []


@pytest.mark.slow
def test_every_room_of_the_package_has_a_page(site):
    package = DOCS.parent / "coursekit"
    rooms = {path.parent.name for path in package.glob("*/__init__.py")}
    shown = {path.stem for path in (site / "reference" / "api").glob("*.html")}
    assert rooms - {"autograde", "cli"} <= shown


def page(folder, text):
    (folder / "index.html").write_text(f"<html><body>{text}</body></html>")
    return problems(folder)


def test_a_dead_link_is_named(tmp_path):
    assert page(tmp_path, '<a href="no.html">x</a>') == [
        "index.html: no.html is not there"
    ]
    assert page(tmp_path, '<a href="#there">x</a>') == [
        "index.html: #there names no place there"
    ]
    assert page(tmp_path, '<p id="here"></p><a href="index.html#here">x</a>') == []
    assert page(tmp_path, '<a href="https://example.org">x</a>') == []


def test_a_picture_without_words_is_named(tmp_path):
    (tmp_path / "a.png").write_bytes(b"")
    assert page(tmp_path, '<img src="a.png" alt="A curve.">') == []
    assert page(tmp_path, '<img src="a.png">') == [
        "index.html: a.png has no words (alt)"
    ]


@pytest.mark.parametrize(
    "text",
    [
        '<script src="https://example.org/a.js"></script>',
        '<link rel="stylesheet" href="//example.org/a.css">',
        '<img src="http://example.org/a.png" alt="x">',
        "<style>@font-face { src: url(https://example.org/a.woff2) }</style>",
        '<p style="background: url(//example.org/a.png)">x</p>',
    ],
)
def test_what_comes_from_elsewhere_is_named(tmp_path, text):
    [found] = page(tmp_path, text)
    assert "loads" in found
