"""The wheel holds all that the program needs: in an empty environment and an empty home it reads, marks and exports."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from letstalk_desktop import __version__

ROOT = Path(__file__).parents[1]
Run = Callable[..., str]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-build-isolation", "--no-deps", "-w", str(folder), str(ROOT)]
    subprocess.run(command, check=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the programs of an environment that holds the wheel, what it asks for, and nothing else."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    constraints = ROOT / "constraints.txt"
    subprocess.run([programs / "python", "-m", "pip", "install", "-q", "-c", constraints, str(wheel)], check=True)
    return programs


@pytest.fixture
def run(installed: Path, tmp_path: Path) -> Run:
    """Runs a program of the environment in an empty home, away from the checkout, and returns what it prints."""
    home = tmp_path / "home"
    home.mkdir()
    environment = {"PATH": os.defpath, "HOME": str(home), "LANG": "C.UTF-8", "QT_QPA_PLATFORM": "offscreen"}

    def run(program: str, *arguments: str) -> str:
        command = [str(installed / program), *arguments]
        done = subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, check=False, timeout=300)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


@pytest.mark.full
def test_the_wheel_carries_texts_fonts_catalogue_and_licences(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    data = "letstalk_desktop/_data"
    for path in (*(ROOT / "content").rglob("*"), *(ROOT / "resources").rglob("*")):
        if path.is_file():
            assert f"{data}/{path.relative_to(ROOT).as_posix()}" in names
    info = f"letstalk_desktop-{__version__}.dist-info/licenses"
    assert {f"{info}/LICENSE", f"{info}/LICENSE-content", f"{info}/resources/fonts/OFL-Noto.txt"} <= names
    assert not [name for name in names if name.startswith(("tests", "tools", "content", "resources")) or "__pycache__" in name]


@pytest.mark.full
def test_the_installed_program_says_its_version_and_lists_its_resources(run: Run) -> None:
    assert __version__ in run("letstalk", "--version")
    assert __version__ in run("letstalk-desktop", "--version")
    resources = json.loads(run("letstalk", "list", "--json"))["resources"]
    assert resources[0]["id"] == "community-organizing"
    assert resources[0]["languages"] == ["en", "fr"]


@pytest.mark.full
def test_the_installed_program_marks_a_passage_and_exports_it(run: Run, tmp_path: Path) -> None:
    text = run("letstalk", "show", "community-organizing", "1")
    quote = next(line for line in text.splitlines() if len(line) > 200)[20:80]
    run("letstalk", "annotate", "community-organizing", "1", "--quote", quote, "--kind", "action", "--note", "À faire 😀")
    (note,) = json.loads(run("letstalk", "notes", "--json"))["notes"]
    assert (note["exact"], note["kind"], note["note"]) == (quote, "action", "À faire 😀")
    summary = tmp_path / "summary.pdf"
    run("letstalk", "export", str(summary))
    assert summary.read_bytes().startswith(b"%PDF-")
    home = tmp_path / "home"
    assert [path.name for path in home.rglob("notebook.sqlite")] == ["notebook.sqlite"]
    assert (home / ".local" / "share" / "letstalk-desktop" / "notebook.sqlite").is_file() or sys.platform != "linux"
