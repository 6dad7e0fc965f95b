"""The window's event loop as a benchmark runs it: idle between events, as it is in use."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEventLoop, Qt, QTimer

_TICK_MS = 2


def until(done: Callable[[], bool]) -> None:
    """Run the event loop until it is so; all that is posted by then is painted."""
    waker = QTimer()
    waker.start(3)
    while not done():
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    waker.stop()
    QCoreApplication.processEvents()


def milliseconds(act: Callable[[], object], done: Callable[[], bool]) -> float:
    """How long it takes from ``act`` until it is done and painted."""
    start = time.perf_counter()
    act()
    until(done)
    return (time.perf_counter() - start) * 1_000


def rest(seconds: float) -> None:
    """Let what is done in the background end."""
    end = time.perf_counter() + seconds
    until(lambda: time.perf_counter() > end)


class Gaps:
    """How long the loop did nothing else: the times, in milliseconds, between two ticks of a timer that wants to run often."""

    def __init__(self) -> None:
        self.found: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start(_TICK_MS)

    def _tick(self) -> None:
        now = time.perf_counter()
        self.found.append((now - self._last) * 1_000)
        self._last = now

    def stop(self) -> list[float]:
        """All that was found."""
        self._timer.stop()
        return self.found
