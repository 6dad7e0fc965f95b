"""The Qt binding does not lose references to None: at one per call it would end the program after some thousand calls."""

from __future__ import annotations

import subprocess
import sys

from PySide6.QtCore import QObject

CALLS = 200


def test_void_calls_keep_the_reference_count_of_none() -> None:
    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        thing.setObjectName("x")
    assert sys.getrefcount(None) > before - CALLS // 2


def test_the_import_hook_of_pyside_is_not_in_the_way_of_later_imports() -> None:
    script = (
        "import builtins; plain = builtins.__import__; import letstalk_desktop.app; "
        "from PySide6.QtGui import QIcon; from PySide6.QtWidgets import QTreeView; "
        "print(builtins.__import__ is plain)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=100)
    assert done.stdout.strip() == "True", done.stderr
