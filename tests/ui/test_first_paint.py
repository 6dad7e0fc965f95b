"""The page is on the screen before anything around it is made, and without what takes long to load."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from letstalk_desktop.app import make_shelf
from letstalk_desktop.paths import find_paths
from letstalk_desktop.settings import Settings, save_settings
from letstalk_desktop.ui.document import page_document
from letstalk_desktop.ui.page import Page
from letstalk_desktop.ui.theme import theme_for

START = """
import json, sys
from PySide6 import QtCore
from PySide6.QtWidgets import QApplication
from letstalk_desktop.ui.main_window import MainWindow
from letstalk_desktop.ui.page import Page

def look(page):
    slow = ("sqlalchemy", "markdown", "markdown_it", "hashlib", "dataclasses", "letstalk_desktop.storage")
    print(json.dumps({
        "chapter": page.chapter.id,
        "complete": MainWindow.is_made,
        "namespace": isinstance(vars(QtCore).get("Qt"), type),
        "loaded": [name for name in slow if name in sys.modules],
    }), flush=True)
    QtCore.QTimer.singleShot(400, QApplication.quit)

make = Page.__init__
def made(page, *rest):
    make(page, *rest)
    page.first_painted.connect(lambda: look(page))
Page.__init__ = made
MainWindow.is_made = False
complete = MainWindow.complete
def completed(window, desk):
    MainWindow.is_made = True
    complete(window, desk)
MainWindow.complete = completed
from letstalk_desktop.cli import main
main(["--basedir", sys.argv[1]])
print(json.dumps(MainWindow.is_made))
"""


@pytest.mark.parametrize("theme", ["system", "contrast"])
def test_the_page_is_painted_before_all_the_rest(basedir: Path, theme: str) -> None:
    save_settings(basedir / "config" / "settings.json", Settings(hint_seen=True, theme=theme))
    for start in ("the first, which compiles", "the second"):
        done = subprocess.run(
            [sys.executable, "-c", START, str(basedir)], capture_output=True, text=True, check=False, timeout=100
        )
        assert done.returncode == 0, done.stderr
        painted, after = (json.loads(line) for line in done.stdout.splitlines())
        assert painted["chapter"] == "start-here", start
        assert not painted["complete"], start
        assert after is True, start
    assert painted["loaded"] == []
    assert not painted["namespace"], "something before the first paint uses QtCore.Qt; see letstalk_desktop/ui/page.py"


def test_the_first_screen_has_its_numbers_while_the_rest_is_still_being_laid_out(qtbot: QtBot, basedir: Path) -> None:
    paths = find_paths(str(basedir))
    shelf = make_shelf(paths)
    page = Page()
    qtbot.addWidget(page)
    page.resize(1100, 780)
    for chapter in ("start-here", "power-and-health-equity", "central-concepts", "how-organizing-differs"):
        resource, found = shelf.resource("community-organizing"), shelf.chapter("community-organizing", chapter, "en")
        settings, folder = Settings(), shelf.folder("community-organizing")
        page.show_document(page_document(resource, found, settings, theme_for(settings), paths.locale, folder, 1.0))
        page.show()
        assert page.top_position() == 0
        first = page.first_visible()
        assert first is not None
        assert first[0].id == found.blocks[0].id
        with qtbot.waitExposed(page):
            page.show()
        left = page.gutter.grab().toImage()
        page.gutter.show_numbers = False
        assert left != page.gutter.grab().toImage(), chapter
        page.gutter.show_numbers = True
