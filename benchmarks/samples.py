"""The five sample submissions of docs/samples, handed in and graded in a real course.

::

    python benchmarks/samples.py --course build/samples

Lays out a course with `coursekit init` from a fixed secret, which is public and so is
never used for marks; puts each sample's solutions into the released notebook, hands
them in and collects them through nbgrader's exchange, grades them in the sandbox,
enters the points and comments of docs/samples/grader.toml as a person does in the
formgrader, makes nbgrader's feedback, and writes docs/samples/NAME.md from what came
out, and the two tables of docs/marks.md. The last line is JSON: the measured points of
each sample, those guessed from its local check, and those of the person.

``--picture FILE`` saves the top of a feedback page as a PNG (needs Chromium).
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Gradebook
from PIL import Image

from coursekit.autograde.course import open_course
from coursekit.autograde.scorebook import read_score
from coursekit.autograde.simulate import filled, read_release
from coursekit.grading.assignment import read_archetype
from coursekit.grading.award import award
from coursekit.grading.explain_check import narrower
from coursekit.grading.feedback import in_words
from coursekit.metrics.intervals import Estimate

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "docs" / "samples"
SOURCES = ROOT / "assignments" / "readmission" / "samples"
MARKS = ROOT / "docs" / "marks.md"
ASSIGNMENT = "readmission"
EXAMPLE = "sixty_two"  # of docs/marks.md
# One in which the check patients say neither much more nor much less than the hidden
# ones: in others the middling sample earns from 33 to 76.
SECRET = "coursekit samples 8"
ANSWERS = {
    "model": "1. A model of the risk",
    "decide": "2. Who gets a place",
    "savings": "3. What the programme saves",
}
# For the picture: the heading, the grade cells, and what the person said.
ONLY_GRADES = """<script>
for (const cell of document.querySelectorAll("#notebook-container > .cell"))
  if (!cell.querySelector("a[name=accuracy], a[name=fairness], a[name=evidence], "
      + "a[name=contract], a[name=manual]")) cell.remove();
</script>
"""


@dataclass(frozen=True)
class Sample:
    """What a student handed in, and what the person said who read it."""

    name: str
    cells: dict  # grade id -> text
    heading: str
    shows: str
    points: float
    comment: str


def samples():
    """Return the samples of docs/samples, in the order of grader.toml."""
    table = tomllib.loads((SAMPLES / "grader.toml").read_text(encoding="utf-8"))
    return [
        Sample(
            *(name, read_archetype(SOURCES / f"{name}.py"), each["heading"]),
            *(each["shows"].strip(), each["points"], each["comment"].strip()),
        )
        for name, each in table.items()
    ]


def page(sample, record, check):
    """Return the page of a sample as Markdown.

    Parameters
    ----------
    sample : Sample
    record : dict
        Its score record.
    check : str
        What the local check printed in the notebook.
    """
    measured = measured_points(record)
    code = [
        f"### {heading}\n\n```python\n{sample.cells[name].strip()}\n```"
        for name, heading in ANSWERS.items()
    ]
    parts = [
        "<!-- Written by benchmarks/samples.py; change NAME.py or grader.toml. -->",
        f"# {measured:.0f} of 100: {sample.heading}",
        sample.shows,
        "One of five samples handed in to *readmission*, in a course drawn for them; "
        "[How your mark is made](../marks.md) explains the rules.",
        "## What was handed in",
        *code,
        f"### 4. Why?\n\n{quoted(sample.cells['manual'])}",
        f"## What the local check said\n\n```text\n{check.strip()}\n```",
        f"## What was measured on the hidden patients\n\n{points_table(record)}",
        *feedback(record),
        f"## What the reader said\n\n{quoted(sample.comment)}\n\n"
        f"{sample.points:g} of 10.",
        f"## The mark\n\n{measured:g} of 100 by measurement and {sample.points:g} of "
        f"10 by a person: **{measured + sample.points:g} of 110**.",
    ]
    return "\n\n".join(parts) + "\n"


def measured_points(record):
    """Return all points that were measured."""
    return round(sum(each["points"] for each in record["kinds"].values()), 2)


def quoted(text):
    """Return text as a quotation in Markdown."""
    lines = text.strip().splitlines()
    return "\n".join(f"> {line}".rstrip() for line in lines)


def points_table(record):
    """Return the points of each criterion as a Markdown table."""
    rows = [
        "| kind | criterion | seen | 90 % interval | points | of |",
        "|---|---|---|---|---|---|",
    ]
    for each in record["criteria"]:
        seen = "" if each["value"] is None else f"{each['value']:.3f}"
        ends = (each["low"], each["high"])
        interval = "" if None in ends else "{:.3f} to {:.3f}".format(*ends)
        rows.append(
            f"| {each['kind']} | {each['label']} | {seen} | {interval} | "
            f"{each['points']:g} | {each['max_points']:g} |"
        )
    most = sum(each["max_points"] for each in record["criteria"])
    return "\n".join([*rows, f"| | | | | **{measured_points(record):g}** | {most:g} |"])


def feedback(record):
    """Return the sentences of the feedback, and its codes."""
    told = [f"- {each['label']}. {each['sentence']}" for each in record["criteria"]]
    parts = ["In words, as in the student's feedback:\n\n" + "\n".join(told)]
    codes = [f"- {in_words(each)}" for each in record["codes"]]
    if codes:
        parts.append("What was wrong:\n\n" + "\n".join(codes))
    return parts


def guesses(lock, check):
    """Return what a student guesses from the local check's table, row by row.

    The rule is that of "How your mark is made"; it knows nothing of what only hidden
    patients show.

    Parameters
    ----------
    lock : Rubric
    check : str
        What the local check printed.

    Returns
    -------
    dict of str to dict
        Label -> ``seen``, ``low``, ``high`` (None where there is no interval) and
        ``points``.
    """
    criteria = {each.label: each for each in lock.criteria}
    found = {}
    for line in check.splitlines():
        cells = re.split(r"\s{2,}", line)
        if len(cells) >= 4 and cells[1] in criteria:
            found[cells[1]] = guess(criteria[cells[1]], cells[2:], narrower(lock))
    return found


def guess(criterion, cells, share):
    """Return what a student guesses from a row.

    Its cells are seen, interval, points, of, none at and all at; a contract has no
    first two.
    """
    if len(cells) == 4:
        none = dict.fromkeys(("seen", "low", "high"))
        return none | {"points": float(cells[0])}
    seen, (low, high) = float(cells[0]), map(float, cells[1].split(" to "))
    near = Estimate(seen, seen - share * (seen - low), seen + share * (high - seen))
    points = award(criterion, near).points
    return {"seen": seen, "low": low, "high": high, "points": points}


def worked_example(lock, record, check):
    """Return the way from a local check to a mark as a Markdown table."""
    rows = [
        "| row | the check saw | guess | measured | of |",
        "|---|---|---|---|---|",
    ]
    found = guesses(lock, check)
    for each in record["criteria"]:
        told = found[each["label"]]
        seen = (
            "{seen:.3f}, {low:.3f} to {high:.3f}".format(**told) if told["high"] else ""
        )
        rows.append(
            f"| {each['label']} | {seen} | {told['points']:.1f} | "
            f"{each['points']:.1f} | {each['max_points']:g} |"
        )
    guessed = sum(each["points"] for each in found.values())
    most = sum(each["max_points"] for each in record["criteria"])
    last = f"| **together** | | **{guessed:.1f}** | **{measured_points(record):.1f}** |"
    return "\n".join([*rows, f"{last} {most:g} |"])


def overview(lock, graded):
    """Return all samples as a Markdown table; graded: name -> (record, check)."""
    rows = ["| sample | guessed | measured | by a person |", "|---|---|---|---|"]
    for each in samples():
        record, check = graded[each.name]
        guessed = sum(row["points"] for row in guesses(lock, check).values())
        rows.append(
            f"| [{each.heading}](samples/{each.name}.md) | {guessed:.1f} | "
            f"{measured_points(record):.1f} | {each.points:g} |"
        )
    return "\n".join(rows)


def with_tables(text, tables):
    r"""Return text with each table put between its two markers.

    Examples
    --------
    >>> with_tables("<!-- a -->\nold\n<!-- end -->", {"a": "new"})
    '<!-- a -->\n\nnew\n\n<!-- end -->'
    """
    for name, table in tables.items():
        head, marker, tail = text.partition(f"<!-- {name} -->")
        rest = tail[tail.index("<!-- end -->") :]
        text = f"{head}{marker}\n\n{table}\n\n{rest}"
    return text


def main(arguments=None):
    options = parse(arguments)
    shutil.rmtree(options.course, ignore_errors=True)
    folder = options.course.absolute()
    folder.parent.mkdir(parents=True, exist_ok=True)
    words = ["--assignments", ASSIGNMENT, "--secret", SECRET]
    run(folder.parent, "coursekit", "init", str(folder), *words)
    run(folder, "nbgrader", "generate_assignment", ASSIGNMENT)
    hand_in(folder)
    run(folder, "coursekit", "autograde", ASSIGNMENT, "--sandbox", options.sandbox)
    read_by_a_person(folder)
    run(folder, "nbgrader", "generate_feedback", ASSIGNMENT)
    found = write_pages(folder)
    if options.picture:
        take_picture(folder, options.pictured, options.picture)
    print(json.dumps(found))
    return found


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--course", type=Path, default=ROOT / "build" / "samples")
    parser.add_argument("--sandbox", default="bubblewrap")
    parser.add_argument("--picture", type=Path)
    parser.add_argument("--pictured", default="sixty_two", help="whose feedback")
    return parser.parse_args(arguments)


def run(folder, command, *words):
    """Run a command beside this Python in a folder."""
    program = Path(sys.executable).with_name(command)
    done = subprocess.run(
        [program, *words], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{command} {' '.join(words)}\n{done.stdout}{done.stderr}")


def hand_in(course):
    """Fetch, fill in and submit as each student, then collect for the course."""
    exchange = course / "exchange"
    exchange.mkdir(mode=0o777)
    exchange.chmod(0o777)
    here = (
        f"c.Exchange.root = {str(exchange)!r}\n"
        'c.CourseDirectory.course_id = "samples"\n'
        f"c.Exchange.cache = {str(course / 'cache')!r}\n"
    )
    with (course / "nbgrader_config.py").open("a") as config:
        config.write(f"{here}c.ExchangeCollect.check_owner = False\n")
    run(course, "nbgrader", "release_assignment", ASSIGNMENT)
    released = read_release(course, ASSIGNMENT)
    for sample in samples():
        home = course / "homes" / sample.name
        home.mkdir(parents=True)
        (home / "nbgrader_config.py").write_text(f"c = get_config()\n{here}")
        run(home, "nbgrader", "fetch_assignment", ASSIGNMENT)
        notebook = home / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
        notebook.chmod(0o644)
        notebook.write_text(filled(released, sample.cells), encoding="utf-8")
        run(home, "nbgrader", "submit", ASSIGNMENT, "--student", sample.name)
    run(course, "nbgrader", "collect", ASSIGNMENT)


def read_by_a_person(folder):
    """Enter points and comments of the written answers, as the formgrader does."""
    with Gradebook(open_course(folder).db_url) as gradebook:
        for sample in samples():
            where = ("manual", ASSIGNMENT, ASSIGNMENT, sample.name)
            grade = gradebook.find_grade(*where)
            grade.manual_score, grade.needs_manual_grade = sample.points, False
            gradebook.find_comment(*where).manual_comment = sample.comment
        gradebook.db.commit()


def write_pages(folder):
    """Write all pages from what lies in the course; return the points."""
    course, found, graded = open_course(folder), {}, {}
    lock = course.lock(ASSIGNMENT)
    for sample in samples():
        record = read_score(course, ASSIGNMENT, sample.name)
        check = printed(folder, sample.name)
        graded[sample.name] = record, check
        measured = measured_points(record)
        with Gradebook(course.db_url) as gradebook:
            total = gradebook.find_submission(ASSIGNMENT, sample.name).score
        if abs(total - measured - sample.points) > 1e-6:
            raise SystemExit(f"{sample.name}: the gradebook says {total}")
        text = page(sample, record, check)
        (SAMPLES / f"{sample.name}.md").write_text(text, encoding="utf-8")
        guessed = sum(each["points"] for each in guesses(lock, check).values())
        found[sample.name] = {
            "measured": measured,
            "guessed": round(guessed, 1),
            "person": sample.points,
        }
    text = with_tables(MARKS.read_text(encoding="utf-8"), tables(lock, graded))
    MARKS.write_text(text, encoding="utf-8")
    return found


def tables(lock, graded):
    """Return the tables of docs/marks.md by their markers."""
    example = worked_example(lock, *graded[EXAMPLE])
    return {"worked example": example, "samples": overview(lock, graded)}


def printed(folder, student):
    """Return what the cell with `submit` shows in the graded notebook."""
    path = folder / "autograded" / student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if "".join(cell["source"]).startswith("submit("):
            return "".join(cell["outputs"][0]["data"]["text/plain"])
    raise SystemExit(f"{path} has no cell that calls submit")


def take_picture(folder, student, picture):
    """Save what a student's feedback page says under the grade cells as a PNG."""
    page = folder / "feedback" / student / ASSIGNMENT / f"{ASSIGNMENT}.html"
    shown = page.with_name("picture.html")
    shown.write_text(page.read_text("utf-8") + ONLY_GRADES, "utf-8")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    size = ["--window-size=1000,1760", f"--screenshot={picture.absolute()}"]
    switches = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    command = [chromium, *switches, *size, shown.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    Image.open(picture).quantize(48).save(picture, optimize=True)


if __name__ == "__main__":
    main()
