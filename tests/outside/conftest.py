"""The real program on a screen of its own, with a window manager, met from outside as a screen reader meets it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

PATIENCE = 60.0
LISTENER = Path(__file__).with_name("listener.py")
SYSTEM_PYTHON = "/usr/bin/python3"  # the one whose gi Debian packages serve


class Outside:
    """The program, started with these settings; keys go through the X server, everything seen comes over AT-SPI."""

    def __init__(self, base: Path, display: str, settings: dict[str, object]) -> None:
        config = base / "config"
        config.mkdir(parents=True, exist_ok=True)
        (config / "settings.json").write_text(json.dumps({"hint_seen": True, "theme": "light", **settings}), encoding="utf-8")
        runtime = base / "runtime"
        runtime.mkdir(mode=0o700, exist_ok=True)
        self._environment = {
            **os.environ,
            "DISPLAY": display,
            "QT_QPA_PLATFORM": "xcb",
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            "XDG_RUNTIME_DIR": str(runtime),
        }
        program = [sys.executable, "-m", "letstalk_desktop", "--basedir", str(base)]
        self._session = subprocess.Popen(
            ["dbus-run-session", "--", SYSTEM_PYTHON, str(LISTENER), *program],
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def ask(self, ask: str, **more: object) -> Any:
        """Put a question to the listener."""
        assert self._session.stdin is not None
        assert self._session.stdout is not None
        self._session.stdin.write(json.dumps({"ask": ask, **more}) + "\n")
        self._session.stdin.flush()
        for line in self._session.stdout:
            if line.startswith("answer: "):
                return json.loads(line.removeprefix("answer: "))
        raise AssertionError("the listener has ended")

    def keys(self, *keys: str) -> None:
        """Press keys, as xdotool writes them."""
        for key in keys:
            subprocess.run(["xdotool", "key", "--clearmodifiers", key], env=self._environment, check=True)

    def until(self, what: str, look: Callable[[], Any]) -> Any:
        """What ``look`` returns, once it is something."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            found = look()
            if found:
                return found
        raise AssertionError(f"waited in vain until {what}")

    def window(self, name: str = "") -> dict[str, Any] | None:
        """The program's window with this name; '' is the main window."""
        tree = self.ask("tree") or {"children": []}
        return next((one for one in tree["children"] if (one["name"] == name if name else one["role"] == "frame")), None)

    def page(self) -> dict[str, Any] | None:
        """The text on the page and the caret in it."""
        found: dict[str, Any] | None = self.ask("text", role="text", name=self.page_name)
        return found

    page_name = "Chapter text"

    def heard(self) -> list[str]:
        """What has been announced since the last question."""
        return [event["words"] for event in self.ask("events") if event["type"].startswith("object:announcement")]

    def hears(self, words: str) -> None:
        """Wait until these words are announced."""
        said: list[str] = []

        def heard() -> bool:
            said.extend(self.heard())
            return words in said

        try:
            self.until(words, heard)
        except AssertionError:
            raise AssertionError(f"not said: {words!r}; said: {said}") from None

    def end(self) -> None:
        """Close the program and its session."""
        if self._session.stdin is not None:
            self._session.stdin.close()
        self._session.wait(timeout=PATIENCE)
        if self._session.stdout is not None:
            self._session.stdout.close()


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """A screen with a window manager, without which no window has the keyboard."""
    reading, writing = os.pipe()
    with ExitStack() as ending:
        screen = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1400x1000x24", "-nolisten", "tcp"]
        server = subprocess.Popen(screen, pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        ending.callback(server.wait)
        ending.callback(server.terminate)
        os.close(writing)
        with os.fdopen(reading) as answer:
            name = f":{answer.readline().strip()}"
        assert name != ":", "Xvfb did not start"
        environment = {**os.environ, "DISPLAY": name}
        manager = subprocess.Popen(
            ["openbox", "--sm-disable"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        ending.callback(manager.wait)
        ending.callback(manager.terminate)
        yield name


@pytest.fixture
def open_outside(basedir: Path, display: str) -> Iterator[Callable[..., Outside]]:
    """Starts the program with the given settings."""
    opened: list[Outside] = []

    def start(**settings: object) -> Outside:
        opened.append(Outside(basedir, display, settings))
        return opened[-1]

    yield start
    for one in opened:
        one.end()
