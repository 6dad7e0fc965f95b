"""The presenter's window, on a screen that the room does not see: guidance, the next slide, the time."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from letstalk_desktop.annotations.notes import parse_note, plain_text
from letstalk_desktop.annotations.presenting import Cue, Slide
from letstalk_desktop.language import Translator
from letstalk_desktop.ui.present_keys import PresentWindow
from letstalk_desktop.ui.theme import INTERFACE_FAMILY, Theme


class PresenterView(PresentWindow):
    """The slide and its cue at the left; time, next slide and buttons at the right."""

    def __init__(self, parent: QWidget, translator: Translator, theme: Theme, scale: float) -> None:
        super().__init__(parent)
        self._translator, self._theme, self._scale = translator, theme, scale
        _ = translator.gettext
        self.setWindowTitle(_("For the presenter only"))
        self.setObjectName("presenterView")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(
            f"#presenterView, #presenterView QScrollArea, #presenterSheet {{ background: {theme.panel}; border: none; }}"
            f" #presenterView QLabel {{ color: {theme.text}; }}"
        )
        self.time = self._label(44, bold=True)
        self.clock = self._label(15, muted=True)
        self.state = self._label(15, bold=True)
        self.place = self._label(15, muted=True)
        self.text = self._label(26)
        self.todo_title = self._label(14, muted=True)
        self.todo_title.setText(_("What to do"))
        self.todo = self._label(21)
        self.guidance_title = self._label(14, muted=True)
        self.guidance_title.setText(_("Guidance"))
        self.guidance = self._label(21)
        self.next_title = self._label(14, muted=True)
        self.next_title.setText(_("Next"))
        self.next = self._label(17)
        left = QWidget(self)
        left.setObjectName("presenterSheet")
        rows = QVBoxLayout(left)
        rows.setContentsMargins(28, 22, 22, 22)
        rows.setSpacing(10)
        for label in (self.place, self.text, self.todo_title, self.todo, self.guidance_title, self.guidance):
            rows.addWidget(label)
        rows.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setWidget(left)
        area.setAccessibleName(_("For the presenter only"))
        right = QVBoxLayout()
        right.setContentsMargins(20, 22, 24, 20)
        right.setSpacing(10)
        for label in (self.time, self.clock, self.state):
            right.addWidget(label)
        line = QFrame(self)
        line.setFrameShape(QFrame.Shape.HLine)
        right.addWidget(line)
        right.addWidget(self.next_title)
        right.addWidget(self.next)
        right.addStretch(1)
        self.buttons: list[QPushButton] = []
        for words, wish in (
            (_("Next (Right)"), self._on_next_clicked),
            (_("Previous (Left)"), self._on_previous_clicked),
            (_("Blank the screen (B)"), self.blank_requested.emit),
            (_("Show the passages (T)"), self.passages_requested.emit),
            (_("Pause the time (P)"), self.pause_requested.emit),
            (_("Start the time again (R)"), self.restart_requested.emit),
            (_("Leave (Esc)"), self.leave_requested.emit),
        ):
            button = QPushButton(words, self)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # after a click the keys still lead through the slides
            button.clicked.connect(wish)
            self.buttons.append(button)
            right.addWidget(button)
        columns = QHBoxLayout(self)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(0)
        columns.addWidget(area, 3)
        columns.addLayout(right, 1)

    def _label(self, pixels: int, *, bold: bool = False, muted: bool = False) -> QLabel:
        label = QLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        font = QFont(INTERFACE_FAMILY)
        font.setPixelSize(round(pixels * self._scale))
        font.setBold(bold)
        label.setFont(font)
        if muted:
            label.setStyleSheet(f"color: {self._theme.muted};")
        return label

    def show_slide(self, slide: Slide, cue: Cue, following: Slide | None, index: int, count: int) -> None:
        """Show where the session stands."""
        _ = self._translator.gettext
        place = _("{number} of {count}").format(number=index + 1, count=count)
        self.place.setText(" · ".join(part for part in (place, slide.heading, slide.place) if part))
        shared = [plain_text(parse_note(note)) for note in slide.shared]
        self.text.setText("\n\n".join(part for part in (slide.text, *shared) if part))
        for title, label, words in (
            (self.todo_title, self.todo, cue.todo),
            (self.guidance_title, self.guidance, cue.guidance),
        ):
            label.setText(words)
            label.setVisible(bool(words))
            title.setVisible(bool(words))
        if following is None:
            self.next.setText(_("This is the last one."))
        else:
            minutes = _("{minutes} min").format(minutes=following.minutes) if following.minutes else ""
            self.next.setText(" · ".join(part for part in (minutes, following.text or following.heading) if part))
        self.buttons[3].setEnabled(bool(slide.passages))
        self.setAccessibleDescription(" ".join(part for part in (cue.todo, cue.guidance) if part))

    def show_time(self, words: str, over: bool, whole: str, paused: bool, blank: bool) -> None:
        """The time of the slide, of the session, and of day."""
        _ = self._translator.gettext
        self.time.setText(words)
        self.time.setStyleSheet(f"color: {self._theme.warning if over else self._theme.text};")
        now = datetime.now()
        day = f"{now:%H} h {now:%M}".replace(" ", "\u00a0") if self._translator.language == "fr" else f"{now:%H:%M}"
        self.clock.setText(_("{whole} since the beginning · {time}").format(whole=whole, time=day))
        state = [_("The screen is blank.")] if blank else []
        state += [_("The time is paused.")] if paused else []
        self.state.setText(" ".join(state))

    def _on_next_clicked(self) -> None:
        self.step_requested.emit(1)

    def _on_previous_clicked(self) -> None:
        self.step_requested.emit(-1)
