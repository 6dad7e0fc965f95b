"""Everything has a name that can be spoken, can be reached by keyboard, and is gone when it is closed."""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
    QWidget,
)

from letstalk_desktop.language import translator
from letstalk_desktop.ui.actions import ACTIONS, keys_of
from tests.stories.conftest import WORDS, Reader

Open = Callable[[], Reader]
CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
)
DIALOGS = (
    "go-to",
    "resources",
    "settings",
    "shortcuts",
    "about",
    "rename-kinds",
    "your-notes",
    "resource-note",
    "hint",
)


def unnamed(widget: QWidget) -> list[str]:
    """The controls in a widget that a screen reader could not name."""
    found = []
    for control in widget.findChildren(QWidget):
        if not isinstance(control, CONTROLS) or not control.isVisibleTo(widget) or not control.isEnabled():
            continue
        if control.objectName().startswith("qt_") or control.focusPolicy() == Qt.FocusPolicy.NoFocus:
            continue
        words = control.text() if isinstance(control, QAbstractButton) else ""
        if not (control.accessibleName() or (words and any(letter.isalnum() for letter in words))):
            found.append(f"{type(control).__name__} {control.objectName()} in {type(control.parent()).__name__}")
    return found


def test_every_control_of_the_window_has_a_name(open_reader: Open) -> None:
    reader = open_reader().start()
    reader.select(WORDS)
    reader.press(Qt.Key.Key_1)
    reader.do("add-note")
    reader.saved()
    for panel in ("contents", "concepts", "notes", "discuss"):
        reader.do(panel)
        reader.qtbot.wait(150)
        assert unnamed(reader.window) == []


@pytest.mark.usefixtures("no_collecting")
@pytest.mark.parametrize("action", DIALOGS)
def test_dialogs_name_their_controls_and_are_freed(open_reader: Open, action: str) -> None:
    reader = open_reader().start()
    reader.do(action)
    reader.qtbot.wait(200)
    dialogs = [one for one in reader.window.findChildren(QDialog) if one.isVisible()]
    assert dialogs, action
    dialog = dialogs[0]
    assert unnamed(dialog) == []
    assert dialog.focusWidget() is not None or dialog.findChildren(QAbstractButton)
    gone = weakref.ref(dialog)
    dialog.close()
    del dialog, dialogs
    reader.qtbot.wait(50)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert gone() is None


def test_no_key_stands_for_two_things_and_none_needs_altgr() -> None:
    seen: dict[str, str] = {}
    for spec in ACTIONS:
        for key in keys_of(spec, {}):
            native = QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)
            assert native, f"{key} is not a key"
            assert native not in seen, f"{native}: {spec.id} and {seen[native]}"
            assert not ("Ctrl" in native and "Alt" in native), "Ctrl+Alt is AltGr on Canadian and French keyboards"
            seen[native] = spec.id


def test_tab_goes_around_the_window(open_reader: Open) -> None:
    reader = open_reader().start()
    reader.window.top_bar.search.setFocus()
    seen = []
    for _ in range(60):
        focused = QApplication.focusWidget()
        if focused is None:
            break
        seen.append(type(focused).__name__)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert {"QLineEdit", "QPushButton", "QTabBar", "QTreeWidget", "Page"} <= set(seen)


def test_the_window_speaks_french(open_reader: Open) -> None:
    reader = open_reader().start()
    french = translator("fr", reader.application.paths.locale)
    reader.window.retranslate(french)
    assert reader.window.top_bar.export.text() == french.gettext("Export summary…") != "Export summary…"
    assert reader.window.tabs.tabText(2).startswith(french.gettext("Notes"))
    titles = [menu.title() for menu in reader.window.actions_table._menus.values()]
    assert "&Fichier" in titles


@pytest.mark.parametrize(
    "changes", [{"text_size": 200}, {"line_height": 2.0}, {"measure": 50}, {"face": "sans"}, {"spacing": "spacious"}]
)
def test_a_change_of_type_keeps_the_first_visible_block(open_reader: Open, changes: dict[str, object]) -> None:
    reader = open_reader().start()
    reader.window.go_to_locator("3.20")
    reader.qtbot.wait(50)
    before = reader.window.reading.page.first_visible()
    reader.window.change_settings(**changes)
    reader.qtbot.wait(80)
    after = reader.window.reading.page.first_visible()
    assert after[0].id == before[0].id


def test_a_change_of_width_keeps_the_first_visible_block(open_reader: Open) -> None:
    reader = open_reader().start()
    reader.window.go_to_locator("3.20")
    before = reader.window.reading.page.first_visible()
    for width in (900, 700, 1360):
        reader.window.resize(width, 800)
        reader.qtbot.wait(80)
        assert reader.window.reading.page.first_visible()[0].id == before[0].id, width


def test_the_other_language_opens_at_the_same_block(open_reader: Open) -> None:
    reader = open_reader().start()
    reader.window.go_to_locator("3.20")
    before = reader.window.reading.page.first_visible()[0]
    reader.window.switch_language()
    assert reader.window.reading.chapter.language == "fr"
    after = reader.window.reading.page.first_visible()[0]
    assert (after.id, after.number) == (before.id, before.number)


def test_going_to_a_locator_finding_and_history(open_reader: Open) -> None:
    reader = open_reader().start()
    window = reader.window
    assert window.go_to_locator("2.5")
    assert window.reading.chapter.number == 2
    assert not window.go_to_locator("2.500")
    assert "2.1 to 2." in window.notice.words.text()
    window.reading.go_back()
    assert window.reading.chapter.number == 3
    window.reading.go_forward()
    assert window.reading.chapter.number == 2
    window.reading.open_find()
    window.reading.find_bar.field.setText("HEALTH EQUITY")
    count = window.reading.find_bar.count.text()
    assert count.startswith("1 of ") or " of " in count
    QTest.keyClick(window.reading.find_bar.field, Qt.Key.Key_Return)
    assert window.reading.find_bar.count.text() != count or count == "1 of 1"
    QTest.keyClick(window.reading.find_bar.field, Qt.Key.Key_Escape)
    assert not window.reading.find_bar.isVisible()
    span = window.reading.page.selected_span()
    assert reader.text[span[0] : span[1]].lower() == "health equity"


def test_a_narrow_window_folds_the_notes_and_opens_them_on_request(open_reader: Open) -> None:
    reader = open_reader().start()
    reader.select(WORDS)
    reader.press(Qt.Key.Key_1)
    reader.do("add-note")
    reader.write("in the margin")
    reader.window.resize(820, 700)
    reader.qtbot.wait(100)
    margin = reader.window.reading.margin
    assert margin.folded
    identity = reader.marks()[0].id
    margin.close_card()
    reader.window.go_to_locator("3.2")
    reader.qtbot.wait(50)
    margin.open_card(identity)
    card = margin.card_of(identity)
    assert card is not None
    assert card.isVisible()


def test_notes_never_overlap(open_reader: Open) -> None:
    reader = open_reader().start()
    reader.window.go_to_locator("3.2")
    start = reader.text.index(WORDS)
    for number in range(4):
        reader.window.reading.page.select_span(start + number * 6, start + number * 6 + 5)
        reader.press(Qt.Key.Key_1)
        reader.do("add-note")
        reader.write("a note with several lines\n" * (number + 1))
    reader.qtbot.wait(100)
    cards = sorted(
        (card for card in reader.window.reading.margin._cards.values() if card.isVisible()), key=lambda card: card.y()
    )
    assert len(cards) == 4
    for above, below in itertools.pairwise(cards):
        assert above.geometry().bottom() < below.y()
