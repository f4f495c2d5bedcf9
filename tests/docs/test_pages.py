"""What the pages say is what is there: labs, certificates, commands, options."""

import re
from pathlib import Path

import nbformat
import pytest
import typer
from PIL import Image

from coursekit.cli.app import app
from docsite import certificates, codes, commands, gallery, running, staging
from docsite.running import LABS

DOCS = Path(__file__).parents[2] / "docs"
CALL = re.compile(r"^(?: {4}|.*?`)coursekit ([a-z][\w-]*)([^`\n]*)", re.MULTILINE)


def test_every_lab_has_a_card_with_its_picture():
    told = gallery.about()
    assert list(told) == [lab.stem for lab in LABS]
    for name, lab in told.items():
        with Image.open(DOCS / "labs" / "pictures" / f"{name}.png") as picture:
            assert picture.size == gallery.SIZE
        assert len(lab["alt"]) > 40
        assert lab["minutes"] >= 90


def test_a_certificate_tells_in_words_what_its_picture_shows():
    for certificate, rubric in certificates.read().values():
        text = certificates.page(certificate, rubric)
        kinds = [*rubric.kinds, "automatic"]
        for archetype, seen in certificate["archetypes"].items():
            rows = [
                line.split(" | ")
                for line in text.splitlines()
                if line.startswith(f"| `{archetype}` |")
            ]
            spreads = {**seen["kinds"], "automatic": seen["automatic"]}
            for column, kind in enumerate(kinds, 1):
                points, ends = rows[0][column], rows[1][column].rstrip(" |")
                if spreads[kind]:
                    assert points.startswith(f"{spreads[kind]['median']:.3g}")
                    assert ends.endswith(f" {spreads[kind]['max']:.3g}")
                low, high = rubric.bands.get(archetype, {}).get(kind, (None, None))
                assert ("band" in points) == (low is not None)
                assert low is None or f"band {low:g} to {high:g}" in points
            assert f"{seen['in_band']} of {certificate['n_secrets']}" in rows[2]


def test_every_command_and_every_code_has_its_place():
    [text] = commands.pages().values()
    for name in typer.main.get_command(app).commands:
        assert f"\n## coursekit {name}\n" in text
        assert re.search(rf"\(#coursekit-{name}\): \S", text)
    [text] = codes.pages().values()
    assert all(f"## {code}\n" in text for code in codes.catalogue())


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda path: path.stem)
def test_a_command_that_a_page_prints_exists_with_its_options(page):
    known = typer.main.get_command(app).commands
    for name, rest in CALL.findall(page.read_text("utf-8")):
        assert name in known, f"coursekit {name}"
        given = set(re.findall(r"(?<!\S)--[a-z-]+", rest.split("#")[0]))
        command = known[name]
        options = {option for each in command.params for option in each.opts}
        assert given <= options | {"--help"}, f"coursekit {name}{rest}"


def test_a_page_that_no_list_names_is_put_at_the_end(tmp_path):
    (tmp_path / "index.md").write_text("```{toctree}\n\nknown\n```\n")
    for name in ("known", "walk"):
        (tmp_path / f"{name}.md").write_text(f"# {name}\n")
    staging.list_the_rest(tmp_path)
    lists = staging.TOCTREE.findall((tmp_path / "index.md").read_text())
    assert [("known" in each, "walk" in each) for each in lists] == [
        (True, False),
        (False, True),
    ]


def test_a_list_names_only_pages_that_are_there(tmp_path):
    (tmp_path / "there.md").write_text("# There\n")
    listed = "```{toctree}\n:hidden:\n\nthere\naway\nsamples/*\n```"
    assert staging.present(listed, tmp_path) == "```{toctree}\n:hidden:\n\nthere\n```"
    (tmp_path / "samples").mkdir()
    (tmp_path / "samples" / "one.md").write_text("# One\n")
    assert ":glob:" in staging.present(listed, tmp_path)


def test_a_link_out_of_the_docs_leads_to_the_file_of_the_checkout(tmp_path):
    page = tmp_path / "trust.md"
    text = "[code](../coursekit/errors.py) [page](rules.md)"
    resolved = staging.finish(text, page, tmp_path)
    [link] = re.findall(r"\((.*?errors.py)\)", resolved)
    assert (tmp_path / link).resolve() == DOCS.parent / "coursekit" / "errors.py"
    assert "(rules.md)" in resolved


def test_outputs_of_another_text_are_not_shown(tmp_path, monkeypatch):
    monkeypatch.setattr(running, "RUN", tmp_path)
    lab = LABS[0]
    assert running.kept(lab) is None
    notebook = running.unrun(lab)
    nbformat.write(notebook, tmp_path / f"{lab.stem}.ipynb")
    assert running.kept(lab) is not None
    notebook.cells[0].source += " Another text."
    nbformat.write(notebook, tmp_path / f"{lab.stem}.ipynb")
    assert running.kept(lab) is None
