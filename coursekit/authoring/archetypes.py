"""An assignment with somebody's answers in the place of its solutions.

Archetypes are percent files with the same labels as the assignment they answer, and
nothing but answers::

    # %% answer="model"
    model = DummyClassifier().fit(train.X, train.y)

    # %% answer="decide"
    def decide(X):
        return np.zeros(len(X), dtype=int)
"""

from dataclasses import replace

from coursekit.authoring.cells import located, read_cells
from coursekit.authoring.notebook import stubbed
from coursekit.authoring.rules import check_archetype


def put_answers(cells, archetype):
    r"""Return an assignment's cells with the answers of an archetype in their place.

    Parameters
    ----------
    cells : list of Cell
        The assignment, from `read_cells`.
    archetype : path
        A percent source that answers some or all of its questions; one that it
        leaves out gets the student's stub, as if nothing had been written.

    Returns
    -------
    list of Cell
        As long as `cells`, and in their order.

    Raises
    ------
    BadLesson
        If the archetype answers a question that is not asked, or has other code.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> folder = Path(tempfile.mkdtemp())
    >>> for name, source in {"a1": "risk = 0.3", "constant": "risk = 0.5"}.items():
    ...     _ = (folder / f"{name}.py").write_text(f'# %% answer="risk"\n{source}\n')
    >>> cells = put_answers(read_cells(folder / "a1.py"), folder / "constant.py")
    >>> cells[0].source
    'risk = 0.5'
    """
    asked = {cell.label for cell in cells if cell.role in ("answer", "manual")}
    answers = read_cells(archetype)
    with located(archetype):
        check_archetype(answers, sorted(asked))
    texts = {cell.label: cell.source for cell in answers if cell.label}
    return [
        replace(cell, source=texts.get(cell.label, stubbed(cell)))
        if cell.role in ("answer", "manual")
        else cell
        for cell in cells
    ]
