"""Typing into the search box of the real window, over an index that is there already."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest

from letstalk_desktop.app import Application
from letstalk_desktop.paths import find_paths
from letstalk_desktop.storage.search import SearchIndex
from tests.benchmarks.loop import Gaps, milliseconds, rest, until

FIRST_MS, FRAME_MS = 150.0, 50.0  # until results stand there; what may lie between two turns of the window's loop
PACE_MS = 70  # between two letters: as fast as people type


class Box:
    """A window at rest whose index of texts is left as it was found."""

    def __init__(self, folder: Path) -> None:
        self.application = Application([], find_paths(str(folder)))
        self.window = self.application.window
        self.window.change_settings(hint_seen=True, interface_language="en", theme="light")
        self.application.start("community-organizing")
        self.window.resize(1360, 890)
        until(self.window.desk.is_open)
        self.window.searching._later.stop()  # it would take the generated books out, which no shelf has
        rest(1.5)
        self.window.searching.begin()
        self.box = self.window.top_bar.search

    def answered(self) -> bool:
        return self.window.searching.shown_words == self.box.text()

    def answers(self, words: str) -> list[float]:
        """For each letter how long it takes until what is found for the words so far is painted."""
        taken = []
        for letter in words:
            took = milliseconds(partial(QTest.keyClicks, self.box, letter), self.answered)
            if letter.strip() and letter != '"':
                taken.append(took)
        self.box.clear()
        return taken

    def gaps(self, words: str) -> list[float]:
        """How long the loop stood still at a time, while the words were typed without waiting for what is found."""
        left = list(words)
        gaps = Gaps()

        def strike() -> None:
            if left:
                QTest.keyClicks(self.box, left.pop(0))

        clock = QTimer()
        clock.timeout.connect(strike)
        clock.start(PACE_MS)
        until(lambda: not left and self.answered())
        clock.stop()
        found = gaps.stop()
        self.box.clear()
        return found


def percentile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def line(what: str, values: Sequence[float], limit: float) -> None:
    """Print a row."""
    shown = (statistics.median(values), percentile(values, 0.95), max(values))
    print(f"{what:<44}" + "".join(f"{one:>10.1f}" for one in shown) + f"{limit:>10.0f}", flush=True)


def measure(folder: Path, questions: dict[str, list[str]], shelf: Any) -> None:
    """Print how typing each class of questions goes, over the index of the program whose data is under ``folder``.

    At the end it goes on while the books of a ``shelf`` are indexed.
    """
    shown = Box(folder)
    shown.answers("community")  # what the first search of a program has to read
    print(f"{'typing into the search box, ms':<44}{'median':>10}{'p95':>10}{'worst':>10}{'at most':>10}")
    for kind, asked in questions.items():
        line(f"results stand there, {kind}", [took for words in asked for took in shown.answers(words)], FIRST_MS)
    for kind, asked in questions.items():
        started = time.perf_counter()
        gaps = [max(shown.gaps(words)) for words in asked]
        each = (time.perf_counter() - started) / sum(map(len, asked)) * 1_000
        line(f"longest standstill, {kind}, {each:.0f} ms/key", gaps, FRAME_MS)
    line("longest standstill, while books are indexed", while_indexing(shown, folder, shelf, questions), FRAME_MS)
    shown.window.close()


def while_indexing(shown: Box, folder: Path, shelf: Any, questions: dict[str, list[str]]) -> list[float]:
    """The longest standstill of each question that is typed while the program indexes a shelf."""
    searching, index, done = shown.window.searching, SearchIndex.open(folder / "other.sqlite"), []
    shown.window.desk.shelf = shelf
    searching._indexing.run(partial(searching._update, index, None, True), done.append, done.append)
    found: list[float] = []
    for words in [words for same in zip(*questions.values(), strict=True) for words in same]:
        if not done:
            found.append(max(shown.gaps(words)))
    until(lambda: bool(done))
    index.close()
    return found
