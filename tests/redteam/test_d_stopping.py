"""D: stopping or poisoning the run. Each ends in a status; the class goes on."""

import csv

import psutil
import pytest

from attacks import attack, own

STAY_RUNNING = "import time; time.sleep(77)  # "
MANY_MB = 5 << 20


@attack("D1", status="kernel-died")
def exits(notebook):
    """Ends the kernel."""
    notebook.insert("hand-in", "import os; os._exit(0)")


@attack("D2", status="timeout")
def cannot_be_interrupted(notebook):
    """Ignores the interrupt and loops for ever."""
    loop = "signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
    notebook.insert("hand-in", f"import signal\n{loop}")


@attack("D3", status="timeout")
def takes_its_time_in_many_cells(notebook):
    """Has 60 cells of which each stays below the limit of a cell."""
    notebook.insert("hand-in", *["import time; time.sleep(4)"] * 60)


@attack("D4", status="out-of-memory")
def takes_all_memory(notebook):
    """Takes 3.5 GB."""
    notebook["model"] = 'x = b"x" * (3500 << 20)\n' + notebook["model"]


@attack("D4", status="out-of-memory")
def takes_all_memory_out_of_its_heap(notebook):
    """Takes 3.5 GB in 70 memory files, none of them mapped into a process."""
    notebook.insert(
        "hand-in",
        """
        import os, time
        kept = [os.memfd_create(str(number)) for number in range(70)]
        for each in kept:
            os.write(each, bytes(50 << 20))
        time.sleep(2)
        """,
    )


@attack("D5")
def forks_and_forks(notebook):
    """Starts 700 processes."""
    notebook.insert(
        "hand-in",
        """
        import os, signal, time
        children = []
        try:
            for _ in range(700):
                child = os.fork()
                if child == 0:
                    time.sleep(15)
                    os._exit(0)
                children.append(child)
        except OSError:
            pass
        forked = len(children)
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        if forked == 700:
            raise RuntimeError("nothing stopped them")
        """,
    )


@attack("D6")
def leaves_a_process_running(notebook):
    """Leaves processes in sessions of their own."""
    code = STAY_RUNNING + notebook.place.mark
    notebook.insert(
        "hand-in",
        f"""
        import os, subprocess, sys
        command = [sys.executable, "-c", {code!r}]
        subprocess.Popen(command, start_new_session=True)
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.execv(sys.executable, command)
            os._exit(0)
        """,
    )


@attack("D7")
def kills_its_parent(notebook):
    """Kills the process that started the kernel."""
    notebook.insert("hand-in", "import os; os.kill(os.getppid(), 9)")


@attack("D8")
def locks_the_gradebook(notebook):
    """Holds the gradebook's database locked from a process that it leaves behind."""
    path = str(notebook.place.course / "gradebook.db")
    code = (
        f"import os, sqlite3, time; os.path.exists({path!r}) or exit()\n"
        f"held = sqlite3.connect({path!r}, isolation_level=None)\n"
        f"held.execute('BEGIN EXCLUSIVE'); time.sleep(60)  # {notebook.place.mark}"
    )
    notebook.insert(
        "hand-in",
        f"""
        import subprocess, sys, time
        subprocess.Popen([sys.executable, "-c", {code!r}], start_new_session=True)
        time.sleep(1)
        """,
    )


@attack("D9")
def has_a_schema_of_the_future(notebook):
    """Says that its labels are of version 99 of nbgrader's schema."""
    for cell in notebook.raw["cells"]:
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"]["schema_version"] = 99


@attack("D10")
def floods_its_outputs(notebook):
    """Shows lines of 5 MB in all and a page of 5 MB."""
    notebook.insert(
        "hand-in",
        f"""
        from IPython.display import HTML, display
        print(("x" * 99 + "\\n") * ({MANY_MB} // 100))
        display(HTML("y" * {MANY_MB}))
        """,
    )


@attack("D10")
def shows_one_endless_line(notebook):
    """Shows one line of 50 MB, which never ends."""
    notebook.insert("hand-in", "print('x' * (50 << 20), end='')")


@attack("D11")
def has_no_date(notebook):
    """Has a time stamp that is no date."""
    notebook.stamp = "not a date"


@attack("D12", status="unreadable")
def hands_in_no_notebook(notebook):
    """Hands in text that is not JSON."""
    notebook.text = "this is not a notebook"


@attack("D12", status="unreadable")
def hands_in_nothing(notebook):
    """Hands in an empty file."""
    notebook.text = ""


@attack("D12", status="too-large")
def hands_in_500_megabytes(notebook):
    """Hands in a file of 500 MB."""
    notebook.size = 500_000_000


@attack("D13")
def links_to_the_gradebook(notebook):
    """Has a link to the gradebook beside the notebook."""
    notebook.links["data.bin"] = notebook.place.course / "gradebook.db"


@attack(
    "D13",
    status="not-a-regular-file",
    stock="it would fill the disk: base.py:301 copies what a link names",
)
def links_to_endless_zeros(notebook):
    """Hands in a link to /dev/zero in the place of the notebook."""
    notebook.links["tiny.ipynb"] = "/dev/zero"


@attack("D15")
def shows_a_script(notebook):
    """Shows HTML with scripts, in an output and in a Markdown cell."""
    script = (
        "<script>LOOT</script><img src=x onerror=LOOT><a href=javascript:LOOT>x</a>"
    )
    notebook.insert(
        "hand-in",
        f"""
        from IPython.display import HTML, display
        display(HTML({script!r}))
        """,
    )
    notebook.raw["cells"].append(own(script, "markdown"))


@attack("D16")
def overwrites_a_peer(notebook):
    """Overwrites a peer's submission."""
    notebook.insert(
        "hand-in",
        f"""
        from pathlib import Path
        for course in ({str(notebook.place.course)!r}, *Path.cwd().parents):
            for path in Path(course).glob("submitted/zoe/tiny/*.ipynb"):
                path.write_text("LOOT")
        """,
    )


@attack("D17")
def configures_the_course(notebook):
    """Adds code to the configuration that the instructor's next command runs."""
    notebook.insert(
        "hand-in",
        f"""
        from pathlib import Path
        for course in ({str(notebook.place.course)!r}, *Path.cwd().parents):
            path = Path(course, "nbgrader_config.py")
            if path.exists():
                path.write_text(path.read_text() + "\\nLOOT = 1\\n")
        """,
    )


@attack("D19")
def has_a_nul_byte(notebook):
    """Has a NUL byte in its code."""
    notebook["model"] = notebook["model"] + "\n# \0"


@attack("D21")
def asks_and_exits(notebook):
    """Calls input() and sys.exit()."""
    notebook.insert("hand-in", "input()", "import sys; sys.exit(1)")


def test_what_stops_has_a_status_and_what_does_not_has_its_score(attack, graded):
    assert graded.outcome(attack) == graded.expected(attack)


@pytest.mark.parametrize("name", ["cannot_be_interrupted", "has_no_date"])
def test_the_class_table_names_everyone(graded, name):
    assert globals()[name].student in graded.printed


def test_d6_no_process_is_left(graded):
    left = [p for p in psutil.process_iter(["cmdline"]) if graded.mark in str(p.info)]
    assert left == []


@pytest.mark.parametrize("name", ["floods_its_outputs", "shows_one_endless_line"])
def test_d10_graded_notebooks_and_pages_stay_small(graded, name):
    folder = f"*/{globals()[name].student}/tiny/*"
    sizes = [path.stat().st_size for path in graded.hostile.folder.glob(folder)]
    assert len(sizes) >= 3
    assert max(sizes) < 2_500_000


def test_d13_no_link_is_passed_on(graded):
    assert [p for p in graded.files_named("*") if p.is_symlink()] == []


def test_d15_no_script_is_passed_on(graded):
    page = graded.hostile / f"feedback/{shows_a_script.student}/tiny/tiny.html"
    text = page.read_text()
    assert "accuracy:" in text
    for active in ("<script>LOOT", "<img src=x", "<a href=javascript"):
        assert active not in text


def test_d16_d17_nothing_in_the_course_folder_was_changed(graded):
    assert graded.changed == []


def test_d20_names_stay_whole_in_the_export(graded):
    with open(graded.hostile / "grades.csv", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["assignment"] == "tiny"]
    names = {row["student_id"]: row["last_name"] for row in rows}
    assert names["ann"] == f"'{graded.formula}"
    assert set(names) == set(graded.hostile.students())
    assert not [name for name in names if name.startswith(("=", "+", "@", "-"))]
