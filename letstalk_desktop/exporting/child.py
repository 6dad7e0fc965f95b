"""Typst in a process of its own, which can be killed: an export never stops the window and never outlives a cancel.

Readers' own templates run in a child too, which serves nothing else and has limits (``own_templates.py``).

Parent and child talk over pipes. A request is one line of JSON (``shape``, ``image_ppi``, and the lengths in bytes of
``document`` and ``attachment``) followed by these; a reply is one line (``replaced`` and the ``lengths`` of its files, or
``error`` with its fields, or ``fault`` of a template) followed by the files. The child ends when its input ends. Nothing is
written to disk.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from letstalk_desktop.errors import ExportError
from letstalk_desktop.exporting.rendered import Rendered
from letstalk_desktop.exporting.template_files import TemplateFault
from letstalk_desktop.language import N_

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator

    from letstalk_desktop.exporting.model import Summary
    from letstalk_desktop.exporting.own_templates import OwnTemplates
    from letstalk_desktop.exporting.pdf import Typesetter

PRIVATE_ARGUMENT = "--letstalk-typeset"
_OWN = "--own-templates"
SECONDS = 90  # what a reader's template may take for a document
_PACKAGE_FOLDER = Path(__file__).resolve().parents[2]
# Should anything ever try the network from here, it finds a closed door.
_CLOSED = "http://127.0.0.1:9"


class ExportCancelled(ExportError):
    """The reader cancelled; nothing was written."""

    def __init__(self) -> None:
        super().__init__(N_("The export was cancelled. Nothing was written."))


def command() -> list[str]:
    """How to start the child: the program itself in a frozen build, else this module."""
    if getattr(sys, "frozen", False):
        return [sys.executable, PRIVATE_ARGUMENT]
    return [sys.executable, "-m", __name__ if __name__ != "__main__" else "letstalk_desktop.exporting.child"]


class Engine:
    """A child process that sets documents. Starts at once, so that it loads while the summary is made.

    ``render`` blocks and may be called from one thread at a time; ``cancel`` and ``interrupt`` from any thread. After an
    interruption or a crash the next ``render`` starts a new child; after ``cancel`` there is no next one.
    """

    def __init__(self, fonts: Path, templates: Path, *, own: bool = False) -> None:
        """``own``: the templates are a reader's; then ``typeset`` takes the name of a file for a shape."""
        import threading  # here and below: the child itself runs this file and should start fast

        self._own = own
        self._words = [*([_OWN] if own else []), str(fonts), str(templates)]
        self._late = False  # the template has taken too long
        self._lock = threading.Lock()
        self._cancelled = False  # for good
        self._interrupted = False  # the document under way
        self._busy = False
        self._process: subprocess.Popen[bytes] | None = self._launch()

    def render(self, summary: Summary, *, attachment: bytes | None = None, image_ppi: float | None = None) -> Rendered:
        """The document of a summary: a PDF, or with ``image_ppi`` a PNG per page. ``attachment``: the notes as JSON (UTF-8).

        Raises ``ExportError``; ``ExportCancelled`` where ``cancel`` was called meanwhile.
        """
        from letstalk_desktop.exporting.summary_json import to_json  # not needed in the child

        document = json.dumps(to_json(summary), ensure_ascii=False)
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
        data = document.encode("utf-8", "surrogatepass")
        head = {
            "shape": shape,
            "image_ppi": image_ppi,
            "document": len(data),
            "attachment": None if attachment is None else len(attachment),
        }
        request = json.dumps(head).encode("ascii") + b"\n" + data + (attachment or b"")
        process = self._begin()
        try:
            with self._limit(seconds):
                reply = _ask(process, request)
        except (OSError, EOFError, ValueError) as error:
            self._stop(process)
            interrupted = self._end()
            if self._late and not self._cancelled:
                raise TemplateFault(
                    shape, 0, N_("it was not done after {seconds} seconds and was stopped"), seconds=round(seconds)
                ) from None
            if interrupted:
                raise ExportCancelled from None
            if self._own:
                raise TemplateFault(shape, 0, N_("it needs more memory than templates may have")) from error
            raise ExportError(
                N_("The part of the program that makes PDFs stopped. Try again with fewer passages, or restart the program.")
            ) from error
        except BaseException:  # interrupted: what the child still says would be taken for the next answer
            self._stop(process)
            self._end()
            raise
        self._end()
        if isinstance(reply, ExportError):
            raise reply
        return reply

    @contextlib.contextmanager
    def _limit(self, seconds: float) -> Iterator[None]:
        """Kill the child where a reader's template takes longer."""
        import threading

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
        self._cancelled = True
        self.interrupt()

    def interrupt(self) -> None:
        """Kill the child; a ``render`` under way raises ``ExportCancelled``, the next one is made as usual."""
        with self._lock:
            process, self._process = self._process, None
            self._interrupted = busy = self._busy
        if process is None:
            return
        if busy:
            process.kill()  # the thread in ``render`` clears up
        else:
            self._stop(process)

    def close(self) -> None:
        """End the child at once; it holds nothing that could be lost."""
        self.cancel()

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _begin(self) -> subprocess.Popen[bytes]:
        """The child that takes the next document; a new one where the last has ended."""
        with self._lock:
            if self._cancelled:
                raise ExportCancelled
            process = self._process
            if process is None or process.poll() is not None:
                if process is not None:
                    self._stop(process)
                process = self._process = self._launch()
            self._busy, self._interrupted = True, False
            return process

    def _end(self) -> bool:
        """Whether the document that ends here was interrupted."""
        with self._lock:
            self._busy = False
            return self._interrupted

    def _launch(self) -> subprocess.Popen[bytes]:
        import subprocess

        environment = {name: value for name, value in os.environ.items() if name.lower() != "no_proxy"}
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            environment[name] = environment[name.upper()] = _CLOSED
        if not getattr(sys, "frozen", False):
            known = environment.get("PYTHONPATH")
            environment["PYTHONPATH"] = os.pathsep.join([str(_PACKAGE_FOLDER), *([known] if known else [])])
        try:
            return subprocess.Popen(
                [*command(), *self._words],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            raise ExportError(
                N_("The part of the program that makes PDFs could not be started: {what}"), what=error.strerror or error
            ) from error

    @staticmethod
    def _stop(process: subprocess.Popen[bytes]) -> None:
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # what was not yet written to a dead child
                    pipe.close()
        process.wait()


def _ask(process: subprocess.Popen[bytes], request: bytes) -> Rendered | ExportError:
    if process.stdin is None or process.stdout is None:
        raise EOFError
    process.stdin.write(request)
    process.stdin.flush()
    return _read_reply(process.stdout)


def render(summary: Summary, fonts: Path, templates: Path, *, attachment: bytes | None = None) -> Rendered:
    """One document through a child of its own."""
    with Engine(fonts, templates) as engine:
        return engine.render(summary, attachment=attachment)


def main(arguments: list[str]) -> int:
    """The child: sets documents until its input ends. ``arguments``: the folders of fonts and templates."""
    with os.fdopen(os.dup(0), "rb") as source, os.fdopen(os.dup(1), "wb") as target:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)  # what a library prints must not mix with replies
        os.close(nowhere)
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
    while line := source.readline():
        head = json.loads(line)
        document = source.read(head["document"]).decode("utf-8", "surrogatepass")
        attachment = source.read(head["attachment"]) if head["attachment"] is not None else None
        try:
            if typesetter is None:
                raise failure
            made = typesetter.typeset(document, head["shape"], attachment=attachment, image_ppi=head["image_ppi"])
        except TemplateFault as fault:
            details = {name: str(value) for name, value in fault.details.items()}
            _reply(target, {"fault": [fault.file, fault.line, fault.what], "details": details}, ())
        except ExportError as error:
            fields = {name: str(value) for name, value in error.fields.items()}
            _reply(target, {"error": error.template, "fields": fields}, ())
        else:
            lengths = [len(part) for part in made.content]
            _reply(target, {"replaced": dict(made.replaced), "plain": made.plain, "lengths": lengths}, made.content)


def _reply(target: IO[bytes], head: dict[str, Any], files: tuple[bytes, ...]) -> None:
    target.write(json.dumps(head).encode("ascii") + b"\n")
    for part in files:
        target.write(part)
    target.flush()


def _read_reply(source: IO[bytes]) -> Rendered | ExportError:
    line = source.readline()
    if not line:
        raise EOFError
    head = json.loads(line)
    if "fault" in head:
        return TemplateFault(*head["fault"], **head["details"])
    if "error" in head:
        return ExportError(head["error"], **head["fields"])
    files = tuple(source.read(length) for length in head["lengths"])
    if [len(part) for part in files] != head["lengths"]:
        raise EOFError
    return Rendered(files, head["replaced"], head["plain"])


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
