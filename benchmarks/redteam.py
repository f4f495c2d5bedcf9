"""The red team's corpus against stock nbgrader, and against coursekit.

::

    python benchmarks/redteam.py --output redteam.json --jobs 2

Every attack of ``tests/redteam`` is handed in twice. Stock nbgrader grades it in a
course of its own, without our configuration, where the model is scored by an ordinary
hidden test cell and one honest student, zoe, is graded after the attacker; a run that
takes too long is ended. coursekit grades all attackers in one class. The last line is
JSON; before it stands the table of ``docs/red-team.md``. What FILE holds already is not
measured again, so that an interrupted run can be finished.

Stock nbgrader shuts nothing in: run this as a user, and on a machine, that you can
spare. Attacks that would reach beyond their course folder are not run against it.
"""

import argparse
import base64
import csv
import io
import json
import os
import secrets
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import zlib
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import psutil

TESTS = Path(__file__).parents[1] / "tests"
sys.path[:0] = [str(TESTS / "classroom"), str(TESTS / "redteam")]

from attacks import BYSTANDERS, TWINS, Attack, Place, attacks_of  # noqa: E402
from coursekit.datasets.holdout import read_holdout_inputs  # noqa: E402
from hostile_class import HostileClass, Listener, hidden_labels  # noqa: E402
from small_course import SmallCourse, lay_out, nbgrader, write_notebook  # noqa: E402

MODULES = (
    *("test_a_stealing", "test_b_forging", "test_c_wronging", "test_d_stopping"),
    "test_e_inventions",
)
SECONDS = 150  # for one attacker and zoe, in stock nbgrader
LARGE_MB = 2
ENDING = "float(40 * min(1, max(0, (roc_auc_score(y_hidden, risk) - 0.5) / 0.4)))"
ACCURACY = """\
### BEGIN HIDDEN TESTS
import base64, io, zlib
import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score
y_hidden = {labels}
table = zlib.decompress(base64.b85decode({table!r}))
X_hidden = pd.read_csv(io.BytesIO(table))
risk = model.predict_proba(X_hidden)[:, 1]
{ending}
### END HIDDEN TESTS"""
CONTRACT = """\
### BEGIN HIDDEN TESTS
assert ((risk >= 0) & (risk <= 1)).all()
assert all(decision in (0, 1) for decision in decide(X_hidden))
### END HIDDEN TESTS"""


def main(arguments=None):
    options = parse(arguments)
    attacks = [each for name in MODULES for each in attacks_of(import_module(name))]
    attacks = [each for each in attacks if each.row.startswith(options.only)]
    report = {"stock": {}, "coursekit": {}}
    if options.output and options.output.exists():
        report = json.loads(options.output.read_text())

    def keep():
        if options.output:
            options.output.write_text(json.dumps(report, indent=1) + "\n")

    with tempfile.TemporaryDirectory(prefix="coursekit-redteam-") as folder:
        if options.side != "coursekit":
            for student, seen in against_stock(
                attacks, Path(folder), options.jobs, report["stock"]
            ):
                report["stock"][student] = seen
                keep()
        if options.side != "stock":
            report["coursekit"] = against_us(attacks, Path(folder))
            keep()
    print(table(attacks, report))
    print(json.dumps(report))


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--output", type=Path, help="a file for the JSON")
    parser.add_argument("--jobs", type=int, default=1, help="stock runs side by side")
    parser.add_argument("--only", default="", help="rows that start like this: A, D1")
    parser.add_argument(
        "--side", choices=["both", "stock", "coursekit"], default="both"
    )
    return parser.parse_args(arguments)


def against_us(attacks, folder):
    """Grade the corpus by coursekit; return student -> status and points."""
    (folder / "ours").mkdir()
    both = HostileClass(folder / "ours")
    listener = Listener()
    try:
        both.hand_in(attacks, listener.port)
        both.grade_both()
    finally:
        listener.close()
    found = {each.student: ours(both.hostile, each.student) for each in attacks}
    found |= {name: ours(both.quiet, name) for name in TWINS}
    for student in BYSTANDERS:
        same = both.hostile.scores(student) == both.quiet.scores(student)
        rows = both.hostile.rows(student) == both.quiet.rows(student)
        found[student] = ours(both.hostile, student) | {"unaffected": same and rows}
    return found


def ours(course, student):
    """Return status and points of a score record."""
    record = course.scores(student)
    points = {kind: each["points"] for kind, each in record["kinds"].items()}
    return {"status": record["status"], "reason": record["reason"], "points": points}


def against_stock(attacks, folder, jobs, known):
    """Grade each attack by stock nbgrader; yield student and what was seen."""
    template = stock_course(folder / "template")
    twins = [honest(name, cells) for name, cells in TWINS.items()]
    wanted = [*twins, *(each for each in attacks if each.stock is None)]
    wanted = [each for each in wanted if each.student not in known]
    with ThreadPoolExecutor(jobs) as pool:
        runs = {pool.submit(stock_run, each, template, folder): each for each in wanted}
        for number, run in enumerate(as_completed(runs), 1):
            student, seen = runs[run].student, run.result()
            print(f"{number}/{len(wanted)} {student}: {json.dumps(seen)}", flush=True)
            yield student, seen


def honest(name, cells):
    """Return a twin as an attack that does nothing but hand its cells in."""

    def change(notebook):
        for cell, source in cells.items():
            notebook[cell] = source

    return Attack("twin", name, "", change, name, "scored", None, None, None)


def stock_course(folder, ending=ENDING):
    """Lay out the same course as an instructor does who has nbgrader alone."""
    lay_out(folder)
    inputs = read_holdout_inputs(folder / "holdout/tiny/hidden", given=())
    packed = zlib.compress(inputs.to_csv(index=False).encode(), 9)
    spelled = {
        "labels": list(hidden_labels(folder)),
        "table": base64.b85encode(packed).decode(),
        "ending": ending,
    }
    path = folder / "source/tiny/tiny.ipynb"
    notebook = json.loads(path.read_text())
    tests = {"accuracy": ACCURACY.format(**spelled), "contract": CONTRACT}
    for cell in notebook["cells"]:
        cell["source"] = tests.get(cell["id"], cell["source"])
    write_notebook(path, notebook)
    (folder / "nbgrader_config.py").write_text("c = get_config()\n")
    for ours in ("holdout", "runs", "scores", "quarantine", "course.toml"):
        path = folder / ours
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    (folder / "gradebook.db").unlink()
    nbgrader(folder, "generate_assignment", "tiny", "--force")
    return folder


def stock_run(attack, template, folder):
    """Hand one attack in beside zoe, grade both, and say what was seen."""
    place = folder / attack.student
    if attack.ending:
        course = SmallCourse(stock_course(place, attack.ending))
    else:
        course = SmallCourse(shutil.copytree(template, place))
    home = course / "home"
    home.mkdir()
    listener = Listener()
    mark = f"coursekit-redteam-{secrets.token_hex(8)}"
    where = Place(course.folder, listener.port, labels_of(course), (str(home),), mark)
    try:
        attack.hand_in(course, course.solved(), where)
        course.hand_in("zoe", course.solved(**BYSTANDERS["zoe"]))
        before = fingerprints(course)
        ended = autograde(course, home, mark)
        left = kill_marked(mark)
    finally:
        listener.close()
    seen = {**ended, **marks(course, attack.student)}
    return seen | effects(course, attack, before, left, listener.heard)


def labels_of(course):
    """Return the labels as they stand in the source."""
    notebook = json.loads((course / "source/tiny/tiny.ipynb").read_text())
    text = next(c["source"] for c in notebook["cells"] if c["id"] == "accuracy")
    start = text.index("y_hidden = [") + len("y_hidden = ")
    return tuple(json.loads(text[start : text.index("]", start) + 1]))


def autograde(course, home, mark):
    """Run ``nbgrader autograde`` with a limit; return how it ended."""
    command = [sys.executable, "-m", "nbgrader", "autograde", "tiny"]
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    places = {"HOME": str(home), "TMPDIR": str(home), "PATH": path}
    begun = time.monotonic()
    with open(course / "log.txt", "w") as log:
        process = subprocess.Popen(
            command,
            cwd=course.folder,
            env=os.environ | places,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        family = []
        code = None
        while code is None and time.monotonic() - begun < SECONDS:
            with suppress(psutil.Error):
                family += psutil.Process(process.pid).children(recursive=True)
            with suppress(subprocess.TimeoutExpired):
                code = process.wait(0.5)
        end(process, family)
    seconds = round(time.monotonic() - begun, 1)
    return {"code": code, "seconds": seconds, "finished": code is not None}


def end(process, family):
    """End what is left of a run, and what it had started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for each in set(family):
        if "coursekit-redteam-" not in command_of(each):
            with suppress(psutil.Error):
                each.kill()


def command_of(process):
    """Return a process's command line, empty where it is gone."""
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def kill_marked(mark):
    """End the processes that an attack left running; return how many there were."""
    left = [each for each in psutil.process_iter() if mark in command_of(each)]
    for each in left:
        with suppress(psutil.Error):
            each.kill()
    return len(left)


def marks(course, attacker):
    """Return the points in the gradebook: cell -> points, for attacker and zoe."""
    try:
        rows = course.rows()
    except sqlite3.Error:
        return {"points": {}, "zoe": {}}
    kept = ("shape", "accuracy", "contract")
    return {
        key: {cell: rows[student, cell][0] for cell in kept if (student, cell) in rows}
        for key, student in (("points", attacker), ("zoe", "zoe"))
    }


def fingerprints(course):
    """Return what an attack may not change."""
    paths = [course / "nbgrader_config.py", course / "submitted/zoe/tiny/tiny.ipynb"]
    return {path.name: path.read_bytes() for path in paths}


def effects(course, attack, before, left, heard):
    """Return what an attack did beside its points, each in a few words."""
    found = []
    after = fingerprints(course)
    found += [f"changed {name}" for name in before if before[name] != after[name]]
    found += ["left processes running"] * bool(left)
    found += ["reached the network"] * bool(heard)
    graded = course / f"autograded/{attack.student}"
    passed_on = [p.name for p in graded.rglob("*") if p.name in LOOT or p.is_symlink()]
    found += [f"passed on {name}" for name in passed_on]
    found += ["ran code beside the notebook"] * bool(
        [*course.folder.rglob("LOOT-OF-B")]
    )
    sizes = [0, *(path.stat().st_size / 1e6 for path in graded.rglob("*.ipynb"))]
    found += [f"a notebook of {max(sizes):.0f} MB"] * (max(sizes) > LARGE_MB)
    by_hand = count_by_hand(course)
    found += [f"{by_hand} marks by hand"] * bool(by_hand)
    startup = [*course.folder.rglob("startup/00-loot.py")]
    found += ["left a program that later kernels start with"] * bool(startup)
    if "<script>LOOT" in outputs_of(graded):
        found.append("the script is in the graded notebook")
    if not (graded / "tiny/tiny.ipynb").exists():
        found.append(f"exported as {exported(course, attack.student)}")
    return {"effects": found}


LOOT = ("loot.html", "sklearn.py", "numpy.py", "ipykernel_launcher.py")


def count_by_hand(course):
    """Return how many cells have a mark by hand."""
    query = "select count(*) from grade where manual_score is not null"
    try:
        with sqlite3.connect(course / "gradebook.db") as gradebook:
            ((count,),) = gradebook.execute(query).fetchall()
        gradebook.close()
    except sqlite3.Error:
        return 0
    return count


def outputs_of(folder):
    """Return what the cells of a graded notebook show, as text."""
    shown = []
    for path in folder.rglob("tiny.ipynb"):
        for cell in json.loads(path.read_text())["cells"]:
            for output in cell.get("outputs", []):
                shown.append("".join(output.get("data", {}).get("text/html", "")))
    return "".join(shown)


def exported(course, student):
    """Return the score that ``nbgrader export`` gives a student."""
    try:
        nbgrader(course.folder, "export")
        text = (course / "grades.csv").read_text()
    except (AssertionError, OSError):
        return "nothing"
    rows = csv.DictReader(io.StringIO(text))
    return next((r["score"] for r in rows if r["student_id"] == student), "nothing")


def table(attacks, report):
    """Return the comparison as a table in Markdown."""
    lines = [
        "| row | the attack | worth | stock nbgrader | coursekit |",
        "|---|---|---|---|---|",
    ]
    stock, us = report["stock"], report["coursekit"]
    for each in sorted(attacks, key=lambda each: (each.row[0], int(each.row[1:]))):
        cells = (
            each.row,
            each.words.replace("|", "\\|"),
            worth(each, stock, us),
            in_stock(each, stock),
            in_coursekit(us.get(each.student)),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def total(points):
    """Return the sum of points, a dash where one of them is missing."""
    known = [value for value in points.values() if value is not None]
    return f"{sum(known):.4g}" if known else "–"


def worth(attack, stock, us):
    """Return what the honest twin gets, from stock and from coursekit."""
    if attack.like is None:
        return "–"
    twin = stock.get(f"twin-{attack.like}", {"points": {}})
    mine = us.get(attack.like, {"points": {}})
    return f"{total(twin['points'])} / {total(mine['points'])}"


def in_stock(attack, stock):
    """Return in words what stock nbgrader did."""
    if attack.student not in stock:
        return f"not run: {attack.stock}"
    seen = stock[attack.student]
    said = [f"**{total(seen['points'])}**"]
    if not seen["finished"]:
        said.append(f"did not end in {SECONDS} s")
    elif seen["code"]:
        said.append(f"ended with code {seen['code']}")
    if not seen["zoe"]:
        said.append("zoe was not graded")
    elif seen["zoe"] != stock["twin-sickness"]["zoe"]:
        said.append(f"zoe got {total(seen['zoe'])}")
    return "; ".join([*said, *seen["effects"]])


def in_coursekit(seen):
    """Return points and status from coursekit."""
    if seen is None:
        return ""
    return f"**{total(seen['points'])}** {seen['status']}"


if __name__ == "__main__":
    main()
