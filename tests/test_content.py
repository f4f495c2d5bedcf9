import pytest

from coursekit import content as module
from coursekit.content import KINDS, content, content_root
from coursekit.errors import BadInput


@pytest.mark.parametrize("kind", KINDS)
def test_a_checkout_uses_its_own_folders(kind):
    assert content(kind) == module.PACKAGE.parent / kind


def test_an_installed_wheel_uses_the_copy_inside_it(tmp_path, monkeypatch):
    package = tmp_path / "site-packages" / "coursekit"
    (package / "_content" / "datasets").mkdir(parents=True)
    monkeypatch.setattr(module, "PACKAGE", package)
    assert content("datasets") == package / "_content" / "datasets"


def test_a_package_that_happens_to_be_called_datasets_is_not_ours(tmp_path):
    package = tmp_path / "site-packages" / "coursekit"
    package.mkdir(parents=True)
    (package.parent / "datasets").mkdir()
    assert content_root(package) == package / "_content"


def test_a_stale_copy_inside_a_checkout_is_not_used(tmp_path):
    (tmp_path / "coursekit" / "_content").mkdir(parents=True)
    (tmp_path / "pyproject.toml").touch()
    assert content_root(tmp_path / "coursekit") == tmp_path


def test_an_unknown_kind_is_named():
    with pytest.raises(BadInput, match="no content 'rubrics', only notebooks, assign"):
        content("rubrics")


def test_an_installation_without_its_content_says_how_to_mend_it(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "PACKAGE", tmp_path / "coursekit")
    with pytest.raises(BadInput, match="is not whole here"):
        content("assignments")
