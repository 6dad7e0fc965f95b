"""A reader without a mouse: reads, marks, writes, links, deletes, looks things up, and always knows where the keyboard is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListView, QTreeWidget, QWidget

from letstalk_desktop.annotations.model import Kind
from letstalk_desktop.language import translator
from letstalk_desktop.library.model import BlockKind
from letstalk_desktop.ui.actions import ACTIONS, MENUS
from letstalk_desktop.ui.figure_window import FigureWindow
from letstalk_desktop.ui.settings_dialog import SettingsDialog
from tests.stories.conftest import WORDS, Reader

Open = Callable[[], Reader]
CONTROL, SHIFT, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier


def focused() -> QWidget:
    """The widget that has the keyboard."""
    widget = QApplication.focusWidget()
    assert widget is not None, "nobody has the keyboard"
    return widget


def key(pressed: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key where the keyboard is; a list of completions takes it first."""
    popup = QApplication.activePopupWidget()
    QTest.keyClick(popup if isinstance(popup, QListView) else focused(), pressed, modifiers)


def link_of(reader: Reader, kind: str, presses: int = 60) -> None:
    """Go to the next link of a kind with Tab."""
    for _ in range(presses):
        key(Qt.Key.Key_Tab)
        if reader.window.reading.page.link_at_caret().startswith(f"{kind}:"):
            return
    raise AssertionError(f"no {kind} within reach")


def closed_dialog(reader: Reader) -> None:
    """Escape closes what is open, and the text has the keyboard again."""
    page = reader.window.reading.page
    key(Qt.Key.Key_Escape)
    reader.qtbot.waitUntil(lambda: QApplication.activePopupWidget() is None and QApplication.activeModalWidget() is None)
    reader.window.activateWindow()  # as every window manager does
    reader.qtbot.waitUntil(page.hasFocus)


def opened(reader: Reader) -> QWidget:
    """The dialog or pop-up that has the keyboard now."""
    reader.qtbot.waitUntil(lambda: QApplication.focusWidget() is not None and focused().window() is not reader.window)
    return focused().window()


def test_the_text_has_the_keyboard_from_the_start(open_reader: Open) -> None:
    reader = open_reader().start(chapter="")
    page = reader.window.reading.page
    reader.qtbot.waitUntil(page.hasFocus)
    assert page.textCursor().position() == 0
    page.hide()
    page.show()
    assert not page.textCursor().hasSelection(), "a page that is hidden does not step to a link"


def test_marking_and_writing_by_keyboard_alone(open_reader: Open) -> None:
    reader = open_reader().start()
    page = reader.window.reading.page
    key(Qt.Key.Key_Down, CONTROL)
    key(Qt.Key.Key_Right, CONTROL | SHIFT)
    key(Qt.Key.Key_Right, CONTROL | SHIFT)
    key(Qt.Key.Key_2)
    one = reader.marks()[0]
    assert one.kind is Kind.EVIDENCE
    key(Qt.Key.Key_5)
    assert reader.marks()[0].kind is Kind.TENSION
    key(Qt.Key.Key_Right, ALT | SHIFT)
    assert len(reader.marks()[0].anchor.exact) > len(one.anchor.exact)
    key(Qt.Key.Key_M, CONTROL)
    QTest.keyClicks(focused(), "by hand")
    key(Qt.Key.Key_Escape)
    key(Qt.Key.Key_Escape)
    assert page.hasFocus()
    key(Qt.Key.Key_F6)
    assert not page.hasFocus(), "the card has the keyboard"
    key(Qt.Key.Key_Return)
    QTest.keyClicks(focused(), ", twice")
    key(Qt.Key.Key_Return, CONTROL)
    key(Qt.Key.Key_Tab)
    assert not page.textCursor().hasSelection(), "Tab in a note does not go to links of the text"
    key(Qt.Key.Key_F6)
    assert page.hasFocus()
    assert reader.marks()[0].note == "by hand, twice"
    key(Qt.Key.Key_K, CONTROL)
    opened(reader)
    QTest.keyClicks(focused(), "accountability")
    key(Qt.Key.Key_Return)
    closed_dialog(reader)
    reader.saved()
    assert len(reader.marks()[0].concepts) == 1
    key(Qt.Key.Key_Delete)
    assert reader.marks() == []
    key(Qt.Key.Key_Z, CONTROL)
    reader.qtbot.waitUntil(lambda: len(reader.marks()) == 1)


@pytest.mark.parametrize("kind", ["concept", "cite"])
def test_pop_ups_give_the_keyboard_back(open_reader: Open, kind: str) -> None:
    reader = open_reader().start()
    link_of(reader, kind)
    key(Qt.Key.Key_Return)
    assert opened(reader) is QApplication.activePopupWidget()
    closed_dialog(reader)
    assert reader.window.reading.page.link_at_caret().startswith(f"{kind}:")


def test_a_figure_opens_and_grows_by_key(open_reader: Open) -> None:
    reader = open_reader().start()
    link_of(reader, "figure")
    key(Qt.Key.Key_Return)
    window = opened(reader)
    assert isinstance(window, FigureWindow)
    before = window.picture.minimumWidth()
    key(Qt.Key.Key_Plus)
    assert window.picture.minimumWidth() > before
    key(Qt.Key.Key_Minus)
    key(Qt.Key.Key_Minus)
    assert window.picture.minimumWidth() < before
    closed_dialog(reader)


@pytest.mark.parametrize("action", ["go-to", "settings", "shortcuts", "about", "export", "your-notes", "reading-settings"])
def test_dialogs_give_the_keyboard_back(open_reader: Open, action: str) -> None:
    reader = open_reader().start()
    reader.do(action)
    opened(reader)
    closed_dialog(reader)


def test_space_and_page_down_take_the_caret_along(open_reader: Open) -> None:
    reader = open_reader().start()
    page = reader.window.reading.page
    bar = page.verticalScrollBar()
    for on, back in (
        ((Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier), (Qt.Key.Key_Space, SHIFT)),
        ((Qt.Key.Key_PageDown, Qt.KeyboardModifier.NoModifier), (Qt.Key.Key_PageUp, Qt.KeyboardModifier.NoModifier)),
    ):
        start = bar.value()
        key(*on)
        key(*on)
        reached = bar.value()
        assert reached > start + page.viewport().height()
        assert 0 <= page.cursorRect().top() < 60, "the caret is at the top of what is shown"
        assert reached - start < 2 * page.viewport().height(), "lines at the edge are shown twice"
        key(Qt.Key.Key_Down)
        assert bar.value() == reached, "an arrow key goes on from there"
        key(*back)
        key(*back)
        assert bar.value() == start


def test_sections_are_one_key_apart(open_reader: Open) -> None:
    reader = open_reader().start()
    page, chapter = reader.window.reading.page, reader.window.reading.chapter
    titles = []
    for _ in range(3):
        key(Qt.Key.Key_PageDown, ALT)
        titles.append(page.textCursor().block().text())
    assert titles == [section.title for section in chapter.sections[:3]]
    key(Qt.Key.Key_PageUp, ALT)
    assert page.textCursor().block().text() == titles[1]


def test_going_to_a_figure_shows_its_picture(open_reader: Open) -> None:
    reader = open_reader().start()
    page, chapter = reader.window.reading.page, reader.window.reading.chapter
    figure = next(block for block in chapter.blocks if block.kind is BlockKind.FIGURE)
    reader.window.go_to_locator(chapter.locator(figure))
    document = page.page_document
    picture = document.documentLayout().blockBoundingRect(document.findBlock(document.block_positions[figure.id]))
    assert page.verticalScrollBar().value() <= picture.top()


def test_every_action_is_listed_with_its_key(open_reader: Open) -> None:
    reader = open_reader().start()
    reader.do("shortcuts")
    opened(reader)
    tree = next(one for one in reader.window.findChildren(QTreeWidget) if one.isVisible() and one.columnCount() == 2)
    rows = {}
    for index in range(tree.topLevelItemCount()):
        group = tree.topLevelItem(index)
        rows |= {group.child(row).text(0): group.child(row).text(1) for row in range(group.childCount())}
    menus = {menu for menu, _text in MENUS}
    for spec in ACTIONS:
        assert spec.menu in menus, spec.id
        assert rows.get(spec.text.replace("&", "").rstrip("…")), spec.id
    closed_dialog(reader)


def test_keys_are_named_in_the_reader_s_language(open_reader: Open) -> None:
    reader = open_reader().start()
    reader.window.change_settings(interface_language="fr")
    assert "Ctrl+Maj+P" in reader.window.top_bar.present.toolTip()
    assert reader.window.top_bar.present.text() == translator("fr", reader.application.paths.locale).gettext("Present")
    reader.window.change_settings(interface_language="en")
    assert "Ctrl+Shift+P" in reader.window.top_bar.present.toolTip()


def test_every_key_can_be_changed(open_reader: Open) -> None:
    reader = open_reader().start()
    window = reader.window
    page = window.reading.page
    reader.do("settings")
    dialog = opened(reader)
    assert isinstance(dialog, SettingsDialog)
    rows = {spec.id: dialog.keys.cellWidget(row, 1) for row, spec in enumerate(ACTIONS)}
    assert len(rows) == len(ACTIONS)
    rows["present"].setKeySequence(QKeySequence("Ctrl+J"))
    rows["kind-1"].setKeySequence(QKeySequence("9"))
    dialog.accept()
    window.activateWindow()
    reader.qtbot.waitUntil(page.hasFocus)
    assert "Ctrl+J" in window.top_bar.present.toolTip()
    assert window.actions_table.shown_key("present") == "Ctrl+J"
    reader.select(WORDS)
    key(Qt.Key.Key_1)
    assert reader.marks() == []
    key(Qt.Key.Key_9)
    assert reader.marks()[0].kind is Kind.KEY
