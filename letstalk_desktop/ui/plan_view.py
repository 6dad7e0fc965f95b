"""The session plan at hand: its steps in order, what belongs to the step under the keyboard, and what can be done."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QSpinBox,
    QTextBrowser,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from letstalk_desktop.annotations.discussing import (
    LONGEST_STEP,
    changed_step,
    in_language,
    moved_step,
    question_by_id,
    question_kind,
    total_minutes,
    with_step,
    without_step,
)
from letstalk_desktop.annotations.model import SessionPlan
from letstalk_desktop.language import N_, Translator
from letstalk_desktop.library.model import Resource
from letstalk_desktop.ui.desk import new_id
from letstalk_desktop.ui.dialogs import Dialog
from letstalk_desktop.ui.note_card import SAVE_AFTER_MS, NoteEditor
from letstalk_desktop.ui.plan_book import PlanBook
from letstalk_desktop.ui.plan_list import PlanList, StepRow
from letstalk_desktop.ui.theme import Theme

_CHANGE = N_("Change session plan")
_NEW_STEP_MINUTES = 5


class PlanView(QWidget):
    """Shows the plan at hand of a ``PlanBook`` and changes it."""

    question_requested = Signal(str)
    present_requested = Signal()
    undo_requested = Signal()
    undo_offered = Signal(str)

    def __init__(self, book: PlanBook, parent: QWidget) -> None:
        super().__init__(parent)
        self.book = book
        self._resource: Resource | None = None
        self._language = ""
        self._translator: Translator | None = None
        self._gesture = ""
        self._edited: tuple[str, int] = ("", -1)  # plan and row that the editor writes to
        self._known = ""  # the text of that step as it was shown last
        self._shown: SessionPlan | None = None
        self.choice = QComboBox(self)
        self.choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.choice.setMinimumContentsLength(6)
        self.menu_button = QToolButton(self)
        self.menu_button.setText("⋯")
        self.total = QLabel(self)
        self.total.setWordWrap(True)
        self.empty = QLabel(self)
        self.empty.setWordWrap(True)
        self.start = QPushButton(self)
        self.start_ready = QPushButton(self)
        self.list = PlanList(self)
        self.list.setMinimumHeight(140)
        self.detail = QWidget(self)
        self.minutes = QSpinBox(self.detail)
        self.minutes.setRange(0, LONGEST_STEP)
        self.up = QToolButton(self.detail)
        self.up.setText("↑")
        self.down = QToolButton(self.detail)
        self.down.setText("↓")
        self.remove = QToolButton(self.detail)
        self.remove.setText("✕")
        self.text = NoteEditor(self.detail)
        self.text.setFixedHeight(2 * self.text.fontMetrics().lineSpacing() + 14)
        self.guidance = QTextBrowser(self.detail)
        self.guidance.setMaximumHeight(5 * self.guidance.fontMetrics().lineSpacing() + 10)
        self.guidance.setTabChangesFocus(True)
        self.open_question = QPushButton(self.detail)
        self.add = QPushButton(self)
        self.present = QPushButton(self)
        self._save = QTimer(self)
        self._save.setSingleShot(True)
        self._save.setInterval(SAVE_AFTER_MS)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.choice, 1)
        head.addWidget(self.menu_button)
        tools = QHBoxLayout()
        tools.addWidget(self.minutes, 1)
        for button in (self.up, self.down, self.remove):
            tools.addWidget(button)
        inside = QVBoxLayout(self.detail)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(6)
        inside.addLayout(tools)
        inside.addWidget(self.text)
        inside.addWidget(self.guidance)
        inside.addWidget(self.open_question)
        foot = QHBoxLayout()
        foot.addWidget(self.add, 1)
        foot.addWidget(self.present, 1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(2, 2, 6, 6)
        rows.setSpacing(7)
        rows.addLayout(head)
        for widget in (self.total, self.empty, self.start, self.start_ready):
            rows.addWidget(widget)
        rows.addWidget(self.list, 1)
        rows.addWidget(self.detail)
        rows.addLayout(foot)
        rows.addStretch(0)

    def _connect(self) -> None:
        self.book.changed.connect(self.show_plan)
        self.choice.activated.connect(self._on_choice_activated)
        self.menu_button.clicked.connect(self.open_menu)
        self.start.clicked.connect(self.add_plan)
        self.start_ready.clicked.connect(self._on_start_ready_clicked)
        self.list.move_requested.connect(self.move_step)
        self.list.minutes_requested.connect(self._on_minutes_requested)
        self.list.remove_requested.connect(self.remove_step)
        self.list.edit_requested.connect(self._on_edit_requested)
        self.list.row_changed.connect(self._on_row_changed)
        self.minutes.valueChanged.connect(self._on_minutes_changed)
        self.up.clicked.connect(self._on_up_clicked)
        self.down.clicked.connect(self._on_down_clicked)
        self.remove.clicked.connect(self._on_remove_clicked)
        self.text.textChanged.connect(self._on_text_changed)
        self.text.left.connect(self.store)
        self.text.finished.connect(self._on_text_finished)
        self.text.undo_requested.connect(self._on_undo_requested)
        self._save.timeout.connect(self.store)
        self.open_question.clicked.connect(self._on_open_question_clicked)
        self.add.clicked.connect(self.add_step)
        self.present.clicked.connect(self.present_requested)

    # --- what is shown --------------------------------------------------------------------------------------------

    @property
    def focus_target(self) -> QWidget:
        """The steps; where there are none, what makes a plan."""
        if self.book.current is None:
            return self.start
        return self.list if self.book.current.steps else self.add

    def retranslate(self, translator: Translator) -> None:
        """Set the words."""
        _ = translator.gettext
        self._translator = translator
        self.choice.setAccessibleName(_("Session plan"))
        named = (
            (self.menu_button, _("What to do with this plan")),
            (self.up, _("Earlier (Alt+Up)")),
            (self.down, _("Later (Alt+Down)")),
            (self.remove, _("Take this step out (Delete)")),
        )
        for button, words in named:
            button.setAccessibleName(words)
            button.setToolTip(words)
        self.empty.setText(
            _(
                "A session plan says what to talk about, in which order and for how long. Press Insert on a question to put it "
                "into a plan, or begin here."
            )
        )
        self.start.setText(_("New plan"))
        self.start_ready.setText(_("From a ready-made plan…"))
        self.list.setAccessibleName(_("Steps of the session"))
        self.list.setAccessibleDescription(
            _("Alt+Up and Alt+Down change the order, + and − the minutes, Delete takes a step out.")
        )
        self.minutes.setAccessibleName(_("Minutes of this step"))
        self.minutes.setSuffix(_(" min"))
        self.text.setAccessibleName(_("What to do in this step, for the facilitator only"))
        self.text.setPlaceholderText(_("What to do in this step. Only you see it."))
        self.guidance.setAccessibleName(_("Guidance for the facilitator only"))
        self.open_question.setText(_("Open the question"))
        self.add.setText(_("Add a step"))
        self.present.setText(_("Present"))
        self.show_plan()

    def set_theme(self, theme: Theme) -> None:
        """Draw in this theme's colours."""
        self.list.set_theme(theme)
        self.total.setStyleSheet(f"color: {theme.muted};")

    def show_resource(self, resource: Resource, language: str) -> None:
        """Questions of this resource, in this language."""
        self._resource, self._language = resource, language
        self.show_plan()

    def show_plan(self) -> None:
        """Show the plan at hand; the step under the keyboard stays."""
        if self._translator is None:
            return
        plan = self.book.current
        with QSignalBlocker(self.choice):
            self.choice.clear()
            for one in self.book.plans:
                self.choice.addItem(one.title, one.id)
            if plan is not None:
                self.choice.setCurrentIndex(self.choice.findData(plan.id))
                self.choice.setToolTip(plan.title)
        for widget in (self.choice, self.menu_button, self.total, self.list, self.add, self.present):
            widget.setVisible(plan is not None)
        self.empty.setVisible(plan is None or not plan.steps)
        self.start.setVisible(plan is None)
        self.start_ready.setVisible(plan is None and bool(self._resource and self._resource.plans))
        if plan is None:
            self._shown = None
            self.detail.hide()
            return
        _, ngettext = self._translator.gettext, self._translator.ngettext
        steps = ngettext("{count} step", "{count} steps", len(plan.steps)).format(count=len(plan.steps))
        minutes = total_minutes(plan)
        time = ngettext("{count} minute in all", "{count} minutes in all", minutes).format(count=minutes)
        self.total.setText(f"{steps} · {time}")
        row = self.list.row() if self._shown is not None and self._shown.id == plan.id else 0
        self._shown = plan
        with QSignalBlocker(self.list):
            self.list.show_rows([self._row(number, step) for number, step in enumerate(plan.steps, 1)], row)
        self.detail.setVisible(bool(plan.steps))
        self.list.setVisible(bool(plan.steps))
        self._show_detail()

    def _row(self, number: int, step: tuple[int, str, str]) -> StepRow:
        assert self._translator is not None
        _ = self._translator.gettext
        minutes, question_id, text = step
        shown = _("{minutes} min").format(minutes=minutes)
        words, note = text, ""
        if question_id:
            question = question_by_id(self._resource, question_id) if self._resource is not None else None
            words = (
                in_language(question.texts, self._language) if question else _("A question that is no longer in the resource")
            )
            note = text
        words = words or _("(nothing written yet)")
        spoken = _("{number}. {minutes}. {words}").format(number=number, minutes=shown, words=words)
        return StepRow(shown, words, note, bool(question_id), f"{spoken} {note}".strip())

    def _show_detail(self) -> None:
        plan, row = self.book.current, self.list.row()
        if plan is None or not 0 <= row < len(plan.steps) or self._translator is None:
            self.detail.hide()
            return
        self.detail.show()
        minutes, question_id, text = plan.steps[row]
        with QSignalBlocker(self.minutes):
            self.minutes.setValue(minutes)
        written = self.text.toPlainText().strip()
        if self._edited != (plan.id, row) or not self.text.hasFocus() or written == self._known != text.strip():
            if written != text.strip() or self._edited != (plan.id, row):
                with QSignalBlocker(self.text):
                    self.text.setPlainText(text)
            self._edited = (plan.id, row)
        self._known = text.strip()
        question = question_by_id(self._resource, question_id) if self._resource is not None else None
        guidance = in_language(question.guidance, self._language) if question else ""
        title = self._translator.gettext("For the facilitator only")
        kind = f"{question_kind(question, self._translator)} · " if question else ""
        words = f"{kind}{title}\n{guidance}"
        if self.guidance.toPlainText() != words.replace("\u00a0", " "):
            self.guidance.setPlainText(words)
        self.guidance.setVisible(bool(guidance))
        self.open_question.setVisible(question is not None)
        self.up.setEnabled(row > 0)
        self.down.setEnabled(row < len(plan.steps) - 1)

    # --- steps ----------------------------------------------------------------------------------------------------

    def move_step(self, row: int, to: int) -> None:
        """Change the order; the keyboard follows the step."""
        plan = self.book.current
        if plan is None:
            return
        self.store()
        plan = self.book.current or plan
        moved = moved_step(plan, row, to)
        if moved != plan:
            self._gesture = ""
            self.book.put(moved, N_("Move step"))
            self.list.setCurrentIndex(self.list.rows_model.index(to, 0))

    def set_minutes(self, row: int, minutes: int) -> None:
        """Change the minutes of a step; several changes in a row are undone together."""
        plan = self.book.current
        if plan is not None and 0 <= row < len(plan.steps):
            changed = changed_step(plan, row, minutes=minutes)
            if changed != plan:
                self._gesture = self._gesture or new_id()
                self.book.put(changed, _CHANGE, self._gesture)

    def add_step(self) -> None:
        """A step of the facilitator's own after the one under the keyboard, ready to be written."""
        plan = self.book.current
        if plan is None:
            return
        self.store()
        row = min(self.list.row() + 1, len(plan.steps)) if plan.steps else 0
        self._gesture = new_id()
        self.book.put(with_step(self.book.current or plan, (_NEW_STEP_MINUTES, "", ""), row), N_("Add step"), self._gesture)
        self.list.setCurrentIndex(self.list.rows_model.index(row, 0))
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def remove_step(self, row: int) -> None:
        """Take a step out."""
        plan = self.book.current
        if plan is None or not 0 <= row < len(plan.steps) or self._translator is None:
            return
        self._save.stop()
        self._gesture, self._edited = "", ("", -1)
        self.book.put(without_step(plan, row), N_("Take out step"))
        self.undo_offered.emit(self._translator.gettext("The step is taken out of the plan."))
        self.focus_target.setFocus(Qt.FocusReason.OtherFocusReason)

    def store(self) -> None:
        """Hand over what has been typed for a step."""
        self._save.stop()
        plan, (plan_id, row) = self.book.current, self._edited
        if plan is None or plan.id != plan_id or not 0 <= row < len(plan.steps):
            return
        text = self.text.toPlainText().strip()
        if text != plan.steps[row][2].strip():
            self._gesture = self._gesture or new_id()
            self.book.put(changed_step(plan, row, text=text), _CHANGE, self._gesture)

    def _on_row_changed(self, row: int) -> None:
        self.store()
        self._gesture = ""
        self._show_detail()

    def _on_minutes_requested(self, row: int, more: int) -> None:
        plan = self.book.current
        if plan is not None:
            self.set_minutes(row, plan.steps[row][0] + more)

    def _on_minutes_changed(self, minutes: int) -> None:
        self.set_minutes(self.list.row(), minutes)

    def _on_edit_requested(self, row: int) -> None:
        self.minutes.setFocus(Qt.FocusReason.OtherFocusReason)
        self.minutes.selectAll()

    def _on_text_changed(self) -> None:
        if not self._save.isActive():
            self._save.start()

    def _on_text_finished(self) -> None:
        self.store()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_undo_requested(self) -> None:
        self.store()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self.undo_requested.emit()

    def _on_up_clicked(self) -> None:
        self.move_step(self.list.row(), self.list.row() - 1)

    def _on_down_clicked(self) -> None:
        self.move_step(self.list.row(), self.list.row() + 1)

    def _on_remove_clicked(self) -> None:
        self.remove_step(self.list.row())

    def _on_open_question_clicked(self) -> None:
        plan, row = self.book.current, self.list.row()
        if plan is not None and 0 <= row < len(plan.steps):
            self.question_requested.emit(plan.steps[row][1])

    # --- plans ----------------------------------------------------------------------------------------------------

    def add_plan(self) -> None:
        """An empty plan."""
        if self._translator is not None:
            self.book.add_new(self._translator)
            self.focus_target.setFocus(Qt.FocusReason.OtherFocusReason)

    def copy_ready(self, plan_id: str, _checked: bool = False) -> None:
        """Copy a ready-made plan of the resource."""
        ready = next((plan for plan in (self._resource.plans if self._resource else ()) if plan.id == plan_id), None)
        if ready is not None:
            self.book.add_copy(ready, self._language)
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def rename(self) -> None:
        """Ask for another title."""
        plan = self.book.current
        if plan is not None and self._translator is not None:
            dialog = TitleDialog(self, self._translator, plan.title)
            dialog.titled.connect(self.book.rename)
            dialog.open()

    def delete(self) -> None:
        """Put the plan into the trash."""
        self._save.stop()
        plan = self.book.delete()
        if plan is not None and self._translator is not None:
            words = self._translator.gettext("The plan “{title}” is deleted.")
            self.undo_offered.emit(words.format(title=plan.title))
            self.focus_target.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_menu(self) -> None:
        """What can be done with plans."""
        if self._translator is None:
            return
        _ = self._translator.gettext
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(_("New plan")).triggered.connect(self.add_plan)
        ready = menu.addMenu(_("Copy a ready-made plan"))
        self._add_ready(ready)
        ready.setEnabled(not ready.isEmpty())
        menu.addSeparator()
        menu.addAction(_("Rename…")).triggered.connect(self.rename)
        menu.addAction(_("Delete")).triggered.connect(self.delete)
        menu.popup(self.menu_button.mapToGlobal(QPoint(0, self.menu_button.height())))

    def _add_ready(self, menu: QMenu) -> None:
        for plan in self._resource.plans if self._resource else ():
            action = menu.addAction(in_language(plan.titles, self._language).replace("&", "&&"))
            action.triggered.connect(partial(self.copy_ready, plan.id))

    def _on_start_ready_clicked(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._add_ready(menu)
        menu.popup(self.start_ready.mapToGlobal(QPoint(0, self.start_ready.height())))

    def _on_choice_activated(self, index: int) -> None:
        self.store()
        self._gesture = ""
        self.book.choose(str(self.choice.itemData(index)))


class TitleDialog(Dialog):
    """Asks for the title of a session plan."""

    titled = Signal(str)

    def __init__(self, parent: QWidget, translator: Translator, title: str) -> None:
        _ = translator.gettext
        super().__init__(parent, _("Rename the session plan"))
        words = self.add_text(_("Title of the session plan:"))
        self.field = QLineEdit(title, self)
        self.field.setAccessibleName(words.text())
        self.field.selectAll()
        words.setBuddy(self.field)
        self.rows.addWidget(self.field)
        self.add_buttons(translator, _("Rename"), _("Cancel"))
        self.accepted.connect(self._on_accepted)
        self.resize(380, 140)
        self.field.setFocus()

    def _on_accepted(self) -> None:
        self.titled.emit(self.field.text())
