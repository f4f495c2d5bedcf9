"""Keep what a cell shows within bounds, and within nbformat's schema."""

import json

import nbformat
from nbformat.v4 import new_output

MOST_OUTPUTS = 2000  # of all cells of a notebook
MOST_LINES = 200  # of a traceback
MOST_KINDS = 20  # in which one output is shown
SHOWN = ("display_data", "execute_result")


def joined(outputs):
    r"""Return a cell's outputs with each stream in one piece, where it began.

    A line that a progress bar wrote again and again keeps its last state. nbclient can
    do this too, in a time that is quadratic in the length of a line.

    Examples
    --------
    >>> texts = ("1 %\r", "2 %\n")
    >>> pieces = [new_output("stream", name="stdout", text=text) for text in texts]
    >>> [piece["text"] for piece in joined(pieces)]
    ['2 %\n']
    """
    kept, texts = [], {}
    for output in outputs:
        stream = output.get("name") if output["output_type"] == "stream" else None
        if stream not in texts:
            kept.append(output)
        if stream:
            texts.setdefault(stream, []).append(output["text"])
    for output in kept:
        if output["output_type"] == "stream":
            output["text"] = last_states("".join(texts[output["name"]]))
    return kept


def last_states(text):
    r"""Return each line as it stood at last, after the last carriage return in it.

    Examples
    --------
    >>> last_states("one\r\ntwo\rthree\r")
    'one\nthree'
    """
    lines = (line.rstrip("\r") for line in text.split("\n"))
    return "\n".join(line.rpartition("\r")[2] for line in lines)


def trimmed(outputs, per_output, total):
    """Return a cell's outputs, each and all together within a number of bytes.

    Parameters
    ----------
    outputs : list of dict
        As in a notebook.
    per_output, total : int
        Bytes of one output, and of all.

    Returns
    -------
    list of dict

    Examples
    --------
    >>> shown = new_output("stream", name="stdout", text="x" * 2000)
    >>> len(trimmed([shown], per_output=1000, total=5000)[0]["text"])
    1043
    """
    kept, spent = [], 0
    for output in outputs:
        short = shortened(output, per_output)
        spent += weight(short)
        if spent > total:
            return [*kept, note("Further outputs are left out: there are too many.")]
        kept.append(short)
    return kept


def weight(output):
    """Return the bytes that an output takes in the notebook."""
    return len(json.dumps(output))


def note(text):
    """Return the output that stands where something was left out."""
    return new_output("stream", name="stderr", text=f"[coursekit] {text}\n")


def shortened(output, most):
    """Return an output of at most about `most` bytes."""
    if weight(output) <= most:
        return output
    if output["output_type"] == "stream":
        left_out = f"\n[coursekit] The rest is left out ({weight(output)} B)."
        return {**output, "text": output["text"][:most] + left_out}
    if output["output_type"] == "error":
        return {**output, "evalue": output["evalue"][: most // 2], "traceback": []}
    left_out = f"[coursekit] An output of {weight(output)} bytes is left out."
    return {**output, "data": {"text/plain": left_out}, "metadata": {}}


def valid(outputs, most=MOST_OUTPUTS):
    r"""Return outputs from a sandbox, or a note where they are malformed.

    Each is made anew, of text only: what nbformat takes minutes to look through does
    not come as far. There are at most `most` of them, and a note.

    Examples
    --------
    >>> valid([{"output_type": "error", "ename": 3}])[0]["text"]
    '[coursekit] The outputs of this cell are malformed and left out.\n'
    """
    try:
        made = [made_anew(output) for output in outputs[: max(most, 0)]]
        json.dumps(made, ensure_ascii=False).encode()
    except (TypeError, KeyError, ValueError, AttributeError):
        return [note("The outputs of this cell are malformed and left out.")]
    if len(outputs) > len(made):
        made.append(note("Further outputs are left out: there are too many."))
    return made


def made_anew(output):
    """Return one output made of its known parts, or raise what is wrong with it."""
    kind = output["output_type"]
    if kind == "stream" and output["name"] in ("stdout", "stderr"):
        return node(kind, name=output["name"], text=text_of(output["text"]))
    if kind == "error":
        lines = output["traceback"][:MOST_LINES]
        parts = {name: text_of(output[name]) for name in ("ename", "evalue")}
        return node(kind, **parts, traceback=[text_of(line) for line in lines])
    data = [*output["data"].items()][:MOST_KINDS] if kind in SHOWN else None
    data = {mime: text_of(value) for mime, value in data if is_text(value)}
    count = {"execution_count": None} if kind == "execute_result" else {}
    return node(kind, data=data, metadata={}, **count)


def node(kind, **parts):
    """Return an output as nbformat has it, unchecked."""
    return nbformat.from_dict({"output_type": kind, **parts})


def is_text(value):
    """Return True for text, or a list of lines of it."""
    lines = value if isinstance(value, list) else [value]
    return all(isinstance(line, str) for line in lines)


def text_of(value):
    """Return text that may be a list of lines, or refuse what is no text."""
    if not is_text(value):
        raise TypeError(f"a {type(value).__name__} is no text")
    return "".join(value)
