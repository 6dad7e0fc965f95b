"""A figure by itself, as large as the reader wants it, with its description as text."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QPixmap
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QScrollArea, QWidget

from letstalk_desktop.language import Translator
from letstalk_desktop.ui.dialogs import Dialog
from letstalk_desktop.ui.document import figure_size, render_figure
from letstalk_desktop.ui.theme import Theme


class FigureWindow(Dialog):
    """Plus and minus change the size; the picture is drawn sharp at each."""

    def __init__(
        self, parent: QWidget, translator: Translator, path: Path, caption: str, description: str, theme: Theme
    ) -> None:
        super().__init__(parent, caption)
        _ = translator.gettext
        self._path, self._theme = path, theme
        self._scale = 1.4
        self.picture = QLabel(self)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setAccessibleName(caption)
        self.picture.setAccessibleDescription(description)
        self.area = QScrollArea(self)
        self.area.setAccessibleName(caption)
        self.area.setWidget(self.picture)
        self.area.setWidgetResizable(True)
        self.rows.addWidget(self.area, 1)
        words = self.add_text(description)
        flags = Qt.TextInteractionFlag
        words.setTextInteractionFlags(flags.TextSelectableByKeyboard | flags.TextSelectableByMouse)
        words.setAccessibleName(_("Description of the figure"))
        box = self.add_buttons(translator)
        for name, key, sign in ((_("Smaller"), "-", -1), (_("Larger"), "+", 1)):
            button = box.addButton(name, QDialogButtonBox.ButtonRole.ActionRole)
            button.setToolTip(f"{name} ({key})")
            button.setAutoDefault(False)
            button.clicked.connect(self._on_larger_clicked if sign > 0 else self._on_smaller_clicked)
        self._draw()
        self.area.setFocus()
        screen = self.screen().availableGeometry().size()
        self.resize(QSize(1080, 860).boundedTo(screen * 0.95))

    def _draw(self) -> None:
        svg, width, height = figure_size(self._path, round(720 * self._scale))
        image = render_figure(svg, self._path, width, height, self.devicePixelRatioF(), self._theme)
        self.picture.setPixmap(QPixmap.fromImage(image))
        self.picture.setMinimumSize(width, height)

    def _on_larger_clicked(self) -> None:
        self._scale = min(self._scale * 1.25, 5.0)
        self._draw()

    def _on_smaller_clicked(self) -> None:
        self._scale = max(self._scale / 1.25, 0.5)
        self._draw()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """+ and - change the size."""
        if event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self._on_larger_clicked()
        elif event.key() == Qt.Key.Key_Minus:
            self._on_smaller_clicked()
        else:
            super().keyPressEvent(event)
