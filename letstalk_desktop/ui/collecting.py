"""Python's cyclic garbage is collected between the window's events, in its thread, and never anywhere else.

WORKAROUND: left to itself the collector runs wherever something is allocated. In another thread it may destroy a QObject of
the window, which holds a lock of Qt's while it waits for the interpreter, while the window's thread holds the interpreter
and waits for that lock. In the window's own thread it may run inside the destructor of a QObject, which holds a lock of Qt's
while it asks Python for an override, and destroy a second QObject that wants the same lock. Either way the program stands
still for ever (both seen with PySide6 6.11). The collector therefore stays off, also while the window is taken down.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 1_000


def collect_what_is_due() -> None:
    """Collect the oldest generation whose threshold has been passed, as the interpreter itself would."""
    counts, thresholds = gc.get_count(), gc.get_threshold()
    for generation in (2, 1, 0):
        if thresholds[generation] and counts[generation] > thresholds[generation]:
            gc.collect(generation)
            return


class Collector(QObject):
    """Collects from a timer, from its making until the process ends. One for the whole program is enough."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(collect_what_is_due)
        self._timer.start()
