"""Small windows over the page: a concept, a reference, a footnote, an outside link."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QFont, QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from letstalk_desktop.ui.spoken import AFTER_MS, announce
from letstalk_desktop.ui.theme import INTERFACE_FAMILY, scaled


class PopupFrame(QFrame):
    """A frame over the window; Escape or a click elsewhere closes it, and the keyboard goes back to where it was."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("popup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._focused = QApplication.focusWidget()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Give the keyboard back."""
        super().closeEvent(event)
        if self._focused is not None and isValid(self._focused):
            self._focused.setFocus(Qt.FocusReason.PopupFocusReason)
        self._focused = None


class Popup(PopupFrame):
    """A title, a text and buttons, near a point."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(16, 12, 16, 12)
        self._rows.setSpacing(8)
        self._buttons: QHBoxLayout | None = None
        self._actions: dict[QObject, Callable[[], object]] = {}

    def add_text(self, words: str, *, bold: bool = False, muted: str = "", pixels: int = 15, name: str = "") -> QLabel:
        """A paragraph of plain text."""
        label = QLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setText(words)
        label.setWordWrap(True)
        font = QFont(INTERFACE_FAMILY)
        font.setPixelSize(scaled(pixels))
        font.setBold(bold)
        label.setFont(font)
        if len(words) > 60:  # a paragraph; by itself Qt makes a narrow column of it
            label.setMinimumWidth(scaled(340))
        label.setMinimumWidth(max(label.minimumWidth(), 220))
        label.setMaximumWidth(scaled(420))
        label.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        if muted:
            label.setStyleSheet(f"color: {muted};")
        if name:
            label.setAccessibleName(name)
        self._rows.addWidget(label)
        return label

    def add_button(self, words: str, action: Callable[[], object]) -> QPushButton:
        """A button; the popup closes before its action runs."""
        if self._buttons is None:
            self._buttons = QHBoxLayout()
            self._buttons.setSpacing(8)
            self._rows.addLayout(self._buttons)
        button = QPushButton(words, self)
        button.clicked.connect(self._on_button_clicked)
        self._actions[button] = action
        self._buttons.addWidget(button)
        return button

    def _on_button_clicked(self) -> None:
        action = self._actions.get(self.sender())
        self.close()
        if action is not None:
            action()

    def open_at(self, point: QPoint) -> None:
        """Show near a global point, inside the screen."""
        if self._buttons is not None:
            self._buttons.addStretch(1)
        self.adjustSize()
        screen = self.screen().availableGeometry()
        x = min(max(point.x(), screen.left() + 4), screen.right() - self.width() - 4)
        y = point.y() + 6
        if y + self.height() > screen.bottom():
            y = max(point.y() - self.height() - 26, screen.top() + 4)
        self.move(x, y)
        self.show()
        first = self.findChild(QPushButton)
        (first or self).setFocus(Qt.FocusReason.PopupFocusReason)
        QTimer.singleShot(AFTER_MS, self, self._say)

    def _say(self) -> None:
        """Qt leaves pop-ups out of the tree that screen readers walk through, so that their words must be said."""
        announce(self, " ".join(label.text() for label in self.findChildren(QLabel) if label.text()))
