"""Number fields that look like the other fields."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractSpinBox

from letstalk_desktop.ui.theme import scaled


def pad(*boxes: QAbstractSpinBox) -> None:
    """Let the number begin where the words of other fields do."""
    for box in boxes:
        box.lineEdit().setTextMargins(scaled(8), 0, 0, 0)  # WORKAROUND: a style sheet's padding leaves the left side out
