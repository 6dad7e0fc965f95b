"""The reader's marks are on the page before her notebook is open, and what she does then is kept."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from letstalk_desktop.annotations.kinds import Kind
from letstalk_desktop.app import Application
from letstalk_desktop.paths import find_paths
from tests.stories.conftest import WORDS, Reader

Open = Callable[[], Reader]


def test_marks_show_before_the_notebook_is_open(open_reader: Open, qtbot: QtBot, basedir: Path) -> None:
    reader = open_reader().start()
    reader.select(WORDS)
    reader.press(Qt.Key.Key_1)
    reader.saved()
    mark = reader.marks()[0]
    reader.close()
    qtbot.waitUntil(lambda: not reader.window.isVisible())

    may_open = threading.Event()
    application = Application([], find_paths(str(basedir)))
    open_notebook = application._open_notebook

    def patiently() -> object:
        may_open.wait(60)
        return open_notebook()

    application._open_notebook = patiently  # type: ignore[method-assign, assignment]
    window = application.window
    try:
        application.start("community-organizing")
        qtbot.waitUntil(lambda: [one.id for one in window.reading.annotations()] == [mark.id])
        assert not window.desk.is_open()
        assert window.reading.chapter is not None
        start = window.reading.chapter.text.index("self-interest")
        window.desk.add_highlight(window.reading.chapter, start, start + 13, Kind.STORY)
        assert len(window.reading.annotations()) == 2
        may_open.set()
        qtbot.waitUntil(lambda: window.desk.is_open() and not window.desk.waiting, timeout=30_000)
        assert {one.kind for one in window.reading.annotations()} == {Kind.KEY, Kind.STORY}
    finally:
        may_open.set()
        window.setProperty("leaving", True)
        window.close()
        window.deleteLater()
