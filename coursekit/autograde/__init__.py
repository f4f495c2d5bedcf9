"""The way of a submission: intake, run in a sandbox, score, record.

This room shows no names of its own: it is imported inside every sandbox, where each
import costs every submission. Import from its modules, such as
``coursekit.autograde.runner``.
"""

import sys

# jsonschema, which nbformat imports, spends a second on compiling a grammar for a
# format that no notebook has, if this module of its extras can be found. A student's
# kernel finds it again.
GRAMMAR = "rfc3987_syntax"
sys.modules.setdefault(GRAMMAR, None)
