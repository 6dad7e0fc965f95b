"""Starting the program a second time brings the first window to the front; it does not open the notebook twice."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from letstalk_desktop.settings import Settings, save_settings
from letstalk_desktop.ui.single_instance import SingleInstance
from tests.stories.conftest import Reader

Open = Callable[[], Reader]


def start(base: Path, *words: str) -> subprocess.Popen[bytes]:
    """The real program in a process of its own, off screen."""
    command = [sys.executable, "-m", "letstalk_desktop", "--basedir", str(base), "open", *words]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def test_a_second_start_hands_over_and_ends(basedir: Path) -> None:
    save_settings(basedir / "config" / "settings.json", Settings(hint_seen=True))
    first = start(basedir)
    try:
        deadline = time.monotonic() + 60
        while not (basedir / "data" / "notebook.sqlite").exists():
            assert first.poll() is None, first.stderr.read().decode()
            assert time.monotonic() < deadline
            time.sleep(0.1)
        second = start(basedir, "community-organizing")
        assert second.wait(60) == 0
        assert first.poll() is None
    finally:
        first.kill()
        first.wait()
        first.stderr.close()
    second.stderr.close()


def test_the_window_opens_what_the_second_start_asked_for(open_reader: Open) -> None:
    reader = open_reader().start()
    instance = SingleInstance(reader.application.paths.data)
    assert not instance.hand_over({"resource": ""})
    instance.requested.connect(reader.window.handle_request)
    instance.listen()
    try:
        other = SingleInstance(reader.application.paths.data)
        code = (
            "import sys; from pathlib import Path; from PySide6.QtCore import QCoreApplication;"
            "application = QCoreApplication([]); from letstalk_desktop.ui.single_instance import SingleInstance;"
            "sys.exit(0 if SingleInstance(Path(sys.argv[1])).hand_over({'resource': 'using-letstalk'}) else 3)"
        )
        asked = subprocess.Popen([sys.executable, "-c", code, str(reader.application.paths.data)])
        reader.qtbot.waitUntil(lambda: asked.poll() is not None, timeout=30_000)
        assert asked.returncode == 0
        reader.qtbot.waitUntil(lambda: reader.window.reading.chapter.resource == "using-letstalk", timeout=5_000)
        other.close()
    finally:
        instance.close()
