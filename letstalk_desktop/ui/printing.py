"""Print: the same pages as in the PDF, as images at the printer's resolution."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRectF, Qt
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter

from letstalk_desktop.exporting.model import Paper
from letstalk_desktop.ui.export_run import Pages, default_choices

if TYPE_CHECKING:
    from letstalk_desktop.ui.main_window import MainWindow

PRINT_PPI = 220


class PrintRun(QObject):
    """Asks for a printer, makes the pages, and paints them."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        self._pages = Pages(self, window)
        self._pages.ready.connect(self._on_ready)
        self._pages.failed.connect(self._on_failed)

    def start(self) -> None:
        """Open the system's dialog."""
        choices = default_choices(self._window)
        if choices is None:
            self._end()
            return
        size = QPageSize.PageSizeId.Letter if choices.paper is Paper.LETTER else QPageSize.PageSizeId.A4
        self._printer.setPageSize(QPageSize(size))
        self._printer.setDocName(self._window.windowTitle())
        dialog = QPrintDialog(self._printer, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(partial(self._pages.make, choices, PRINT_PPI))
        dialog.rejected.connect(self._end)
        dialog.setWindowModality(Qt.WindowModality.WindowModal)
        dialog.show()

    def _on_ready(self, images: list[QImage], total: int, words: str) -> None:
        paint_pages(self._printer, images)
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


def paint_pages(printer: QPrinter, images: list[QImage]) -> None:
    """One image a page, over the whole sheet."""
    printer.setFullPage(True)
    printer.setPageOrientation(
        QPageLayout.Orientation.Landscape
        if images and images[0].width() > images[0].height()
        else QPageLayout.Orientation.Portrait
    )
    painter = QPainter(printer)
    for number, image in enumerate(images):
        if number:
            printer.newPage()
        painter.drawImage(QRectF(painter.viewport()), image)
    painter.end()
