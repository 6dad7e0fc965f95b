"""No thread but the window's destroys what belongs to the window."""

from __future__ import annotations

import gc
import threading
import weakref

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from pytestqt.qtbot import QtBot

from letstalk_desktop.ui.collecting import Collector


class Knot:
    """A cycle, which only the collector can free."""

    def __init__(self) -> None:
        self.itself = self


def test_garbage_is_left_alone_in_other_threads_and_collected_in_the_window_s(qtbot: QtBot) -> None:
    collector = Collector()
    knot = Knot()
    gone = weakref.ref(knot)
    del knot
    thread = threading.Thread(target=lambda: [Knot() for _ in range(5_000)])
    thread.start()
    thread.join()
    assert gone() is not None
    collector._timer.setInterval(0)
    qtbot.waitUntil(lambda: gone() is None)
    collector.deleteLater()


class Awkward(QObject):
    """Makes garbage enough for a collection while it is destroyed, in the moment when Qt holds a lock."""

    was_asked = False

    def disconnectNotify(self, signal: object) -> None:
        Awkward.was_asked = True
        for _ in range(2_000):
            Knot()


def test_nothing_is_collected_while_the_window_is_taken_down(qtbot: QtBot) -> None:
    parent = QObject()
    collector = Collector(parent)
    awkward = Awkward(parent)
    awkward.objectNameChanged.connect(collector.deleteLater)
    knot = Knot()
    gone = weakref.ref(knot)
    del knot
    parent.deleteLater()
    QCoreApplication.sendPostedEvents(parent, QEvent.Type.DeferredDelete)
    assert Awkward.was_asked
    assert gone() is not None
    gc.collect()
    assert gone() is None
