"""Whatever the width of the window, its language and the size of its words, nothing that matters is cut."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest

from letstalk_desktop.library.model import BlockKind
from letstalk_desktop.ui.bars import ElidedLabel
from letstalk_desktop.ui.main_window import MainWindow
from tests.stories.conftest import WORDS, Reader

Open = Callable[[], Reader]


def is_whole(label: ElidedLabel) -> bool:
    """All words of the label can be read."""
    return label.isVisible() and label.width() >= label.whole_width()


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("width", [700, 900, 1100, 1360])
def test_the_chapter_s_title_and_the_state_of_the_notes_are_whole(open_reader: Open, language: str, width: int) -> None:
    reader = open_reader().start()
    reader.select(WORDS)
    reader.press(Qt.Key.Key_1)
    window = reader.window
    window.change_settings(interface_language=language)
    if language == "fr":
        window.switch_language()
    window.resize(width, 800)
    reader.saved()
    reader.qtbot.waitUntil(lambda: is_whole(window.status.notes))
    top = window.top_bar
    assert is_whole(top.chapter)
    assert top.title.isHidden() or is_whole(top.title)
    for button in (top.settings, top.language, top.export):
        assert button.width() >= button.sizeHint().width(), button.text()
    assert top.search.width() >= top.search.fontMetrics().averageCharWidth() * 14
    assert window.status.left.isHidden() or is_whole(window.status.left)


def _heights(window: MainWindow) -> tuple[int, ...]:
    note = window.reading.selection_bar.note
    return window.top_bar.export.height(), window.tabs.height(), window.left.width(), note.sizeHint().height()


def test_menus_panels_and_notes_grow_and_shrink(open_reader: Open) -> None:
    reader = open_reader().start()
    reader.select(WORDS)
    reader.press(Qt.Key.Key_1)
    reader.do("add-note")
    reader.write("beside the text")
    reader.window.go_to_locator("3.2")
    window = reader.window
    before = _heights(window)
    window.change_settings(interface_size=150)
    reader.qtbot.wait(80)
    assert window.menuBar().font().pixelSize() == window.top_bar.export.font().pixelSize() == 22
    assert window.reading.margin.pixels == 22
    after = _heights(window)
    assert all(grown > old for grown, old in zip(after, before, strict=True))
    reader.qtbot.waitUntil(lambda: is_whole(window.status.notes) and is_whole(window.top_bar.chapter))
    window.change_settings(interface_size=100)
    reader.qtbot.wait(80)
    assert window.menuBar().font().pixelSize() == 15
    assert window.top_bar.export.height() == before[0]


def test_the_size_of_the_interface_holds_at_the_next_start(open_reader: Open) -> None:
    first = open_reader().start()
    first.window.change_settings(interface_size=200)
    first.close()
    second = open_reader()
    assert second.application.qt.font().pixelSize() == 30
    second.start()
    assert second.window.reading.margin.pixels == 30
    assert second.window.left.width() > 300
    second.window.change_settings(interface_size=100)


def test_a_table_breaks_no_word_and_is_read_sideways_by_key(open_reader: Open) -> None:
    reader = open_reader().start()
    window = reader.window
    window.change_settings(text_size=200)
    window.resize(700, 860)
    reader.qtbot.waitUntil(lambda: window.width() == 700)
    page, chapter = window.reading.page, window.reading.chapter
    table = next(block for block in chapter.blocks if block.kind is BlockKind.TABLE)
    window.go_to_locator(chapter.locator(table))
    reader.qtbot.wait(50)
    text_block = page.document().findBlock(page.page_document.block_positions[table.id])
    cells = 0
    while QTextCursor(text_block).currentTable() is not None:
        words, layout = text_block.text(), text_block.layout()
        for line in range(layout.lineCount() - 1):
            end = layout.lineAt(line).textStart() + layout.lineAt(line).textLength()
            assert not (words[end - 1].isalnum() and words[end].isalnum()), words[:end]
        text_block, cells = text_block.next(), cells + 1
    assert cells > 6
    bar = page.horizontalScrollBar()
    assert bar.maximum() > 0
    page.setFocus()
    for _ in range(60):
        QTest.keyClick(page, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
        if bar.value():
            break
    assert bar.value() > 0
    caret = page.cursorRect()
    assert 0 <= caret.left() <= page.viewport().width()
