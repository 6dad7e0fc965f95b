"""The Qt binding does not lose references to None: at one per call it would end the program after some thousand calls."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject

CALLS = 200


def test_void_calls_keep_the_reference_count_of_none() -> None:
    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        thing.setObjectName("x")
    assert sys.getrefcount(None) > before - CALLS // 2
