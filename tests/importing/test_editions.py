"""An edition is installed whole or not at all; what was there stays readable until the new one is complete."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from letstalk_desktop.errors import WorldError
from letstalk_desktop.importing import editions
from letstalk_desktop.importing.editions import EditionOutcome, EditionRefused, examine, install
from letstalk_desktop.library.shelf import Shelf

HEAD = """
id = "small"
edition = "{edition}"
title = "Small"

[[chapters]]
id = "one"
"""


@pytest.fixture
def imported(tmp_path: Path) -> Path:
    return tmp_path / "data" / "resources"


def write(folder: Path, edition: str = "1.0", text: str = "Words.\n") -> Path:
    (folder / "en").mkdir(parents=True, exist_ok=True)
    (folder / "resource.toml").write_text(HEAD.format(edition=edition))
    (folder / "en" / "01-one.md").write_text(text)
    return folder


def bring_in(folder: Path, imported: Path) -> EditionOutcome:
    compiled = imported.parent / "compiled"
    incoming = examine(folder, Shelf([imported], compiled), compiled)
    if incoming.outcome is not EditionOutcome.IDENTICAL:
        install(incoming, imported, compiled)
    return incoming.outcome


def text(imported: Path) -> str:
    return Shelf([imported], imported.parent / "compiled").chapter("small", "one", "en").text


def test_a_picture_that_changed_is_an_update_of_the_same_edition(tmp_path: Path, imported: Path) -> None:
    folder = write(tmp_path / "in")
    (folder / "figures").mkdir()
    (folder / "figures" / "a.svg").write_text("<svg/>")
    assert bring_in(folder, imported) is EditionOutcome.NEW
    assert bring_in(folder, imported) is EditionOutcome.IDENTICAL
    (folder / "figures" / "a.svg").write_text("<svg></svg>")
    assert bring_in(folder, imported) is EditionOutcome.UPDATED
    assert (imported / "small" / "figures" / "a.svg").read_text() == "<svg></svg>"


def test_another_text_needs_another_edition(tmp_path: Path, imported: Path) -> None:
    bring_in(write(tmp_path / "in"), imported)
    with pytest.raises(EditionRefused, match="chapter “one” differs"):
        bring_in(write(tmp_path / "in", text="Other words.\n"), imported)
    assert bring_in(write(tmp_path / "in", "1.0.1", "Other words.\n"), imported) is EditionOutcome.UPDATED
    with pytest.raises(EditionRefused, match=r"older than edition 1\.0\.1"):
        bring_in(write(tmp_path / "in", "1.0"), imported)
    assert text(imported) == "Other words."


@pytest.mark.parametrize("failing", [1, 2])
def test_if_a_rename_fails_the_edition_that_was_there_is_there_again(
    tmp_path: Path, imported: Path, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    bring_in(write(tmp_path / "in"), imported)
    rename, calls = Path.rename, iter(range(1, 10))

    def fails(self: Path, target: Path) -> Path:
        if next(calls) == failing:
            raise PermissionError(13, "in use")
        return rename(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", fails)
        with pytest.raises(WorldError, match="in use"):
            bring_in(write(tmp_path / "in", "2", "New words.\n"), imported)
    assert text(imported) == "Words."
    assert [path.name for path in imported.iterdir()] == ["small"]
    assert bring_in(write(tmp_path / "in", "2", "New words.\n"), imported) is EditionOutcome.UPDATED
    assert text(imported) == "New words."


def test_if_the_program_ends_between_the_renames_the_old_edition_can_still_be_read(tmp_path: Path, imported: Path) -> None:
    bring_in(write(tmp_path / "in"), imported)
    (imported / "small").rename(imported / "small.replaced")
    assert text(imported) == "Words."
    bring_in(write(tmp_path / "in", "2", "New words.\n"), imported)
    assert text(imported) == "New words."


def test_a_full_disk_leaves_everything_as_it_was(tmp_path: Path, imported: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bring_in(write(tmp_path / "in"), imported)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(editions.os, "fsync", full)
        with pytest.raises(WorldError, match="no room left"):
            bring_in(write(tmp_path / "in", "2", "New words.\n"), imported)
    assert text(imported) == "Words."
    assert sorted(os.listdir(imported.parent)) == ["compiled", "resources"]


def test_links_to_files_elsewhere_are_not_followed(tmp_path: Path, imported: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("mine")
    folder = write(tmp_path / "in")
    (folder / "notes.txt").symlink_to(secret)
    bring_in(folder, imported)
    assert not (imported / "small" / "notes.txt").exists()
