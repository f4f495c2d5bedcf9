import io
import tarfile
from pathlib import Path

import pytest
from rich.progress import Progress

from coursekit.datasets import (
    load_physionet2012,
    load_yaib,
    make_physionet2012_twin,
    make_yaib_twin,
)
from coursekit.datasets.icu_twins import PARAMETERS
from coursekit.datasets.physionet2012 import OUTCOMES, OUTCOMES_NAME, TAR_NAME
from coursekit.errors import BadData, BadInput
from coursekit.metrics import auroc

REAL = Path(__file__).parents[3] / "shared" / "data"
needs_2012 = pytest.mark.skipif(
    not (REAL / "physionet2012" / TAR_NAME).is_file(),
    reason=f"{TAR_NAME} is not in ../shared/data/physionet2012",
)
needs_yaib = pytest.mark.skipif(
    not (REAL / "yaib_demo").is_dir(), reason="yaib_demo is not in ../shared/data"
)


def write_twin(folder, n_stays=5, *, header="Time,Parameter,Value"):
    """Write a drawn twin in the format of set a."""
    twin = make_physionet2012_twin(n_stays)
    with tarfile.open(folder / TAR_NAME, "w:gz") as archive:
        for number, rows in twin.events.groupby("record_id"):
            lines = [header, f"00:00,RecordID,{number}"]
            for minute, name, value in rows.iloc[:, 1:].itertuples(index=False):
                lines.append(f"{minute // 60:02}:{minute % 60:02},{name},{value:g}")
            text = ("\n".join(lines) + "\n").encode()
            member = tarfile.TarInfo(f"set-a/{number}.txt")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text))
    names = {ours: theirs for theirs, ours in OUTCOMES.items()}
    twin.stays.rename(columns=names)[list(OUTCOMES)].to_csv(
        folder / OUTCOMES_NAME, index=False
    )
    return twin


def test_what_stands_in_the_files_is_read_and_not_mended(tmp_path):
    twin = write_twin(tmp_path, 40)
    read = load_physionet2012(tmp_path, verify=False, progress=False)
    assert read.stays[[*PARAMETERS, "died"]].equals(twin.stays[[*PARAMETERS, "died"]])
    assert (read.stays["height_cm"] == -1).any()
    ours = read.events[read.events["parameter"] != "RecordID"]
    assert ours["value"].tolist() == pytest.approx(twin.events["value"].tolist())
    assert ours["minute"].tolist() == twin.events["minute"].tolist()


def test_a_bar_moves_once_a_stay_while_the_tar_is_read(tmp_path, monkeypatch):
    moves = []

    class Bar(Progress):
        def advance(self, task_id, advance=1):
            moves.append(self.tasks[task_id].total)

    monkeypatch.setattr("rich.progress.Progress", Bar)
    write_twin(tmp_path)
    load_physionet2012(tmp_path / TAR_NAME, verify=False, progress=True)
    assert moves == [5] * 5


def test_each_thing_that_is_wrong_with_set_a_is_said(tmp_path):
    with pytest.raises(BadData, match=r"no .*set-a\.tar\.gz. Get set-a"):
        load_physionet2012(tmp_path)
    write_twin(tmp_path)
    with pytest.raises(BadData, match=r"5 stays with \d deaths; set a has 4,000"):
        load_physionet2012(tmp_path, progress=False)
    whole = (tmp_path / TAR_NAME).read_bytes()
    (tmp_path / TAR_NAME).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BadData, match="truncated or damaged"):
        load_physionet2012(tmp_path, verify=False, progress=False)
    write_twin(tmp_path, header="time,parameter")
    with pytest.raises(BadData, match="does not begin with Time,Parameter,Value"):
        load_physionet2012(tmp_path, verify=False, progress=False)
    write_twin(tmp_path)
    lines = (tmp_path / OUTCOMES_NAME).read_text().splitlines()
    (tmp_path / OUTCOMES_NAME).write_text("\n".join(lines[:-1]) + "\n")
    with pytest.raises(BadData, match=r"holds 5 stays .* 4, and they are not the same"):
        load_physionet2012(tmp_path, verify=False, progress=False)


@needs_2012
@pytest.mark.slow
def test_set_a_has_554_deaths_and_the_published_auroc_of_saps1():
    icu = load_physionet2012(REAL / "physionet2012", progress=False)
    assert (len(icu.stays), icu.stays["died"].sum()) == (4000, 554)
    known = icu.stays[icu.stays["saps1"] >= 0]
    saps = known["saps1"].to_numpy(float)
    assert auroc(known["died"].to_numpy(), saps) == pytest.approx(0.650, abs=5e-4)


def write_yaib(folder, task="mortality24"):
    """Write a drawn cohort in the format of YAIB."""
    fastparquet = pytest.importorskip("fastparquet")
    twin = make_yaib_twin(12, task=task)
    at = folder / "demo_data" / task / "eicu_demo"
    at.mkdir(parents=True)
    names = {"age_years": "age", "height_cm": "height", "weight_kg": "weight"}
    stays = twin.stays.rename(columns=names).astype({"sex": object})
    tables = {"sta": stays, "dyn": in_seconds(twin.hourly), "outc": twin.outcome}
    if "hour" in twin.outcome:
        tables["outc"] = in_seconds(twin.outcome).astype({"label": bool})
    for name, table in tables.items():
        fastparquet.write(str(at / f"{name}.parquet"), table)
    return twin, at


def in_seconds(table):
    return table.rename(columns={"hour": "time"}).assign(time=table["hour"] * 3600)


@pytest.mark.parametrize("task", ["mortality24", "aki"])
def test_a_cohort_of_yaib_is_read_in_hours_and_with_units_in_its_names(tmp_path, task):
    twin, _ = write_yaib(tmp_path, task)
    read = load_yaib(tmp_path, task, verify=False)
    assert read.hourly.equals(twin.hourly)
    assert read.stays.equals(twin.stays)
    assert read.outcome["label"].tolist() == twin.outcome["label"].tolist()
    assert list(read.outcome) == list(twin.outcome)


def test_each_thing_that_is_wrong_with_a_cohort_of_yaib_is_said(tmp_path):
    with pytest.raises(BadInput, match="There is no site 'hirid'; there are eicu"):
        load_yaib(tmp_path, site="hirid")
    with pytest.raises(BadData, match=r"does not hold mortality24.eicu_demo. Get"):
        load_yaib(tmp_path)
    _, at = write_yaib(tmp_path)
    with pytest.raises(BadData, match=r"holds 12 stays, .* has 1,367 and 70"):
        load_yaib(tmp_path)
    (at / "sta.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(BadData, match="truncated or damaged"):
        load_yaib(tmp_path, verify=False)
    (at / "sta.parquet").write_bytes((at / "outc.parquet").read_bytes())
    with pytest.raises(BadData, match=r"other columns; missing: \['age'"):
        load_yaib(tmp_path, verify=False)


def test_without_fastparquet_it_is_said_how_to_get_it(tmp_path, monkeypatch):
    write_yaib(tmp_path)
    monkeypatch.setitem(__import__("sys").modules, "fastparquet", None)
    with pytest.raises(BadInput, match=r"pip install 'coursekit\[records\]'"):
        load_yaib(tmp_path)


@needs_yaib
def test_the_demo_cohorts_have_the_stays_that_are_published():
    pytest.importorskip("fastparquet")
    found = {
        (task, site): load_yaib(REAL / "yaib_demo", task, site)
        for task, site in (("mortality24", "eicu"), ("aki", "mimic"))
    }
    assert len(found["mortality24", "eicu"].stays) == 1367
    assert found["mortality24", "eicu"].outcome["label"].sum() == 70
    assert len(found["aki", "mimic"].stays) == 113


def test_a_twin_of_no_stays_is_refused():
    with pytest.raises(BadInput, match="at least one"):
        make_physionet2012_twin(0)
    with pytest.raises(BadInput, match="at least one"):
        make_yaib_twin(0)
