"""The pictures of a report: drawn as SVG, carried inside the page.

Nothing is told by colour alone: lines differ in dash and marker too, and every figure
of a picture stands in a table beside it.
"""

import base64
import io

import numpy as np
from matplotlib import rc_context
from matplotlib.figure import Figure

DARK, LIGHT = "#1b3a57", "#8a8a8a"  # tell apart in grey, and with any colour vision
STYLE = {
    "svg.hashsalt": "coursekit",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def as_source(draw, width=6.4, height=3.6):
    """Return a picture as the source of an image tag.

    Parameters
    ----------
    draw : callable
        Takes the axes.
    width, height : float
        In inches.

    Examples
    --------
    >>> as_source(lambda ax: ax.plot([0, 1]))[:26]
    'data:image/svg+xml;base64,'
    """
    with rc_context(STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        draw(figure.add_subplot())
        drawn = io.BytesIO()
        figure.savefig(drawn, format="svg", metadata={"Date": None})
    return f"data:image/svg+xml;base64,{base64.b64encode(drawn.getvalue()).decode()}"


def calibration_picture(table):
    """Draw the share of outcomes against the score, with limits and counts."""

    def draw(ax):
        end = 1.05 * max(table["mean_risk"].max(), table["high"].max())
        ax.plot([0, end], [0, end], "--", color=LIGHT, label="as predicted")
        reach = np.abs(
            table[["low", "high"]].to_numpy().T - table["event_share"].values
        )
        ax.errorbar(
            table["mean_risk"],
            table["event_share"],
            yerr=reach,
            fmt="o-",
            color=DARK,
            capsize=3,
            label="as recorded, 95 % interval",
        )
        ax.set(
            xlabel="Mean score of a tenth of the patients",
            ylabel="Share who had the outcome",
            xlim=(0, end),
            ylim=(0, end),
        )
        in_percent(ax.xaxis, ax.yaxis)
        ax.legend(frameon=False, loc="upper left")

    return as_source(draw)


def decision_picture(curve, threshold, prevalence):
    """Draw net benefit against the threshold probability, up to where it matters."""
    end = float(np.clip(max(2.5 * prevalence, 1.5 * threshold), 0.1, 0.99))
    shown = curve[curve["threshold_probability"] <= end]

    def draw(ax):
        x = shown["threshold_probability"]
        for name, dash, colour, label in (
            ("net_benefit", "-", DARK, "flag by the score"),
            ("alert_all", "--", LIGHT, "flag everyone"),
            ("alert_none", ":", "black", "flag no one"),
        ):
            ax.plot(x, 100 * shown[name], dash, color=colour, label=label)
        ax.axvline(threshold, color=LIGHT, linewidth=0.8)
        ax.annotate(
            "cut-off", (threshold, 0.96), xycoords=("data", "axes fraction"), fontsize=9
        )
        top = 100 * max(shown["net_benefit"].max(), prevalence)
        ax.set(
            xlabel="Cut-off",
            ylabel="Net benefit per 100 patients",
            ylim=(-0.2 * top, 1.1 * top),
        )
        in_percent(ax.xaxis)
        ax.legend(frameon=False)

    return as_source(draw)


def groups_picture(table):
    """Draw each group's sensitivity with its interval; a hollow mark if too few."""
    shown = table[table["sensitivity"].notna() & table["shown"]].iloc[::-1]

    def draw(ax):
        for row, (_, each) in enumerate(shown.iterrows()):
            ax.plot(
                [each["sensitivity_low"], each["sensitivity_high"]],
                [row, row],
                "-" if each["enough"] else ":",
                color=DARK,
            )
            ax.plot(
                each["sensitivity"],
                row,
                "o",
                color=DARK,
                markerfacecolor=DARK if each["enough"] else "white",
            )
        ax.set_yticks(range(len(shown)), [str(label) for label in shown.index])
        ax.set(
            xlim=(0, 1),
            ylim=(-0.6, len(shown) - 0.4),
            xlabel="Of 100 with the outcome, flagged",
        )
        ax.set_xticks(np.arange(0, 1.01, 0.2), range(0, 101, 20))

    return as_source(draw, height=0.9 + 0.28 * len(shown))


def drift_picture(drift):
    """Draw AUROC and expected to observed, period by period."""
    names = [str(each) for each in drift.table.index]
    step = max(1, len(names) // 12)

    def draw_one(name, ylabel, right):
        def draw(ax):
            table = drift.table
            middle = table[name].to_numpy()
            ends = table[[f"{name}_low", f"{name}_high"]].to_numpy().T
            ax.axhline(right, linestyle="--", color=LIGHT) if right else None
            ax.errorbar(
                range(len(names)),
                middle,
                yerr=np.abs(ends - middle),
                fmt="o",
                color=DARK,
                capsize=3,
            )
            ax.set_xticks(
                range(0, len(names), step), names[::step], rotation=30, ha="right"
            )
            ax.set_ylabel(ylabel)

        return as_source(draw, height=2.6)

    return (
        draw_one("auroc", "AUROC", None),
        draw_one("expected_to_observed", "Expected / observed", 1),
    )


def in_percent(*axes):
    """Write the numbers of these axes as percentages."""
    for axis in axes:
        axis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")
