"""A reader at the real window, off screen, in a program that a test will kill: ``python -m tests.stories.marker BASE SEED``.

She marks, writes notes, deletes and takes back without end. A line on standard output says what she begins, and what stands
when the window has told her that it is saved.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Callable

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QEventLoop, QTimer

from letstalk_desktop.app import Application
from letstalk_desktop.paths import find_paths

PATIENCE = 60.0


def say(*words: object) -> None:
    print(json.dumps(words), flush=True)


def wait(condition: Callable[[], bool]) -> None:
    """Let the window work until it is so."""
    end = time.monotonic() + PATIENCE
    loop = QEventLoop()
    ticks = QTimer()
    ticks.timeout.connect(lambda: loop.quit() if condition() or time.monotonic() > end else None)
    ticks.start(1)
    loop.exec()
    if not condition():
        raise SystemExit("the window does not get on")


def main(base: str, seed: str) -> None:
    chance = random.Random(seed)
    application = Application([], find_paths(base))
    window = application.window
    window.change_settings(hint_seen=True, interface_language="en", theme="light")
    application.start("community-organizing")
    wait(window.desk.is_open)
    window.open_chapter("central-concepts")
    reading, desk = window.reading, window.desk

    def told_that_all_is_saved() -> bool:
        words = window.status.notes.text()
        return not desk.waiting and "Saving" not in words and "not saved" not in words

    def do(action: str) -> None:
        window.actions_table.by_id[action].trigger()

    def tell(identity: str) -> None:
        wait(told_that_all_is_saved)
        one = desk.annotation(identity)
        say("told", identity, one.note if one else "", one is not None)

    def wait_until_gone(identity: str) -> None:
        wait(lambda: desk.annotation(identity) is None)

    say("open")
    while True:
        chapter = reading.chapter
        assert chapter is not None
        block = chance.choice([block for block in chapter.blocks if block.number and block.end - block.start > 90])
        start = chance.randrange(block.start, block.end - 80)
        reading.page.select_span(start, start + chance.randrange(10, 80))
        do(f"kind-{chance.randrange(1, 6)}")
        one = reading.current_annotation()
        assert one is not None
        tell(one.id)
        what = chance.choice(["leave", "note", "note", "delete", "undo"])
        if what == "leave":
            continue
        say("try", one.id, what)
        if what == "note":
            do("add-note")
            wait(lambda: bool(reading.margin.editing()))
            card = reading.margin.card_of(reading.margin.editing())
            assert card is not None
            assert card.editor is not None
            card.editor.insertPlainText(f"Ask Rosa about {start}. " + "œ" * chance.choice([0, 10, 9000]))
            card.finish_editing()
        else:
            do(what)
            wait_until_gone(one.id)
        tell(one.id)


if __name__ == "__main__":
    main(*sys.argv[1:])
