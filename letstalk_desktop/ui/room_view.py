"""What the room sees: one slide in large type. It is handed slides only, never a cue."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from letstalk_desktop.annotations.notes import parse_note, plain_text
from letstalk_desktop.annotations.presenting import Slide, SlideKind
from letstalk_desktop.language import Translator
from letstalk_desktop.ui.note_text import NoteText
from letstalk_desktop.ui.present_keys import PresentWindow
from letstalk_desktop.ui.theme import INTERFACE_FAMILY, Theme

_OF_HEIGHT = 0.064  # the size of the type at 100 %, as a part of the screen's height
_SMALLEST = 0.6  # of that size; what needs more room is scrolled
_MARGIN = 0.08  # of the width, at each side
_HINT_MS = 7_000


class RoomView(PresentWindow):
    """Heading, text, shared words, place in the row, time. ``scale``: the reader's text size, 1.0 = 100 %."""

    def __init__(self, parent: QWidget, translator: Translator, theme: Theme, family: str, scale: float) -> None:
        super().__init__(parent)
        self._translator, self._theme, self._family, self._scale = translator, theme, family, scale
        self._slide: Slide | None = None
        self._with_passages = False
        self._said = ""
        _ = translator.gettext
        self.setWindowTitle(_("Present"))
        self.setObjectName("roomView")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(
            f"#roomView, #roomView QScrollArea, #roomSheet {{ background: {theme.page}; border: none; }}"
            f" #roomBlank {{ background: #000000; }} #roomView QLabel {{ color: {theme.text}; background: transparent; }}"
        )
        self._sheet = QWidget(self)
        self._sheet.setObjectName("roomSheet")
        self.area = QScrollArea(self)
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(self._sheet)
        self.heading, self.text, self.shared_title = self._label(), self._label(), self._label()
        self._rows = QVBoxLayout(self._sheet)
        self._rows.addStretch(1)
        self._rows.addWidget(self.heading)
        self._rows.addWidget(self.text)
        self._passages = QVBoxLayout()
        self._rows.addLayout(self._passages)
        self._rows.addWidget(self.shared_title)
        self._shared = QVBoxLayout()
        self._rows.addLayout(self._shared)
        self._rows.addStretch(2)
        self.place = QLabel(self)
        self.hint = QLabel(self)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hint.setWordWrap(True)
        policy = self.hint.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.hint.setSizePolicy(policy)
        self.hint.setText(_("Right and Left: next and previous · B: blank · T: passages · P: pause the time · Esc: leave"))
        self.time = QLabel(self)
        self._foot = QHBoxLayout()
        self._foot.addWidget(self.place)
        self._foot.addWidget(self.hint, 1)
        self._foot.addWidget(self.time)
        shown = QWidget(self)
        column = QVBoxLayout(shown)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.area, 1)
        column.addLayout(self._foot)
        self.blank = QWidget(self)
        self.blank.setObjectName("roomBlank")
        self.blank.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.blank.setAccessibleName(_("Blank screen"))
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(shown)
        self._stack.addWidget(self.blank)
        self._hint_timer = QTimer(self)
        self._hint_timer.setSingleShot(True)
        self._hint_timer.setInterval(_HINT_MS)
        self._hint_timer.timeout.connect(self.hint.hide)
        self._hint_timer.start()
        self.setCursor(Qt.CursorShape.BlankCursor)

    def _label(self) -> QLabel:
        label = QLabel(self._sheet)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        return label

    # --- what is shown --------------------------------------------------------------------------------------------

    def show_slide(self, slide: Slide, index: int, count: int) -> None:
        """Show a slide; the ``index``-th (from 0) of ``count``."""
        if slide != self._slide:
            same = self._slide is not None and self._slide.key == slide.key
            self._slide = slide
            self._with_passages = self._with_passages and same
            self._fill()
            if not same:
                self.area.verticalScrollBar().setValue(0)
        self.time.setVisible(slide.kind is not SlideKind.STEP or bool(slide.text))
        self.place.setText(f"{index + 1} / {count}")
        self._announce()

    def toggle_passages(self) -> None:
        """Show the passages that the question is about, or hide them."""
        if self._slide is not None and self._slide.passages:
            self._with_passages = not self._with_passages
            self._fill()
            self._announce()

    def show_blank(self, blank: bool) -> None:
        """Show nothing, or the slide again."""
        self._stack.setCurrentIndex(1 if blank else 0)
        self._announce()

    def show_time(self, words: str, over: bool) -> None:
        """The time of the slide; a step without words has nothing else to show."""
        if words != self.time.text():
            self.time.setText(words)
            self.time.setAccessibleName(self._translator.gettext("Time: {time}").format(time=words))
            if self._slide is not None and self._slide.kind is SlideKind.STEP and not self._slide.text:
                self.text.setText(words)
        colour = self._theme.warning if over else self._theme.muted
        self.time.setStyleSheet(f"color: {colour}; font-weight: {700 if over else 400};")

    def toggle_hint(self) -> None:
        """Show the keys, or hide them."""
        self._hint_timer.stop()
        self.hint.setVisible(not self.hint.isVisible())

    def words(self) -> str:
        """Everything that stands on the screen now."""
        slide = self._slide
        if slide is None or self._stack.currentIndex() == 1:
            return ""
        parts = [self.heading.text(), slide.text]
        if self._with_passages:
            parts += [f"¶ {locator} {text}" for locator, text in slide.passages]
        parts += [plain_text(parse_note(note)) for note in slide.shared]
        return "\n".join(part for part in parts if part)

    def _announce(self) -> None:
        """Tell a screen reader what is new on the screen."""
        words = self.words() or self.blank.accessibleName()
        self.setAccessibleName(words)
        if words != self._said and self.isVisible():
            self._said = words
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    # --- large type -----------------------------------------------------------------------------------------------

    def _fill(self) -> None:
        slide = self._slide
        if slide is None:
            return
        _ = self._translator.gettext
        self.heading.setText(" · ".join(part for part in (slide.heading, slide.place) if part))
        self.heading.setStyleSheet(f"color: {self._theme.accent};")
        for row in (self._passages, self._shared):
            while row.count():
                item = row.takeAt(0)
                widget = item.widget() if item is not None else None
                if widget is not None:
                    widget.setParent(None)  # gone from the room's view at once
                    widget.deleteLater()
        size = self._size(slide)
        self._set_font(self.heading, round(size * 0.5), sans=True, weight=600)
        self._set_font(self.text, round(size), sans=slide.kind is not SlideKind.PASSAGE)
        self.text.setText(slide.text or self.time.text())
        self.text.setVisible(bool(slide.text) or slide.kind is SlideKind.STEP)
        for locator, text in slide.passages if self._with_passages else ():
            label = self._label()
            label.setText(f"¶ {locator}   {text}")
            self._set_font(label, round(size * 0.6), sans=False)
            self._passages.addWidget(label)
        self.shared_title.setText(_("Shared") if slide.shared else "")
        self.shared_title.setVisible(bool(slide.shared))
        self.shared_title.setStyleSheet(f"color: {self._theme.muted};")
        self._set_font(self.shared_title, round(size * 0.42), sans=True, weight=600)
        for note in slide.shared:
            shown = NoteText(self._sheet)
            shown.show_note(note, self._theme, round(size * 0.58))
            self._shared.addWidget(shown)
        for row in (self._passages, self._shared):
            row.setSpacing(round(size * 0.3))
        self._rows.setSpacing(round(size * 0.35))
        self._hint_font()

    def _hint_font(self) -> None:
        small = max(round(self.height() * 0.022 * min(self._scale, 1.5)), 12)
        for label in (self.place, self.hint):
            self._set_font(label, small, sans=True)
            label.setStyleSheet(f"color: {self._theme.muted};")
        self._set_font(self.time, round(small * 1.4), sans=True)
        self._foot.setContentsMargins(small * 2, small // 2, small * 2, small)

    def _set_font(self, label: QLabel, pixels: int, *, sans: bool, weight: int = 400) -> None:
        font = QFont(INTERFACE_FAMILY if sans else self._family)
        font.setPixelSize(max(pixels, 12))
        font.setWeight(QFont.Weight(weight))
        label.setFont(font)

    def _size(self, slide: Slide) -> float:
        """The largest type, in pixels, in which the slide stands on the screen; at least the smallest."""
        wanted = self.height() * _OF_HEIGHT * self._scale
        side = round(self.width() * _MARGIN)
        self._rows.setContentsMargins(side, 20, side, 20)
        width, height = self.width() - 2 * side, self.height() * 0.84
        size = wanted
        texts = [(slide.text, 1.0)]
        if self._with_passages:
            texts += [(text, 0.6) for _locator, text in slide.passages]
        texts += [(note, 0.62) for note in slide.shared]
        while size > wanted * _SMALLEST and sum(self._tall(text, size * part, width) for text, part in texts) > height - size:
            size *= 0.94
        return max(size, wanted * _SMALLEST)

    def _tall(self, text: str, pixels: float, width: int) -> float:
        font = QFont(self._family)
        font.setPixelSize(max(round(pixels), 6))
        room = QRect(0, 0, width, 100_000)
        return QFontMetrics(font).boundingRect(room, Qt.TextFlag.TextWordWrap, text).height() + pixels * 0.4

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Set the type anew."""
        super().resizeEvent(event)
        self._fill()

    def scroll_on(self, step: int) -> bool:
        """Show more of a slide that is too long for the screen (or, -1, what was above). False where there is no more."""
        bar = self.area.verticalScrollBar()
        before = bar.value()
        if self._stack.currentIndex() == 0:
            bar.setValue(before + step * round(self.area.viewport().height() * 0.8))
        return bar.value() != before
