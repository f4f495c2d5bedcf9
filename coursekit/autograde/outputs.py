"""Keep what a cell shows within bounds, and within nbformat's schema."""

import json

import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output


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


def valid(outputs):
    r"""Return outputs from a sandbox, or a note where they are malformed.

    Examples
    --------
    >>> valid([{"output_type": "error", "ename": 3}])[0]["text"]
    '[coursekit] The outputs of this cell are malformed and left out.\n'
    """
    try:
        nodes = [nbformat.from_dict(output) for output in outputs]
        cell = new_code_cell("", id="cell", outputs=nodes)
        notebook = new_notebook(cells=[cell])
        nbformat.validate(notebook)
        nbformat.writes(notebook).encode()
    except Exception:
        return [note("The outputs of this cell are malformed and left out.")]
    return nodes
