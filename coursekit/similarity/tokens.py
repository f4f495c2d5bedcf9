"""What is compared: code and prose as tokens, each with its place in the text."""

import ast
import io
import re
import tokenize
import warnings

MOST_CHARACTERS = 200_000  # of one submission's code, or prose
SKIPPED = {
    *(tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT),
    *(tokenize.DEDENT, tokenize.ENCODING, tokenize.ENDMARKER),
}
WORD = re.compile(r"\w+")
PIECE = re.compile(r"\w+|[^\w\s]")


def prose_tokens(text):
    """Return the words of a text, in lower case, each with where it stands.

    Examples
    --------
    >>> prose_tokens("Missed, again.")
    [('missed', 0, 6), ('again', 8, 13)]
    """
    text = text[:MOST_CHARACTERS]
    return [(m[0].lower(), *m.span()) for m in WORD.finditer(text)]


def code_tokens(text):
    """Return the tokens of Python code, each with where it stands.

    Names that the code itself binds are all called ``v``, so that renaming a variable
    changes nothing; comments, blank lines and indentation are left out.

    Examples
    --------
    >>> [token for token, *_ in code_tokens("risk = fit(X)  # mine")]
    ['v', '=', 'fit', '(', 'X', ')']
    """
    text = text[:MOST_CHARACTERS]
    bound = bound_names(text)
    starts = line_starts(text)
    found = []
    try:
        for each in tokenize.generate_tokens(io.StringIO(text).readline):
            if each.type not in SKIPPED:
                token = "v" if each.string in bound else each.string
                found.append((token, *place(each, starts)))
    except (tokenize.TokenError, SyntaxError):  # no Python from here on
        end = found[-1][2] if found else 0
        rest = PIECE.finditer(text, end)
        found += [("v" if m[0] in bound else m[0], *m.span()) for m in rest]
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
            warnings.simplefilter("ignore")  # a student's "\d" is not ours to report
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
