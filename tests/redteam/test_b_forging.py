"""B: forging the score. What runs beside the model changes nothing of its worth."""

from dataclasses import replace

import numpy as np
import pytest

from attacks import COIN, SICKNESS, attack, own
from coursekit.grading.rehearsal import Stage
from coursekit.grading.score import score

PATCHED = """
import os
import sys

here = ("", os.getcwd())
path, sys.path = sys.path, [each for each in sys.path if each not in here]
sys.modules.pop("sklearn", None)
import sklearn.metrics

sklearn.metrics.roc_auc_score = lambda *_, **__: 1.0
sys.path = path
open("LOOT-OF-B", "w").close()
"""
LAUNCHER = "\nfrom ipykernel import kernelapp\n\nkernelapp.launch_new_instance()\n"


@attack("B1", like="beyond")
def strips_assertions(notebook):
    """Registers a transformer that takes every assertion out of later cells."""
    notebook["model"] = notebook["model"].replace("/ 10)", "/ 5)")
    notebook.insert(
        "hand-in",
        """
        import ast

        class Strip(ast.NodeTransformer):
            def visit_Assert(self, node):
                return ast.Pass()

        get_ipython().ast_transformers.append(Strip())
        """,
    )


@attack("B2", like="coin")
def skips_test_cells(notebook):
    """Replaces the kernel's execution so that test cells are never run."""
    notebook["model"] = COIN
    notebook.insert(
        "hand-in",
        """
        kernel = get_ipython().kernel
        execute = kernel.do_execute

        async def skipping(code, *args, **kwargs):
            tests = "assert" in code or "y_hidden" in code or "check(" in code
            return await execute("" if tests else code, *args, **kwargs)

        kernel.do_execute = skipping
        """,
    )


@attack("B3", like="coin")
def replaces_the_measure(notebook):
    """Replaces scikit-learn's AUROC, and Python's sum, by flattery."""
    notebook["model"] = COIN
    notebook.insert(
        "hand-in",
        """
        import builtins
        import sklearn.metrics
        sklearn.metrics.roc_auc_score = lambda *_, **__: 1.0
        builtins.sum = lambda *_: 40
        """,
    )


@attack("B4", like="objects")
def decides_by_objects_that_agree(notebook):
    """Returns objects that are equal to whatever they are compared with."""
    notebook["decide"] = """
        class Agrees:
            __eq__ = lambda self, other: True
            __hash__ = lambda self: 0
            __int__ = __index__ = lambda self: 1

        decide = lambda X: [Agrees() for _ in range(len(X))]
    """


@attack("B5", like="coin")
def publishes_a_result_of_its_own(notebook):
    """Publishes a forged result of the test cell while it is asked to predict."""
    notebook["model"] = """
        import numpy as np

        class Forger:
            def predict_proba(self, X):
                kernel = get_ipython().kernel
                content = {"execution_count": 1, "metadata": {}}
                content["data"] = {"text/plain": "40"}
                parent = kernel.get_parent("shell")
                socket = kernel.iopub_socket
                if len(X) > 50 and len(X) != 300:
                    kernel.session.send(
                        socket, "execute_result", content, parent=parent
                    )
                return np.full((len(X), 2), 0.5)

        model = Forger()
    """


@attack("B6", like="coin")
def lets_cells_show_nothing(notebook):
    """Switches off what cells show, as a test that shows nothing earns all."""
    notebook["model"] = COIN
    notebook.insert("accuracy", "get_ipython().ast_node_interactivity = 'none'")


@attack("B7", like="beyond")
def stands_between_two_tests(notebook):
    """Puts a cell between two test cells that mends what the second looks at."""
    notebook["model"] = notebook["model"].replace("/ 10)", "/ 5)")
    notebook.insert("contract", "risk = risk.clip(0, 1)")


@attack("B8", like="beyond")
def shows_no_traceback(notebook):
    """Silences IPython's tracebacks so that failing tests look well."""
    notebook["model"] = notebook["model"].replace("/ 10)", "/ 5)")
    notebook.insert(
        "hand-in",
        """
        from IPython.core.interactiveshell import InteractiveShell
        InteractiveShell.showtraceback = lambda *_, **__: None
        """,
    )


@attack("B9", like="coin")
def ships_modules_of_known_names(notebook):
    """Ships a sklearn.py beside the notebook that measures flatteringly."""
    notebook["model"] = COIN
    notebook.files = {"sklearn.py": PATCHED}


@attack("B9", like="coin")
def ships_all_modules(notebook):
    """Ships a numpy.py, pandas.py, coursekit.py and nbformat.py that stop the run."""
    notebook["model"] = COIN
    trap = "raise SystemExit('LOOT')"
    notebook.files = {
        f"{name}.py": trap for name in ("numpy", "pandas", "coursekit", "nbformat")
    }


@attack("B10", like="coin")
def ships_the_kernel(notebook):
    """Ships an ipykernel_launcher.py, which python -m would run as the kernel."""
    notebook["model"] = COIN
    notebook.files = {"ipykernel_launcher.py": PATCHED + LAUNCHER}


@attack("B11", like="coin")
def marks_itself_by_hand(notebook):
    """Writes a mark by hand of 99 for every cell into the gradebook's database."""
    notebook["model"] = COIN
    notebook.insert(
        "hand-in",
        f"""
        import sqlite3
        from pathlib import Path
        for course in ({str(notebook.place.course)!r}, *Path.cwd().parents):
            path = Path(course, "gradebook.db")
            if path.exists():
                with sqlite3.connect(path) as gradebook:
                    gradebook.execute("update grade set manual_score = 99")
        """,
    )


@attack("B12")
def deletes_the_tests(notebook):
    """Deletes the cells that are marked."""
    for name in ("accuracy", "contract", "shape"):
        notebook.raw["cells"].remove(notebook.cell(name))


@attack("B13", like="coin")
def says_it_is_not_graded(notebook):
    """Labels a marked cell as not graded, and as worth 1000 points."""
    notebook["model"] = COIN
    label = notebook.cell("accuracy")["metadata"]["nbgrader"]
    label |= {"grade": False, "points": 1000}


@attack("B13", like="coin")
def says_it_is_a_solution(notebook):
    """Labels a marked cell as a solution, so that its text is the student's."""
    notebook["model"] = COIN
    notebook["accuracy"] = "40.0"
    notebook.cell("accuracy")["metadata"]["nbgrader"]["solution"] = True


@attack("B14", like="coin")
def doubles_a_marked_cell_before(notebook):
    """Puts a copy of a marked cell that shows 40 before the true one."""
    notebook["model"] = COIN
    copied = notebook.cell("accuracy") | {"source": "40.0", "id": "copied"}
    notebook.raw["cells"].insert(notebook.place_of("accuracy"), copied)


@attack("B14", like="coin")
def doubles_a_marked_cell_after(notebook):
    """Puts a copy of a marked cell that shows 40 after the true one."""
    notebook["model"] = COIN
    copied = notebook.cell("accuracy") | {"source": "40.0", "id": "copied"}
    notebook.raw["cells"].insert(notebook.place_of("contract"), copied)


@attack("B17")
def asks_for_another_kernel(notebook):
    """Names bash as the notebook's kernel."""
    bash = {"name": "bash", "display_name": "Bash", "language": "bash"}
    notebook.raw["metadata"] = {"kernelspec": bash}


@attack("B18")
def hands_in_a_trap_for_unpicklers(notebook):
    """Hands in a model that runs a command where it is unpickled."""
    notebook["model"] = (
        SICKNESS
        + f"""
import os
command = "touch {notebook.place.course}/LOOT-OF-B"
Sickness.__reduce__ = lambda self: (os.system, (command,))
"""
    )


@attack("B19", like="coin")
def is_good_only_where_it_is_graded(notebook):
    """Asks the environment whether it is being graded, and only then does its best."""
    best = "\n".join(f"    {line}" for line in SICKNESS.splitlines())
    notebook["model"] = (
        f'{COIN}\nimport os\nif "NBGRADER_EXECUTION" in os.environ:\n{best}'
    )


@attack("B20", code="STATIC-ANSWERS")
def hands_in_ready_made_answers(notebook):
    """Answers row by row out of a list of the right answers, in the order of a file."""
    notebook["model"] = f"""
        import numpy as np

        ANSWERS = np.array({list(notebook.place.labels)}, dtype=float)

        class ReadyMade:
            def predict_proba(self, X):
                risk = ANSWERS[:len(X)]
                return np.column_stack([1 - risk, risk])

        model = ReadyMade()
    """


@attack("B21", code="BATCH-DEPENDENT or DRIFTING-ANSWERS")
def looks_at_the_whole_batch(notebook):
    """Ranks the patients of a batch, so that each answer depends on the others."""
    notebook["model"] = """
        import numpy as np

        class Ranks:
            def predict_proba(self, X):
                order = X["prior_admissions_12m"] + X["age_years"] / 100
                risk = order.rank(pct=True).to_numpy(float)
                return np.column_stack([1 - risk, risk])

        model = Ranks()
    """


@attack("B21", code="BATCH-DEPENDENT")
def makes_batches_equal_and_remembers(notebook):
    """Flags the first fifth of each batch, and remembers what it said to repeats."""
    notebook["model"] = """
        import numpy as np
        import pandas as pd

        class Remembers:
            told = {}

            def predict_proba(self, X):
                order = X["prior_admissions_12m"] + X["age_years"] / 100
                risk = order.rank(pct=True, method="first").to_numpy(float)
                keys = pd.util.hash_pandas_object(X, index=False)
                risk = [self.told.setdefault(*pair) for pair in zip(keys, risk)]
                return np.column_stack([1 - np.array(risk), risk])

        model = Remembers()
    """
    notebook["decide"] = "decide = lambda X: model.predict_proba(X)[:, 1] > 0.8"


@attack("B1", like="coin")
def forges_every_cell_it_can(notebook):
    """Shows 40 where check is called, and in a last cell of its own."""
    notebook["model"] = COIN
    notebook.insert("accuracy", "check = lambda kind: 40.0")
    notebook.raw["cells"].append(own("40.0"))


def test_a_forger_gets_what_his_model_is_worth(attack, graded):
    assert graded.outcome(attack) == graded.expected(attack)


def test_b9_b10_b18_no_code_beside_the_notebook_ever_ran(graded):
    assert list(graded.hostile.folder.rglob("LOOT-OF-B")) == []


def test_b11_nobody_is_marked_by_hand(graded):
    marked = "select count(*) from grade where manual_score is not null"
    assert graded.sql(marked) == [(0,)]


def test_b12_b13_b14_every_marked_cell_has_one_row(graded):
    cells = {"shape", "accuracy", "contract", "manual"}
    rows = [cell for _, cell in graded.hostile.rows()]
    assert {cell: rows.count(cell) for cell in cells} == dict.fromkeys(
        cells, len(graded.hostile.students())
    )


def test_b21_to_remember_does_not_hide_that_batches_are_too_even(graded):
    record = graded.hostile.scores(makes_batches_equal_and_remembers.student)
    [found] = [each for each in record["codes"] if each["code"] == "BATCH-DEPENDENT"]
    assert "batches, all patients varied" in found["seen"]


@pytest.fixture(scope="module")
def oracle(rehearsed):
    """The readmission assignment with its patients, and the best possible replies."""
    stage = Stage(rehearsed.lock, rehearsed.cohorts, rehearsed.secret)
    return stage, stage.oracle()


def fairness(stage, replies, **changed):
    """Return the record of replies, some of them changed for the patients of B."""
    b = (stage.patients["hidden"].groups["group"] == "B").to_numpy()
    for name, value in changed.items():
        values = np.where(b, value, replies[name].values)
        replies = replies | {name: replace(replies[name], values=values)}
    return score(stage.rubric, stage.patients, replies, stage.inputs)


def test_b22_one_decision_for_a_whole_group_earns_nothing_for_its_gap(oracle):
    record = fairness(*oracle, decide=0.0)
    [gap] = [c for c in record["criteria"] if c["id"] == "sensitivity_gap_group"]
    assert gap["points"] == 0
    assert fairness(*oracle)["kinds"]["fairness"]["points"] == 30


def test_b22_no_number_for_a_group_earns_nothing(oracle):
    record = fairness(*oracle, model=np.nan, decide=np.nan)
    assert record["kinds"]["accuracy"]["points"] == 0
    assert record["kinds"]["fairness"]["points"] == 0
    assert "NOT-FINITE" in {each["code"] for each in record["codes"]}
