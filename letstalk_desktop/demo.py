"""The demonstration: drives the real window off screen and leaves pictures and a PDF.

It reads, marks, writes, links, closes, opens again and exports, through the same actions as a reader, on a notebook of its
own in a temporary folder. It fails where the program does.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from letstalk_desktop.errors import WorldError
from letstalk_desktop.language import N_

if TYPE_CHECKING:
    from letstalk_desktop.ui.main_window import MainWindow

CHAPTER = "central-concepts"
PATIENCE = 60.0  # seconds that any one step may take on a slow machine

# words of the English chapter, action, note, concepts
PASSAGES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    (
        "An organizer begins with people, one at a time.",
        "kind-1",
        "Open the session with this: who would *you* call first?",
        ("one-to-one", "base-building"),
    ),
    (
        "“power before program”",
        "kind-4",
        "Ask the tenants’ association what they work on before we plan the survey.",
        ("community-power",),
    ),
    (
        "Three words describe these people",
        "kind-3",
        "Which of the three are our advisory members?",
        ("constituency",),
    ),
    (
        "Brian Christens describes this building of public relationships as an intervention in itself",
        "kind-2",
        "For the briefing note.",
        (),
    ),
    ("a word that sounds selfish but is not meant that way", "kind-5", "", ()),
)


def run_demo(folder: str) -> int:
    """Leave pictures and a PDF in ``folder`` and print their paths. Raises WorldError where a step fails."""
    out = Path(folder).absolute()
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WorldError(
            N_("The folder {folder} cannot be made ({reason}); choose another."), folder=out, reason=error.strerror
        ) from error
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import qInstallMessageHandler

    qInstallMessageHandler(_on_qt_message)
    with tempfile.TemporaryDirectory(prefix="letstalk-demo-") as base:
        made = _Demo(Path(base), out).run()
    for path in made:
        print(path)
    return 0


def _on_qt_message(_kind: object, _context: object, message: str) -> None:
    """Print what Qt says, without what it always says off screen."""
    if not message.startswith("This plugin does not support"):
        print(message, file=sys.stderr)


class _Demo:
    def __init__(self, base: Path, out: Path) -> None:
        from letstalk_desktop.paths import find_paths

        self.paths = find_paths(str(base))
        self.out = out
        self.made: list[Path] = []

    def run(self) -> list[Path]:
        """Two sessions on one notebook, as on two days."""
        from letstalk_desktop.app import Application

        first = Application([], self.paths)
        window = first.window
        window.change_settings(theme="light", hint_seen=True, interface_language="en", reader_name="S. Reader")
        first.start("community-organizing")
        window.resize(1360, 890)
        self.wait(window.desk.is_open, "the notebook opens")
        window.open_chapter(CHAPTER)
        for words, action, note, concepts in PASSAGES:
            self.mark(window, words, action, note, concepts)
        self.wait(lambda: not window.desk.waiting, "everything is saved")
        window.reading.page.clear_selection()
        window.go_to_locator("3.2")
        self.pause(1800)
        self.picture(window, "window-light")
        before = {one.id: (one.anchor.start, one.anchor.end, one.note) for one in window.reading.annotations()}
        where = window.reading.here()
        window.close()

        second = Application([], self.paths)
        window = second.window
        second.start()
        window.resize(1360, 890)
        self.wait(window.desk.is_open, "the notebook opens again")
        self.wait(lambda: len(window.reading.annotations()) == len(before), "every mark is back")
        after = {one.id: (one.anchor.start, one.anchor.end, one.note) for one in window.reading.annotations()}
        self.expect(before == after, "the marks are as they were")
        here = window.reading.here()
        self.expect(where is not None and here is not None and where.block == here.block, "the window opens at the same words")
        window.change_settings(theme="dark")
        self.picture(window, "window-dark")
        window.change_settings(theme="light", text_size=200)
        self.picture(window, "window-200-per-cent")
        window.change_settings(text_size=100)
        window.resize(900, 800)
        self.picture(window, "window-narrow")
        window.resize(1360, 890)
        if len(window.desk.shelf.resource("community-organizing").languages) > 1:
            window.switch_language()
            self.picture(window, "window-french-text")
            window.switch_language()
        self.export(window)
        window.close()
        return self.made

    def mark(self, window: MainWindow, words: str, action: str, note: str, concepts: tuple[str, ...]) -> None:
        """Select words, press the kind's key, write beside them, link concepts."""
        reading = window.reading
        chapter = reading.chapter
        self.expect(chapter is not None and words in chapter.text, f"the chapter has the words “{words}”")
        assert chapter is not None
        start = chapter.text.index(words)
        reading.page.select_span(start, start + len(words))
        window.actions_table.by_id[action].trigger()
        one = reading.current_annotation()
        self.expect(one is not None and one.anchor.exact == words, "the selected words are marked")
        assert one is not None
        if note:
            window.actions_table.by_id["add-note"].trigger()
            self.pause(50)
            card = reading.margin.card_of(one.id)
            self.expect(card is not None and card.editor is not None, "the note’s editor opens")
            if card is not None and card.editor is not None:
                card.editor.insertPlainText(note)
                card.finish_editing()
        if concepts:
            latest = window.desk.annotation(one.id)
            assert latest is not None
            window.desk.set_concepts(latest, concepts, window)

    def export(self, window: MainWindow) -> None:
        """The annotated summary as a PDF."""
        from letstalk_desktop.ui.export_run import ExportRun, default_choices

        choices = default_choices(window)
        assert choices is not None
        target = self.out / "summary.pdf"
        ended: list[bool] = []
        run = ExportRun(window, choices, target)
        run.finished.connect(ended.append)
        run.start()
        self.wait(lambda: bool(ended), "the summary is written")
        self.expect(ended == [True] and target.read_bytes().startswith(b"%PDF-"), "the summary is a PDF")
        self.made.append(target)

    def picture(self, window: MainWindow, name: str) -> None:
        """A picture of the window as it is now."""
        self.pause(350)
        target = self.out / f"{name}.png"
        if not window.grab().save(str(target)):
            raise WorldError(N_("The picture {file} could not be written."), file=target)
        self.made.append(target)

    @staticmethod
    def pause(milliseconds: int) -> None:
        """Let the window work."""
        from PySide6.QtCore import QEventLoop, QTimer

        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def wait(self, condition: Callable[[], bool], what: str) -> None:
        """Until something is so."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > deadline:
                self.expect(False, what)
            self.pause(15)

    @staticmethod
    def expect(condition: bool, what: str) -> None:
        """Stop where the program does not do what it should."""
        if not condition:
            print(f"demo: failed at: {what}", file=sys.stderr)
            raise WorldError(N_("The demonstration stopped: it expected that {what}."), what=what)
