"""A process that makes whole documents, from the notebook to the file: the window keeps its memory and stays quick.

The process itself is ``commands/making.py``. A request is a ``Wish`` with ``do``: ``file`` (``path``) or ``pages`` (``ppi``,
``shown``); an answer is what was written, or the pages, or the error. Only what is shown crosses over.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from letstalk_desktop.annotations.model import Kind
from letstalk_desktop.errors import ExportError
from letstalk_desktop.exporting.documents import Preview, Written
from letstalk_desktop.exporting.model import Choices, Counts, Include, Order, Paper, Shape
from letstalk_desktop.exporting.process import MAKE, Broken, Child, ExportCancelled, Message, raise_told
from letstalk_desktop.language import N_


class Wish(NamedTuple):
    """Which document. ``folder`` is that of the resource, ``template`` the file's name of the reader's own, or ''."""

    choices: Choices
    folder: Path
    template: str = ""
    obsidian: bool = False


def command() -> list[str]:
    """How to start the process: the program itself."""
    start = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "letstalk_desktop"]
    return [*start, MAKE]


class Maker:
    """Makes documents in a process of its own; which thread may call what is said at ``Child``."""

    def __init__(self, folders: Sequence[Path]) -> None:
        """``folders``: the program's ``Paths``, in their order."""
        words = [str(folder) for folder in folders]
        self._child = Child(lambda: [*command(), *words], gentle=True)

    def write(self, wish: Wish, path: Path) -> Written:
        """Write the document and read it back; what it holds, without its bytes.

        Raises the error of the process; ``ExportCancelled`` where it was cancelled before the file was put in its place.
        """
        head = self._ask({"do": "file", **_record(wish), "path": str(path)}).head
        given = Counts(**head["given"]) if head["given"] else None
        return Written(b"", **{**head, "counts": Counts(**head["counts"]), "given": given, "fetched": tuple(head["fetched"])})

    def pages(self, wish: Wish, ppi: int, shown: int, *, opening: bool = False) -> Preview:
        """The first pages, so many as are ``shown`` (0: all), at a resolution in pixels per inch. Raises as ``write``.

        ``opening``: of a long document only its opening is made.
        """
        answer = self._ask({"do": "pages", **_record(wish), "ppi": ppi, "shown": shown, "opening": opening})
        return Preview(answer.parts, answer.head["total"], Counts(**answer.head["counts"]))

    def _ask(self, request: dict[str, Any]) -> Message:
        try:
            answer = self._child.ask(Message(request))
        except Broken as broken:
            if broken.interrupted:
                raise ExportCancelled from None
            raise ExportError(
                N_("The part of the program that makes documents stopped. Try again with fewer passages.")
            ) from broken
        raise_told(answer.head)
        if "fault_of_ours" in answer.head:
            raise RuntimeError(answer.head["fault_of_ours"])
        return answer

    def interrupt(self) -> None:
        """Stop what is made; the next document is made as usual."""
        self._child.interrupt()

    def cancel(self) -> None:
        """Stop for good. A file that is already in its place stays, and is told."""
        self._child.cancel()

    close = cancel


def _record(wish: Wish) -> dict[str, Any]:
    return {"choices": asdict(wish.choices), "folder": str(wish.folder), "template": wish.template, "obsidian": wish.obsidian}


def wish_of(record: Mapping[str, Any]) -> Wish:
    """The wish in a request."""
    found = record["choices"]
    lists = {name: tuple(found[name]) for name in ("chapters", "concepts", "ids")}
    choices = Choices(
        **{
            **found,
            **lists,
            "shape": Shape(found["shape"]),
            "kinds": tuple(map(Kind, found["kinds"])),
            "order": Order(found["order"]),
            "include": Include(**found["include"]),
            "paper": Paper(found["paper"]),
        }
    )
    return Wish(choices, Path(record["folder"]), record["template"], record["obsidian"])
