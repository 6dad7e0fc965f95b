"""The keys of presenting, the same in the room's view and in the presenter's window."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

_NEXT = (Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_Enter)
_PREVIOUS = (Qt.Key.Key_Left, Qt.Key.Key_Backspace)
_ONWARD = (Qt.Key.Key_Down, Qt.Key.Key_PageDown)
_BACK = (Qt.Key.Key_Up, Qt.Key.Key_PageUp)


class PresentWindow(QWidget):
    """A window of its own that says what the presenter wants."""

    step_requested = Signal(int)  # slides
    move_requested = Signal(int)  # 1: the rest of a slide that is too long for the screen, else the next slide
    edge_requested = Signal(int)  # -1 first, 1 last
    blank_requested = Signal()
    passages_requested = Signal()
    pause_requested = Signal()
    restart_requested = Signal()
    keys_requested = Signal()
    leave_requested = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of the program for presenting that everybody knows."""
        key = event.key()
        back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if key in _NEXT:
            self.step_requested.emit(1)
        elif key in _PREVIOUS:
            self.step_requested.emit(-1)
        elif key == Qt.Key.Key_Space:
            self.move_requested.emit(-1 if back else 1)
        elif key in (*_ONWARD, *_BACK):
            self.move_requested.emit(1 if key in _ONWARD else -1)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.edge_requested.emit(1 if key == Qt.Key.Key_End else -1)
        elif key in (Qt.Key.Key_B, Qt.Key.Key_Period):
            self.blank_requested.emit()
        elif key == Qt.Key.Key_T:
            self.passages_requested.emit()
        elif key == Qt.Key.Key_P:
            self.pause_requested.emit()
        elif key == Qt.Key.Key_R:
            self.restart_requested.emit()
        elif key in (Qt.Key.Key_Question, Qt.Key.Key_F1):
            self.keys_requested.emit()
        elif key == Qt.Key.Key_Escape:
            self.leave_requested.emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click goes on, a right click back."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.move_requested.emit(1)
        elif event.button() == Qt.MouseButton.RightButton:
            self.step_requested.emit(-1)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Say so."""
        super().closeEvent(event)
        self.closed.emit()
