#!/usr/bin/env python3
"""The handful of commands that working on Let's Talk Desktop takes. Python's standard library only.

Every command first brings the environment up to date, so that a fresh clone needs no other step.
"""

from __future__ import annotations

import glob
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "letstalk-setup"
OLDEST, NEWEST = (3, 11), (3, 13)

# Debian names a library's package after the library and its version; these are the exceptions.
PACKAGES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libgobject-2.0.so.0": "libglib2.0-0",
    "libz.so.1": "zlib1g",
    "libstdc++.so.6": "libstdc++6",
    "libGLdispatch.so.0": "libglvnd0",
}
# Programs of others with which `check --full` opens what this program writes, and meets its window as a screen reader does:
# command or file, Debian package.
FOREIGN = {
    "soffice": "libreoffice-writer-nogui",
    "chromium": "chromium",
    "Xvfb": "xvfb",
    "pdftoppm": "poppler-utils",
    "openbox": "openbox",
    "xdotool": "xdotool",
    "dbus-run-session": "dbus-daemon",
    "/usr/libexec/at-spi-bus-launcher": "at-spi2-core",
    "/usr/lib/*/girepository-1.0/Atspi-2.0.typelib": "gir1.2-atspi-2.0",
    "/usr/lib/python3/dist-packages/gi/__init__.py": "python3-gi",
    "npm": "npm",
}
# The accessibility checker that examines exported pages in Chromium; npm keeps it under build/.
AXE = "axe-core@4.14.1"


class Stop(Exception):
    """A sentence for the developer; the command ends with status 1."""


def say(*words: object) -> None:
    print(*words, flush=True)


def run(*command: str | Path, quiet: bool = False, **environment: str) -> int:
    """Run a command in the checkout with extra environment; its exit status. ``quiet`` shows output only of a failure."""
    words = [str(word) for word in command]
    env = {**os.environ, **environment}
    if not quiet:
        return subprocess.run(words, cwd=ROOT, env=env, check=False).returncode
    done = subprocess.run(words, cwd=ROOT, env=env, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        say(done.stdout.decode(errors="replace"))
    return done.returncode


# --- setup --------------------------------------------------------------------------------------------------------------


def setup() -> None:
    """Make .venv with the exact versions of constraints.txt, and see that Qt finds its system libraries."""
    stamp = _stamp()
    if not (PYTHON.exists() and STAMP.exists() and STAMP.read_text() == stamp):
        started = time.monotonic()
        _make_environment()
        say("Installing the packages of constraints.txt into .venv (a minute or two the first time) …")
        # The build backend first, so that it too has its version from constraints.txt and nothing is fetched behind it.
        pip("hatchling", "editables")
        pip("--no-build-isolation", "--editable", ".[dev]")
        STAMP.write_text(stamp)
        say(f"Ready after {time.monotonic() - started:.0f} s.")
    system_libraries()


def _stamp() -> str:
    parts = [(ROOT / name).read_bytes() for name in ("pyproject.toml", "constraints.txt")]
    return hashlib.sha256(b"\0".join([*parts, str(ROOT).encode()])).hexdigest()


def pip(*arguments: str) -> None:
    """Install with pip under constraints.txt."""
    quiet = ("-qq", "--disable-pip-version-check")
    if run(PYTHON, "-m", "pip", "install", *quiet, "--constraint", "constraints.txt", *arguments):
        raise Stop(f"pip could not install {' '.join(arguments)}; its message stands above. Is the network there?")


def _make_environment() -> None:
    if PYTHON.exists() and _version(PYTHON) is not None:
        return
    python = _find_python()
    say(f"Making .venv with {python} …")
    if run(python, "-m", "venv", "--clear", VENV):
        raise Stop("The virtual environment could not be made; the message stands above.")


def _version(python: str | Path) -> tuple[int, int] | None:
    """The version of an interpreter if it is one that the program supports and can make environments, else None."""
    probe = "import sys, venv, ensurepip; print(*sys.version_info[:2])"
    try:
        answer = subprocess.run([str(python), "-c", probe], capture_output=True, text=True, check=False, timeout=60)
        major, minor = (int(part) for part in answer.stdout.split())
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    return (major, minor) if OLDEST <= (major, minor) <= NEWEST else None


def _find_python(may_install: bool = True) -> str:
    names = [f"python3.{minor}" for minor in range(NEWEST[1], OLDEST[1] - 1, -1)]
    for python in [sys.executable, *filter(None, map(shutil.which, names))]:
        if _version(python):
            return python
    if may_install and OLDEST <= sys.version_info[:2] <= NEWEST and shutil.which("apt-get"):
        install(["python3-venv"], "Python's module for virtual environments")
        return _find_python(may_install=False)
    raise Stop(
        f"Let's Talk Desktop needs Python {OLDEST[0]}.{OLDEST[1]} to {NEWEST[0]}.{NEWEST[1]} with its venv module; "
        f"this is Python {sys.version.split()[0]} and no other was found. Install one and run this command again with it."
    )


def system_libraries() -> None:
    """See that the libraries exist that Qt's platforms load, and install what is missing where that is possible."""
    if not sys.platform.startswith("linux"):
        return
    missing = missing_libraries()
    if missing and shutil.which("apt-get"):
        install(sorted({debian_package(name) for name in missing}), "system libraries that Qt needs")
        missing = missing_libraries()
    if missing:
        raise Stop(f"Qt needs these system libraries, which were not found: {', '.join(missing)}. Install them and try again.")


def missing_libraries() -> list[str]:
    """The shared libraries that Qt's window and off-screen platforms ask for and the system does not have."""
    plugins = next(iter(VENV.glob("lib/python3.*/site-packages/PySide6/Qt/plugins/platforms")), None)
    if plugins is None or not shutil.which("ldd"):
        return []
    names = [str(plugins / f"libq{name}.so") for name in ("xcb", "offscreen")]
    answer = subprocess.run(["ldd", *names], capture_output=True, text=True, check=False).stdout
    return sorted(set(re.findall(r"^\s*(\S+) => not found", answer, re.MULTILINE)))


def debian_package(library: str) -> str:
    """The Debian package of a shared library: libxcb-cursor.so.0 is in libxcb-cursor0, libX11.so.6 in libx11-6."""
    name, _, version = library.lower().partition(".so.")
    return PACKAGES.get(library) or f"{name}{'-' if name[-1].isdigit() else ''}{version}"


def install(packages: list[str], what: str) -> None:
    """Install Debian packages as root; otherwise say the exact command."""
    command = "apt-get install -y --no-install-recommends " + " ".join(packages)
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Stop(f"Missing: {what}. Install with\n\n    sudo {command}\n\nand run this command again.")
    say(f"Installing {what}: {' '.join(packages)} …")
    run("apt-get", "update", quiet=True)
    if run(*command.split(), quiet=True, DEBIAN_FRONTEND="noninteractive"):
        raise Stop(f"Missing: {what}. This failed: {command}")


# --- commands -----------------------------------------------------------------------------------------------------------


def command_setup(_words: list[str]) -> int:
    setup()
    return 0


def command_run(words: list[str]) -> int:
    setup()
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        say("This machine has no display to open a window on, so here is the demo, which draws the window off screen.")
        return command_demo([])
    return run(PYTHON, "-m", "letstalk_desktop", *words)


def command_demo(words: list[str]) -> int:
    setup()
    folder = Path(words[0]).resolve() if words else ROOT / "demo-output"
    status = run(PYTHON, "-m", "letstalk_desktop", "--demo", folder, QT_QPA_PLATFORM="offscreen")
    return status or _holds_files(folder)


def _holds_files(folder: Path) -> int:
    return 0 if any(path.is_file() for path in folder.rglob("*")) else 1


def command_test(words: list[str]) -> int:
    setup()
    return run(PYTHON, "-m", "pytest", *words)


def command_check(words: list[str]) -> int:
    setup()
    parts: list[tuple[str, Callable[[], int]]] = [
        ("style", lambda: run(BIN / "ruff", "check", ".")),
        ("layout", lambda: run(BIN / "ruff", "format", "--check", ".")),
        ("types", lambda: run(BIN / "mypy")),
        ("content", lambda: run(PYTHON, "-m", "letstalk_desktop", "check-content")),
        ("catalogue", lambda: run(PYTHON, "tools/catalogue.py", "--check")),
        ("tests", lambda: run(PYTHON, "-m", "pytest")),
    ]
    if words == ["--full"]:
        parts += [
            ("programs of others", _install_foreign),
            ("full tests", lambda: run(PYTHON, "-m", "pytest", "-m", "full")),
            ("stories on a screen", _stories_on_a_screen),
            ("frozen build", _build),
        ]
    failed = []
    for name, part in parts:
        say(f"\n== {name}")
        try:
            status = part()
        except Stop as reason:
            say(reason)
            status = 1
        if status:
            failed.append(name)
    say("\nFailed or not run: " + ", ".join(failed) if failed else "\nEverything passed.")
    say(f"check: {len(parts) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


def _install_foreign() -> int:
    missing = [package for name, package in FOREIGN.items() if not _found(name)]
    if missing:
        install(missing, "programs that open what this one writes")
    absent = [name for name in FOREIGN if not _found(name)]
    if absent:
        raise Stop(f"These could not be run: {', '.join(absent)}")
    say("Found: " + ", ".join(map(_found, FOREIGN)))
    folder = ROOT / "build" / "axe"
    folder.mkdir(parents=True, exist_ok=True)
    options = ("--prefix", folder, "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error")
    if run("npm", "install", *options, AXE) or not (folder / "node_modules" / "axe-core" / "axe.min.js").is_file():
        raise Stop(f"These could not be run: the examination of exported pages, because npm did not install {AXE}.")
    return 0


def _found(name: str) -> str:
    """Where a command is, or a file whose path is given, with * for what differs from machine to machine; '' where nowhere."""
    if not name.startswith("/"):
        return shutil.which(name) or ""
    return next(iter(glob.glob(name)), "")


def _stories_on_a_screen() -> int:
    """The stories once more, in windows of a real X server."""
    if not shutil.which("Xvfb"):
        raise Stop("These could not be run: the stories on a screen, because Xvfb is missing.")
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1600x1200x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as answer:
            display = answer.readline().strip()
        if not display:
            raise Stop("These could not be run: the stories on a screen, because Xvfb did not start.")
        return run(PYTHON, "-m", "pytest", "tests/stories", "--onscreen", DISPLAY=f":{display}", QT_QPA_PLATFORM="xcb")
    finally:
        server.terminate()
        server.wait()


def command_fix(_words: list[str]) -> int:
    setup()
    return run(BIN / "ruff", "check", "--fix", ".") | run(BIN / "ruff", "format", ".")


def command_bench(words: list[str]) -> int:
    """Run tests/benchmarks/bench_*.py, each in a process of its own; each prints a table."""
    setup()
    found = sorted((ROOT / "tests" / "benchmarks").glob("bench_*.py"))
    chosen = [path for path in found if not words or path.stem.removeprefix("bench_") in words]
    if not chosen:
        names = ", ".join(path.stem.removeprefix("bench_") for path in found) or "none"
        raise Stop(f"There is no such benchmark. There are: {names}.")
    status = 0
    for path in chosen:
        say(f"\n== {path.stem.removeprefix('bench_')}")
        start = f"import runpy, sys; sys.path.insert(0, {str(path.parent)!r}); runpy.run_path({str(path)!r})['main']()"
        # With bytecode, as an installed program has it, whatever the environment says.
        status |= run(PYTHON, "-c", start, PYTHONDONTWRITEBYTECODE="")
    return status


def command_build(_words: list[str]) -> int:
    setup()
    return _build()


def _build() -> int:
    """Freeze the program into dist/letstalk-desktop and start it: once for its version, once for the demo."""
    pip("--no-build-isolation", "--editable", ".[build]")
    options = ("--noconfirm", "--clean", "--log-level", "WARN", "--distpath", "dist", "--workpath", "build")
    if run(PYTHON, "-m", "PyInstaller", *options, "build.spec"):
        return 1
    folder = ROOT / "dist" / "letstalk-desktop"
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    say(f"{folder} ({size / 1e6:.0f} MB)")
    suffix = ".exe" if os.name == "nt" else ""
    if run(folder / f"letstalk{suffix}", "--version"):
        return 1
    output = ROOT / "build" / "demo-output"
    shutil.rmtree(output, ignore_errors=True)
    status = run(folder / f"letstalk-desktop{suffix}", "--demo", output, QT_QPA_PLATFORM="offscreen")
    return status or _holds_files(output)


def command_catalogue(words: list[str]) -> int:
    setup()
    return run(PYTHON, "tools/catalogue.py", *words)


COMMANDS = {
    "setup": (command_setup, "make .venv with pinned packages and install missing system libraries"),
    "run": (command_run, "open the window; further words go to the program"),
    "demo": (command_demo, "drive the window off screen; screenshots and a PDF go to demo-output/ or the folder given"),
    "test": (command_test, "run the tests; further words go to pytest"),
    "check": (command_check, "everything that has to pass; --full: also with programs of others, wheel, frozen build"),
    "fix": (command_fix, "repair style and layout"),
    "bench": (command_bench, "run the benchmarks, or those named"),
    "build": (command_build, "freeze the program into dist/ and start it"),
    "catalogue": (command_catalogue, "extract, update and compile the message catalogue; --check: only compare"),
}
TAKES_WORDS = {"run", "demo", "test", "bench"}


def usage() -> str:
    rows = "\n".join(f"  {name:<10} {summary}" for name, (_, summary) in COMMANDS.items())
    return f"usage: python3 dev.py COMMAND\n\n{rows}"


def main(words: list[str]) -> int:
    if not words or words[0] in ("-h", "--help"):
        say(f"{__doc__}\n{usage()}")
        return 0 if words else 2
    name, *rest = words
    allowed = {"check": ["--full"], "catalogue": ["--check"]}.get(name, [])
    if name not in COMMANDS or (name not in TAKES_WORDS and rest and rest != allowed):
        say(f"dev.py does not know “{' '.join(words)}”.\n\n{usage()}")
        return 2
    try:
        return COMMANDS[name][0](rest)
    except Stop as reason:
        say(reason)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
