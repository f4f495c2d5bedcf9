"""What the doctor finds, on this machine and on others."""

import sqlite3
from dataclasses import replace

import pytest

from coursekit.autograde import cgroup, doctor, doctor_course, doctor_sandbox
from coursekit.autograde.doctor import FAILING, OK, WARNING
from coursekit.autograde.doctor_course import course_findings
from coursekit.autograde.doctor_sandbox import System, cause, read_system, sandbox
from coursekit.autograde.frame import write_frame
from coursekit.autograde.limits import Limits
from coursekit.errors import SandboxUnavailable
from coursekit.rules import Rules

DEBIAN = System(
    kind="Linux",
    release={"ID": "debian"},
    version="Linux version 6.1.0",
    settings=dict.fromkeys([*doctor_sandbox.SETTINGS], ""),
    container=False,
    bwrap="bubblewrap 0.8.0",
)


def setting(name, value):
    return replace(DEBIAN, settings={**DEBIAN.settings, name: value})


@pytest.mark.parametrize(
    ("system", "meaning", "remedy"),
    [
        (replace(DEBIAN, bwrap=""), "not installed", "apt install bubblewrap"),
        (
            replace(
                DEBIAN, bwrap="", release={"ID": "pop", "ID_LIKE": "ubuntu debian"}
            ),
            "not installed",
            "apt install bubblewrap",
        ),
        (
            replace(DEBIAN, bwrap="", release={"ID": "fedora"}),
            "not installed",
            "dnf install bubblewrap",
        ),
        (
            replace(DEBIAN, bwrap="", release={"ID": "plan9"}),
            "not installed",
            "Install bubblewrap 0.8 or newer",
        ),
        (replace(DEBIAN, bwrap="bubblewrap 0.4.1"), "too old", "Upgrade"),
        (replace(DEBIAN, kind="Darwin"), "Linux only", "virtual machine"),
        (replace(DEBIAN, kind="Windows"), "Linux only", "wsl --install"),
        (
            replace(DEBIAN, version="Linux version 4.4.0-19041-Microsoft"),
            "WSL1",
            "wsl --set-version",
        ),
        (
            setting("kernel/unprivileged_userns_clone", "0"),
            "kernel.unprivileged_userns_clone = 0",
            "echo kernel.unprivileged_userns_clone=1 | sudo tee",
        ),
        (
            setting("kernel/apparmor_restrict_unprivileged_userns", "1"),
            "AppArmor forbids",
            "echo kernel.apparmor_restrict_unprivileged_userns=0 | sudo tee",
        ),
        (
            setting("user/max_user_namespaces", "0"),
            "user.max_user_namespaces = 0",
            "echo user.max_user_namespaces=15000 | sudo tee",
        ),
        (replace(DEBIAN, container=True), "container", "docker run --privileged"),
        (DEBIAN, "bubblewrap says: bwrap: no luck", "bwrap --unshare-all"),
    ],
)
def test_each_cause_has_its_remedy(system, meaning, remedy):
    found = cause(system, "bwrap: no luck")
    assert meaning in found[0]
    assert remedy in found[1]


def test_wsl2_is_linux_like_any_other():
    wsl2 = replace(DEBIAN, version="Linux version 5.15.1-microsoft-standard-WSL2")
    assert cause(wsl2, "no luck") == cause(DEBIAN, "no luck")


def test_a_system_is_read_from_its_files(tmp_path):
    files = {
        "etc/os-release": 'ID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\n',
        "proc/version": "Linux version 6.8.0\n",
        "proc/sys/kernel/apparmor_restrict_unprivileged_userns": "1\n",
        "proc/sys/user/max_user_namespaces": "96365\n",
        ".dockerenv": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    system = replace(read_system(tmp_path, bwrap="bubblewrap 0.9.0"), kind="Linux")
    assert system.family == ["ubuntu", "debian"]
    assert system.container
    assert "AppArmor" in cause(system, "")[0]
    bare = read_system(tmp_path / "nowhere", bwrap="")
    assert (bare.family, bare.container) == ([""], False)


def test_the_sandbox_of_this_machine_is_tried():
    found = sandbox()
    why = doctor_sandbox.complaint()
    assert (found.state == OK) == (why == "")
    assert sandbox(why="no luck", system=DEBIAN).state == FAILING


@pytest.mark.skipif(bool(doctor_sandbox.complaint()), reason="no bubblewrap")
def test_kernels_are_warm_where_runs_can_be_forked(monkeypatch):
    found = doctor_sandbox.kernels()
    assert found.meaning.startswith(("warm", "cold"))

    def refuse(job):
        raise SandboxUnavailable("Namespaces do not nest.")

    monkeypatch.setattr("coursekit.autograde.pool.warm_kernels", refuse)
    found = doctor_sandbox.kernels()
    assert found.state == WARNING
    assert "Namespaces do not nest" in found.meaning


def test_memory_that_is_counted_by_hand_is_a_warning(monkeypatch):
    assert (doctor.memory_limit().state == OK) == (cgroup.usable_place()[0] is not None)
    monkeypatch.setattr(doctor, "usable_place", lambda: (None, "None here."))
    found = doctor.memory_limit()
    assert found.state == WARNING
    assert found.meaning.startswith("None here. Memory is limited for each process")
    assert found.remedy


def test_packages_that_are_missing_or_unfit_are_named(monkeypatch):
    assert [each.state for each in doctor.packages()] == [OK]
    needed = ["numpy>=99", "no-such-package", "pytest; extra == 'test'"]
    monkeypatch.setattr(doctor.metadata, "requires", lambda name: needed)
    found = list(doctor.packages())
    assert [each.what for each in found] == ["numpy", "no-such-package"]
    assert {each.state for each in found} == {FAILING}
    assert found[0].remedy == "pip install 'numpy>=99'"
    assert "not installed" in found[1].meaning


def test_other_versions_than_the_tested_ones_are_a_warning():
    numpy = doctor.installed("numpy")
    assert doctor.versions_for_marks({"numpy": numpy}).state == OK
    found = doctor.versions_for_marks({"numpy": "1.0"})
    assert found.state == WARNING
    assert f"numpy {numpy} (tested with 1.0)" in found.meaning
    assert doctor.tested_versions()["nbgrader"] == "0.9.6"


def test_alembic_must_be_found_by_name(monkeypatch):
    assert doctor.alembic().state == OK
    monkeypatch.setattr(doctor.shutil, "which", lambda name: None)
    assert doctor.alembic().state == FAILING


def test_the_formgrader_must_be_enabled():
    assert doctor.formgrader().state == OK
    assert doctor.formgrader({doctor.FORMGRADER: False}).state == WARNING


def test_memory_for_all_jobs_must_be_free():
    two = Limits(memory_mb=2048)
    assert doctor.room_in_memory(two, 2, 4 << 30).state == OK
    found = doctor.room_in_memory(two, 4, 5 << 30)
    assert found.state == WARNING
    assert found.remedy.endswith("--jobs 2")
    assert doctor.room_in_memory(two, 4, 1 << 30).remedy == "End other programs."


def test_a_disk_that_is_nearly_full_is_a_warning(tmp_path):
    assert doctor.room_on_disk(tmp_path, least=1).state == OK
    assert doctor.room_on_disk(tmp_path, least=1 << 60).state == WARNING


# A course.


@pytest.fixture
def course(tmp_path):
    folder = tmp_path / "ml4h"
    write_frame(folder, "secret", Rules(name="ml4h"))
    return folder


def states(folder):
    return {each.what: each for each in course_findings(folder)}


def test_a_new_course_is_well(course):
    found = states(course)
    assert {each.state for each in found.values()} == {OK}
    assert {"course", "holdout", "nbgrader_config.py", "db_url"} <= set(found)
    assert not (course / "gradebook.db").exists()


def test_what_is_no_course_is_one_finding(tmp_path):
    (found,) = course_findings(tmp_path)
    assert found.state == FAILING
    assert "no course.toml" in found.meaning
    assert doctor_course.limits_of(tmp_path) == Limits()


def test_a_folder_that_others_can_read_is_failing(course):
    (course / "scores").chmod(0o755)
    (course / "runs").rmdir()
    found = states(course)
    assert found["scores"].state == FAILING
    assert found["scores"].remedy == f"chmod 700 {course / 'scores'}"
    assert "not there yet" in found["runs"].meaning


def test_a_course_without_our_configuration_is_failing(course):
    config = course / "nbgrader_config.py"
    config.write_text(
        "c = get_config()\n"
        f"c.CourseDirectory.db_url = 'sqlite:///{course / 'gradebook.db'}'\n"
    )
    found = states(course)
    assert found["nbgrader_config.py"].state == FAILING
    assert "configure(c)" in found["nbgrader_config.py"].remedy
    assert found["db_url"].state == WARNING
    assert "?timeout=60" in found["db_url"].remedy


def test_a_configuration_that_fails_is_quoted(course):
    (course / "nbgrader_config.py").write_text("1 / 0\n")
    (found,) = course_findings(course)
    assert found.state == FAILING
    assert "ZeroDivisionError" in found.meaning


def test_a_gradebook_must_open(course):
    book = course / "gradebook.db"
    book.write_text("this is no database, though it is long enough to be one" * 20)
    found = states(course)["gradebook"]
    assert found.state == FAILING
    assert "DatabaseError" in found.meaning
    book.unlink()
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{book}") as opened:
        opened.add_student("ada")
    assert states(course)["gradebook"].meaning == "It opens, with 1 students."
    with sqlite3.connect(book) as connection:
        assert connection.execute("select count(*) from student").fetchone() == (1,)
    connection.close()


def test_another_database_than_sqlite_is_asked_too():
    assert doctor_course.sqlite_path("postgresql://host/grades") is None
    assert doctor_course.waiting("postgresql://host/grades").state == OK
    assert "database server" in doctor_course.remedy_for(None)
