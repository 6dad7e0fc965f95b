"""The process that makes whole documents for the window (``exporting/maker.py``): notebook in, file or pages out.

It ends when its input ends, also in the middle of its work: then nothing of the document is left, unless the file was
already being put in its place.
"""

from __future__ import annotations

import os
import threading
import traceback
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path
from queue import SimpleQueue
from typing import IO, TYPE_CHECKING

from letstalk_desktop.exporting.child import Engine
from letstalk_desktop.exporting.process import Message, pipes, receive, send
from letstalk_desktop.paths import Paths

if TYPE_CHECKING:
    from letstalk_desktop.exporting.gathering import Workshop
    from letstalk_desktop.exporting.maker import Wish
    from letstalk_desktop.exporting.reader_templates import ReaderTemplate


def main(words: list[str]) -> int:
    """Make what is asked for until the input ends. ``words``: the folders of ``Paths``."""
    paths = Paths(*map(Path, words))
    with pipes() as (source, target):
        making = Making(paths, target)
        requests: SimpleQueue[Message] = SimpleQueue()
        threading.Thread(target=_listen, args=(source, requests, making), daemon=True).start()
        _load()
        while True:
            making.answer(requests.get())


def _load() -> None:
    """What every document needs, before it is asked for."""
    from letstalk_desktop.exporting import gathering, summary_json
    from letstalk_desktop.storage import notebook

    _ = gathering, summary_json, notebook


def _listen(source: IO[bytes], requests: SimpleQueue[Message], making: Making) -> None:
    """Take requests while the document before is made; the end of the input is the end of everything."""
    try:
        while request := receive(source):
            requests.put(request)
    finally:
        making.end()


class Making:
    """Answers requests, one after the other."""

    def __init__(self, paths: Paths, target: IO[bytes]) -> None:
        self._paths, self._target = paths, target
        self._finishing = threading.Lock()  # held while a file is put in its place and told
        self._engines: dict[Path | None, Engine] = {}
        self._engine_for(None)  # it loads while this process does
        self._shelves: dict[Path, Workshop] = {}

    def end(self) -> None:
        """End this process and those it has started."""
        with self._finishing:
            for engine in list(self._engines.values()):
                engine.close()
            os._exit(0)

    def answer(self, request: Message) -> None:
        """Make what is asked for and say so, or why not."""
        from letstalk_desktop.errors import LetsTalkError
        from letstalk_desktop.exporting.maker import wish_of
        from letstalk_desktop.exporting.process import told

        try:
            wish = wish_of(request.head)
            if request.head["do"] == "file":
                self._file(wish, Path(request.head["path"]))
            else:
                self._pages(wish, request.head["ppi"], request.head["shown"], request.head["opening"])
        except LetsTalkError as error:
            send(self._target, told(error))
        except Exception:  # a fault of ours: the window reports it
            send(self._target, Message({"fault_of_ours": traceback.format_exc()}))

    def _file(self, wish: Wish, path: Path) -> None:
        from letstalk_desktop.commands.notebooks import now
        from letstalk_desktop.exporting.documents import make_document, put_document
        from letstalk_desktop.exporting.gathering import gather, read_notes
        from letstalk_desktop.storage.notebook import Notebook

        workshop, template = self._workshop(wish), self._template(wish)
        moment = now()
        with closing(Notebook.open(self._paths.notebook, now=moment)) as notebook:
            notes = read_notes(notebook, wish.choices.resource)
            material = gather(notes, workshop, wish.choices, moment, notebook.kept_text)
        material = replace(material, engine=self._engine_for(template), template=template, obsidian=wish.obsidian)
        written = make_document(path, material)
        with self._finishing:
            put_document(path, written)
            more = {name: getattr(written, name) for name in ("replaced", "homeless", "template", "plain", "fetched")}
            given = asdict(written.given) if written.given is not None else None
            send(self._target, Message({"counts": asdict(written.counts), "given": given, **more}))

    def _pages(self, wish: Wish, ppi: int, shown: int, briefly: bool) -> None:
        from letstalk_desktop.commands.notebooks import now
        from letstalk_desktop.exporting.documents import preview
        from letstalk_desktop.exporting.gathering import read_notes, summary_of
        from letstalk_desktop.storage.notebook import Notebook

        workshop, template = self._workshop(wish), self._template(wish)
        moment = now()
        with closing(Notebook.open(self._paths.notebook, now=moment)) as notebook:
            notes = read_notes(notebook, wish.choices.resource)
        summary = summary_of(notes, workshop, wish.choices, moment)
        made = preview(summary, self._engine_for(template), template, ppi, shown, briefly=briefly)
        send(self._target, Message({"counts": asdict(made.counts), "total": made.total}, made.pages))

    def _template(self, wish: Wish) -> ReaderTemplate | None:
        from letstalk_desktop.exporting.reader_templates import ReaderTemplate

        return ReaderTemplate(self._paths.templates, wish.template) if wish.template else None

    def _engine_for(self, template: ReaderTemplate | None) -> Engine:
        folder = template.folder if template is not None else None
        if folder not in self._engines:
            fonts, ours = self._paths.fonts, self._paths.resources / "typst"
            self._engines[folder] = Engine(fonts, folder or ours, own=folder is not None)
        return self._engines[folder]

    def _workshop(self, wish: Wish) -> Workshop:
        """Where the resource is made into documents: it stands in the folder from which the window has it."""
        from letstalk_desktop.exporting.gathering import Workshop
        from letstalk_desktop.library.shelf import Shelf

        if wish.folder not in self._shelves:
            paths = self._paths
            shelf = Shelf([], paths.compiled, paths.locale)
            shelf.add(wish.folder)
            self._shelves[wish.folder] = Workshop(shelf, paths.locale, paths.fonts, paths.resources / "typst")
        return self._shelves[wish.folder]
