"""Typst in a process of its own, which can be killed: an export never stops the window and never outlives a cancel.

Readers' own templates run in a child too, which serves nothing else and has limits (``own_templates.py``).

A request has ``shape``, ``image_ppi`` and the parts document and, where notes travel inside, attachment; an answer
``replaced`` and ``plain`` with the files, or ``error`` with its fields, or the ``fault`` of a template.
"""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING

from letstalk_desktop.errors import ExportError
from letstalk_desktop.exporting.process import Broken, Child, ExportCancelled, Message, pipes, raise_told, receive, send, told
from letstalk_desktop.exporting.rendered import Rendered
from letstalk_desktop.exporting.template_files import TemplateFault
from letstalk_desktop.language import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

    from letstalk_desktop.exporting.model import Summary
    from letstalk_desktop.exporting.own_templates import OwnTemplates
    from letstalk_desktop.exporting.pdf import Typesetter

PRIVATE_ARGUMENT = "--letstalk-typeset"
_OWN = "--own-templates"
SECONDS = 90  # what a reader's template may take for a document


def command() -> list[str]:
    """How to start the child: the program itself in a frozen build, else this module."""
    if getattr(sys, "frozen", False):
        return [sys.executable, PRIVATE_ARGUMENT]
    return [sys.executable, "-m", __name__ if __name__ != "__main__" else "letstalk_desktop.exporting.child"]


class Engine:
    """A child process that sets documents; which thread may call what is said at ``Child``."""

    def __init__(self, fonts: Path, templates: Path, *, own: bool = False) -> None:
        """``own``: the templates are a reader's; then ``typeset`` takes the name of a file for a shape."""
        self._own = own
        words = [*([_OWN] if own else []), str(fonts), str(templates)]
        self._late = False  # the template has taken too long
        self._child = Child(lambda: [*command(), *words])

    def render(self, summary: Summary, *, attachment: bytes | None = None, image_ppi: float | None = None) -> Rendered:
        """The document of a summary: a PDF, or with ``image_ppi`` a PNG per page. ``attachment``: the notes as JSON (UTF-8).

        Raises ``ExportError``; ``ExportCancelled`` where ``cancel`` was called meanwhile.
        """
        from letstalk_desktop.exporting.summary_json import printed  # not needed in the child

        document = json.dumps(printed(summary), ensure_ascii=False)
        return self.typeset(document, summary.shape.value, attachment=attachment, image_ppi=image_ppi)

    def typeset(
        self,
        document: str,
        shape: str,
        *,
        attachment: bytes | None = None,
        image_ppi: float | None = None,
        seconds: float = SECONDS,
    ) -> Rendered:
        """As ``render``, from the JSON of a summary. A reader's template has so many ``seconds``."""
        parts = (document.encode("utf-8", "surrogatepass"), *([] if attachment is None else [attachment]))
        request = Message({"shape": shape, "image_ppi": image_ppi}, parts)
        try:
            with self._limit(seconds):
                answer = self._child.ask(request)
            raise_told(answer.head)
            return Rendered(answer.parts, answer.head["replaced"], answer.head["plain"])
        except Broken as broken:
            if self._late and not self._child.cancelled:
                raise TemplateFault(
                    shape, 0, N_("it was not done after {seconds} seconds and was stopped"), seconds=round(seconds)
                ) from None
            if broken.interrupted:
                raise ExportCancelled from None
            if self._own:
                raise TemplateFault(shape, 0, N_("it needs more memory than templates may have")) from broken
            raise ExportError(
                N_("The part of the program that makes PDFs stopped. Try again with fewer passages, or restart the program.")
            ) from broken

    @contextlib.contextmanager
    def _limit(self, seconds: float) -> Iterator[None]:
        """Kill the child where a reader's template takes longer."""
        import threading  # the child itself runs this file and should start fast

        self._late = False
        if not self._own:
            yield
            return
        clock = threading.Timer(seconds, self._stop_late)
        clock.daemon = True
        clock.start()
        try:
            yield
        finally:
            clock.cancel()
            clock.join()  # so that it does not kill what comes next

    def _stop_late(self) -> None:
        self._late = True
        self.interrupt()

    def cancel(self) -> None:
        """Kill the child for good; every ``render``, under way or still to come, raises ``ExportCancelled``."""
        self._child.cancel()

    def interrupt(self) -> None:
        """Kill the child; a ``render`` under way raises ``ExportCancelled``, the next one is made as usual."""
        self._child.interrupt()

    def close(self) -> None:
        """End the child at once; it holds nothing that could be lost."""
        self.cancel()

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def render(summary: Summary, fonts: Path, templates: Path, *, attachment: bytes | None = None) -> Rendered:
    """One document through a child of its own."""
    with Engine(fonts, templates) as engine:
        return engine.render(summary, attachment=attachment)


def main(arguments: list[str]) -> int:
    """The child: sets documents until its input ends. ``arguments``: the folders of fonts and templates."""
    with pipes() as (source, target):
        _serve(source, target, *map(Path, arguments[-2:]), own=_OWN in arguments[:-2])
    return 0


def _serve(source: IO[bytes], target: IO[bytes], fonts: Path, templates: Path, *, own: bool) -> None:
    typesetter: Typesetter | OwnTemplates | None = None
    failure = ExportError("")
    try:
        if own:
            from letstalk_desktop.exporting.own_templates import OwnTemplates

            typesetter = OwnTemplates(fonts, templates)
        else:
            from letstalk_desktop.exporting.pdf import Typesetter  # the parent has no need of Typst

            typesetter = Typesetter(fonts, templates)
    except ExportError as error:
        failure = error
    while request := receive(source):
        try:
            if typesetter is None:
                raise failure
            document = request.parts[0].decode("utf-8", "surrogatepass")
            attachment = request.parts[1] if len(request.parts) > 1 else None
            shape, image_ppi = request.head["shape"], request.head["image_ppi"]
            made = typesetter.typeset(document, shape, attachment=attachment, image_ppi=image_ppi)
        except ExportError as error:
            send(target, told(error))
        else:
            send(target, Message({"replaced": dict(made.replaced), "plain": made.plain}, made.content))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
