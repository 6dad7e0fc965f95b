"""The real window on a real notebook in a folder of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from letstalk_desktop.annotations.model import Annotation
from letstalk_desktop.app import Application
from letstalk_desktop.paths import find_paths
from letstalk_desktop.ui.main_window import MainWindow

CHAPTER = "central-concepts"
WORDS = "An organizer begins with people, one at a time."


class Reader:
    """What a reader does with one window."""

    def __init__(self, qtbot: QtBot, base: Path) -> None:
        self.qtbot = qtbot
        self.application = Application([], find_paths(str(base)))
        self.window: MainWindow = self.application.window

    def start(self, chapter: str = CHAPTER) -> Reader:
        """Open the window on a chapter and wait for the notebook."""
        self.window.change_settings(hint_seen=True, interface_language="en", theme="light")
        self.application.start("community-organizing")
        self.window.resize(1360, 890)
        with self.qtbot.waitActive(self.window):
            self.window.activateWindow()
        self.qtbot.waitUntil(self.window.desk.is_open, timeout=30_000)
        if chapter:
            self.window.open_chapter(chapter)
        return self

    @property
    def page(self) -> object:
        """The text."""
        return self.window.reading.page

    @property
    def text(self) -> str:
        """The text of record on the page."""
        chapter = self.window.reading.chapter
        assert chapter is not None
        return chapter.text

    def select(self, words: str) -> None:
        """Select words."""
        start = self.text.index(words)
        self.window.reading.page.select_span(start, start + len(words))

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier, times: int = 1) -> None:
        """Press a key in the text."""
        self.window.reading.page.setFocus()
        for _ in range(times):
            QTest.keyClick(self.window.reading.page, key, modifiers)

    def do(self, action: str) -> None:
        """Choose from the menu."""
        self.window.actions_table.by_id[action].trigger()

    def saved(self) -> None:
        """Wait until everything is on disk."""
        self.qtbot.waitUntil(lambda: not self.window.desk.waiting, timeout=20_000)

    def marks(self) -> list[Annotation]:
        """What is marked in this chapter."""
        return self.window.reading.annotations()

    def write(self, words: str) -> None:
        """Type into the open note and leave it."""
        margin = self.window.reading.margin
        self.qtbot.waitUntil(lambda: bool(margin.editing()))
        card = margin.card_of(margin.editing())
        assert card is not None
        assert card.editor is not None
        card.editor.insertPlainText(words)
        QTest.keyClick(card.editor, Qt.Key.Key_Escape)

    def close(self) -> None:
        """Close the window."""
        self.window.close()


@pytest.fixture
def open_reader(qtbot: QtBot, basedir: Path) -> Iterator[Callable[[], Reader]]:
    """Opens a window on the test's notebook; all of them are closed at the end."""
    readers: list[Reader] = []

    def opened() -> Reader:
        readers.append(Reader(qtbot, basedir))
        return readers[-1]

    yield opened
    for reader in readers:
        reader.window.setProperty("leaving", True)
        reader.close()
        reader.window.deleteLater()
