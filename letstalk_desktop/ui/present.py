"""Present: slides on the room's screen, and where there is another screen, the presenter's window on it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QRect, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget

from letstalk_desktop.annotations.presenting import Show
from letstalk_desktop.language import Translator
from letstalk_desktop.ui.present_clock import SlideClock, clock_words
from letstalk_desktop.ui.present_keys import PresentWindow
from letstalk_desktop.ui.presenter_view import PresenterView
from letstalk_desktop.ui.room_view import RoomView
from letstalk_desktop.ui.theme import FAMILIES, Theme, theme_for

if TYPE_CHECKING:
    from letstalk_desktop.ui.main_window import MainWindow

_TICK_MS = 250


class Look(NamedTuple):
    """How slides are set: theme, the reader's face, and text size (1.0 = 100 %)."""

    theme: Theme
    family: str
    scale: float


def rooms_screen(own: QRect, others: Sequence[QRect]) -> int:
    """Which of the other screens is the room's: the first that shows something else than our own (-1: none does).

    A screen that lies over ours is a mirror of it; what stands on ours the room would see too.
    """
    return next((index for index, other in enumerate(others) if not other.intersects(own)), -1)


def find_screens(window: QWidget) -> tuple[QScreen, QScreen | None]:
    """The room's screen, and the presenter's where it is another one: that of the window."""
    own = window.screen()
    others = [one for one in QGuiApplication.screens() if one is not own]
    index = rooms_screen(own.geometry(), [one.geometry() for one in others])
    return (others[index], own) if index >= 0 else (own, None)


class Presentation(QObject):
    """Leads through a ``Show``. It is gone when the room's view is closed."""

    slide_changed = Signal(int)
    ended = Signal()

    def __init__(
        self,
        window: QWidget,
        translator: Translator,
        look: Look,
        show: Show,
        now: Callable[[], float] = time.monotonic,
        screens: Callable[[QWidget], tuple[QScreen, QScreen | None]] = find_screens,
    ) -> None:
        super().__init__(window)
        self._window, self._translator, self._look = window, translator, look
        self._show, self._now, self._screens = show, now, screens
        self.index = 0
        self.blank = False
        self.clock = SlideClock(now())
        self.room = RoomView(window, translator, look.theme, look.family, look.scale)
        self.presenter: PresenterView | None = None
        self._follow(self.room)
        self.room.closed.connect(self._on_room_closed)
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._show_time)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.screenAdded.connect(self._on_screens_changed)
            application.screenRemoved.connect(self._on_screens_changed)
        for screen in QGuiApplication.screens():
            screen.geometryChanged.connect(self._on_screens_changed)

    def _follow(self, view: PresentWindow) -> None:
        view.step_requested.connect(self.step)
        view.move_requested.connect(self.move)
        view.edge_requested.connect(self._on_edge_requested)
        view.blank_requested.connect(self.toggle_blank)
        view.passages_requested.connect(self.room.toggle_passages)
        view.pause_requested.connect(self._on_pause_requested)
        view.restart_requested.connect(self._on_restart_requested)
        view.keys_requested.connect(self.room.toggle_hint)
        view.leave_requested.connect(self.leave)

    # --- beginning and end ----------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Go on the screen."""
        room, own = self._screens(self._window)
        self.room.setScreen(room)
        self.room.setGeometry(room.geometry())
        self.room.showFullScreen()
        self._open_presenter(own)
        self.go_to(0)
        self._tick.start()
        (self.presenter or self.room).activateWindow()
        (self.presenter or self.room).setFocus()

    def _open_presenter(self, screen: QScreen | None) -> None:
        if screen is None or self.presenter is not None:
            return
        self.presenter = PresenterView(self._window, self._translator, self._look.theme, min(self._look.scale, 1.5))
        self._follow(self.presenter)
        self.presenter.closed.connect(self.leave)
        self.presenter.setScreen(screen)
        self.presenter.setGeometry(screen.availableGeometry())
        self.presenter.showMaximized()

    def _close_presenter(self) -> None:
        if self.presenter is not None:
            presenter, self.presenter = self.presenter, None
            presenter.closed.disconnect(self.leave)
            presenter.close()

    def _on_screens_changed(self) -> None:
        """Where the room's screen has become the only one, or a mirror, the guidance goes at once."""
        _room, own = self._screens(self._window)
        if own is None:
            self._close_presenter()
            self.room.activateWindow()
            self.room.setFocus()

    def leave(self) -> None:
        """Close both windows."""
        self.room.close()

    def _on_room_closed(self) -> None:
        self._tick.stop()
        self._close_presenter()
        self.ended.emit()
        self.deleteLater()

    # --- going through it -----------------------------------------------------------------------------------------

    def show_again(self, show: Show) -> None:
        """Something was shared, or is private again: the same place in the new slides. Without any left, the end."""
        if not show.slides:
            self.leave()
            return
        key = self._show.slides[self.index].key
        keys = [slide.key for slide in show.slides]
        self._show = show
        self.go_to(keys.index(key) if key in keys else min(self.index, len(keys) - 1))

    def go_to(self, index: int) -> None:
        """Show the slide with this index."""
        slides = self._show.slides
        self.index = min(max(index, 0), len(slides) - 1)
        slide = slides[self.index]
        self.clock.show(slide.key, self._now())
        self.room.show_slide(slide, self.index, len(slides))
        if self.presenter is not None:
            following = slides[self.index + 1] if self.index + 1 < len(slides) else None
            self.presenter.show_slide(slide, self._show.cues[self.index], following, self.index, len(slides))
        self._show_time()
        self.slide_changed.emit(self.index)

    def step(self, step: int) -> None:
        """So many slides on. A blank screen shows the slide again."""
        if self.blank:
            self.toggle_blank()
        self.go_to(self.index + step)

    def move(self, step: int) -> None:
        """The rest of a long slide, then the next one."""
        if self.blank or not self.room.scroll_on(step):
            self.step(step)

    def toggle_blank(self) -> None:
        """Show nothing, or the slide again."""
        self.blank = not self.blank
        self.room.show_blank(self.blank)
        self._show_time()

    def _on_edge_requested(self, edge: int) -> None:
        self.go_to(0 if edge < 0 else len(self._show.slides) - 1)

    def _on_pause_requested(self) -> None:
        self.clock.toggle(self._now())
        self._show_time()

    def _on_restart_requested(self) -> None:
        self.clock.restart(self._now())
        self._show_time()

    def _show_time(self) -> None:
        now, minutes = self._now(), self._show.slides[self.index].minutes
        spent = self.clock.spent(now)
        words = clock_words(spent, minutes)
        over = bool(minutes) and spent > minutes * 60
        self.room.show_time(f"❚❚ {words}" if self.clock.paused else words, over)
        if self.presenter is not None:
            whole = clock_words(self.clock.whole(now), 0)
            self.presenter.show_time(words, over, whole, self.clock.paused, self.blank)


def look_of(window: MainWindow) -> Look:
    """The window's theme, face and text size."""
    settings = window.settings
    return Look(theme_for(settings), FAMILIES[settings.face], settings.text_size / 100)
