"""What is compared: code and prose as tokens, each with its place in the text."""

import ast
import io
import re
import tokenize
import unicodedata
import warnings

from coursekit.autograde.plain_html import without

CELL = "\n\f\n"  # between the cells of a submission, which are read one by one
MOST_CHARACTERS = 200_000  # of one submission's code, or prose; no more is compared
MOST_MARKS = 30
SKIPPED = {
    *(tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT),
    *(tokenize.DEDENT, tokenize.ENCODING, tokenize.ENDMARKER),
}
SAYS_NOTHING = {";", "(", ")", "pass"}
MAGIC = re.compile(r"^[ \t]*[%!?].*$", re.MULTILINE)
REMARK = re.compile(r"^[ \t]*#.*\n", re.MULTILINE)
TAG = re.compile(r"</?[a-zA-Z][^<>]{0,400}>")
WIDE = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"  # scripts without spaces
WORD = re.compile(rf"[{WIDE}]|[^\W{WIDE}]+")
PIECE = re.compile(r"\w+|[^\w\s]")


def plain_prose(text):
    """Return a text without what cannot be seen in it: tags, zero-width characters.

    No more than `MOST_CHARACTERS` are looked at, and of marks that stand above one
    another no more than `MOST_MARKS`: both keep the time short, whatever is written.

    Examples
    --------
    >>> plain_prose("mis\u00adsed <b>again</b>")
    'missed again'
    """
    text = without(text[:MOST_CHARACTERS], "<!--", "-->")
    text = unicodedata.normalize("NFKC", few_marks(TAG.sub("", text)))
    return "".join(each for each in text if unicodedata.category(each) != "Cf")


def few_marks(text):
    """Return a text with at most `MOST_MARKS` combining marks in a row."""
    kept, n_marks = [], 0
    for each in text:
        n_marks = n_marks + 1 if unicodedata.combining(each) else 0
        if n_marks <= MOST_MARKS:
            kept.append(each)
    return "".join(kept)


def plain_code(text):
    r"""Return code without magics and whole lines of remarks.

    Examples
    --------
    >>> plain_code("%%time\n# mine\na = 1")
    '\na = 1'
    """
    text = REMARK.sub("", MAGIC.sub("", text.replace("\r", "\n")))
    return text[:MOST_CHARACTERS]


def prose_tokens(text):
    """Return the words of a text, in lower case, each with where it stands.

    Examples
    --------
    >>> prose_tokens("Missed, again.")
    [('missed', 0, 6), ('again', 8, 13)]
    """
    return [(m[0].lower(), *m.span()) for m in WORD.finditer(text)]


def code_tokens(text):
    """Return the tokens of Python code, each with where it stands.

    Names that the code itself binds are all called ``v``, so that renaming a variable
    changes nothing. Comments, blank lines, indentation, brackets around values, kinds
    of quotes, ``;`` and ``pass`` are left out. Cells are read one by one, so that a
    mistake in one changes nothing in the others.

    Examples
    --------
    >>> [token for token, *_ in code_tokens("risk = fit('X')  # mine")]
    ['v', '=', 'fit', 'X']
    """
    found, at = [], 0
    cells = text.split(CELL)
    bound = frozenset().union(*map(bound_names, cells))
    for cell in cells:
        for token, start, end in cell_tokens(cell):
            if token not in SAYS_NOTHING:
                word = "v" if token in bound else token.strip("\"'")
                found.append((word, start + at, end + at))
        at += len(cell) + len(CELL)
    return found


def cell_tokens(text):
    """Return the tokens of one cell; in pieces from where it is no Python."""
    starts, found = line_starts(text), []
    try:
        for each in tokenize.generate_tokens(io.StringIO(text).readline):
            if each.type not in SKIPPED:
                found.append((each.string, *place(each, starts)))
    except (tokenize.TokenError, SyntaxError):
        end = found[-1][2] if found else 0
        found += [(m[0], *m.span()) for m in PIECE.finditer(text, end)]
    return found


def line_starts(text):
    """Return at which character each line begins."""
    starts, at = [], 0
    for line in io.StringIO(text):
        starts.append(at)
        at += len(line)
    return [*starts, at]


def place(token, starts):
    """Return from which character to which a token stands."""
    (row, column), (last_row, last_column) = token.start, token.end
    return starts[row - 1] + column, starts[last_row - 1] + last_column


def bound_names(text):
    """Return the names that code assigns, defines, or takes as parameters.

    Empty where the code is no Python.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a student's "\\d" is not ours to report
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.alias):
            names.add(node.asname)
    return frozenset(names - {None})
