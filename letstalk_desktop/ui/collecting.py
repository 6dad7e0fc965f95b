"""Python's cyclic garbage is collected in the window's thread, and only there.

WORKAROUND: left to itself the collector runs in whatever thread allocates, also in a lane. There it may destroy a QObject of
the window, which holds a lock of Qt's while it waits for the interpreter, while the window's thread holds the interpreter
and waits for that lock: both stand still for ever (seen with PySide6 6.11 in a story under X).
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 1_000


class Collector(QObject):
    """Collects as often as the interpreter itself would, from a timer, while it lives. One for the whole program is enough."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self.destroyed.connect(_leave_it_to_the_interpreter)
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> None:
        """Collect the oldest generation whose threshold has been passed."""
        counts, thresholds = gc.get_count(), gc.get_threshold()
        for generation in (2, 1, 0):
            if thresholds[generation] and counts[generation] > thresholds[generation]:
                gc.collect(generation)
                return


def _leave_it_to_the_interpreter() -> None:
    gc.enable()
