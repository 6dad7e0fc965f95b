"""Print: the same pages as in the PDF, as images at the printer's resolution."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRectF, Qt
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QWidget

from letstalk_desktop.exporting.model import Choices, Paper
from letstalk_desktop.ui.export_run import Pages, default_choices, not_open

if TYPE_CHECKING:
    from letstalk_desktop.exporting.reader_templates import ReaderTemplate
    from letstalk_desktop.ui.main_window import MainWindow

PRINT_PPI = 220


class PrintRun(QObject):
    """Asks for a printer, makes the pages, and paints them."""

    def __init__(
        self,
        window: MainWindow,
        choices: Choices | None = None,
        template: ReaderTemplate | None = None,
        over: QWidget | None = None,
    ) -> None:
        """``choices``: the document, by default the annotated summary of what is read. ``template``: the reader's own.

        ``over``: the dialog from which the printer is asked for, if it is not the window.
        """
        super().__init__(window)
        self._window, self._choices, self._template = window, choices or default_choices(window), template
        self._over = over or window
        self._printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        self._pages = Pages(self, window)
        self._pages.ready.connect(self._on_ready)
        self._pages.failed.connect(self._on_failed)

    def start(self) -> None:
        """Open the system's dialog."""
        choices = self._choices
        if choices is None:
            self._end()
            return
        if not self._window.desk.is_open():
            self._on_failed(not_open())
            return
        size = QPageSize.PageSizeId.Letter if choices.paper is Paper.LETTER else QPageSize.PageSizeId.A4
        self._printer.setPageSize(QPageSize(size))
        self._printer.setDocName(self._window.windowTitle())
        dialog = QPrintDialog(self._printer, self._over)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(self._on_accepted)
        dialog.rejected.connect(self._end)
        dialog.setWindowModality(Qt.WindowModality.WindowModal)
        dialog.show()

    def _on_accepted(self, _printer: QPrinter) -> None:
        """QPrintDialog's own ``accepted`` hands over its printer."""
        if self._choices is not None:
            self._pages.make(self._choices, PRINT_PPI, self._template)

    def _on_ready(self, pages: list[bytes], total: int, words: str) -> None:
        paint_pages(self._printer, map(QImage.fromData, pages))
        _ = self._window.translator.gettext
        self._window.tell(_("Sent to the printer: {what}.").format(what=words))
        self._end()

    def _on_failed(self, error: Exception) -> None:
        self._end()
        text = getattr(error, "text", None)
        if text is None:
            raise error
        self._window.notice.tell(text(self._window.translator), stays=True)

    def _end(self) -> None:
        self._pages.close()
        self.deleteLater()


def paint_pages(printer: QPrinter, images: Iterable[QImage]) -> None:
    """One image a page, over the whole sheet; each is let go before the next is asked for."""
    printer.setFullPage(True)
    painter: QPainter | None = None
    for image in images:
        if painter is None:
            lying = image.width() > image.height()
            printer.setPageOrientation(QPageLayout.Orientation.Landscape if lying else QPageLayout.Orientation.Portrait)
            painter = QPainter(printer)
        else:
            printer.newPage()
        painter.drawImage(QRectF(painter.viewport()), image)
    if painter is not None:
        painter.end()
