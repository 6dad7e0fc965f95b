"""The notes panel over 10,000 notes: opening, a keystroke in its filter, ordering and grouping.

``python -m tests.benchmarks.bench_notes_panel``. Wall time in the real window, from the key to the painted list.
"""

from __future__ import annotations

import os
import random
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer
from PySide6.QtTest import QTest

from letstalk_desktop.annotations.model import Annotation, AnnotationType, Kind, Operation
from letstalk_desktop.annotations.places import anchor_at, kept_text
from letstalk_desktop.app import Application, make_shelf
from letstalk_desktop.paths import Paths, find_paths
from letstalk_desktop.storage.notebook import Notebook
from letstalk_desktop.ui.left_panel import NOTES
from letstalk_desktop.ui.notes_panel import NotesPanel

NOTES_MADE = 10_000
OPEN_MS, KEY_MS = 150, 50
RESOURCE = "community-organizing"
STAMP = "2026-01-01T00:00:00.000Z"


def fill(paths: Paths) -> None:
    """A notebook with 10,000 highlights over all chapters, half of them with a note."""
    chance = random.Random(1)
    shelf = make_shelf(paths)
    resource = shelf.resource(RESOURCE)
    chapters = [shelf.chapter(RESOURCE, entry.id, "en") for entry in resource.chapters if entry.number]
    concepts = [concept.id for concept in resource.concepts]
    notes = []
    for number in range(NOTES_MADE):
        chapter = chance.choice(chapters)
        start = chance.randrange(len(chapter.text) - 200)
        anchor = anchor_at(chapter, start, start + chance.randrange(20, 150))
        note = f"Ask Rosa about the survey, and l’œuvre {number}. " * chance.randrange(3)
        linked = tuple(chance.sample(concepts, chance.randrange(3)))
        kind = chance.choice(list(Kind))
        notes.append(
            Annotation(
                str(uuid.UUID(int=number)),
                AnnotationType.HIGHLIGHT,
                anchor,
                kind,
                note,
                linked,
                "Ann",
                created=STAMP,
                modified=STAMP,
            )
        )
    notebook = Notebook.open(paths.notebook, now=datetime.now(UTC))
    texts = tuple(kept_text(chapter) for chapter in chapters)
    notebook.apply(Operation("fill", "fill", "Add highlight", "", tuple(notes), texts=texts), now=datetime.now(UTC))
    notebook.close()


def until(done: Callable[[], bool]) -> None:
    """Run the event loop, idle between events as it is in use, until it is so; all that is posted by then is painted."""
    waker = QTimer()
    waker.start(3)
    while not done():
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    waker.stop()
    QCoreApplication.processEvents()


def milliseconds(act: Callable[[], None], done: Callable[[], bool]) -> float:
    """How long it takes from ``act`` until the list is painted."""
    start = time.perf_counter()
    act()
    until(done)
    return (time.perf_counter() - start) * 1_000


def rest(seconds: float) -> None:
    """Let what is done in the background end."""
    end = time.perf_counter() + seconds
    until(lambda: time.perf_counter() > end)


def main() -> None:
    """Print each figure beside its budget."""
    with tempfile.TemporaryDirectory() as folder:
        paths = find_paths(folder)
        Path(folder).mkdir(exist_ok=True)
        fill(paths)
        application = Application([], paths)
        window = application.window
        window.change_settings(hint_seen=True, interface_language="en", theme="light")
        application.start(RESOURCE)
        window.resize(1360, 890)
        until(window.desk.is_open)
        window.searching._later.stop()  # the index is measured elsewhere
        rest(2)

        def panel() -> NotesPanel:
            found = window.findChild(NotesPanel)
            assert isinstance(found, NotesPanel)
            return found

        def open_panel() -> None:
            window.show_panel(NOTES)

        def begun() -> bool:
            return bool(panel().model.rows)

        def at_once() -> bool:
            return True

        def shown() -> bool:
            return len(panel().model.rows) == NOTES_MADE

        start = time.perf_counter()
        opening = milliseconds(open_panel, begun)
        until(shown)
        whole = (time.perf_counter() - start) * 1_000
        print(f"opens over {NOTES_MADE:,} notes: {opening:.0f} ms (at most {OPEN_MS}); the last is in it after {whole:.0f} ms")
        letter = milliseconds(lambda: QTest.keyClicks(panel().filter, "r"), at_once)
        print(f"first letter, straight after opening: {letter:.0f} ms (at most {KEY_MS})")
        rest(1)
        keys = [milliseconds(partial(QTest.keyClicks, panel().filter, key), at_once) for key in "osa about l'oeuvre 12"]
        print(f"a letter in the filter: median {statistics.median(keys):.1f}, worst {max(keys):.1f} ms (at most {KEY_MS})")
        clearing = milliseconds(panel().filter.clear, shown)
        print(f"filter emptied: {clearing:.0f} ms")
        rest(0.5)
        for name, value in (("order", "newest"), ("order", "kind"), ("groups", "chapters"), ("groups", "concepts")):
            took = milliseconds(partial(panel().options.choose, name, value), at_once)
            print(f"{name} by {value}: {took:.0f} ms")
            rest(0.5)
        took = milliseconds(panel().tree.selectAll, lambda: bool(panel().tree.selected()))
        print(f"all selected: {took:.0f} ms")
        bar = panel().tree.verticalScrollBar()
        frames = [milliseconds(lambda: bar.setValue(bar.value() + 600), at_once) for _ in range(100)]
        print(f"a scrolled frame: median {statistics.median(frames):.1f}, worst {max(frames):.1f} ms")
        window.close()


if __name__ == "__main__":
    main()
