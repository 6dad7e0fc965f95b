"""The small bar near a selection: the six kinds, Note, Concept, Cite. Everything on it has a key."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt, Signal, SignalInstance
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QGraphicsDropShadowEffect, QHBoxLayout, QToolButton, QWidget

from letstalk_desktop.annotations.kinds import KIND_STYLES, kind_name
from letstalk_desktop.annotations.model import Kind
from letstalk_desktop.language import Translator
from letstalk_desktop.ui.decorations import draw_line
from letstalk_desktop.ui.theme import INTERFACE_FAMILY, Theme, scaled


class KindButton(QAbstractButton):
    """A kind as it will look: its fill, letter, name and line."""

    def __init__(self, kind: Kind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self.fill, self.stroke, self.text_colour = "#ffffff", "#000000", "#000000"
        self.compact = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        font = QFont(INTERFACE_FAMILY)
        font.setPixelSize(scaled(14))
        self.setFont(font)

    def fit(self) -> None:
        """Take the width of the words."""
        metrics = self.fontMetrics()
        words = KIND_STYLES[self.kind].letter if self.compact else self.text()
        self.setFixedSize(metrics.horizontalAdvance(words) + 18, metrics.height() + 10)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.fill))
        painter.drawRoundedRect(self.rect(), 4, 4)
        painter.setPen(QColor(self.text_colour))
        words = KIND_STYLES[self.kind].letter if self.compact else self.text()
        painter.drawText(self.rect().adjusted(0, -2, 0, -2), Qt.AlignmentFlag.AlignCenter, words)
        draw_line(painter, 6, self.width() - 6, self.height() - 3.5, self.stroke, KIND_STYLES[self.kind].line)
        if self.hasFocus() or self.isDown():
            painter.setPen(QPen(QColor(self.text_colour), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 4, 4)
        painter.end()


class SelectionBar(QFrame):
    """Floats over the page below a selection (above it near the lower edge)."""

    kind_chosen = Signal(Kind)
    note_chosen = Signal()
    concept_chosen = Signal()
    cite_chosen = Signal()

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self.setObjectName("selectionBar")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._page = parent
        self._row = layout = QHBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.setSpacing(4)
        self.kinds: dict[Kind, KindButton] = {}
        for kind in Kind:
            button = KindButton(kind, self)
            button.clicked.connect(self._on_kind_clicked)
            layout.addWidget(button)
            self.kinds[kind] = button
        self.note = self._button(layout, self.note_chosen)
        self.concept = self._button(layout, self.concept_chosen)
        self.cite = self._button(layout, self.cite_chosen)
        self._shadow = QGraphicsDropShadowEffect(self)
        self._shadow.setBlurRadius(16)
        self._shadow.setOffset(0, 3)
        self._shadow.setColor(QColor(0, 0, 0, 70))
        self.setGraphicsEffect(self._shadow)
        self.set_theme(theme)
        self.hide()

    def _button(self, layout: QHBoxLayout, signal: SignalInstance) -> QToolButton:
        line = QFrame(self)
        line.setObjectName("divider")
        line.setFixedWidth(1)
        layout.addWidget(line)
        button = QToolButton(self)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(signal)
        layout.addWidget(button)
        return button

    def set_theme(self, theme: Theme) -> None:
        """Draw in this theme's colours."""
        self._shadow.setEnabled(theme.name != "contrast")
        for kind, button in self.kinds.items():
            button.fill, button.stroke = theme.kinds[kind]
            button.text_colour = theme.text
            button.update()

    def retranslate(self, translator: Translator, names: dict[Kind, str], keys: dict[str, str]) -> None:
        """Set the words; ``keys``: shortcut by action id, shown in tool tips."""
        _ = translator.gettext
        for number, (kind, button) in enumerate(self.kinds.items(), 1):
            name = kind_name(kind, translator, names)
            button.setText(f"{KIND_STYLES[kind].letter} {name}")
            button.setAccessibleName(_("Mark as {kind}").format(kind=name))
            button.setToolTip(_("Mark as {kind} ({key})").format(kind=name, key=keys.get(f"kind-{number}", str(number))))
            button.fit()
        for tool, words, key in (
            (self.note, _("Note"), keys.get("add-note", "")),
            (self.concept, _("Concept"), keys.get("link-concept", "")),
            (self.cite, _("Cite"), keys.get("copy-citation", "")),
        ):
            tool.setText(words)
            tool.setAccessibleName(words)
            tool.setToolTip(f"{words} ({key})" if key else words)
        self.setAccessibleName(_("What to do with the selection"))
        self.adjustSize()

    def show_near(self, rect: QRect) -> None:
        """Show below ``rect`` (of the parent's pixels), or above it where there is no room; never over it."""
        parent = self._page
        compact = parent.width() < scaled(640)
        for button in self.kinds.values():
            button.compact = compact
            button.fit()
        self._row.activate()
        self.adjustSize()
        x = min(max(rect.center().x() - self.width() // 2, 6), parent.width() - self.width() - 18)
        y = rect.bottom() + 10
        if y + self.height() > parent.height() - 6:
            y = max(rect.top() - self.height() - 10, 6)
        self.move(QPoint(max(x, 6), y))
        self.show()
        self.raise_()

    def _on_kind_clicked(self) -> None:
        button = self.sender()
        if isinstance(button, KindButton):
            self.kind_chosen.emit(button.kind)
