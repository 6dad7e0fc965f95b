"""A process of the program's own that answers requests, one at a time, and can be stopped at any moment.

Parent and child talk over pipes. Whatever is sent either way is one line of JSON, which names the lengths in bytes of the
parts that follow it. The child ends when its input ends. Nothing is written to disk.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from letstalk_desktop import errors
from letstalk_desktop.errors import ExportError, LetsTalkError
from letstalk_desktop.exporting.template_files import TemplateFault
from letstalk_desktop.language import N_

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator, Sequence

MAKE = "--letstalk-make"  # with this argument the program is the process of ``maker.py``
PATIENCE = 5.0  # seconds until a child that should end by itself is killed
_PACKAGE_FOLDER = Path(__file__).resolve().parents[2]
# Should anything ever try the network from a child, it finds a closed door.
_CLOSED = "http://127.0.0.1:9"


class ExportCancelled(ExportError):
    """The reader cancelled; nothing was written."""

    def __init__(self) -> None:
        super().__init__(N_("The export was cancelled. Nothing was written."))


class Broken(Exception):
    """The child ended, or said what is no answer; ``interrupted`` where it was told to stop."""

    def __init__(self, interrupted: bool) -> None:
        super().__init__(f"interrupted: {interrupted}")
        self.interrupted = interrupted


class Message(NamedTuple):
    """What is sent: a head of plain values, and parts of bytes."""

    head: dict[str, Any]
    parts: tuple[bytes, ...] = ()


class Child:
    """One child at a time. It starts at once, so that it loads while the request is made.

    ``ask`` blocks and may be called from one thread at a time; ``cancel`` and ``interrupt`` from any thread. After an
    interruption or a crash the next ``ask`` starts a new child; after ``cancel`` there is no next one.
    """

    def __init__(self, command: Callable[[], Sequence[str]], *, gentle: bool = False) -> None:
        """``gentle``: at work the child is not killed, but ends by itself when its input ends."""
        import threading  # here and below: children themselves run this file and should start fast

        self._command, self._gentle = command, gentle
        self._lock = threading.Lock()
        self._cancelled = False  # for good
        self._interrupted = False  # what is under way
        self._busy = False
        self._process: subprocess.Popen[bytes] | None = _launch(command())

    @property
    def cancelled(self) -> bool:
        """Whether it was ended for good."""
        return self._cancelled

    def ask(self, request: Message) -> Message:
        """The child's answer. Raises ``Broken``; ``ExportCancelled`` where ``cancel`` was called before."""
        process = self._begin()
        try:
            if process.stdin is None or process.stdout is None:
                raise EOFError
            send(process.stdin, request)
            answer = receive(process.stdout)
            if answer is None:
                raise EOFError
        except (OSError, EOFError, ValueError, LookupError) as error:
            _stop(process)
            raise Broken(self._end()) from error
        except BaseException:  # interrupted: what the child still says would be taken for the next answer
            _stop(process)
            self._end()
            raise
        self._end()
        return answer

    def cancel(self) -> None:
        """End the child for good; every ``ask``, under way or still to come, fails."""
        self._cancelled = True
        self.interrupt()

    def interrupt(self) -> None:
        """End the child; what is under way is ``Broken``, the next request is answered as usual."""
        with self._lock:
            process, self._process = self._process, None
            self._interrupted = busy = self._busy
        if process is None:
            return
        if not busy:
            _stop(process)  # it holds nothing that could be lost
        elif self._gentle:
            _end_gently(process)
        else:
            process.kill()  # the thread in ``ask`` clears up

    def _begin(self) -> subprocess.Popen[bytes]:
        """The child that takes the next request; a new one where the last has ended."""
        with self._lock:
            if self._cancelled:
                raise ExportCancelled
            process = self._process
            if process is None or process.poll() is not None:
                if process is not None:
                    _stop(process)
                process = self._process = _launch(self._command())
            self._busy, self._interrupted = True, False
            return process

    def _end(self) -> bool:
        """Whether the request that ends here was interrupted."""
        with self._lock:
            self._busy = False
            return self._interrupted


def _launch(command: Sequence[str]) -> subprocess.Popen[bytes]:
    import subprocess

    environment = {name: value for name, value in os.environ.items() if name.lower() != "no_proxy"}
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        environment[name] = environment[name.upper()] = _CLOSED
    if not getattr(sys, "frozen", False):
        known = environment.get("PYTHONPATH")
        environment["PYTHONPATH"] = os.pathsep.join([str(_PACKAGE_FOLDER), *([known] if known else [])])
    try:
        return subprocess.Popen(
            list(command),
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


def _end_gently(process: subprocess.Popen[bytes]) -> None:
    """End its input, and kill it where it does not end by itself. The thread in ``ask`` clears up."""
    import threading

    if process.stdin is not None:
        with contextlib.suppress(OSError):
            process.stdin.close()
    late = threading.Timer(PATIENCE, process.kill)
    late.daemon = True
    late.start()


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):  # what was not yet written to a dead child
                pipe.close()
    process.wait()


def send(target: IO[bytes], message: Message) -> None:
    """Write a message. Raises ``OSError``, ``ValueError`` where nobody reads."""
    lengths = [len(part) for part in message.parts]
    target.write(json.dumps({**message.head, "lengths": lengths}).encode("ascii") + b"\n")
    for part in message.parts:
        target.write(part)
    target.flush()


def receive(source: IO[bytes]) -> Message | None:
    """The next message; None at the end. Raises ``EOFError`` where it breaks off, ``ValueError``, ``LookupError``."""
    line = source.readline()
    if not line:
        return None
    head = json.loads(line)
    lengths = head.pop("lengths", [])
    parts = tuple(source.read(length) for length in lengths)
    if [len(part) for part in parts] != lengths:
        raise EOFError
    return Message(head, parts)


def told(error: LetsTalkError) -> Message:
    """An error as an answer."""
    if isinstance(error, TemplateFault):
        return Message({"fault": [error.file, error.line, error.what], "details": _plain(error.details)})
    known = next(one for one in type(error).__mro__ if one.__module__ == errors.__name__)
    return Message({"error": error.template, "class": known.__name__, "fields": _plain(error.fields)})


def _plain(fields: dict[str, object]) -> dict[str, object]:
    return {name: value if isinstance(value, (int, float)) else str(value) for name, value in fields.items()}


def raise_told(head: dict[str, Any]) -> None:
    """Raise the error that an answer tells, if it tells one."""
    if "fault" in head:
        raise TemplateFault(*head["fault"], **head["details"])
    if "error" in head:
        raise getattr(errors, head.get("class", "ExportError"))(head["error"], **head["fields"])


@contextlib.contextmanager
def pipes() -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """In a child: where requests come from and answers go to. What a library prints does not mix with them."""
    with os.fdopen(os.dup(0), "rb") as source, os.fdopen(os.dup(1), "wb") as target:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.close(nowhere)
        yield source, target
