"""What belongs to one step of a session plan: minutes, place, what to do, and the authors' guidance. All of it private."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSpinBox, QTextBrowser, QToolButton, QVBoxLayout, QWidget

from letstalk_desktop.annotations.discussing import LONGEST_STEP, Step, in_language, question_kind
from letstalk_desktop.language import Translator
from letstalk_desktop.library.model import Question
from letstalk_desktop.ui.note_card import SAVE_AFTER_MS, NoteEditor
from letstalk_desktop.ui.spin_boxes import pad


class StepDetail(QWidget):
    """Shows one step and says what the facilitator wants of it."""

    minutes_changed = Signal(int)
    text_changed = Signal(str, int, str)  # plan id, row, text
    up_requested = Signal()
    down_requested = Signal()
    remove_requested = Signal()
    question_requested = Signal(str)
    finished = Signal()
    undo_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._shown: tuple[str, int] = ("", -1)  # plan and row
        self._known = ""  # the step's text as it was shown or stored last
        self._question = ""
        self.minutes = QSpinBox(self)
        pad(self.minutes)
        self.minutes.lineEdit().setTextMargins(8, 0, 0, 0)  # the style sheet’s padding does not reach it
        self.minutes.setRange(0, LONGEST_STEP)
        self.up, self.down, self.remove = (QToolButton(self) for _ in range(3))
        for button, sign in ((self.up, "↑"), (self.down, "↓"), (self.remove, "✕")):
            button.setText(sign)
        self.text = NoteEditor(self)
        self.text.keeps_escape = True
        self.text.setFixedHeight(3 * self.text.fontMetrics().lineSpacing() + 14)
        self.guidance = QTextBrowser(self)
        self.guidance.setMaximumHeight(5 * self.guidance.fontMetrics().lineSpacing() + 10)
        self.guidance.setTabChangesFocus(True)
        self.open_question = QPushButton(self)
        self._save = QTimer(self)
        self._save.setSingleShot(True)
        self._save.setInterval(SAVE_AFTER_MS)
        tools = QHBoxLayout()
        tools.addWidget(self.minutes, 1)
        for button in (self.up, self.down, self.remove):
            tools.addWidget(button)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(6)
        rows.addLayout(tools)
        rows.addWidget(self.text)
        rows.addWidget(self.guidance)
        rows.addWidget(self.open_question)
        self.minutes.valueChanged.connect(self.minutes_changed)
        self.up.clicked.connect(self.up_requested)
        self.down.clicked.connect(self.down_requested)
        self.remove.clicked.connect(self.remove_requested)
        self.text.textChanged.connect(self._on_text_changed)
        self.text.left.connect(self.store)
        self.text.finished.connect(self._on_text_finished)
        self.text.undo_requested.connect(self._on_undo_requested)
        self._save.timeout.connect(self.store)
        self.open_question.clicked.connect(self._on_open_question_clicked)

    def retranslate(self, translator: Translator) -> None:
        """Set the words."""
        _ = translator.gettext
        for button, words in (
            (self.up, _("Earlier (Alt+Up)")),
            (self.down, _("Later (Alt+Down)")),
            (self.remove, _("Take this step out (Delete)")),
        ):
            button.setAccessibleName(words)
            button.setToolTip(words)
        self.minutes.setAccessibleName(_("Minutes of this step"))
        self.minutes.setSuffix(_(" min"))
        self.text.setAccessibleName(_("What to do in this step, for the facilitator only"))
        self.text.setPlaceholderText(_("What to do in this step. Only you see it."))
        self.guidance.setAccessibleName(_("Guidance for the facilitator only"))
        self.open_question.setText(_("Open the question"))

    def show_step(
        self, plan: str, row: int, count: int, step: Step, question: Question | None, language: str, translator: Translator
    ) -> None:
        """Show the step ``row`` of ``count``; what is being typed stays, unless the step was changed from elsewhere."""
        minutes, _id, text = step
        with QSignalBlocker(self.minutes):
            self.minutes.setValue(minutes)
        here, written = self._shown == (plan, row), self.text.words().strip()
        typing = here and self.text.hasFocus() and (written != self._known or text.strip() == self._known)
        if not typing and (not here or written != text.strip()):
            with QSignalBlocker(self.text):
                self.text.setPlainText(text)
        self._shown, self._known = (plan, row), text.strip()
        self._question = question.id if question else ""
        guidance = in_language(question.guidance, language) if question else ""
        if question:
            title = translator.gettext("For the facilitator only")
            words = f"{question_kind(question, translator)} · {title}\n{guidance}"
            if words.replace("\u00a0", " ") != self.guidance.toPlainText():
                self.guidance.setPlainText(words)
        self.guidance.setVisible(bool(guidance))
        self.open_question.setVisible(question is not None)
        self.up.setEnabled(row > 0)
        self.down.setEnabled(row < count - 1)

    def forget(self) -> None:
        """What is typed belongs to no step any more."""
        self._save.stop()
        self._shown = ("", -1)

    def store(self) -> None:
        """Hand over what has been typed."""
        self._save.stop()
        text = self.text.words().strip()
        if self._shown[1] >= 0 and text != self._known:
            self._known = text
            self.text_changed.emit(*self._shown, text)

    def write(self) -> None:
        """Give the text the keyboard."""
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def edit_minutes(self) -> None:
        """Give the minutes the keyboard."""
        self.minutes.setFocus(Qt.FocusReason.OtherFocusReason)
        self.minutes.selectAll()

    def _on_text_changed(self) -> None:
        if not self._save.isActive():
            self._save.start()

    def _on_text_finished(self) -> None:
        self.store()
        self.finished.emit()

    def _on_undo_requested(self) -> None:
        self._on_text_finished()
        self.undo_requested.emit()

    def _on_open_question_clicked(self) -> None:
        self.question_requested.emit(self._question)
