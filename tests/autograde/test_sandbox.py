import os
import shutil
import subprocess
from pathlib import Path

import pytest

from coursekit.autograde import sandbox, visible
from coursekit.autograde.limits import Limits
from coursekit.autograde.sandbox import Bubblewrap, Plain, choose
from coursekit.autograde.visible import PACKAGE, python_paths, system_paths
from coursekit.errors import BadInput, SandboxUnavailable


def test_none_is_used_only_when_asked_for_by_name():
    assert choose("none") == Plain()


@pytest.mark.parametrize("name", ["auto", "bubblewrap"])
def test_without_bubblewrap_nothing_else_is_used(monkeypatch, name):
    monkeypatch.setattr(sandbox, "complaint", lambda: "bubblewrap is not installed.")
    with pytest.raises(SandboxUnavailable, match="apt install bubblewrap"):
        choose(name)


def test_an_unknown_sandbox_is_refused():
    with pytest.raises(BadInput, match="docker"):
        choose("docker")


@pytest.mark.parametrize("name", ["auto", "bubblewrap"])
def test_bubblewrap_is_used_where_it_works(monkeypatch, name):
    monkeypatch.setattr(sandbox, "complaint", lambda: "")
    assert choose(name) == Bubblewrap()


def test_a_bubblewrap_that_fails_is_quoted(monkeypatch):
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: "/usr/bin/bwrap")
    failed = subprocess.CompletedProcess([], 1, "", "bwrap: No permissions\n")
    monkeypatch.setattr(sandbox.subprocess, "run", lambda *_, **__: failed)
    assert sandbox.complaint.__wrapped__() == "bwrap: No permissions"


def test_of_a_checkout_only_the_package_is_shown():
    shown = system_paths() + python_paths()
    checkout = PACKAGE.parent
    assert checkout not in shown
    assert not any(path in checkout.parents for path in shown)
    assert any(path == PACKAGE or path in PACKAGE.parents for path in shown)


def test_every_temporary_file_system_has_a_size(monkeypatch):
    monkeypatch.setattr(sandbox, "hidden_paths", lambda: [Path("/covered")])
    words = sandbox.options({}, Limits(disk_mb=7))
    at = [n for n, word in enumerate(words) if word == "--tmpfs"]
    assert [words[n + 1] for n in at] == ["/dev/shm", "/tmp", "/covered"]
    assert all("--size" in words[n - 4 : n] for n in at)


def test_root_steps_down_before_bubblewrap(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    command = Bubblewrap().command(tmp_path, Limits(), ["true"])
    assert command.index("coursekit.autograde.stage") < command.index("bwrap")
    assert command[command.index("coursekit.autograde.stage") + 1] == "65534"


def test_an_ordinary_user_starts_bubblewrap_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert Bubblewrap().command(tmp_path, Limits(), ["true"])[0] == "bwrap"


def test_a_home_folder_is_never_shown_whole():
    assert Path.home() not in python_paths()


def test_the_content_of_an_installed_package_is_hidden(tmp_path, monkeypatch):
    monkeypatch.setattr(visible, "PACKAGE", tmp_path)
    assert visible.hidden_paths() == []
    (tmp_path / "_content").mkdir()
    assert visible.hidden_paths() == [tmp_path / "_content"]


@pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is not installed")
def test_where_bubblewrap_works_at_all_so_does_ours():
    bare = ["bwrap", "--unshare-all", "--ro-bind", "/", "/", "true"]
    if subprocess.run(bare, check=False).returncode == 0:
        assert sandbox.complaint() == ""
