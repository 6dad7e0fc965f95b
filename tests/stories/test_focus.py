"""What has the keyboard can be seen, in every theme: enough pixels change, and change enough (WCAG 2.2, 1.4.11 and 2.4.13)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QCheckBox, QPushButton, QWidget

from tests.stories.conftest import WORDS, Reader
from tests.ui.test_theme import contrast

Open = Callable[[], Reader]
THEMES = ("light", "sepia", "dark", "contrast")


def changed(before: QImage, after: QImage) -> int:
    """How many pixels differ by at least 3:1."""
    one, other = (image.convertToFormat(QImage.Format.Format_RGB32) for image in (before, after))
    assert one.size() == other.size()
    pairs = Counter(zip(memoryview(one.constBits()).cast("I"), memoryview(other.constBits()).cast("I"), strict=True))
    return sum(
        count
        for (old, new), count in pairs.items()
        if old != new and contrast(f"#{old & 0xFFFFFF:06x}", f"#{new & 0xFFFFFF:06x}") >= 3
    )


def pixels_of_focus(reader: Reader, widget: QWidget, elsewhere: QWidget) -> int:
    """What changes on a widget when it gets the keyboard."""
    elsewhere.setFocus(Qt.FocusReason.TabFocusReason)
    reader.qtbot.wait(20)
    before = widget.grab().toImage()
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    reader.qtbot.wait(20)
    assert QApplication.focusWidget() is widget
    return changed(before, widget.grab().toImage())


@pytest.mark.parametrize("theme", THEMES)
def test_the_controls_of_the_window_show_the_keyboard(open_reader: Open, theme: str) -> None:
    reader = open_reader().start()
    window = reader.window
    window.change_settings(theme=theme)
    reader.select(WORDS)
    reader.press(Qt.Key.Key_1)
    reader.do("add-note")
    reader.write("a note")
    window.go_to_locator("3.2")
    window.top_bar.back.setEnabled(True)
    reader.qtbot.wait(50)
    card = window.reading.margin.card_of(reader.marks()[0].id)
    page, top = window.reading.page, window.top_bar
    for widget in (top.back, top.search, top.settings, top.export, window.tabs, window.contents.tree, card):
        seen = pixels_of_focus(reader, widget, page)
        assert seen >= 40, f"{widget.objectName() or type(widget).__name__}: {seen} pixels"
    for action in ("notes", "concepts", "discuss"):
        reader.do(action)
        reader.qtbot.wait(200)
        widget = QApplication.focusWidget()
        seen = pixels_of_focus(reader, widget, page)
        assert seen >= 40, f"{action}, {widget.objectName() or type(widget).__name__}: {seen} pixels"


@pytest.mark.parametrize("theme", THEMES)
def test_the_controls_of_a_dialog_show_the_keyboard(open_reader: Open, theme: str) -> None:
    reader = open_reader().start()
    reader.window.change_settings(theme=theme)
    reader.do("export")
    reader.qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    dialog = QApplication.activeModalWidget()
    boxes = [one for one in dialog.findChildren(QCheckBox) if one.isVisible() and one.isEnabled()]
    buttons = [one for one in dialog.findChildren(QPushButton) if one.isVisible() and one.isEnabled()]
    assert boxes
    assert buttons
    for widget in (dialog.format, boxes[0], boxes[1], buttons[0], buttons[-1], next(one for one in buttons if one.isDefault())):
        other = boxes[2] if widget is not boxes[2] else boxes[3]
        seen = pixels_of_focus(reader, widget, other)
        assert seen >= 40, f"{type(widget).__name__} {widget.accessibleName()}: {seen} pixels"
    dialog.close()


@pytest.mark.parametrize("theme", THEMES)
def test_the_caret_can_be_seen(open_reader: Open, theme: str) -> None:
    reader = open_reader().start()
    reader.window.change_settings(theme=theme)
    page = reader.window.reading.page
    assert page.cursorWidth() >= 2
    reader.window.go_to_locator("3.2")
    assert pixels_of_focus(reader, page, reader.window.top_bar.search) >= 2 * page.page_document.style.pixels
