"""A job and its run as plain bytes, for the way to another machine and back.

There go the clean notebook, the files beside it, and hidden features; never a label.
Back come the files of a run. Both are a JSON header and the bytes of named files, and
nothing that came back is trusted before it was checked. Nothing is ever pickled.
"""

import os
import re
import secrets
import shutil
from dataclasses import asdict
from pathlib import Path

import nbformat

from coursekit.autograde import runner
from coursekit.autograde.frames import BadReply, pack, parse, unpack, words
from coursekit.autograde.job import (
    Job,
    read_notebook,
    read_spelled,
    side_files,
    spelled,
    versions,
)
from coursekit.autograde.limits import Limits
from coursekit.autograde.sandbox import name_of
from coursekit.autograde.wire import VALUES_CAP, size_of

STATUS = re.compile(r"[a-z]{1,20}(-[a-z]{1,20}){0,3}")
RECORD = {  # the kinds of the fields of a Run, as JSON has them
    **dict.fromkeys(("digest", "status", "reason", "sandbox", "last_words"), str),
    **dict.fromkeys(("limits", "versions", "servings"), dict),
    "seconds": int | float,
    "limits_hit": list,
}
MIB = 1 << 20
FILES = 4  # of one kind, at most
NUMBERS = 4  # a row of a file of predictions, at most
SPELLING = 8  # bytes of JSON, at most, that one byte of an output may become


def pack_files(told, files):
    r"""Return what is told and some files as bytes.

    Examples
    --------
    >>> open_files(pack_files({"seed": 0}, {"notebook.ipynb": b"{}"}), cap=2)
    ({'seed': 0}, {'notebook.ipynb': b'{}'})
    """
    sizes = [[name, len(content)] for name, content in files.items()]
    return pack({"told": told, "files": sizes}, b"".join(files.values()))


def open_files(parcel, cap):
    """Return what `pack_files` turned into bytes.

    Raises
    ------
    BadReply
        If it is something else, or its files have more than `cap` bytes.
    """
    buffer = bytearray(parcel)
    frame = unpack(buffer, cap)
    if frame is None or buffer:
        raise BadReply("What came is not one whole parcel.")
    header, payload = frame
    files, start = {}, 0
    for name, size in listed(header):
        files[name] = payload[start : start + size]
        start += size
    if start != len(payload) or not isinstance(header.get("told"), dict):
        raise BadReply("A parcel came whose list is not of what is in it.")
    return header["told"], files


def listed(header):
    """Return the names and sizes that a header lists, each name once."""
    try:
        pairs = [(name, size) for name, size in header["files"]]
    except (KeyError, TypeError, ValueError):
        raise BadReply("A parcel came without a list of its files.") from None
    sound = all(type(n) is str and type(s) is int and s >= 0 for n, s in pairs)
    if not sound or len(dict(pairs)) != len(pairs):
        raise BadReply("A parcel came with a list that names no files.")
    return pairs


def pack_shared(job):
    """Return what is the same for a class as bytes: side files and servings."""
    files = {
        f"beside/{name}": path.read_bytes()
        for name, path in side_files(job.files).items()
    }
    asked = []
    for number, serving in enumerate(job.servings):
        question, files[f"served/{number}"] = spelled(serving)
        asked.append(question.decode())
    return pack_files({"asked": asked, "beside": job.files is not None}, files)


def pack_own(job):
    """Return what is a job's own as bytes: the notebook, and how it is run."""
    told = {
        "limits": asdict(job.limits),
        "sandbox": job.sandbox,
        "seed": job.seed,
        "preload": job.preload,
    }
    text = nbformat.writes(read_notebook(job))
    return pack_files(told, {"notebook.ipynb": text.encode()})


def read_job(shared, own, folder):
    """Return the job of two parcels; its side files are written to a new folder."""
    told, files = open_files(shared, len(shared))
    folder.mkdir()
    for name, content in files.items():
        kind, _, path = name.partition("/")
        if kind == "beside":
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
    servings = [
        read_spelled(question, files[f"served/{number}"])
        for number, question in enumerate(told["asked"])
    ]
    settings, notebook = open_files(own, len(own))
    return Job(
        notebook["notebook.ipynb"],
        folder if told["beside"] else None,
        tuple(servings),
        Limits(**settings["limits"]),
        settings["sandbox"],
        settings["seed"],
        tuple(settings["preload"]),
    )


def pack_run(run):
    """Return a run as bytes: its files, or why there are none."""
    if run.folder is None:
        return pack_files({"status": run.status, "reason": run.reason}, {})
    found = sorted(path for path in run.folder.rglob("*") if path.is_file())
    names = [path.relative_to(run.folder).as_posix() for path in found]
    contents = [path.read_bytes() for path in found]
    return pack_files({}, dict(zip(names, contents, strict=True)))


def keep_run(parcel, job, name, out):
    """Check what came back for a job, and keep it as if it had been run here.

    Parameters
    ----------
    parcel : bytes
        From `pack_run`, made on a machine of the course.
    job : Job
    name : str
        The digest of the run.
    out : Path
        Folder of all runs of the assignment.

    Returns
    -------
    Run

    Raises
    ------
    BadReply
        If it is no run of this job.
    """
    most = caps(job)
    told, files = open_files(parcel, FILES * sum(most.values()))
    if not files:
        status, reason = words(told.get("status")), words(told.get("reason"))
        return runner.Run(
            *(None, name, status, reason, 0.0),
            *(job.sandbox, asdict(job.limits), versions(), {}),
        )
    refuse_unawaited(files, most)
    check_record(files.get("run.json", b""), job, name)
    check_notebook(files.get("executed.ipynb", b""), job)
    write_run(files, out / name)
    return runner.read_run(out / name)


def caps(job):
    """Return the files that a run of a job may have: pattern of a name -> most bytes.

    Examples
    --------
    >>> from nbformat.v4 import new_notebook
    >>> list(caps(Job(new_notebook())))
    ['run[.]json', 'executed[.]ipynb']
    """
    outputs = job.limits.notebook_mb * MIB
    text = len(nbformat.writes(read_notebook(job)).encode())
    most = {"run[.]json": MIB, "executed[.]ipynb": MIB + text + SPELLING * outputs}
    for serving in job.servings:
        path = f"predictions/{re.escape(serving.name)}"
        rows = len(serving.inputs)
        batches = rows // serving.batch_sizes[0] + 2
        most[f"{path}[.][a-z]{{1,20}}[.]npy"] = NUMBERS * 8 * rows + 1024
        if serving.reply != "json":
            size = size_of(serving.reply_shape, serving.reply)
            most[f"{path}[.]npy"] = size + 1024
        most[f"{path}[.]json"] = batches * VALUES_CAP * SPELLING
    return most


def refuse_unawaited(files, most):
    """Refuse files of other names than those of a run, and longer ones."""
    for name, content in files.items():
        caps_of_it = [cap for each, cap in most.items() if re.fullmatch(each, name)]
        if len(content) > max(caps_of_it, default=-1):
            raise BadReply(f"{words(name)}, of {len(content)} bytes, is not awaited.")


def check_record(content, job, name):
    """Refuse a ``run.json`` that is not of this job."""
    record = parse(content)
    if not isinstance(record, dict) or not RECORD.keys() <= record.keys():
        raise BadReply("Its run.json is no record of a run.")
    ours = {
        "digest": name,
        "sandbox": name_of(job.sandbox),
        "limits": asdict(job.limits),
        "versions": versions(),
    }
    if any(record[key] != value for key, value in ours.items()):
        raise BadReply("Its run.json is of something else than what was sent.")
    if any(not isinstance(record[key], kind) for key, kind in RECORD.items()):
        raise BadReply("Its run.json has an entry of the wrong kind.")
    known, states = {serving.name for serving in job.servings}, record["servings"]
    sound = all(isinstance(state, dict) for state in states.values())
    named = STATUS.fullmatch(record["status"])
    if not named or not sound or not states.keys() <= known:
        raise BadReply("Its run.json has a status that cannot be.")


def check_notebook(content, job):
    """Refuse an executed notebook that is not the one that was sent."""
    try:
        executed = nbformat.reads(content, as_version=4)
    except Exception as error:
        raise BadReply(f"Its notebook cannot be read: {words(error)}.") from None
    sent = [(cell.cell_type, cell.source) for cell in read_notebook(job).cells]
    if [(cell.cell_type, cell.source) for cell in executed.cells] != sent:
        raise BadReply("Its notebook is not the one that was sent.")


def write_run(files, folder):
    """Write a run beside its place and rename it there; the first one made stays."""
    beside = Path(f"{folder.parent}/.{folder.name[:16]}-{secrets.token_hex(8)}")
    (beside / "predictions").mkdir(mode=0o700, parents=True)
    try:
        for name, content in files.items():
            (beside / name).write_bytes(content)
        beside.chmod(0o700)
        os.rename(beside, folder)
    except OSError:
        if not (folder / "run.json").is_file():
            raise
    finally:
        shutil.rmtree(beside, ignore_errors=True)
