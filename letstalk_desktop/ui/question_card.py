"""A discussion question as a card: closed it shows the question, open also its passages, its answers and what can be done."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFrame,
    QGridLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from letstalk_desktop.annotations.model import Annotation
from letstalk_desktop.language import Translator
from letstalk_desktop.ui.answer_card import AnswerCard
from letstalk_desktop.ui.theme import Theme

_LINKS_IN_A_ROW = 3


class BlockLink(NamedTuple):
    """A passage that a question is about. ``words``: its beginning."""

    block: str
    locator: str
    words: str


class QuestionWords(NamedTuple):
    """What a card shows. ``state``: whether it is answered, shared, in the plan."""

    id: str
    head: str
    text: str
    state: str
    guidance: str


class QuestionCard(QFrame):
    """One question. ``words`` is what it shows."""

    toggled = Signal(str)
    step_requested = Signal(str, int)  # question id, rows down (or, negative, up)
    link_requested = Signal(str, str)  # question id, block id
    plan_requested = Signal(str)
    passage_requested = Signal(str)
    note_changed = Signal(str, str, str)  # annotation id, note, gesture
    editing_finished = Signal(str)  # annotation id
    menu_requested = Signal(str, QPoint)
    delete_requested = Signal(str)  # annotation id
    undo_requested = Signal()

    def __init__(self, parent: QWidget, translator: Translator, theme: Theme) -> None:
        super().__init__(parent)
        self.setObjectName("questionCard")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.words = QuestionWords("", "", "", "", "")
        self.answers: list[AnswerCard] = []
        self._translator, self._theme = translator, theme
        self._body: QWidget | None = None
        self._links: QGridLayout | None = None
        self._answer_rows: QVBoxLayout | None = None
        self._head = self._label(0.87, bold=True)
        self._text = self._label(1.0)
        self._state = self._label(0.87)
        self._head.setObjectName("questionHead")
        self._state.setObjectName("questionAside")
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(12, 8, 10, 9)
        self._rows.setSpacing(4)
        for label in (self._head, self._text, self._state):
            self._rows.addWidget(label)

    def _label(self, scale: float, *, bold: bool = False) -> QLabel:
        label = QLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        font = QFont(label.font())
        font.setPixelSize(round(max(font.pixelSize(), 12) * scale))
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        label.setFont(font)
        return label

    @property
    def is_open(self) -> bool:
        """True while the card shows all that belongs to its question."""
        return self._body is not None

    def show_words(self, words: QuestionWords) -> None:
        """Show a question."""
        if words == self.words:
            return
        self.words = words
        self._head.setText(words.head)
        self._text.setText(words.text)
        self._state.setText(words.state)
        self._state.setVisible(bool(words.state))
        self.setAccessibleName(f"{words.head}. {words.text}")
        self._describe()

    def _describe(self) -> None:
        _ = self._translator.gettext
        how = _("Open. Enter closes it.") if self.is_open else _("Enter opens it.")
        self.setAccessibleDescription(f"{self.words.state}. {how}" if self.words.state else how)

    # --- open and closed ------------------------------------------------------------------------------------------

    def open(self, *, in_plan: bool) -> None:
        """Show links, answers, guidance and buttons."""
        if self._body is not None:
            return
        _ = self._translator.gettext
        self._body = QWidget(self)
        rows = QVBoxLayout(self._body)
        rows.setContentsMargins(0, 4, 0, 0)
        rows.setSpacing(7)
        self._links = QGridLayout()
        self._links.setContentsMargins(0, 0, 0, 0)
        self._links.setSpacing(4)
        rows.addLayout(self._links)
        self._answer_rows = QVBoxLayout()
        self._answer_rows.setSpacing(6)
        rows.addLayout(self._answer_rows)
        self.put_passage = self._button(_("Put the passage in"), rows)
        self.put_passage.setToolTip(_("Put the selected words, or the current passage, into the answer"))
        self.put_passage.clicked.connect(self._on_put_passage_clicked)
        self.add_to_plan = self._button("", rows)
        self.add_to_plan.clicked.connect(self._on_add_to_plan_clicked)
        self.show_in_plan(in_plan)
        if self.words.guidance:
            title = self._label(0.87, bold=True)
            title.setText(_("For the facilitator only"))
            guidance = self._label(0.93)
            guidance.setText(self.words.guidance)
            guidance.setAccessibleName(f"{title.text()}. {self.words.guidance}")
            for label in (title, guidance):
                label.setObjectName("questionAside")
                rows.addWidget(label)
        self._rows.addWidget(self._body)
        self._describe()

    def _button(self, words: str, rows: QVBoxLayout) -> QPushButton:
        button = QPushButton(words, self._body)
        button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        button.setCursor(Qt.CursorShape.ArrowCursor)
        rows.addWidget(button)
        return button

    def show_in_plan(self, in_plan: bool) -> None:
        """Whether the question stands in the session plan already."""
        if self._body is not None:
            _ = self._translator.gettext
            self.add_to_plan.setText(_("In the session plan ✓") if in_plan else _("Add to the session plan"))
            self.add_to_plan.setEnabled(not in_plan)

    def close_body(self) -> None:
        """Store what is being written and show only the question."""
        if self._body is None:
            return
        self.store()
        body, self._body, self._links, self._answer_rows = self._body, None, None, None
        self.answers = []
        self._rows.removeWidget(body)
        body.hide()
        body.deleteLater()
        self._describe()

    def show_links(self, links: list[BlockLink]) -> None:
        """The passages that the question is about."""
        if self._links is None or self._links.count():
            return
        for place, link in enumerate(links):
            button = QToolButton(self._body)
            button.setObjectName("blockLink")
            button.setText(f"¶ {link.locator}")
            button.setToolTip(link.words)
            name = self._translator.gettext("Paragraph {locator}: {words}")
            button.setAccessibleName(name.format(locator=link.locator, words=link.words))
            button.setProperty("block", link.block)
            button.clicked.connect(self._on_link_clicked)
            self._links.addWidget(button, place // _LINKS_IN_A_ROW, place % _LINKS_IN_A_ROW)
        self._links.setColumnStretch(_LINKS_IN_A_ROW, 1)

    def show_answers(self, answers: list[tuple[Annotation, str, bool]]) -> None:
        """(answer, its heading, whether it is not saved yet); the last may be an empty one to be written."""
        if self._answer_rows is None:
            return
        known = {card.annotation.id: card for card in self.answers if card.annotation is not None}
        wanted = {one.id for one, _label, _unsaved in answers}
        for identity, card in known.items():
            if identity not in wanted:
                self.answers.remove(card)
                self._answer_rows.removeWidget(card)
                card.hide()
                card.deleteLater()
        for one, label, unsaved in answers:
            found = known.get(one.id)
            if found is None:
                found = AnswerCard(self._body or self)
                found.note_changed.connect(self._on_note_changed)
                found.editing_finished.connect(self.editing_finished)
                found.menu_requested.connect(self.menu_requested)
                found.delete_requested.connect(self.delete_requested)
                found.undo_requested.connect(self.undo_requested)
                self._answer_rows.addWidget(found)
                self.answers.append(found)
            found.show_answer(one, label, self._theme, self._translator, unsaved=unsaved)

    def store(self) -> None:
        """Hand over what has been typed."""
        for card in self.answers:
            card.store()

    def stops(self) -> list[QWidget]:
        """What Tab visits, in order."""
        found: list[QWidget] = [self]
        if self._body is not None and self._links is not None:
            for index in range(self._links.count()):
                item = self._links.itemAt(index)
                widget = item.widget() if item is not None else None
                if widget is not None:
                    found.append(widget)
            for card in self.answers:
                found += card.stops()
            found += [self.put_passage, self.add_to_plan]
        return found

    # --- what the reader does -------------------------------------------------------------------------------------

    def _on_note_changed(self, annotation_id: str, note: str) -> None:
        gesture = next((card.gesture for card in self.answers if card.annotation and card.annotation.id == annotation_id), "")
        self.note_changed.emit(annotation_id, note, gesture)

    def _on_link_clicked(self) -> None:
        self.link_requested.emit(self.words.id, str(self.sender().property("block")))

    def _on_put_passage_clicked(self) -> None:
        self.passage_requested.emit(self.words.id)

    def _on_add_to_plan_clicked(self) -> None:
        self.plan_requested.emit(self.words.id)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on the question opens or closes the card."""
        inside = self._body is not None and self._body.geometry().contains(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and not inside:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.toggled.emit(self.words.id)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens and closes; the arrows walk; Insert puts the question into the session plan."""
        key = event.key()
        inside = QApplication.focusWidget()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(inside, QAbstractButton):
            inside.click()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.toggled.emit(self.words.id)
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.step_requested.emit(self.words.id, 1 if key == Qt.Key.Key_Down else -1)
        elif key == Qt.Key.Key_Insert:
            self.plan_requested.emit(self.words.id)
        else:
            super().keyPressEvent(event)
