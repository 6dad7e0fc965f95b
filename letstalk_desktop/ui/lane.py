"""A lane: work in a background thread, one piece after the other; answers arrive in the window's thread."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor


class Lane(QObject):
    """One thread, made when it is first needed. After ``close`` no answer arrives any more."""

    _finished = Signal(object, object, object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._thread: ThreadPoolExecutor | None = None
        self.closed = False
        self._finished.connect(self._on_finished)

    def _executor(self) -> ThreadPoolExecutor:
        if self._thread is None:
            from concurrent.futures import ThreadPoolExecutor  # not before the first page is shown

            self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=self._name)
        return self._thread

    def run(self, work: Callable[[], Any], then: Callable[[Any], None], failed: Callable[[Exception], None]) -> None:
        """Run ``work`` in the lane, then ``then`` with its result or ``failed`` with its exception, in this thread."""
        if self.closed:
            return

        def task() -> None:
            try:
                result = work()
            except Exception as error:  # handed over, to be shown or logged there
                self._finished.emit(failed, None, error)
            else:
                self._finished.emit(then, result, None)

        self._executor().submit(task)

    def _on_finished(self, receiver: Callable[[Any], None], result: Any, error: Any) -> None:
        if not self.closed and not _gone(receiver):
            receiver(error if error is not None else result)

    def close(self) -> None:
        """Wait for what runs; nothing more is run and no answer given."""
        if self._thread is not None:
            self._thread.submit(lambda: None).result()
        self.closed = True
        if self._thread is not None:
            self._thread.shutdown(wait=True)


def _gone(receiver: Callable[[Any], None]) -> bool:
    """Whether who asked was closed before the answer came: a method of a window that exists no more."""
    while isinstance(receiver, partial):
        receiver = receiver.func
    owner = getattr(receiver, "__self__", None)
    return isinstance(owner, QObject) and not isValid(owner)
