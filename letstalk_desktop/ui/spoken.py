"""What a screen reader is told beside the words themselves: what the caret comes to, and what the window has to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

from letstalk_desktop.annotations.kinds import kind_name
from letstalk_desktop.annotations.model import Annotation
from letstalk_desktop.language import N_
from letstalk_desktop.library.model import Chapter
from letstalk_desktop.library.text import block_by_id

if TYPE_CHECKING:
    from letstalk_desktop.ui.reading_area import ReadingArea

# A screen reader stops what it says when the caret moves, so what is announced must come after that.
AFTER_MS = 60
_LINKS = {"concept": N_("concept"), "cite": N_("reference"), "note": N_("footnote"), "link": N_("link")}


def announce(widget: QWidget, words: str, *, urgent: bool = False) -> None:
    """Say something now; ``urgent``: before anything else that waits to be said."""
    if not words or not QAccessible.isActive():
        return
    event = QAccessibleAnnouncementEvent(widget, words)
    politeness = QAccessible.AnnouncementPoliteness
    event.setPoliteness(politeness.Assertive if urgent else politeness.Polite)
    QAccessible.updateAccessibility(event)


class Spoken(QObject):
    """Tells what the caret enters: heading, highlight with its note, concept, reference, figure, table and cell."""

    def __init__(self, reading: ReadingArea) -> None:
        super().__init__(reading)
        self._reading = reading
        self._met: dict[str, str] = {}  # what the caret stands in, and the words for it
        self._chapter = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(AFTER_MS)
        self._timer.timeout.connect(self._say)
        reading.page.place_changed.connect(self._soon)
        reading.current_changed.connect(self._soon)
        reading.page.link_reached.connect(self._on_link_reached)
        reading.chapter_opened.connect(self._on_chapter_opened)

    def _soon(self) -> None:
        if QAccessible.isActive():
            self._timer.start()

    def _on_link_reached(self) -> None:
        if QAccessible.isActive():
            page = self._reading.page
            words = page.textCursor().selectedText().replace("\ufffc", "").strip()
            self._met = self._surroundings()
            announce(page, ", ".join(one for one in (words, self._link(page.link_at_caret())) if one))

    def _on_chapter_opened(self, chapter: Chapter) -> None:
        self._met = {}
        self._chapter = f"{chapter.number}, {chapter.title}" if chapter.number else chapter.title
        self._soon()

    def _say(self) -> None:
        met = self._surroundings()
        words = [said for key, said in met.items() if self._met.get(key) != said]
        if self._chapter:
            words = [self._chapter]  # the rest is heard when the caret moves
        elif any(key.startswith("mark:") and key not in met and self._stands(key) for key in self._met):
            words.insert(0, self._reading.translator.gettext("end of highlight"))
        self._chapter = ""
        self._met = met
        announce(self._reading.page, ", ".join(words))

    def _stands(self, key: str) -> bool:
        """True where the highlight is still there, so that only the caret has left it."""
        return self._reading.annotation(key.removeprefix("mark:")) is not None

    def _surroundings(self) -> dict[str, str]:
        """Everything that the caret stands in, the widest first."""
        page = self._reading.page
        if page.page_document is None:
            return {}
        _ = self._reading.translator.gettext
        cursor = page.textCursor()
        found: dict[str, str] = {}
        level = cursor.blockFormat().headingLevel()
        if level:
            found[f"heading:{cursor.blockNumber()}"] = _("heading level {level}").format(level=level)
        table = cursor.currentTable()
        if table is not None:
            words = _("table with {rows} rows and {columns} columns")
            found[f"table:{table.firstPosition()}"] = words.format(rows=table.rows(), columns=table.columns())
            cell = table.cellAt(cursor)
            words = _("row {row}, column {column}").format(row=cell.row() + 1, column=cell.column() + 1)
            found[f"cell:{cell.firstPosition()}"] = words
        for annotation_id in page.highlights_at_caret():
            one = self._reading.annotation(annotation_id)
            if one is not None:
                found[f"mark:{annotation_id}"] = self._mark(one)
        href = page.link_at_caret()
        if href:
            found[f"link:{cursor.blockNumber()}:{href}"] = self._link(href)
        return found

    def _mark(self, one: Annotation) -> str:
        """``highlight, Key idea, 1 note``."""
        translator, desk = self._reading.translator, self._reading.desk
        kind = kind_name(one.kind, translator, desk.kind_names)
        words = [translator.gettext("highlight"), kind]
        if one.note:
            words.append(translator.ngettext("{count} note", "{count} notes", 1).format(count=1))
        count = len(one.concepts)
        if count:
            words.append(translator.ngettext("{count} concept", "{count} concepts", count).format(count=count))
        return ", ".join(words)

    def _link(self, href: str) -> str:
        kind, _colon, target = href.partition(":")
        _ = self._reading.translator.gettext
        if kind != "figure":
            return _(_LINKS.get(kind, "link"))
        chapter = self._reading.chapter
        block = block_by_id(chapter, target) if chapter else None
        return _("figure: {description}").format(description=block.description if block else "")
