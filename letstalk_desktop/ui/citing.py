"""Copy with citation: the words, where they stand, and the reference, as rich and as plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from letstalk_desktop.library.citations import copy_with_citation

if TYPE_CHECKING:
    from letstalk_desktop.ui.main_window import MainWindow


def copy_citation(window: MainWindow) -> None:
    """Put the selection, or the current passage, on the clipboard with its citation."""
    _ = window.translator.gettext
    found = window.passage()
    resource, chapter = window.reading.resource, window.reading.chapter
    if found is None or resource is None or chapter is None:
        window.tell(_("Select some words first, with the mouse or with Shift and the arrow keys."))
        return
    quote, locator = found
    style: Any = window.settings.citation_style
    plain, html = copy_with_citation(quote, resource, chapter, locator, style=style, language=chapter.language)
    data = QMimeData()
    data.setText(plain)
    data.setHtml(html)
    QGuiApplication.clipboard().setMimeData(data)
    window.tell(_("Copied with its citation: ¶ {locator}").format(locator=locator))
