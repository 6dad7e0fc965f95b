"""The session plan at hand: its steps in order, what belongs to the step under the keyboard, and what can be done."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from letstalk_desktop.annotations.discussing import (
    changed_step,
    in_language,
    moved_step,
    question_by_id,
    total_minutes,
    with_step,
    without_step,
)
from letstalk_desktop.annotations.model import SessionPlan
from letstalk_desktop.language import N_, Translator
from letstalk_desktop.library.model import Resource
from letstalk_desktop.ui.desk import new_id
from letstalk_desktop.ui.dialogs import Dialog
from letstalk_desktop.ui.elided_box import ElidedBox
from letstalk_desktop.ui.plan_book import PlanBook
from letstalk_desktop.ui.plan_list import PlanList, StepRow
from letstalk_desktop.ui.step_detail import StepDetail
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
        self._shown: SessionPlan | None = None
        self.choice = ElidedBox(self)
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
        self.detail = StepDetail(self)
        self.add = QPushButton(self)
        self.present = QPushButton(self)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.choice, 1)
        head.addWidget(self.menu_button)
        foot = self._foot = QHBoxLayout()
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
        self.detail.minutes_changed.connect(self._on_minutes_changed)
        self.detail.text_changed.connect(self._on_text_changed)
        self.detail.up_requested.connect(self._on_up_requested)
        self.detail.down_requested.connect(self._on_down_requested)
        self.detail.remove_requested.connect(self._on_remove_requested)
        self.detail.question_requested.connect(self.question_requested)
        self.detail.finished.connect(self._on_detail_finished)
        self.detail.undo_requested.connect(self.undo_requested)
        self.add.clicked.connect(self.add_step)
        self.present.clicked.connect(self.present_requested)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The two buttons stand one above the other where their words do not fit side by side."""
        super().resizeEvent(event)
        room = event.size().width() - 8 - self._foot.spacing()
        beside = 2 * max(self.add.sizeHint().width(), self.present.sizeHint().width()) <= room
        self._foot.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)

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
        self.menu_button.setAccessibleName(_("What to do with this plan"))
        self.menu_button.setToolTip(_("What to do with this plan"))
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
        self.detail.retranslate(translator)
        self.add.setText(_("Add a step"))
        self.present.setText(_("Present"))
        self.show_plan()

    def set_theme(self, theme: Theme) -> None:
        """Draw in this theme's colours."""
        self.list.set_theme(theme)
        self.total.setStyleSheet(f"color: {theme.muted};")

    def show_resource(self, resource: Resource, language: str) -> None:
        """Questions of this resource, in this language."""
        if self._resource is not resource or self._language != language:
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
        step = plan.steps[row]
        question = question_by_id(self._resource, step[1]) if self._resource is not None else None
        self.detail.show_step(plan.id, row, len(plan.steps), step, question, self._language, self._translator)

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
        self.detail.write()

    def remove_step(self, row: int) -> None:
        """Take a step out."""
        plan = self.book.current
        if plan is None or not 0 <= row < len(plan.steps) or self._translator is None:
            return
        self.detail.forget()
        self._gesture = ""
        self.book.put(without_step(plan, row), N_("Take out step"))
        self.undo_offered.emit(self._translator.gettext("The step is taken out of the plan."))
        self.focus_target.setFocus(Qt.FocusReason.OtherFocusReason)

    def store(self) -> None:
        """Hand over what has been typed for a step."""
        self.detail.store()

    def _on_text_changed(self, plan_id: str, row: int, text: str) -> None:
        plan = next((one for one in self.book.plans if one.id == plan_id), None)
        if plan is not None and row < len(plan.steps) and text != plan.steps[row][2].strip():
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
        self.detail.edit_minutes()

    def _on_detail_finished(self) -> None:
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_up_requested(self) -> None:
        self.move_step(self.list.row(), self.list.row() - 1)

    def _on_down_requested(self) -> None:
        self.move_step(self.list.row(), self.list.row() + 1)

    def _on_remove_requested(self) -> None:
        self.remove_step(self.list.row())

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
        self.detail.forget()
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
