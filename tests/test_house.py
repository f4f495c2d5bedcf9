"""The plan of the house, and how its code reads, as tests."""

import ast
import importlib
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "coursekit"
MODULES = sorted(PACKAGE.rglob("*.py"))
ROOMS = sorted(path.parent for path in PACKAGE.glob("*/__init__.py"))

COURSE_ROOM = {"errors", "metrics", "datasets"}
MAY_IMPORT = {
    "errors": set(),
    "content": {"errors"},
    "metrics": {"errors"},
    "datasets": {"errors", "content"},
    "authoring": {"errors"},
    "grading": {"errors", "metrics", "datasets", "content"},
    "rules": {"errors"},
    "syllabus": {"errors", "content"},
    "autograde": {"errors", "datasets", "content", "grading", "rules", "syllabus"},
    "similarity": {"errors", "grading", "autograde"},
    "report": {"errors", "metrics", "grading", "autograde", "similarity"},
    "status": {"errors", "grading", "rules", "autograde"},
    "exports": {"errors", "grading", "autograde", "status"},
    "quiz": {"errors", "content"},
    "checking": {"errors", "grading", "autograde"},
    "cli": {path.stem for path in PACKAGE.iterdir()},
    "supervised": COURSE_ROOM,
    "unsupervised": COURSE_ROOM,
    "imaging": COURSE_ROOM,
    "nlp": COURSE_ROOM,
    "fairness": COURSE_ROOM,
    "audit": COURSE_ROOM,
    "interpret": COURSE_ROOM,
    "cards": COURSE_ROOM,
    "records": COURSE_ROOM,
}
HEAVY = {"torch", "shap", "fairlearn", "spacy"}
LIGHT_ROOMS = {
    *("metrics", "datasets", "grading", "autograde", "authoring", "status", "exports"),
    *("cli", "checking"),
}


def imports(path):
    """Return the dotted names that a module imports, wherever in the file."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import, line {node.lineno}"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def room(path):
    """Return the room that a file of the package belongs to, or its own name."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def name(path):
    return str(path.relative_to(PACKAGE))


def definitions(path):
    """Return every function and class of a module, nested ones too."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    tree = ast.parse(path.read_text("utf-8"))
    return tree, [node for node in ast.walk(tree) if isinstance(node, kinds)]


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_room_imports_only_what_the_plan_allows(path):
    if path == PACKAGE / "__init__.py":
        return
    assert room(path) in MAY_IMPORT, f"say what {room(path)} may import"
    others = {n.split(".")[1] for n in imports(path) if n.startswith("coursekit.")}
    assert others - {room(path), "__version__"} <= MAY_IMPORT[room(path)]


@pytest.mark.parametrize(
    "path", [p for p in MODULES if room(p) in LIGHT_ROOMS], ids=name
)
def test_grading_needs_no_heavy_library(path):
    assert not {n.split(".")[0] for n in imports(path)} & HEAVY


def test_an_import_inside_a_function_is_seen_and_a_relative_one_refused(tmp_path):
    module = tmp_path / "module.py"
    module.write_text("def fit():\n    from coursekit.grading import score\n")
    assert imports(module) == {"coursekit.grading.score"}
    module.write_text("from . import score\n")
    with pytest.raises(AssertionError, match="relative import, line 1"):
        imports(module)


def test_the_package_itself_imports_nothing():
    assert imports(PACKAGE / "__init__.py") == {"importlib.import_module"}


def test_there_is_no_drawer_for_odds_and_ends():
    drawers = {"utils", "util", "helpers", "helper", "misc", "common"}
    assert not [name(p) for p in MODULES if {*p.parts, p.stem} & drawers]


def test_students_may_open_every_file():
    hidden = [name(p) for p in MODULES if p.name[0] == "_" and p.name[:2] != "__"]
    assert hidden == []


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_no_module_is_longer_than_300_lines_and_no_function_than_40(path):
    _, defined = definitions(path)
    assert len(path.read_text("utf-8").splitlines()) <= 300
    functions = [node for node in defined if not isinstance(node, ast.ClassDef)]
    long = {node.name: length(node) for node in functions if length(node) > 40}
    assert long == {}


def length(function):
    """Return the lines of a function without its docstring."""
    start = function.body[0].lineno
    if ast.get_docstring(function) is not None:
        start = function.body[0].end_lineno + 1
    return function.end_lineno - start + 1


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_every_public_name_is_documented(path):
    tree, defined = definitions(path)
    assert ast.get_docstring(tree), "the module says nothing about itself"
    top = [
        *tree.body,
        *(n for c in tree.body if isinstance(c, ast.ClassDef) for n in c.body),
    ]
    public = [node for node in defined if node in top and node.name[0] != "_"]
    assert [node.name for node in public if not ast.get_docstring(node)] == []


def shown(names):
    """Return names in ruff's order: constants, then classes, then functions."""
    return sorted(names, key=lambda n: (not n.isupper(), not n[0].isupper(), n))


@pytest.mark.parametrize("path", ROOMS, ids=lambda path: path.name)
def test_a_room_lists_what_it_shows(path):
    tree = ast.parse((path / "__init__.py").read_text("utf-8"))
    imported = {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    room = importlib.import_module(f"coursekit.{path.name}")
    listed = list(getattr(room, "__all__", []))
    assert listed == shown(imported)


def test_the_median_function_has_8_lines_or_fewer():
    lengths = sorted(
        length(node)
        for path in MODULES
        for node in definitions(path)[1]
        if not isinstance(node, ast.ClassDef)
    )
    assert lengths[len(lengths) // 2] <= 8
