"""The notes panel over 10,000 notes: opening, a keystroke in its filter, ordering and grouping.

``python -m tests.benchmarks.bench_notes_panel``. Wall time in the real window, from the key to the painted list. A panel opens
for the first time only once in a process, with the imports of what it needs: so it is opened in several programs.
"""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from letstalk_desktop.annotations.model import Annotation, AnnotationType, Kind, Operation
from letstalk_desktop.annotations.places import anchor_at, kept_text
from letstalk_desktop.app import Application, make_shelf
from letstalk_desktop.paths import Paths, find_paths
from letstalk_desktop.storage.notebook import Notebook
from letstalk_desktop.ui.left_panel import NOTES
from tests.benchmarks.loop import milliseconds, rest, until

NOTES_MADE = 10_000
OPENINGS = 9
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


def started(folder: str) -> Application:
    """The program on the notebook in a folder, at rest."""
    application = Application([], find_paths(folder))
    window = application.window
    window.change_settings(hint_seen=True, interface_language="en", theme="light")
    application.start(RESOURCE)
    window.resize(1360, 890)
    until(window.desk.is_open)
    window.searching._later.stop()  # the index is measured elsewhere
    rest(1.5)
    return application


def opened(application: Application) -> tuple[Any, float, float]:
    """The notes panel; how long until the first notes are painted, and until all are in it."""
    start = time.perf_counter()
    panel: Any = application.window.show_panel(NOTES)
    until(lambda: bool(panel.model.rows))
    first = (time.perf_counter() - start) * 1_000
    until(lambda: len(panel.model.rows) == NOTES_MADE)
    return panel, first, (time.perf_counter() - start) * 1_000


def at_once() -> bool:
    return True


def once(folder: str) -> None:
    """One program: open the panel, type a letter; prints three numbers for ``main``."""
    application = started(folder)
    panel, first, whole = opened(application)
    letter = milliseconds(lambda: QTest.keyClicks(panel.filter, "r"), at_once)
    print(f"FIGURES {first} {whole} {letter}")
    application.window.close()


ONCE = "import sys; from tests.benchmarks.bench_notes_panel import once; once(sys.argv[1])"


def in_a_process_of_its_own(folder: str) -> list[float]:
    """What ``once`` prints."""
    words = (sys.executable, "-c", ONCE, folder)
    said = subprocess.run(words, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[2]).stdout
    return [float(word) for word in said.split("FIGURES")[1].split()]


def line(what: str, values: Sequence[float], limit: float = 0.0) -> None:
    """Print a row: median, the worst, and what is allowed."""
    allowed = f"{limit:>9.0f}" if limit else ""
    print(f"{what:<52}{statistics.median(values):>9.1f}{max(values):>9.1f}{allowed}", flush=True)


def main() -> None:
    """Print each figure beside its budget."""
    with tempfile.TemporaryDirectory() as folder:
        fill(find_paths(folder))
        in_a_process_of_its_own(folder)  # so that what is compiled and cached is there, as it is after the first start
        found = list(zip(*(in_a_process_of_its_own(folder) for _ in range(OPENINGS)), strict=True))
        print(f"{f'{NOTES_MADE:,} notes, ms':<52}{'median':>9}{'worst':>9}{'at most':>9}")
        line(f"opens for the first time, in {OPENINGS} programs", found[0], OPEN_MS)
        line("all are in it", found[1])
        line("first letter in the filter, straight after opening", found[2], KEY_MS)
        application = started(folder)
        window = application.window
        panel = opened(application)[0]
        rest(1)
        words = "rosa about l'oeuvre 12"
        keys = []
        for _ in range(3):
            keys += [milliseconds(partial(QTest.keyClicks, panel.filter, key), at_once) for key in words]
            keys += [milliseconds(partial(QTest.keyClick, panel.filter, Qt.Key.Key_Backspace), at_once) for key in words]
        line(f"a key in the filter, {len(keys)} keys", keys, KEY_MS)
        QTest.keyClicks(panel.filter, "rosa")

        def shown() -> bool:
            return len(panel.model.rows) == NOTES_MADE

        clearing = milliseconds(panel.filter.clear, shown)
        line("filter emptied", [clearing])
        rest(0.5)
        for name, value in (("order", "newest"), ("order", "kind"), ("groups", "chapters"), ("groups", "concepts")):
            took = milliseconds(partial(panel.options.choose, name, value), at_once)
            line(f"{name} by {value}", [took])
            rest(0.5)
        took = milliseconds(panel.tree.selectAll, lambda: bool(panel.tree.selected()))
        line("all selected", [took])
        bar = panel.tree.verticalScrollBar()
        frames = [milliseconds(lambda: bar.setValue(bar.value() + 600), at_once) for _ in range(100)]
        line("a scrolled frame", frames)
        window.close()


if __name__ == "__main__":
    main()
