"""Limits that a notebook hit: each has a name, and one sentence for the student.

What a cell says about its own error may be forged; then the student reads a wrong
sentence about it, and nothing else comes of it.
"""

from coursekit.autograde.sanitize import is_cut

SIGNS = {
    "disk-full": ("[Errno 27]", "[Errno 28]", "[Errno 122]"),
    "too-many-processes": ("[Errno 11]", "can't start new thread"),
    "out-of-memory": ("[Errno 12]", "can't allocate memory", "std::bad_alloc"),
}
SENTENCES = {
    "timeout": "took longer than {limits.seconds_per_cell:g} s and was interrupted",
    "disk-full": "wrote more than the {limits.disk_mb} MB that are allowed",
    "too-many-processes": "started more than {limits.processes} processes or threads",
    "out-of-memory": "asked for more memory than the {limits.memory_mb} MB allowed",
    "outputs-cut": "showed more than can be kept; the rest is left out",
}


def limit_of(error, took, limits):
    """Return the name of the limit that a cell's error stands for, or "".

    Parameters
    ----------
    error : dict
        An output of type ``error``.
    took : float
        Seconds since the cell before it ended.
    limits : Limits

    Examples
    --------
    >>> from coursekit.autograde.limits import Limits
    >>> full = {"ename": "OSError", "evalue": "[Errno 28] No space left on device"}
    >>> limit_of(full, 1.0, Limits())
    'disk-full'
    >>> limit_of({"ename": "KeyboardInterrupt", "evalue": ""}, 60.2, Limits())
    'timeout'
    >>> limit_of({"ename": "KeyError", "evalue": "'age'"}, 1.0, Limits())
    ''
    """
    interrupted = error["ename"] in ("KeyboardInterrupt", "CellTimeoutError")
    if interrupted and took >= limits.seconds_per_cell:
        return "timeout"
    if error["ename"].endswith("MemoryError"):
        return "out-of-memory"
    for name, signs in SIGNS.items():
        if any(sign in error["evalue"] for sign in signs):
            return name
    return ""


def hits_of(cell, number, took, limits):
    """Return the limits that one cell hit: limit, cell and a sentence, as JSON.

    Parameters
    ----------
    cell : NotebookNode
        With its outputs.
    number : int
        Its place in the notebook, counted from 1.
    took : float
    limits : Limits

    Examples
    --------
    >>> from nbformat.v4 import new_code_cell, new_output
    >>> from coursekit.autograde.limits import Limits
    >>> error = new_output("error", ename="MemoryError", evalue="", traceback=[])
    >>> hits_of(new_code_cell(outputs=[error]), 4, 1.0, Limits())[0]["note"]
    'Cell 4 asked for more memory than the 3072 MB allowed; the cells after it ran.'
    """
    names = {
        limit_of(each, took, limits): ""
        for each in cell.outputs
        if each["output_type"] == "error"
    }
    if is_cut(cell.outputs):
        names["outputs-cut"] = ""
    return [
        {"limit": name, "cell": number, "note": in_words(name, number, limits)}
        for name in names
        if name
    ]


def in_words(name, number, limits):
    """Return what happened, in one sentence."""
    end = "" if name == "outputs-cut" else "; the cells after it ran"
    return f"Cell {number} {SENTENCES[name].format(limits=limits)}{end}."
