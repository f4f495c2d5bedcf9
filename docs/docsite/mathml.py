"""Formulas as MathML, which browsers draw themselves and screen readers can read."""

from docutils.utils.math.latex2mathml import tex2mathml


def visit_inline(translator, node):
    """Write a formula in the line."""
    translator.body.append(tex2mathml(node.astext(), as_block=False))
    raise_skip()


def visit_block(translator, node):
    """Write a formula in a line of its own."""
    translator.body.append(f"<p>{tex2mathml(node.astext(), as_block=True)}</p>")
    raise_skip()


def raise_skip():
    """Tell docutils that nothing within the formula is left to write."""
    from docutils.nodes import SkipNode

    raise SkipNode


def setup(app):
    """Register the way of drawing; called by Sphinx."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    app.config.html_math_renderer = "mathml"
    return {"parallel_read_safe": True, "parallel_write_safe": True}
