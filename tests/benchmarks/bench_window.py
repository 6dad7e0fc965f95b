"""The window against an empty one, in one run: launch, memory, change of chapter, a highlight, scrolling 10,000 highlights.

``python -m tests.benchmarks.bench_window``. Launch and memory are whole processes, taken in turns, smallest of several; under
Xvfb where there is one (``xvfb-run``), else on the offscreen platform.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROUNDS = 9

EMPTY = """
import sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow, QTextBrowser
class Browser(QTextBrowser):
    told = False
    def paintEvent(self, event):
        super().paintEvent(event)
        if not self.told:
            self.told = True
            QTimer.singleShot(0, painted)
def painted():
    print("painted", time.time(), flush=True)
    QTimer.singleShot(WAIT, leave)
def leave():
    print(open("/proc/self/smaps_rollup").read() if sys.platform == "linux" else "", flush=True)
    application.quit()
application = QApplication([])
window = QMainWindow()
browser = Browser()
browser.setPlainText("A page.")
window.setCentralWidget(browser)
window.resize(1360, 890)
window.show()
application.exec()
"""

# The program as a reader starts it. Its own marks: the page painted, and (OPEN) the notebook's highlights on it.
OURS = """
import sys, time
from letstalk_desktop import cli
def leave():
    print(open("/proc/self/smaps_rollup").read() if sys.platform == "linux" else "", flush=True)
    from PySide6.QtWidgets import QApplication
    QApplication.instance().quit()
def watch():
    import gc
    gc.disable()  # as cli.py does before it imports what follows
    from PySide6.QtCore import QTimer
    from letstalk_desktop.app import Application
    def painted(application):
        if application._goes_on:
            return
        QTimer.singleShot(0, lambda: print("painted", time.time(), flush=True))
        if not OPEN:
            QTimer.singleShot(WAIT, leave)
            return
        go_on(application)
        marked(application)
    def marked(application):
        if application.is_complete and application.window.reading.annotations():
            print("marked", time.time(), flush=True)
            QTimer.singleShot(WAIT, leave)
        else:
            QTimer.singleShot(5, lambda: marked(application))
    go_on = Application._on_first_painted
    Application._on_first_painted = painted
watch()
cli.main(["--basedir", sys.argv[1]])
"""


@contextlib.contextmanager
def screen() -> Iterator[dict[str, str]]:
    """An environment with a screen: a virtual one where Xvfb is installed."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    if shutil.which("Xvfb") is None:
        yield environment | {"QT_QPA_PLATFORM": "offscreen"}
        return
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1600x1000x24"], pass_fds=[writing], stderr=subprocess.DEVNULL
    )
    os.close(writing)
    display = ""
    while not display.endswith("\n"):  # the number may come in two pieces
        display += os.read(reading, 20).decode()
    display = display.strip()
    os.close(reading)
    environment.pop("QT_QPA_PLATFORM", None)
    try:
        yield environment | {"DISPLAY": f":{display}"}
    finally:
        server.terminate()
        server.wait()


def measure(code: str, environment: dict[str, str], *words: str) -> dict[str, float]:
    """Seconds from the start of the process to each mark it prints, and its memory (PSS) in MB."""
    start = time.time()
    done = subprocess.run([sys.executable, "-c", code, *words], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    found = {name: float(when) - start for name, when in re.findall(r"^(painted|marked) ([0-9.]+)$", done.stdout, re.M)}
    memory = re.search(r"^Pss:\s+(\d+) kB", done.stdout, re.M)
    found["memory"] = int(memory.group(1)) / 1024 if memory else float("nan")
    return found


def launch_and_memory() -> list[tuple[str, str, str]]:
    """Empty window, ours without and with the notebook, in turns."""
    with screen() as environment, tempfile.TemporaryDirectory() as base:
        fill(base)
        codes = {
            "empty": EMPTY.replace("WAIT", "400"),
            "page": OURS.replace("WAIT", "400").replace("OPEN", "False"),
            "open": OURS.replace("WAIT", "400").replace("OPEN", "True"),
        }
        results: dict[str, list[dict[str, float]]] = {name: [] for name in codes}
        for _ in range(ROUNDS):
            for name, code in codes.items():
                results[name].append(measure(code, environment, base))

    def best(name: str, what: str) -> float:
        return min(result[what] for result in results[name][1:])

    empty, page = best("empty", "painted"), best("page", "painted")
    later = min(result["marked"] - result["painted"] for result in results["open"][1:])
    memory = {name: best(name, "memory") for name in codes}

    def megabytes(name: str) -> str:
        return f"{memory[name]:.0f} / {memory['empty']:.0f} MB = {memory[name] / memory['empty']:.2f} ×"

    return [
        ("launch to readable page", f"{page:.3f} s / {empty:.3f} s = {page / empty:.2f} ×", "1.5 ×"),
        ("highlights on the page after that", f"{later:.3f} s", "0.4 s"),
        ("memory, page shown", megabytes("page"), "1.9 ×"),
        ("memory, notebook open", megabytes("open"), "3.2 ×"),
    ]


def fill(base: str) -> None:
    """A notebook with a chapter full of highlights, where the window will open."""
    from datetime import UTC, datetime

    from letstalk_desktop.annotations.model import Annotation, AnnotationType, Operation
    from letstalk_desktop.annotations.places import anchor_at, kept_text
    from letstalk_desktop.app import make_shelf
    from letstalk_desktop.paths import find_paths
    from letstalk_desktop.settings import Settings, save_settings
    from letstalk_desktop.storage.notebook import Notebook

    paths = find_paths(base)
    save_settings(paths.config / "settings.json", Settings(hint_seen=True, theme="light", interface_language="en"))
    chapter = make_shelf(paths).chapter("community-organizing", "start-here", "en")
    marks = []
    for number in range(200):
        start = number * (len(chapter.text) - 60) // 200
        anchor = anchor_at(chapter, start, start + 40)
        note = f"Note {number}" if number % 4 == 0 else ""
        marks.append(Annotation(f"00000000-0000-4000-8000-{number:012d}", AnnotationType.HIGHLIGHT, anchor, note=note))
    now = datetime.now(UTC)
    notebook = Notebook.open(paths.notebook, now=now)
    notebook.apply(Operation("o", "g", "Add highlight", annotations=tuple(marks), texts=(kept_text(chapter),)), now=now)
    notebook.close()


def in_one_window() -> list[tuple[str, str, str]]:
    """Change of chapter, a highlight, and scrolling, in one window of this process."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QEventLoop, QTimer

    from letstalk_desktop.annotations.model import Kind
    from letstalk_desktop.app import Application
    from letstalk_desktop.paths import find_paths

    def pause(milliseconds: int) -> None:
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def until(condition: Callable[[], bool]) -> None:
        while not condition():
            pause(5)

    rows = []
    with tempfile.TemporaryDirectory() as base:
        fill(base)
        application = Application([], find_paths(base))
        window = application.window
        application.start("community-organizing")
        window.resize(1360, 890)
        until(window.desk.is_open)
        until(lambda: len(window.reading.annotations()) == 200)

        window.open_chapter("central-concepts")
        pause(100)
        times = []
        for _ in range(20):
            start = time.perf_counter()
            window.open_chapter("start-here")
            until(lambda: len(window.reading.annotations()) == 200)
            window.reading.page.viewport().repaint()
            times.append(time.perf_counter() - start)
            window.open_chapter("central-concepts")
            pause(20)
        rows.append(("change to a chapter with 200 highlights, painted", _spread(times), "50 ms"))

        times = []
        chapter = window.reading.chapter
        assert chapter is not None
        for number in range(60):
            start = time.perf_counter()
            window.desk.add_highlight(chapter, 100 + number * 40, 130 + number * 40, Kind.KEY)
            window.reading.page.viewport().repaint()
            until(lambda: not window.desk.waiting)
            times.append(time.perf_counter() - start)
        rows.append(("a highlight made, painted, on disk", _spread(times), "50 ms"))
        rows.append(("10,000 highlights in 3 MB: a scrolled frame", _spread(_frames(window)), "16 ms at p99"))
        window.close()
    return rows


def _frames(window: object) -> list[float]:
    from letstalk_desktop.library.chapters import sections_of
    from letstalk_desktop.library.model import Block, BlockKind, Chapter
    from letstalk_desktop.ui.decorations import HIGHLIGHTS, Decoration
    from letstalk_desktop.ui.document import PageDocument
    from letstalk_desktop.ui.main_window import MainWindow

    assert isinstance(window, MainWindow)
    sentence = "People who face the same injustice rarely have power one by one; they often have it together. "
    paragraph = (sentence * 6).strip()
    blocks, texts, at = [], [], 0
    for number in range(1, 3_000_000 // (len(paragraph) + 2) + 1):
        blocks.append(Block(f"b{number}", BlockKind.PARAGRAPH, number, at, at + len(paragraph)))
        texts.append(paragraph)
        at += len(paragraph) + 2
    text = "\n\n".join(texts)
    chapter = Chapter(
        "r", "1", "en", "long", "1", 1, "Long", "", (), text, tuple(blocks), (), (), tuple(sections_of(text, blocks)), (), "h"
    )
    reading = window.reading
    theme = reading.theme
    assert reading.page.page_document is not None
    document = PageDocument(
        chapter, reading.page.page_document.style, theme, window.translator, lambda key: 0, ROOT / "content"
    )
    reading.page.show_document(document)
    fill, stroke = theme.kinds[next(iter(theme.kinds))]
    step = len(text) // 10_000
    bands = [Decoration(str(n), n * step, n * step + step // 2, fill, stroke, "solid") for n in range(10_000)]
    reading.page.declare(HIGHLIGHTS, bands)
    bar = reading.page.verticalScrollBar()
    viewport = reading.page.viewport()
    viewport.repaint()
    times = []
    for frame in range(600):
        value = (frame * 7919 * 13) % max(bar.maximum(), 1) if frame % 3 == 0 else bar.value() + 90
        start = time.perf_counter()
        bar.setValue(value)
        viewport.repaint()
        times.append(time.perf_counter() - start)
    return times


def _spread(times: list[float]) -> str:
    ordered = sorted(times)
    p99 = ordered[min(len(ordered) - 1, round(len(ordered) * 0.99))]
    return f"median {ordered[len(ordered) // 2] * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms"


def main() -> None:
    """Print the table."""
    rows = launch_and_memory() + in_one_window()
    width = max(len(row[0]) for row in rows)
    for what, found, budget in rows:
        print(f"{what:<{width}}  {found:<42}  budget {budget}")


if __name__ == "__main__":
    main()
