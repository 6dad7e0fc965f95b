"""Unplaced notes: what waits for a place in this edition, with old words, note and likely places; all of it by keyboard."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from letstalk_desktop.annotations.following import edition_at_hand
from letstalk_desktop.annotations.model import Annotation, AnnotationType, Changes, KeptText, Placement, Query
from letstalk_desktop.annotations.moving import LAST_RESORT, NewEdition, Suggestion, suggestions
from letstalk_desktop.annotations.places import anchor_at, locator_in_kept
from letstalk_desktop.errors import LetsTalkError
from letstalk_desktop.language import N_, Translator
from letstalk_desktop.library.model import Chapter, Resource
from letstalk_desktop.library.text import locator_at
from letstalk_desktop.ui.desk import Desk
from letstalk_desktop.ui.panel import Panel
from letstalk_desktop.ui.theme import Theme

if TYPE_CHECKING:
    from letstalk_desktop.storage.notebook import Notebook
    from letstalk_desktop.ui.editions import Editions

_ROW = Qt.ItemDataRole.UserRole
_MOVED = 200  # so many of those that moved are listed to be looked at
PAUSE_MS = 120
_QUOTE, _SHORT = 400, 90  # characters of a quote in full, and in a row


class Waiting(NamedTuple):
    """One row: what waits, or (``moved``) what has moved and may be looked at. ``before``: as it was on its old edition."""

    annotation: Annotation
    before: Annotation
    locator: str  # in the old edition
    moved: bool = False


class _Rows(QListWidget):
    """A list with a key for Delete and for Enter."""

    entered = Signal()
    delete_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setSpacing(2)
        self.setLayoutMode(QListWidget.LayoutMode.Batched)  # thousands may wait after a thorough revision

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Delete; the rest is the list's."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Delete:
            self.delete_wanted.emit()
        else:
            super().keyPressEvent(event)


class UnplacedPanel(Panel):
    """What waits, one of it in full, where it may belong, and what can be done."""

    closed = Signal()
    place_shown = Signal(object, int, int)  # Chapter, start, end
    attach_requested = Signal()
    undo_offered = Signal(str)
    told = Signal(str)

    def __init__(self, desk: Desk, editions: Editions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self._editions = desk, editions
        self._translator: Translator | None = None
        self._resource: Resource | None = None
        self._rows: list[Waiting] = []
        self._found: list[Suggestion] = []
        self._edition: tuple[str, str, NewEdition] | None = None
        self._wanted = ""  # the annotation to choose when the rows have been read
        self._reviewed: set[str] = set()
        self._stale = True
        self._pause = QTimer(self)  # who walks through the list does not wait for every row
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._on_pause_timeout)
        self.back = QPushButton(self)
        self.intro = QLabel(self)
        self.follow = QPushButton(self)
        self.list = _Rows(self)
        self.detail = QLabel(self)
        self.places_title = QLabel(self)
        self.places = _Rows(self)
        self.attach_button = QPushButton(self)
        self.select_button = QPushButton(self)
        self.keep = QPushButton(self)
        self.delete = QPushButton(self)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(8, 8, 8, 8)
        rows.setSpacing(6)
        for label in (self.intro, self.detail, self.places_title):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.detail.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.detail.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        rows.addWidget(self.back)
        rows.addWidget(self.intro)
        rows.addWidget(self.follow)
        rows.addWidget(self.list, 3)
        rows.addWidget(self.detail)
        rows.addWidget(self.places_title)
        rows.addWidget(self.places, 3)
        rows.addWidget(self.attach_button)
        rows.addWidget(self.select_button)
        last = QHBoxLayout()
        last.addWidget(self.keep, 1)
        last.addWidget(self.delete)
        rows.addLayout(last)
        self._rest = QWidget(self)  # takes the room of the lists where there is nothing to list
        rows.addWidget(self._rest, 3)
        self.follow.hide()

    def _connect(self) -> None:
        self.back.clicked.connect(self.closed)
        self.follow.clicked.connect(self._on_follow_clicked)
        self.list.currentRowChanged.connect(self._on_row_changed)
        self.list.entered.connect(self._on_row_entered)
        self.list.itemDoubleClicked.connect(self._on_row_entered)
        self.list.delete_wanted.connect(self.delete_current)
        self.places.currentRowChanged.connect(self._on_place_changed)
        self.places.entered.connect(self.attach_chosen)
        self.places.itemClicked.connect(self._on_place_clicked)
        self.places.itemDoubleClicked.connect(self.attach_chosen)
        self.attach_button.clicked.connect(self.attach_chosen)
        self.select_button.clicked.connect(self.attach_requested)
        self.keep.clicked.connect(self.keep_current)
        self.delete.clicked.connect(self.delete_current)
        self.desk.changed.connect(self._on_desk_changed)
        self.desk.notebook_opened.connect(self.reload)

    # --- what every panel does ------------------------------------------------------------------------------------

    @property
    def focus_target(self) -> QWidget:
        """What takes the keyboard."""
        return self.list if self._rows else self.back

    def retranslate(self, translator: Translator) -> None:
        """Set the words."""
        _ = translator.gettext
        self._translator = translator
        self.setAccessibleName(_("Unplaced notes"))
        self.back.setText(_("‹ All notes"))
        self.follow.setText(_("Let them follow"))
        self.list.setAccessibleName(_("Notes that wait for a place"))
        self.detail.setAccessibleName(_("The note that is chosen"))
        self.places_title.setText(_("Where it may belong:"))
        self.places.setAccessibleName(_("Where it may belong"))
        self.attach_button.setText(_("&Attach to this place"))
        self.select_button.setText(_("Attach to the selected &words"))
        self.select_button.setToolTip(_("Select words in the text, then press this button or Ctrl+Shift+H."))
        self.keep.setText(_("&Keep as it is"))
        self.keep.setToolTip(_("It stays here, with its old words, and goes into exports as unplaced."))
        self.delete.setText(_("&Delete"))
        self._show_rows()

    def set_theme(self, theme: Theme) -> None:
        """Draw in this theme's colours."""
        t = theme
        for one in (self.list, self.places):
            one.setStyleSheet(
                f"QListWidget {{ background: {t.card}; border: 1px solid {t.border}; padding: 1px; border-radius: 6px; }}"
                f"QListWidget:focus {{ border: 2px solid {t.focus}; padding: 0; }}"
                # An edge that comes with the focus would take its room from the words, and cut them short.
                f"QListWidget::item {{ padding: 3px 4px; border: 2px solid transparent; border-radius: 4px; color: {t.text}; }}"
                f"QListWidget::item:focus {{ padding: 3px 4px; border: 2px solid {t.focus}; }}"
                f"QListWidget::item:selected {{ background: {t.accent_soft}; color: {t.text}; }}"
            )

    def show_place(self, resource: Resource, chapter: Chapter) -> None:
        """What waits in this resource."""
        if self._resource is None or (self._resource.id, self._resource.edition) != (resource.id, resource.edition):
            self._resource = resource
            self._edition = None
            self._refresh()

    def showEvent(self, event: object) -> None:
        """Read again what has changed while the panel was hidden."""
        if self._stale:
            self.reload()

    def _refresh(self) -> None:
        if self.isVisible():
            self.reload()
        else:
            self._stale = True

    def _on_desk_changed(self, changes: Changes, initiator: object) -> None:
        if changes.annotations:
            self._refresh()

    # --- what there is --------------------------------------------------------------------------------------------

    def show_annotation(self, annotation_id: str) -> None:
        """Choose this one, as soon as it has been read."""
        self._wanted = annotation_id
        self.reload()

    def reload(self) -> None:
        """Read again what waits."""
        resource = self._resource
        if resource is None:
            return
        self._stale = False
        moved = {one: before for one, before in self._editions.moved.items() if one not in self._reviewed}
        self.desk.ask(partial(_read, resource.id, resource.edition, moved), self._on_read)

    def _on_read(self, read: tuple[list[Waiting], int]) -> None:
        rows, strays = read
        present = self.current()
        chosen = self._wanted or (present.id if present is not None else "")
        number = self.list.currentRow()
        same = [(row.annotation, row.moved) for row in rows] == [(row.annotation, row.moved) for row in self._rows]
        self._rows, self._wanted = rows, ""
        self.follow.setVisible(strays > 0 and not self._editions.is_following)
        if same and self.list.count() == len(rows) and not chosen:
            return
        self._show_rows()
        ids = [row.annotation.id for row in rows]
        self.list.setCurrentRow(ids.index(chosen) if chosen in ids else min(max(number, 0), len(rows) - 1))
        if rows and self.back.hasFocus():
            self.list.setFocus()
        QTimer.singleShot(0, self, self._show_chosen)

    def _show_chosen(self) -> None:
        """Scroll to the row that is chosen, once the rows have their heights."""
        item = self.list.currentItem()
        if item is not None:
            self.list.scrollToItem(item)

    @property
    def rows(self) -> tuple[Waiting, ...]:
        """What is listed."""
        return tuple(self._rows)

    def current(self) -> Annotation | None:
        """The annotation that is chosen."""
        row = self._row()
        return row.annotation if row else None

    def _row(self) -> Waiting | None:
        number = self.list.currentRow()
        return self._rows[number] if 0 <= number < len(self._rows) else None

    def _show_rows(self) -> None:
        if self._translator is None:
            return
        _, ngettext = self._translator.gettext, self._translator.ngettext
        self.list.setVisible(bool(self._rows))
        self._rest.setVisible(not self._rows)
        waiting = sum(1 for row in self._rows if not row.moved)
        if waiting:
            words = ngettext(
                "{count} note waits: its words are not in this edition, or not surely.",
                "{count} notes wait: their words are not in this edition, or not surely.",
                waiting,
            ).format(count=waiting)
        else:
            words = _("Every note of this resource has its place.")
        self.intro.setText(words)
        number = self.list.currentRow()
        self.list.blockSignals(True)
        self.list.clear()
        for row in self._rows:
            item = QListWidgetItem(self._words_of(row))
            item.setData(_ROW, row.annotation.id)
            self.list.addItem(item)
        self.list.blockSignals(False)
        self.list.setCurrentRow(min(number, len(self._rows) - 1))
        self._on_row_changed(self.list.currentRow())

    def _words_of(self, row: Waiting) -> str:
        assert self._translator is not None
        _ = self._translator.gettext
        if row.moved:
            state = _("Moved; please look")
        elif row.annotation.placement is Placement.DOUBTFUL:
            state = _("Not sure")
        else:
            state = _("Not found")
        heading = _("{state} · was ¶ {locator}").format(state=state, locator=row.locator) if row.locator else state
        heading = heading.replace("¶ ", "¶\u00a0")  # the sign stays with its number where the line ends
        words = row.before.anchor.exact or row.annotation.note
        return f"{heading}\n{_shortened(words, _SHORT)}"

    def _on_row_changed(self, _number: int) -> None:
        row = self._row()
        self._found = []
        self.places.clear()
        for widget in (self.detail, self.places_title, self.places, self.attach_button):
            widget.setVisible(row is not None)
        for button in (self.select_button, self.keep, self.delete):
            button.setVisible(row is not None)
        if row is None or self._translator is None:
            return
        _ = self._translator.gettext
        one = row.annotation
        quote = _shortened(row.before.anchor.exact, _QUOTE)
        parts = [_("“{quote}”").format(quote=quote)] if quote else []
        if one.note:
            parts.append(_("Note: {words}").format(words=_shortened(one.note, _QUOTE)))
        self.detail.setText("\n".join(parts))
        marks = one.type in (AnnotationType.HIGHLIGHT, AnnotationType.BOOKMARK)
        self.select_button.setEnabled(marks)
        self.attach_button.setEnabled(False)
        self.places_title.setText(_("Looking for places…"))
        self._pause.start()

    def _on_pause_timeout(self) -> None:
        row = self._row()
        if row is not None:
            self.desk.ask(partial(self._suggest, row), partial(self._on_suggested, row.annotation.id))

    # --- where it may belong --------------------------------------------------------------------------------------

    def _suggest(self, row: Waiting, notebook: Notebook) -> list[Suggestion]:
        """In the lane."""
        one = row.annotation
        if row.moved:
            edition = self._new_edition(notebook, one.anchor.resource)
            chapter = edition.chapter(one.anchor.language, one.anchor.chapter)
            here = [Suggestion(chapter, one.anchor.start, one.anchor.end, 1.0)] if chapter is not None else []
            others = suggestions(row.before, edition)
            return here + [two for two in others if not any(_overlap(two, three) for three in here)]
        try:
            return suggestions(one, self._new_edition(notebook, one.anchor.resource))
        except LetsTalkError:
            return []

    def _new_edition(self, notebook: Notebook, resource: str) -> NewEdition:
        key = (resource, self.desk.shelf.resource(resource).edition)
        if self._edition is None or self._edition[:2] != key:
            self._edition = (*key, edition_at_hand(notebook, self.desk.shelf, resource))
        return self._edition[2]

    def _on_suggested(self, annotation_id: str, found: list[Suggestion]) -> None:
        one, translator = self.current(), self._translator
        if one is None or one.id != annotation_id or translator is None:
            return
        _ = translator.gettext
        self._found = found
        self.places.blockSignals(True)
        self.places.clear()
        for suggestion in found:
            heading = f"¶\u00a0{locator_at(suggestion.chapter, suggestion.start)} · {_(likelihood(suggestion.score))}"
            words = _shortened(suggestion.chapter.text[suggestion.start : suggestion.end], _SHORT * 2)
            self.places.addItem(QListWidgetItem(f"{heading}\n{words}"))
        self.places.setCurrentRow(0 if found else -1)
        self.places.blockSignals(False)
        self.places.setVisible(bool(found))
        self.attach_button.setEnabled(bool(found))
        words = _("Where it may belong:") if found else _("Nothing in this edition is like it. Select words in the text.")
        self.places_title.setText(words)

    def _on_place_changed(self, number: int) -> None:
        if 0 <= number < len(self._found) and self.places.hasFocus():
            self._show_place_of(self._found[number])

    def _on_place_clicked(self, _item: QListWidgetItem) -> None:
        number = self.places.currentRow()
        if 0 <= number < len(self._found):
            self._show_place_of(self._found[number])

    def _show_place_of(self, suggestion: Suggestion) -> None:
        self.place_shown.emit(suggestion.chapter, suggestion.start, suggestion.end)

    def _on_row_entered(self) -> None:
        """From what waits to where it may belong."""
        if self._found:
            self.places.setFocus()
            self._show_place_of(self._found[max(self.places.currentRow(), 0)])

    # --- what can be done -----------------------------------------------------------------------------------------

    def attach_chosen(self) -> None:
        """Put the note on the place that is chosen."""
        one, number = self.current(), self.places.currentRow()
        if one is not None and 0 <= number < len(self._found):
            suggestion = self._found[number]
            self.attach(one, suggestion.chapter, suggestion.start, suggestion.end)

    def attach(self, one: Annotation, chapter: Chapter, start: int, end: int) -> None:
        """Put a note on words of this edition."""
        placed = one.changed(anchor=anchor_at(chapter, start, end), placement=Placement.PLACED)
        self._reviewed.add(one.id)
        self.desk.do(N_("Attach note"), self, annotations=[placed], chapter=chapter)
        if self._translator is not None:
            words = self._translator.gettext("Attached to ¶ {locator}.").format(locator=locator_at(chapter, start))
            self.undo_offered.emit(words)
        self.list.setFocus()

    def keep_current(self) -> None:
        """Leave it as it is: what is doubtful is unplaced then, what has moved has been looked at."""
        row, translator = self._row(), self._translator
        if row is None or translator is None:
            return
        self._reviewed.add(row.annotation.id)
        if row.annotation.placement is Placement.DOUBTFUL:
            kept = row.annotation.changed(placement=Placement.UNPLACED)
            self.desk.do(N_("Keep as it is"), self, annotations=[kept])
            self.undo_offered.emit(translator.gettext("It stays among the unplaced notes, with its old words."))
        elif row.moved:
            self.reload()
        else:
            self.told.emit(translator.gettext("It stays among the unplaced notes, with its old words."))
            self.list.setCurrentRow((self.list.currentRow() + 1) % max(self.list.count(), 1))
        self.list.setFocus()

    def delete_current(self) -> None:
        """Into the trash."""
        one = self.current()
        if one is not None and self._translator is not None:
            self.desk.delete([one], self)
            self.undo_offered.emit(self._translator.gettext("Note deleted."))
            self.list.setFocus()

    def _on_follow_clicked(self) -> None:
        if self._resource is not None:
            self.follow.hide()
            self._editions.follow(self._resource.id)


def likelihood(score: float) -> str:
    """A probability in (untranslated) words."""
    if score <= LAST_RESORT:
        return N_("the paragraph it stood in")
    if score >= 0.8:
        return N_("very likely")
    if score >= 0.5:
        return N_("likely")
    return N_("perhaps") if score >= 0.2 else N_("a faint likeness")


def _overlap(one: Suggestion, other: Suggestion) -> bool:
    return one.chapter.id == other.chapter.id and one.start < other.end and other.start < one.end


def _shortened(words: str, most: int) -> str:
    line = " ".join(words.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def _read(resource: str, edition: str, moved: dict[str, Annotation], notebook: Notebook) -> tuple[list[Waiting], int]:
    """What waits in a resource with its old locators, what has moved, and how many no place was looked for. In the lane."""
    found = [
        one
        for placement in (Placement.DOUBTFUL, Placement.UNPLACED)
        for one in notebook.annotations(Query(resource=resource, placement=placement))
    ]
    texts: dict[tuple[str, str, str, str], KeptText | None] = {}

    def locator(one: Annotation) -> str:
        place = (one.anchor.resource, one.anchor.edition, one.anchor.language, one.anchor.chapter)
        if place not in texts:
            texts[place] = notebook.kept_text(*place)
        kept = texts[place]
        return locator_in_kept(one, kept) if kept is not None else ""

    rows = [Waiting(one, one, locator(one)) for one in found]
    wanted = Query(resource=resource, ids=tuple(moved)[:_MOVED], placement=Placement.PLACED)
    placed = notebook.annotations(wanted) if moved else []
    rows += [Waiting(one, moved[one.id], locator(moved[one.id]), moved=True) for one in placed if one.anchor.edition == edition]
    strays = notebook.annotations(Query(resource=resource, other_than_edition=edition, placement=Placement.PLACED))
    return rows, len(strays)
