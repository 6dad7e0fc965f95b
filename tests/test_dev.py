"""dev.py says in a sentence what a machine lacks, and by which command to get it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

import dev


@pytest.mark.parametrize(
    ("library", "package"),
    [
        ("libxcb-cursor.so.0", "libxcb-cursor0"),
        ("libxcb-icccm.so.4", "libxcb-icccm4"),
        ("libxcb-keysyms.so.1", "libxcb-keysyms1"),
        ("libxcb-render-util.so.0", "libxcb-render-util0"),
        ("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
        ("libX11-xcb.so.1", "libx11-xcb1"),
        ("libX11.so.6", "libx11-6"),
        ("libEGL.so.1", "libegl1"),
        ("libGL.so.1", "libgl1"),
        ("libdbus-1.so.3", "libdbus-1-3"),
        ("libfontconfig.so.1", "libfontconfig1"),
        ("libfreetype.so.6", "libfreetype6"),
        ("libglib-2.0.so.0", "libglib2.0-0"),
        ("libz.so.1", "zlib1g"),
        ("libzstd.so.1", "libzstd1"),
    ],
)
def test_the_package_of_a_library_is_known(library: str, package: str) -> None:
    assert dev.debian_package(library) == package


@pytest.fixture
def poor_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Linux where a library of Qt's is missing; the folder holds the only programs that are found."""
    programs = tmp_path / "programs"
    programs.mkdir()
    ldd = programs / "ldd"
    ldd.write_text("#!/bin/sh\nprintf '\\tlibc.so.6 => /lib/libc.so.6 (0x1)\\n\\tlibxcb-cursor.so.0 => not found\\n'\n")
    ldd.chmod(ldd.stat().st_mode | stat.S_IXUSR)
    (tmp_path / "lib/python3.11/site-packages/PySide6/Qt/plugins/platforms").mkdir(parents=True)
    monkeypatch.setattr(dev, "VENV", tmp_path)
    monkeypatch.setattr(dev.sys, "platform", "linux")
    monkeypatch.setenv("PATH", str(programs))
    return programs


def test_a_missing_library_is_named_where_it_cannot_be_installed(poor_machine: Path) -> None:
    assert dev.missing_libraries() == ["libxcb-cursor.so.0"]
    with pytest.raises(dev.Stop, match=r"Qt needs these system libraries, which were not found: libxcb-cursor\.so\.0"):
        dev.system_libraries()


def test_who_is_not_root_is_told_the_exact_command(poor_machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (poor_machine / "apt-get").symlink_to(poor_machine / "ldd")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(dev.Stop, match="sudo apt-get install -y --no-install-recommends libxcb-cursor0\n"):
        dev.system_libraries()


def test_a_python_that_is_too_old_is_answered_with_what_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "_version", lambda _python: None)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(dev.Stop, match=r"needs Python 3\.11 to 3\.13"):
        dev._find_python()


@pytest.mark.parametrize("words", [["nonsense"], ["setup", "now"], ["check", "--fast"], []])
def test_a_command_that_does_not_exist_is_answered_with_those_that_do(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert dev.main(words) == 2
    assert "python3 dev.py COMMAND" in capsys.readouterr().out
