"""A page for each assignment's certificate: a picture, and the same as a table."""

import json
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from coursekit.grading.rubric import load_rubric
from docsite.markdown import table

ASSIGNMENTS = Path(__file__).parents[2] / "assignments"
ALL = "automatic"
DONE, BAND = "#0b5394", "#f3d27a"
HOW_TO_READ = """How to read it: a line is one archetype, a column one kind of points.
The dot is the median over the courses, the thick line holds 95 % of them, the thin one
all. The yellow field is the band in which these points must lie; where there is none,
the rubric leaves them open. Some archetypes must besides have a feedback code, or none.
"""


def read():
    """Return the certificates of all assignments, each with its rubric."""
    found = sorted(ASSIGNMENTS.glob("*/certificate.json"))
    return {
        path.parent.name: (
            json.loads(path.read_text("utf-8")),
            load_rubric(path.with_name("rubric.toml")),
        )
        for path in found
    }


def write(folder):
    """Write the pages and pictures of all certificates into a folder."""
    for name, (certificate, rubric) in read().items():
        draw(certificate, rubric, folder / f"{name}.svg")
        text = page(certificate, rubric)
        (folder / f"{name}.md").write_text(text, encoding="utf-8")


def listed():
    """Return the table of the certificates, and the list of their pages."""
    heading = ["assignment", "courses drawn", "archetypes", "fewest in their band"]
    rows = []
    for name, (each, _) in read().items():
        fewest = min(kind["in_band"] for kind in each["archetypes"].values())
        n = each["n_secrets"]
        rows.append([f"[{name}]({name}.md)", n, len(each["archetypes"]), of(fewest, n)])
    pages = "\n".join(["```{toctree}", ":hidden:", "", *read(), "```"])
    return f"{table(heading, rows)}\n{pages}\n"


def of(part, whole):
    """Return a count in words.

    Examples
    --------
    >>> of(199, 200)
    '199 of 200'
    """
    return f"{part} of {whole}"


def page(certificate, rubric):
    """Return the page of one certificate."""
    name, n = certificate["assignment"], certificate["n_secrets"]
    return "\n".join(
        [
            f"# The certificate of {name}\n",
            f"*{rubric.title}*, {n} courses, each drawn from another secret. What the",
            "archetypes do is told with [the assignments](../assignments.md).\n",
            "![Points of the archetypes by kind, with their bands; the tables below",
            f"have every figure.]({name}.svg)\n",
            HOW_TO_READ,
            "## Points\n",
            "Median, in brackets where 95 % of the courses lie; below it the band.\n",
            by_kind(certificate, rubric, cell),
            ":::{dropdown} The least and the most in any course",
            f"{by_kind(certificate, rubric, ends)}:::\n",
            "## In their bands, and what is named\n",
            table(
                ["archetype", "in its band", "90 % interval", "codes", "in band if"],
                [
                    named(archetype, seen, rubric, n)
                    for archetype, seen in certificate["archetypes"].items()
                ],
            ),
            misses(certificate),
        ]
    )


def by_kind(certificate, rubric, told):
    """Return a table with a line for each archetype and a column for each kind."""
    points = {**rubric.kinds, ALL: sum(rubric.kinds.values())}
    heading = ["archetype", *(f"{kind} /{most:g}" for kind, most in points.items())]
    lines = []
    for archetype, seen in certificate["archetypes"].items():
        bands = rubric.bands.get(archetype, {})
        cells = [told(spread_of(seen, kind), bands.get(kind)) for kind in points]
        lines.append([f"`{archetype}`", *cells])
    return table(heading, lines)


def spread_of(seen, kind):
    """Return the spread of one archetype's points of a kind; None if withheld."""
    return seen[ALL] if kind == ALL else seen["kinds"][kind]


def cell(spread, band):
    """Return the median of some points, where 95 % lie, and their band."""
    in_band = f"<br>band {band[0]:g} to {band[1]:g}" if band else ""
    if spread is None:
        return f"withheld{in_band}"
    low, middle, high = (f"{spread[end]:.3g}" for end in ("p2_5", "median", "p97_5"))
    return (middle if low == high else f"{middle} ({low} to {high})") + in_band


def ends(spread, band):
    """Return the least and the most of some points."""
    if spread is None:
        return "withheld"
    return f"{spread['min']:.3g} to {spread['max']:.3g}"


def named(archetype, seen, rubric, n):
    """Return one line of the table of bands and codes."""
    _, low, high = seen["share_in_band"]
    codes = [f"{code} {of(count, n)}" for code, count in seen["codes"].items()]
    band = rubric.bands.get(archetype, {})
    must = [f"{code} is named" for code in band.get("codes", [])]
    must += [f"{code} is not named" for code in band.get("never", [])]
    told = ", ".join(codes) or "none", "; ".join(must) or "points alone"
    if not band:
        told = told[0], "any result"
    interval = f"{low:.1%} to {high:.1%}"
    return [f"`{archetype}`", of(seen["in_band"], n), interval, *told]


def misses(certificate):
    """Return how archetypes lay outside their bands, where they did."""
    found = [
        f"- `{archetype}`: {'; '.join(seen['misses'])}"
        for archetype, seen in certificate["archetypes"].items()
        if seen["misses"]
    ]
    return "\n".join(["## Outside a band", "", *found, ""]) if found else ""


def draw(certificate, rubric, path):
    """Draw the points of all archetypes, by kind, with their bands."""
    kinds, archetypes = [*rubric.kinds, ALL], list(certificate["archetypes"])
    most = {**rubric.kinds, ALL: sum(rubric.kinds.values())}
    settings = {"svg.hashsalt": "coursekit", "svg.fonttype": "path", "font.size": 9}
    with mpl.rc_context(settings):
        figure = Figure((10, 0.9 + 0.27 * len(archetypes)), layout="constrained")
        axes = figure.subplots(1, len(kinds), sharey=True)
        for ax, kind in zip(axes, kinds, strict=True):
            for place, archetype in enumerate(archetypes):
                band = rubric.bands.get(archetype, {}).get(kind)
                seen = certificate["archetypes"][archetype]
                draw_line(ax, place, spread_of(seen, kind), band, most[kind])
            ax.set_title("all automatic points" if kind == ALL else kind, fontsize=9)
            ax.set_xlim(-0.04 * most[kind], 1.04 * most[kind])
            ax.spines[["top", "right"]].set_visible(False)
            ax.grid(axis="x", color="#dddddd", linewidth=0.6)
            ax.set_axisbelow(True)
        axes[0].set_yticks(range(len(archetypes)), archetypes)
        axes[0].set_ylim(len(archetypes) - 0.4, -0.6)
        figure.savefig(path, metadata={"Date": None})


def draw_line(ax, place, spread, band, most):
    """Draw one archetype's points of one kind."""
    if band:
        low, high = band[0] - 0.015 * most, band[1] + 0.015 * most
        ax.barh(place, high - low, 0.78, low, color=BAND)
    if spread is None:
        ax.text(most / 2, place, "withheld", ha="center", va="center", fontsize=7)
        return
    ax.plot([spread["min"], spread["max"]], [place, place], color=DONE, linewidth=1)
    ends = [spread["p2_5"], spread["p97_5"]]
    ax.plot(ends, [place, place], color=DONE, linewidth=4, solid_capstyle="butt")
    ax.plot(spread["median"], place, "o", color=DONE, markersize=5)
