"""Where a class ran: sandbox, limits and versions, from each ``run.json``."""

import json
from collections import defaultdict
from dataclasses import dataclass

from coursekit.report.counting import named

MISSING = "unknown"


@dataclass(frozen=True)
class Setting:
    """What a run was made with; all of it is text, so that settings compare."""

    sandbox: str
    parts: tuple[tuple[str, str], ...]  # (what, which): kernels, versions, limits

    @property
    def is_boundary(self):
        """False where nothing stood between a student's code and the machine."""
        return self.sandbox != "none"


@dataclass(frozen=True)
class SettingFigures:
    """One setting, and who ran in it."""

    setting: Setting
    n: int
    named: tuple[str, ...]  # the first of them
    n_more: int
    differences: tuple[str, ...] = ()  # from the commonest


def setting_figures(folder, students):
    """Return the settings of a class, the commonest first.

    Parameters
    ----------
    folder : Path
        Of the assignment's runs.
    students : sequence of StudentFigures

    Returns
    -------
    tuple of (tuple of SettingFigures, tuple of str)
        And the students whose run is not there any more.
    """
    found, gone = defaultdict(list), []
    for each in students:
        for name in each.runs:
            setting = read_setting(folder / name / "run.json")
            if setting is None:
                gone.append(each.student)
            elif each.student not in found[setting]:
                found[setting].append(each.student)
    order = sorted(found.items(), key=lambda item: (-len(item[1]), item[1]))
    return tuple(
        SettingFigures(
            *(setting, len(who), *named(who), differences(setting, order[0][0])),
        )
        for setting, who in order
    ), tuple(dict.fromkeys(gone))


def read_setting(path):
    """Return the setting of a run, or None where its record cannot be read."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return setting_of(kept)
    except (OSError, ValueError, AttributeError):
        return None


def setting_of(kept):
    """Return the setting that a run's record tells of.

    Examples
    --------
    >>> kept = {"sandbox": "bubblewrap", "versions": {"numpy": "2.4"}}
    >>> setting_of(kept).parts
    (('kernels', 'unknown'), ('memory counted by', 'unknown'), ('numpy', '2.4'))
    """
    parts = {
        "kernels": kept.get("kernels", MISSING),
        "memory counted by": kept.get("memory", MISSING),
        **kept.get("versions", {}),
        **{f"limit {key}": each for key, each in kept.get("limits", {}).items()},
    }
    texts = tuple((name, str(each)) for name, each in parts.items())
    return Setting(str(kept.get("sandbox", MISSING)), texts)


def differences(setting, common):
    """Return in words how a setting differs from the commonest.

    Examples
    --------
    >>> differences(Setting("none", (("numpy", "2.3"),)),
    ...     Setting("bubblewrap", (("numpy", "2.4"),)))
    ('sandbox none instead of bubblewrap', 'numpy 2.3 instead of 2.4')
    """
    mine = dict([("sandbox", setting.sandbox), *setting.parts])
    theirs = dict([("sandbox", common.sandbox), *common.parts])
    return tuple(
        f"{name} {mine.get(name, 'none')} instead of {theirs.get(name, 'none')}"
        for name in theirs | mine
        if mine.get(name) != theirs.get(name)
    )
