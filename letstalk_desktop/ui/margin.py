"""The right margin: notes beside the passages they belong to.

Cards never overlap; each stands at the height of its passage or below the card before it. Only the cards near the visible
part exist as widgets. In a narrow window the margin folds into a mark beside the line; a click opens the card over the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget

from letstalk_desktop.annotations.model import Annotation
from letstalk_desktop.language import Translator
from letstalk_desktop.ui.page import GAP, Page
from letstalk_desktop.ui.theme import INTERFACE_FAMILY, INTERFACE_PIXELS, Theme, scaled

if TYPE_CHECKING:
    from letstalk_desktop.ui.note_card import NoteCard

SPACE = 8  # between two cards


class MarginNote(NamedTuple):
    """An annotation with what its card shows. ``place``: where it belongs in the text on the page, in code points."""

    annotation: Annotation
    place: int
    letter: str
    label: str
    locator: str
    terms: tuple[str, ...]
    quote: str
    colour: str
    unsaved: bool


def _new_card(margin: QWidget) -> NoteCard:
    """A card. Its module brings the parser of notes, which a page without notes need not wait for."""
    from letstalk_desktop.ui.note_card import NoteCard

    return NoteCard(margin)


def arranged(wished: Sequence[float], tall: Sequence[float], held: int | None) -> list[float]:
    """The tops of cards, in pixels: each where it wishes to be or lower, none over another, in the same order.

    The one that is ``held`` stands exactly where it wishes; those before it move up for it.
    """
    tops: list[float] = []
    floor = -1.0e9
    for index, (top, size) in enumerate(zip(wished, tall, strict=True)):
        if index == held:
            tops.append(top)
            for before in range(index - 1, -1, -1):
                tops[before] = min(tops[before], tops[before + 1] - SPACE - tall[before])
        else:
            tops.append(max(top, floor))
        floor = tops[-1] + size + SPACE
    return tops


class Margin(QWidget):
    """Lays out note cards beside a page."""

    note_changed = Signal(str, str, str)  # annotation id, note, gesture
    activated = Signal(str)
    editing_finished = Signal(str)
    menu_requested = Signal(str, QPoint)
    undo_requested = Signal()

    def __init__(self, page: Page, theme: Theme, translator: Translator) -> None:
        super().__init__(page)
        self._page = page
        self._theme = theme
        self._translator = translator
        self._notes: list[MarginNote] = []
        self._cards: dict[str, NoteCard] = {}
        self._tops: dict[str, float] = {}
        self._marks: list[tuple[QRect, list[MarginNote]]] = []
        self._heights: dict[tuple[object, ...], int] = {}
        self._ruler: NoteCard | None = None
        self._active = ""
        self._opened = ""  # the note shown over the text while the margin is folded
        self._gestures: dict[str, str] = {}
        self.pixels = float(scaled(INTERFACE_PIXELS))
        self._waiting = QTimer(self)
        self._waiting.setSingleShot(True)
        self._waiting.setInterval(0)
        self._waiting.timeout.connect(self._lay_out)
        page.scrolled.connect(self._on_scrolled)
        page.geometry_changed.connect(self.relayout)

    def set_theme(self, theme: Theme) -> None:
        """Draw in this theme's colours."""
        self._theme = theme
        self.pixels = float(scaled(INTERFACE_PIXELS))
        self._heights.clear()
        self.relayout()

    def retranslate(self, translator: Translator) -> None:
        """Set the words."""
        self._translator = translator
        self.setAccessibleName(translator.gettext("Notes beside the text"))
        self._heights.clear()
        self.relayout()

    @property
    def folded(self) -> bool:
        """True where there is no room for cards."""
        return self._page.margin_width == 0

    def show_notes(self, notes: list[MarginNote]) -> None:
        """These, and only these, stand in the margin (in the order of the text)."""
        self._notes = sorted(notes, key=lambda note: note.place)
        known = {note.annotation.id for note in notes}
        for identity in [one for one in self._cards if one not in known]:
            self._drop(identity)
        if self._opened not in known:
            self._opened = ""
        self.relayout()

    def set_active(self, annotation_id: str) -> None:
        """This note's passage is the current one."""
        self._active = annotation_id
        self.place_cards()

    def edit(self, annotation_id: str) -> None:
        """Open the editor of a note, over the text where the margin is folded."""
        if self.folded:
            self._opened = annotation_id
        self._lay_out()
        note = next((one for one in self._notes if one.annotation.id == annotation_id), None)
        if note is None:
            return
        top, scroll = self._page.document_y(note.place), self._page.verticalScrollBar().value()
        if not scroll <= top < scroll + self._page.height():
            self._page.scroll_to(note.place, above=self._page.height() * 0.3)
        self._active = annotation_id
        card = self._card(note)
        card.show()
        card.start_editing()  # which places it; its editor has the keyboard before any other card goes
        self.place_cards()

    def open_card(self, annotation_id: str) -> None:
        """Show a note: its card becomes current; over the text where the margin is folded."""
        self.set_active(annotation_id)
        if self.folded:
            self._opened = annotation_id
            self.place_cards()

    def focus_card(self, annotation_id: str) -> None:
        """Give a note's card the keyboard."""
        self._lay_out()
        self.open_card(annotation_id)
        note = next((one for one in self._notes if one.annotation.id == annotation_id), None)
        if note is not None:
            card = self._card(note)
            card.show()
            card.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_card(self) -> None:
        """Fold an opened card again."""
        if self._opened:
            self._opened = ""
            self.place_cards()

    def editing(self) -> str:
        """The id of the note that is being written, or ''."""
        return next((identity for identity, card in self._cards.items() if card.editor is not None), "")

    def card_of(self, annotation_id: str) -> NoteCard | None:
        """The card of a note, where it is shown now."""
        return self._cards.get(annotation_id)

    def store(self) -> None:
        """Hand over what has been typed so far."""
        for card in self._cards.values():
            card.store()

    # --- layout ----------------------------------------------------------------------------------------------------

    def relayout(self) -> None:
        """Measure again where each note belongs, once, when all that happens now has happened."""
        self._waiting.start()

    def _on_scrolled(self) -> None:
        if not self._waiting.isActive():
            self.place_cards()

    def _lay_out(self) -> None:
        self._waiting.stop()
        width = self._page.width() - self._page.verticalScrollBar().width()
        left = self._page.column_right + 1
        self.setGeometry(left, 0, max(width - left, 0), self._page.height())
        self._tops = {note.annotation.id: self._page.document_y(note.place) for note in self._notes}
        self.place_cards()
        self.update()

    def place_cards(self) -> None:
        """Put the cards near the visible part where they belong."""
        scroll = self._page.verticalScrollBar().value()
        height = self._page.height()
        self._marks = []
        visible: dict[str, int] = {}
        if self.folded:
            self._place_folded(scroll, height, visible)
        else:
            self._place_beside(scroll, height, visible)
        editing = self.editing()
        for identity in [one for one in self._cards if one not in visible and one != editing]:
            self._drop(identity)
        if editing and editing not in visible and editing in self._cards:
            self._cards[editing].hide()
        self.update()

    def _place_beside(self, scroll: int, height: int, visible: dict[str, int]) -> None:
        width = self._page.margin_width
        near: list[MarginNote] = []
        wished: list[float] = []
        tall: list[int] = []
        held: int | None = None
        floor = -1.0e9
        for note in self._notes:
            top = self._tops.get(note.annotation.id, 0.0)
            if top < scroll - 2 * height:
                continue
            if top > scroll + height + 200 and max(top, floor) > scroll + height:
                break
            near.append(note)
            tall.append(self._height(note, width))
            if note.annotation.id == self._active and scroll <= top < scroll + height:
                held = len(wished)
                top = max(min(top, scroll + height - tall[-1] - SPACE), scroll)  # as much of it in sight as there is room for
            wished.append(top)
            floor = max(top, floor) + tall[-1] + SPACE
        for note, top, size in zip(near, arranged(wished, tall, held), tall, strict=True):
            if top + size < scroll - 50 or top > scroll + height + 50:
                continue
            card = self._card(note)
            card.fit(width)
            card.move(GAP - 8 if self.width() > width + GAP - 8 else 4, round(top - scroll))
            if card.parentWidget() is not self:
                card.setParent(self)
            card.show()
            visible[note.annotation.id] = 1

    def _place_folded(self, scroll: int, height: int, visible: dict[str, int]) -> None:
        side = scaled(22)
        for note in self._notes:
            top = self._tops.get(note.annotation.id, 0.0) - scroll
            if top < -40 or top > height:
                continue
            rect = QRect(6, round(top), side, side)
            if self._marks and self._marks[-1][0].bottom() >= rect.top():
                self._marks[-1][1].append(note)
            else:
                self._marks.append((rect, [note]))
            if note.annotation.id == self._opened:
                card = self._card(note)
                width = min(scaled(320), self._page.width() - 40)
                tall = card.fit(width)
                if card.parentWidget() is not self._page:
                    card.setParent(self._page)
                left = self._page.width() - self._page.verticalScrollBar().width() - width - 8
                y = round(top) + side + 6
                card.move(left, max(4, min(y, height - tall - 4)))
                card.show()
                card.raise_()
                visible[note.annotation.id] = 1

    def _height(self, note: MarginNote, width: int) -> int:
        card = self._cards.get(note.annotation.id)
        if card is not None:
            self._fill(card, note)
            return card.fit(width)
        key = (note.annotation.note, note.terms, note.quote, note.label, width)
        if key not in self._heights:
            if self._ruler is None:
                self._ruler = _new_card(self)
                self._ruler.hide()
            self._fill(self._ruler, note)
            self._heights[key] = self._ruler.fit(width)
        return self._heights[key]

    def _card(self, note: MarginNote) -> NoteCard:
        card = self._cards.get(note.annotation.id)
        if card is None:
            card = _new_card(self)
            card.note_changed.connect(self._on_card_note_changed)
            card.editing_started.connect(self._on_card_editing_started)
            card.editing_finished.connect(self._on_card_editing_finished)
            card.activated.connect(self.activated)
            card.menu_requested.connect(self.menu_requested)
            card.undo_requested.connect(self.undo_requested)
            card.height_changed.connect(self.place_cards)
            self._cards[note.annotation.id] = card
        self._fill(card, note)
        return card

    def _fill(self, card: NoteCard, note: MarginNote) -> None:
        card.show_annotation(
            note.annotation,
            label=note.label,
            locator=note.locator,
            terms=list(note.terms),
            quote=note.quote,
            theme=self._theme,
            translator=self._translator,
            unsaved=note.unsaved,
            pixels=self.pixels,
            active=note.annotation.id == self._active,
        )

    def _drop(self, identity: str) -> None:
        card = self._cards.pop(identity, None)
        if card is not None:
            card.finish_editing()
            if card.hasFocus():
                self._page.setFocus()  # else Qt hands the keyboard to another card, whose passage becomes the current one
            card.hide()
            card.deleteLater()

    def _on_card_editing_started(self, annotation_id: str) -> None:
        from letstalk_desktop.ui.desk import new_id

        self._gestures[annotation_id] = new_id()

    def _on_card_note_changed(self, annotation_id: str, note: str) -> None:
        self.note_changed.emit(annotation_id, note, self._gestures.get(annotation_id, ""))

    def _on_card_editing_finished(self, annotation_id: str) -> None:
        self._gestures.pop(annotation_id, None)
        self.editing_finished.emit(annotation_id)

    # --- the folded margin ----------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """The marks of a folded margin: the kind's letter, or how many notes stand there."""
        if not self._marks:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = QFont(INTERFACE_FAMILY)
        font.setPixelSize(scaled(13))
        font.setWeight(QFont.Weight.Bold)
        painter.setFont(font)
        for rect, notes in self._marks:
            painter.setPen(QColor(notes[0].colour))
            painter.setBrush(QColor(self._theme.card))
            painter.drawRoundedRect(rect.adjusted(0, 0, -1, -1), 5, 5)
            words = notes[0].letter if len(notes) == 1 else str(len(notes))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, words)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on a mark opens its card, again the next one, and at last none."""
        for rect, notes in self._marks:
            if rect.adjusted(-4, -4, 4, 4).contains(event.position().toPoint()):
                ids = [note.annotation.id for note in notes]
                following = ids.index(self._opened) + 1 if self._opened in ids else 0
                self._opened = ids[following] if following < len(ids) else ""
                QToolTip.hideText()
                self.place_cards()
                if self._opened:
                    self.activated.emit(self._opened)
                return
        self.close_card()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the page."""
        self._page.forward_wheel(event)
