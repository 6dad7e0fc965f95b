"""No thread but the window's destroys what belongs to the window."""

from __future__ import annotations

import gc
import threading
import weakref

from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

from letstalk_desktop.ui.collecting import Collector


class Knot:
    """A cycle, which only the collector can free."""

    def __init__(self) -> None:
        self.itself = self


def test_garbage_is_left_alone_in_other_threads_and_collected_in_the_window_s(qtbot: QtBot) -> None:
    was_enabled = gc.isenabled()
    collector = Collector()
    try:
        knot = Knot()
        gone = weakref.ref(knot)
        del knot
        thread = threading.Thread(target=lambda: [Knot() for _ in range(5_000)])
        thread.start()
        thread.join()
        assert gone() is not None
        collector.collect()
        gc.collect()
        assert gone() is None
    finally:
        collector.deleteLater()
        if was_enabled:
            gc.enable()


def test_the_interpreter_collects_again_when_the_window_has_gone(qtbot: QtBot) -> None:
    collector = Collector()
    assert not gc.isenabled()
    collector.deleteLater()
    QCoreApplication.sendPostedEvents(collector, QEvent.Type.DeferredDelete)
    assert gc.isenabled()
