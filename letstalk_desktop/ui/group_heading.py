"""A heading in a panel that unfolds what it heads."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget


class GroupHeading(QPushButton):
    """A heading that unfolds what it heads; a long title gives way in a narrow panel."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("groupHeading")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._title = self._count = ""

    def show_title(self, title: str, count: str) -> None:
        """Show this title; the count always has room."""
        self._title, self._count = title.replace("&", "&&"), count
        self._elide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Elide anew."""
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        room = self.width() - 14 - self.fontMetrics().horizontalAdvance(self._count)
        title = self.fontMetrics().elidedText(self._title, Qt.TextElideMode.ElideRight, max(room, 40))
        self.setText(title + self._count)
        self.setToolTip(self._title if title != self._title else "")
