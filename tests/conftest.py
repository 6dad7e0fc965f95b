"""What every test stands on: no screen, a folder of its own for all data, nothing left behind."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from letstalk_desktop.ui.collecting import collect_what_is_due

# The same on every machine: plain English, no scaling or style of the desktop that the tests happen to run on.
_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "LANGUAGE": "en", "QT_SCALE_FACTOR": "1", "QT_STYLE_OVERRIDE": "", "TZ": "UTC"}

# No deadline: a busy machine is not a fault. In CI the same examples every time, so that a red run can be repeated.
hypothesis.settings.register_profile("letstalk", deadline=None, derandomize=bool(os.environ.get("CI")))
hypothesis.settings.load_profile("letstalk")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--onscreen", action="store_true", help="open the windows on the screen instead of off it")


def pytest_configure(config: pytest.Config) -> None:
    os.environ.update(_ENVIRONMENT)
    if not config.getoption("--onscreen"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    gc.disable()  # see letstalk_desktop/ui/collecting.py: anywhere else than between tests it may stand still for ever


@pytest.fixture
def no_collecting(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cyclic collector does nothing in this test: what is freed is freed because nobody holds it."""
    gc.collect()
    monkeypatch.setattr(gc, "collect", lambda generation=2: 0)


@pytest.fixture(scope="session")
def _home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An empty home folder in place of the user's; programs that tests start inherit it."""
    home = tmp_path_factory.mktemp("home")
    places = {"HOME": "", "USERPROFILE": "", "XDG_DATA_HOME": "data", "XDG_CONFIG_HOME": "config", "XDG_CACHE_HOME": "cache"}
    with pytest.MonkeyPatch.context() as patch:
        for variable, folder in places.items():
            patch.setenv(variable, str(home / folder))
        yield home


@pytest.fixture(autouse=True)
def basedir(_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder that holds all data of the program in this test; a test that uses the user's own folders fails."""
    base = tmp_path / "base"
    monkeypatch.setenv("LETSTALK_BASEDIR", str(base))
    yield base
    touched = [str(path) for path in _home.rglob("*letstalk*")]
    for path in touched:  # so that the tests that follow are not blamed
        shutil.rmtree(path, ignore_errors=True)
    assert not touched, f"this test wrote outside its own folder: {touched}"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown() -> Iterator[None]:
    """Destroy the widgets of the test: processEvents() alone does not deliver DeferredDelete. None may be left open."""
    try:
        yield
    finally:
        left = _destroy_widgets()
        _leave_no_clipboard()
        collect_what_is_due()
    assert not left, f"this test leaves windows: {left}"


def _destroy_widgets() -> list[str]:
    if "PySide6.QtWidgets" not in sys.modules:
        return []
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtWidgets import QApplication

    if QCoreApplication.instance() is None:
        return []
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = QApplication.topLevelWidgets()
    for widget in left:  # so that the tests that follow are not blamed
        widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return [type(widget).__name__ for widget in left]


def _leave_no_clipboard() -> None:
    """WORKAROUND: what Python puts on the clipboard of the offscreen platform outlives Python, and destroying it crashes.

    Seen with PySide6 6.11. The clipboards of real screens do not do this, and belong to whoever runs the tests.
    """
    if "PySide6.QtWidgets" not in sys.modules:
        return
    from PySide6.QtGui import QGuiApplication

    if QGuiApplication.instance() is not None and QGuiApplication.platformName() == "offscreen":
        QGuiApplication.clipboard().clear()
