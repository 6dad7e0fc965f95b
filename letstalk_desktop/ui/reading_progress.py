"""How far the reader is in a chapter: place, share read, minutes left, and whether its end has been seen."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from letstalk_desktop.library.text import locator_at, word_count
from letstalk_desktop.ui.page import Page

REPORT_MS = 60
END_SEEN_MS = 1500
WORDS_PER_MINUTE = {"en": 230, "fr": 215}


class Progress(NamedTuple):
    """Locator, per cent read, minutes left, and the id of the section."""

    locator: str
    percent: int
    minutes: int
    section: str


class ReadingProgress(QObject):
    """Watches one page; reports calmly, after scrolling has happened and not while it happens."""

    changed = Signal(object)  # Progress
    finished = Signal(str, str)  # resource, chapter: its end has been in sight for a while

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._page = page
        self._words_before: list[int] = []
        self._report = self._timer(REPORT_MS)
        self._report.timeout.connect(self._on_report_timeout)
        self._end = self._timer(END_SEEN_MS)
        self._end.timeout.connect(self._on_end_timeout)
        page.geometry_changed.connect(self.soon)
        page.scrolled.connect(self.soon)
        page.place_changed.connect(self._on_place_changed)

    def _timer(self, milliseconds: int) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        return timer

    def begin(self) -> None:
        """Another chapter is on the page."""
        self._end.stop()
        self._words_before = []
        self.soon()

    def soon(self) -> None:
        """Report in a moment."""
        if not self._report.isActive():
            self._report.start()

    def _on_place_changed(self, _place: int) -> None:
        self.soon()

    def _on_report_timeout(self) -> None:
        page, chapter = self._page, self._page.chapter
        if chapter is None or not chapter.blocks:
            return
        if not self._words_before:
            self._words_before = [0]
            for block in chapter.blocks:
                self._words_before.append(self._words_before[-1] + word_count(chapter.text[block.start : block.end]))
        total = self._words_before[-1]
        index = bisect_right(chapter.blocks, page.bottom_place(), key=lambda block: block.start)
        left = total - self._words_before[min(index, len(self._words_before) - 1)]
        at_end = self._is_at_end()
        first = page.first_visible()
        place = first[0].start if first else 0
        caret = page.caret_place()
        shown = caret if page.hasFocus() and 0 <= page.place_rect(caret).top() <= page.viewport().height() else place
        section = ""
        for one in chapter.sections:
            if one.level <= 2 and one.start <= max(place, shown):
                section = one.id
        percent = 100 if at_end else round(100 * (total - left) / max(total, 1))
        minutes = 0 if at_end else max(1, round(left / WORDS_PER_MINUTE.get(chapter.language, 220)))
        self.changed.emit(Progress(locator_at(chapter, shown), percent, minutes, section))
        if at_end:
            self._end.start()
        else:
            self._end.stop()

    def _is_at_end(self) -> bool:
        bar = self._page.verticalScrollBar()
        return bar.value() >= bar.maximum() - 4

    def _on_end_timeout(self) -> None:
        chapter = self._page.chapter
        if chapter is not None and self._page.isVisible() and self._is_at_end():
            self.finished.emit(chapter.resource, chapter.id)
