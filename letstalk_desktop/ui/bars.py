"""The bars around the page: top bar, find bar, status line, and the notice that offers Undo."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from letstalk_desktop.language import Translator
from letstalk_desktop.ui.spoken import announce


class ElidedLabel(QLabel):
    """A line of text that gives way: what does not fit ends in an ellipsis, and the tool tip has it all."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = ""
        self.setMinimumWidth(0)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def set_words(self, words: str) -> None:
        """Show these words."""
        self._whole = words
        self.setAccessibleName(words)
        self._elide()
        self.updateGeometry()

    def whole_width(self) -> int:
        """The pixels that the whole text needs."""
        return self.fontMetrics().horizontalAdvance(self._whole) + 4 if self._whole else 0

    def sizeHint(self) -> QSize:
        """As wide as the whole text."""
        return QSize(self.whole_width(), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Nearly nothing."""
        return QSize(20, super().minimumSizeHint().height())

    def resizeEvent(self, event: object) -> None:
        """Elide again."""
        self._elide()

    def _elide(self) -> None:
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, self.width())
        self.setText(shown)
        self.setToolTip(self._whole if shown != self._whole else "")


class TopBar(QWidget):
    """Back, forward, title and chapter, search box, reading settings, language, Present, Export summary."""

    search_edited = Signal(str)
    search_accepted = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("topBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 7, 16, 7)
        row.setSpacing(8)
        self.back = QToolButton(self)
        self.back.setText("‹")
        self.forward = QToolButton(self)
        self.forward.setText("›")
        self.title = ElidedLabel(self)
        self.title.setObjectName("title")
        self.chapter = ElidedLabel(self)
        self.chapter.setObjectName("chapterTitle")
        self.search = QLineEdit(self)
        self.settings = QPushButton("Aa", self)
        self.language = QPushButton(self)
        self.present = QPushButton(self)
        self.export = QPushButton(self)
        self.export.setObjectName("primary")
        for widget in (self.back, self.forward):
            row.addWidget(widget)
        row.addSpacing(4)
        row.addWidget(self.title)
        row.addSpacing(6)
        row.addWidget(self.chapter)
        row.addStretch(1)
        row.addWidget(self.search, 1000)
        self.title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        for button in (self.settings, self.language, self.present, self.export):
            row.addWidget(button)
        self._translator: Translator | None = None
        self.search.textEdited.connect(self.search_edited)
        self.search.returnPressed.connect(self._on_search_return_pressed)

    def settle(self) -> None:
        """What the first page need not wait for."""
        self.search.setClearButtonEnabled(True)

    def _on_search_return_pressed(self) -> None:
        self.search_accepted.emit(self.search.text())

    def retranslate(self, translator: Translator, key: Callable[[str], str]) -> None:
        """Set the words; ``key`` gives the shortcut of an action."""
        self._translator = translator
        _ = translator.gettext
        self.setAccessibleName(_("Top bar"))
        named: tuple[tuple[QAbstractButton, str, str], ...] = (
            (self.back, _("Back"), "back"),
            (self.forward, _("Forward"), "forward"),
            (self.settings, _("Reading settings"), "reading-settings"),
            (self.language, _("Language of the text"), "language"),
            (self.present, _("Present"), "present"),
            (self.export, _("Export summary"), "export"),
        )
        for widget, words, action in named:
            widget.setAccessibleName(words)
            widget.setToolTip(f"{words} ({key(action)})")
            widget.setAccessibleDescription(key(action))  # else the tool tip is, which says the name a second time
        self.search.setPlaceholderText(_("⌕ Find in text and notes"))
        self.search.setAccessibleName(_("Find in text and notes"))
        self.search.setToolTip(_("Search everything ({key})").format(key=key("search")))
        self.present.setText(_("Present"))
        self.fit()

    def show_titles(self, title: str, chapter: str) -> None:
        """What is being read."""
        self.title.set_words(title)
        self.chapter.set_words(chapter)
        self.fit()

    def resizeEvent(self, event: object) -> None:
        """Share the room anew."""
        self.fit()

    def fit(self) -> None:
        """In a narrow window words give way: first of the search box, then the title, then the buttons, the chapter last."""
        _ = self._translator.gettext if self._translator else str
        widest = round(self.fontMetrics().averageCharWidth() * 31)
        least = widest // 2
        for export, present, back in (
            (_("Export summary…"), True, True),
            (_("Export…"), True, True),
            (_("Export…"), False, False),
        ):
            self.export.setText(export)
            room = self.width() - self._fixed(present, back)
            if room >= self.chapter.whole_width() + least:
                break
        self.present.setVisible(present)
        self.back.setVisible(back)
        self.forward.setVisible(back)
        with_title = room >= self.title.whole_width() + self.chapter.whole_width() + least
        self.title.setVisible(with_title)
        words = self.chapter.whole_width() + (self.title.whole_width() if with_title else 0)
        self.search.setMinimumWidth(least)  # of the window too, which could not become narrower than what is fixed here
        self.search.setMaximumWidth(max(min(widest, room - words), least))

    def _fixed(self, present: bool, back: bool) -> int:
        """The pixels that neither words nor the search box can have."""
        row = self.layout()
        assert row is not None
        margins = row.contentsMargins()
        buttons: list[QAbstractButton] = [self.settings, self.language, self.export, *([self.present] if present else [])]
        buttons += [self.back, self.forward] if back else []
        shown = [button for button in buttons if button is not self.language or not button.isHidden()]
        gaps = row.spacing() * (len(shown) + 4) + 10
        return margins.left() + margins.right() + gaps + sum(button.sizeHint().width() for button in shown)


class FindBar(QFrame):
    """Find in the chapter: the words, how many hits, next and previous."""

    words_changed = Signal(str)
    step_requested = Signal(int)
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("findBar")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 16, 6)
        self.field = QLineEdit(self)
        self.field.setClearButtonEnabled(True)
        self.field.setMaximumWidth(320)
        self.count = QLabel(self)
        self.previous = QPushButton("↑", self)
        self.following = QPushButton("↓", self)
        self.close_button = QPushButton("✕", self)
        for widget in (self.field, self.previous, self.following, self.count):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.close_button)
        self.field.textChanged.connect(self.words_changed)
        self.field.installEventFilter(self)
        self.previous.clicked.connect(self._on_previous_clicked)
        self.following.clicked.connect(self._on_following_clicked)
        self.close_button.clicked.connect(self.leave)
        self._translator: Translator | None = None
        self.hide()

    def retranslate(self, translator: Translator) -> None:
        """Set the words."""
        _ = translator.gettext
        self._translator = translator
        self.field.setPlaceholderText(_("Find in this chapter"))
        for widget, words in (
            (self.field, _("Find in this chapter")),
            (self.previous, _("Previous hit")),
            (self.following, _("Next hit")),
            (self.close_button, _("Close the find bar")),
        ):
            widget.setAccessibleName(words)
            widget.setToolTip(words)

    def open(self, words: str = "") -> None:
        """Show the bar and take the keyboard."""
        self.show()
        if words:
            self.field.setText(words)
        self.field.selectAll()
        self.field.setFocus()

    def leave(self) -> None:
        """Hide the bar and its hits."""
        if self.isVisible():
            self.hide()
            self.closed.emit()

    def show_count(self, current: int, total: int) -> None:
        """``current`` from 1; 0 where nothing is current."""
        if self._translator is None:
            return
        _ = self._translator.gettext
        if not self.field.text():
            words = ""
        elif not total:
            words = _("Not found in this chapter")
        else:
            words = _("{current} of {total}").format(current=current, total=total)
        self.count.setText(words)
        self.count.setAccessibleName(words)
        announce(self, words)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Enter goes on, Shift+Enter back, Escape closes."""
        if watched is self.field and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
                self.step_requested.emit(-1 if back else 1)
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.leave()
                return True
        return False

    def _on_previous_clicked(self) -> None:
        self.step_requested.emit(-1)

    def _on_following_clicked(self) -> None:
        self.step_requested.emit(1)


class StatusLine(QWidget):
    """Chapter, locator, progress, minutes left; how many notes, saved or not, and the last backup."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("statusLine")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 16, 4)
        row.setSpacing(22)
        self.place = QLabel(self)
        self.progress = QProgressBar(self)
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(4)
        self.left = ElidedLabel(self)
        self.work = ElidedLabel(self)
        self.work.hide()
        self.notes = ElidedLabel(self)
        row.addWidget(self.place)
        row.addWidget(self.progress, 1000)
        row.addWidget(self.left)
        row.addStretch(1)
        row.addWidget(self.work)
        row.addWidget(self.notes)
        self.notes.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def retranslate(self, translator: Translator) -> None:
        """Set the accessible words."""
        _ = translator.gettext
        self.setAccessibleName(_("Status"))
        self.progress.setAccessibleName(_("Progress in this chapter"))

    def show_place(self, words: str, percent: int, left: str) -> None:
        """Where the reader is, how far, and what is left."""
        self.place.setText(words)
        self.progress.setValue(percent)
        self.left.set_words(left)
        self.fit()

    def show_notes(self, words: str) -> None:
        """How many notes, saved or not."""
        self.notes.set_words(words)
        self.fit()

    def show_work(self, words: str) -> None:
        """What is done in the background and takes a while; '' where there is nothing."""
        self.work.set_words(words)
        self.fit()

    def resizeEvent(self, event: object) -> None:
        """Share the room anew."""
        self.fit()

    def fit(self) -> None:
        """Whether the notes are saved always shows; the bar, then what is left, then the work give way to it."""
        row = self.layout()
        assert row is not None
        margins = row.contentsMargins()
        room = self.width() - margins.left() - margins.right() - row.spacing()
        room -= self.place.sizeHint().width() + self.notes.whole_width()
        for label in (self.work, self.left):
            needed = label.whole_width() + row.spacing()
            label.setVisible(bool(label.whole_width()) and needed <= room)
            room -= needed if not label.isHidden() else 0
        bar = min(room - 2 * row.spacing(), 190)
        self.progress.setVisible(bar >= 40)
        self.progress.setMaximumWidth(max(bar, 40))  # as a fixed width it would hold the window open


class Notice(QFrame):
    """A sentence over the lower edge of the window, with Undo where there is something to undo; it goes by itself."""

    undo_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 10, 8)
        self.words = QLabel(self)
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        font = QFont(self.words.font())
        self.words.setFont(font)
        self.button = QPushButton(self)
        self.close_button = QToolButton(self)
        self.close_button.setText("✕")
        self.close_button.setAutoRaise(True)
        row.addWidget(self.words, 1)
        row.addWidget(self.button)
        row.addWidget(self.close_button)
        self._action: Callable[[], object] | None = None
        self.second = QPushButton(self)
        self.second.hide()
        row.insertWidget(2, self.second)
        self._second_action: Callable[[], object] | None = None
        self.second.clicked.connect(self._on_second_clicked)
        self.button.clicked.connect(self._on_button_clicked)
        self.close_button.clicked.connect(self.hide)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def retranslate(self, translator: Translator) -> None:
        """Set the words."""
        self.close_button.setAccessibleName(translator.gettext("Close this message"))
        self.setAccessibleName(translator.gettext("Message"))

    def tell(
        self,
        words: str,
        *,
        button: str = "",
        action: Callable[[], object] | None = None,
        stays: bool = False,
        goes_on: bool = False,
    ) -> None:
        """Show a sentence for eight seconds; until it is closed where it needs the reader (``stays``) or work ``goes_on``."""
        self.words.setText(words)
        self.setAccessibleDescription(words)
        self._action = action
        self.setProperty("stays", stays)
        self.style().unpolish(self)  # the style sheet has another edge for what stays
        self.style().polish(self)
        self.button.setText(button)
        self.button.setVisible(bool(button))
        self.second.hide()
        self.place()
        self.show()
        self.raise_()
        announce(self, words, urgent=stays)
        if stays or goes_on:
            self._timer.stop()
        else:
            self._timer.start(8_000)

    def offer(self, button: str, action: Callable[[], object]) -> None:
        """A second thing to do about the sentence that is shown."""
        self._second_action = action
        self.second.setText(button)
        self.second.show()
        self.place()

    def place(self) -> None:
        """Stand in the middle of the lower edge."""
        parent = self.parentWidget()
        if parent is None:
            return
        width = min(max(self.words.fontMetrics().horizontalAdvance(self.words.text()) + 190, 300), parent.width() - 40)
        self.setFixedWidth(width)
        layout = self.layout()
        tall = layout.heightForWidth(width) if layout is not None and layout.hasHeightForWidth() else self.sizeHint().height()
        self.setFixedHeight(max(tall, 40))
        self.move((parent.width() - width) // 2, parent.height() - self.height() - 44)

    def _on_second_clicked(self) -> None:
        self.hide()
        if self._second_action is not None:
            self._second_action()

    def _on_button_clicked(self) -> None:
        self.hide()
        if self._action is not None:
            self._action()
