"""``open`` knows what is meant before it opens a window, and says so where there is nothing to open it on."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from letstalk_desktop import app
from letstalk_desktop.commands.arguments import COMMANDS, command_named
from letstalk_desktop.paths import Paths
from tests.commands.conftest import Letstalk, write_resource


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Path, str, str]]:
    """What the window was asked to show."""
    asked: list[tuple[Path, str, str]] = []

    def run_window(paths: Paths, resource: str = "", path: str = "") -> int:
        asked.append((paths.data, resource, path))
        return 0

    monkeypatch.setattr(app, "run_window", run_window)
    return asked


def test_a_resource_a_folder_or_nothing_opens_the_window(
    letstalk: Letstalk, opened: list[tuple[Path, str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, basedir: Path
) -> None:
    folder = write_resource(tmp_path / "draft")
    monkeypatch.chdir(tmp_path)
    data = basedir / "data"
    for words, wanted in {
        (): (data, "", ""),
        ("open",): (data, "", ""),
        ("small",): (data, "small", ""),
        ("open", "small"): (data, "small", ""),
        ("draft",): (data, "", str(folder)),
        ("open", str(folder)): (data, "", str(folder)),
        ("--basedir", "elsewhere"): (tmp_path / "elsewhere" / "data", "", ""),
        ("--basedir=elsewhere", "small"): (tmp_path / "elsewhere" / "data", "small", ""),
    }.items():
        assert letstalk(*words).status == 0
        assert opened.pop() == wanted


@pytest.mark.parametrize(
    ("words", "status", "reason"),
    [
        (("lst",), 2, "neither a command nor a resource. Resources: small."),
        (("no/such/folder",), 1, "no file or folder no/such/folder"),
        (("notes.json",), 1, "no file or folder notes.json"),
        (("--colour", "small"), 2, "--colour"),
        (("--basedir",), 2, "--basedir"),
        (("--vers",), 2, "--vers"),
    ],
)
def test_what_is_not_there_is_told_without_a_window(
    letstalk: Letstalk, opened: list[tuple[Path, str, str]], words: tuple[str, ...], status: int, reason: str
) -> None:
    said = letstalk(*words)
    assert said.status == status
    assert reason in said.err
    assert opened == []


def test_without_a_screen_a_sentence_says_so(
    letstalk: Letstalk, opened: list[tuple[Path, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    said = letstalk("open")
    assert said.status == 1
    assert "no screen" in said.err
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert letstalk("open").status == 0
    assert len(opened) == 1


def test_every_command_explains_itself_and_is_there(letstalk: Letstalk) -> None:
    overview = letstalk("--help")
    assert overview.status == 0
    for command in COMMANDS:
        said = letstalk(command, "--help")
        assert (said.status, said.err) == (0, "")
        assert f"letstalk {command}" in said.out
        assert f"    {command}" in overview.out
        assert command_named(command).__doc__
    assert letstalk("--version").out.startswith("Let’s Talk Desktop ")
