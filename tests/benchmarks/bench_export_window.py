"""The window while a document of 10,000 notes is made: its memory, its answers, and how long it takes.

``python -m tests.benchmarks.bench_export_window`` (Linux: memory is the proportional set size of the window's own process).
*From the menu* exports at once; *from the dialog* first shows the preview of the pages, then exports. A gap is how long the
event loop did not answer.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from letstalk_desktop.app import Application
from letstalk_desktop.paths import find_paths
from letstalk_desktop.ui.export_dialog import ExportDialog
from letstalk_desktop.ui.export_run import ExportRun, default_choices
from tests.benchmarks.bench_notes_panel import NOTES_MADE, fill, started
from tests.benchmarks.loop import Gaps, rest, until

LONGEST_MS = 100  # what a reader still takes for at once


def memory() -> float:
    """MB of this process, without those it has started."""
    for line in Path("/proc/self/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise SystemExit("this system does not tell a process’s memory")


class Peak:
    """The most memory that was taken while it watched."""

    def __init__(self) -> None:
        self.most = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def _look(self) -> None:
        while not self._ended.wait(0.1):
            self.most = max(self.most, memory())

    def stop(self) -> float:
        """MB."""
        self._ended.set()
        self._thread.join()
        return self.most


def once(folder: str, dialog: bool) -> None:
    """One program: export; prints the figures for ``main``."""
    application: Application = started(folder)
    window: Any = application.window
    rest(1)
    before = memory()
    peak, gaps, start = Peak(), Gaps(), time.perf_counter()
    shown = 0.0
    if dialog:
        asked = ExportDialog(window)
        pages: list[int] = []
        asked._pages.ready.connect(lambda images, total, words: pages.append(total))
        asked.show()
        until(lambda: bool(pages))
        shown = time.perf_counter() - start
        asked.close()
    choices = default_choices(window)
    assert choices is not None
    ended: list[bool] = []
    start = time.perf_counter()
    run = ExportRun(window, choices, Path(folder) / "out.pdf")
    run.finished.connect(ended.append)
    run.start()
    until(lambda: bool(ended))
    took = time.perf_counter() - start
    found, most = sorted(gaps.stop()), peak.stop()
    rest(2)
    assert ended == [True]
    print(f"FIGURES {before} {most} {memory()} {found[int(len(found) * 0.99)]} {found[-1]} {shown} {took}")
    window.close()


ONCE = "import sys; from tests.benchmarks.bench_export_window import once; once(sys.argv[1], sys.argv[2] == 'dialog')"


def main() -> None:
    """Print the figures of both ways."""
    heads = ("MB before", "most", "after", "gap p99 ms", "worst", "preview s", "export s")
    print(f"{f'{NOTES_MADE:,} notes to PDF':<22}" + "".join(f"{head:>12}" for head in heads))
    with tempfile.TemporaryDirectory() as folder:
        fill(find_paths(folder))
        for way in ("warm", "menu", "dialog"):  # the first compiles and caches what the second start finds
            words = (sys.executable, "-c", ONCE, folder, way)
            said = subprocess.run(words, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[2]).stdout
            figures = [float(word) for word in said.split("FIGURES")[1].split()]
            if way != "warm":
                print(f"{f'from the {way}':<22}" + "".join(f"{figure:>12.1f}" for figure in figures), flush=True)
    print(f"at most {LONGEST_MS} ms between two answers of the window; memory as before")


if __name__ == "__main__":
    main()
