"""What a student's run showed, made fit for a grader's browser.

Kept are text, PNG and JPEG images, and HTML reduced to tables and text. All else is
replaced by a note. The type of each output stays, because nbgrader's marks for
ordinary tests depend on it.
"""

import re

from nbformat.v4 import new_output

from coursekit.autograde.plain_html import plain_html

NOTE = "[coursekit] "  # how a note starts that stands where something was left out
LEFT_OUT = f"{NOTE}An output that cannot be shown safely is left out."
MODEL_PICTURE = "sk-top-container"
BASE64 = re.compile(r"[A-Za-z0-9+/=\s]+")


def clean_outputs(outputs):
    """Return a cell's outputs without anything active in them.

    Parameters
    ----------
    outputs : list of dict
        As in a notebook of format 4.

    Returns
    -------
    list of NotebookNode

    Examples
    --------
    >>> html = "<script>alert(1)</script><b>1</b>"
    >>> clean_outputs([new_output("display_data", data={"text/html": html})])[0].data
    {'text/html': '<b>1</b>'}
    """
    return [clean_output(output) for output in outputs]


def clean_output(output):
    """Return one output, of the same type, without anything active in it."""
    kind = output["output_type"]
    if kind == "stream":
        name = "stderr" if output["name"] == "stderr" else "stdout"
        return new_output("stream", name=name, text=text_of(output["text"]))
    if kind == "error":
        return new_output(
            "error",
            ename=text_of(output["ename"]),
            evalue=text_of(output["evalue"]),
            traceback=[text_of(line) for line in output["traceback"]],
        )
    data = {mime: clean(output["data"][mime]) for mime, clean in CLEANERS.items()
            if mime in output["data"]}  # fmt: skip
    data = {mime: text for mime, text in data.items() if text}
    return new_output(kind, data=data or {"text/plain": LEFT_OUT})


def text_of(value):
    """Return text that a notebook may keep as a list of lines."""
    return "".join(map(str, value)) if isinstance(value, list) else str(value)


def clean_html(value):
    """Return HTML reduced to tables and text; nothing where text alone says it better.

    That is where there is too much of it, and for scikit-learn's picture of a model,
    whose folded help would be laid open.
    """
    text = text_of(value)
    return "" if MODEL_PICTURE in text else plain_html(text)


def clean_image(value):
    """Return an image as base64, or nothing where it is none."""
    text = text_of(value)
    return text if BASE64.fullmatch(text) else ""


CLEANERS = {
    "text/plain": text_of,
    "text/html": clean_html,
    "image/png": clean_image,
    "image/jpeg": clean_image,
}


def is_cut(outputs):
    """Return True where something was left out of a cell's outputs."""
    texts = [output.get("text", "") for output in outputs]
    texts += [output.get("data", {}).get("text/plain", "") for output in outputs]
    return any(NOTE in text for text in texts)
