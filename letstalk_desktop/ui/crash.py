"""When something of ours goes wrong: it is logged, said politely, and the window goes on."""

from __future__ import annotations

import faulthandler
import logging
import sys
import threading
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

log = logging.getLogger("letstalk")


class CrashHandler:
    """Owns the log file, the fault file and the hooks."""

    def __init__(self, folder: Path) -> None:
        self._tell: Callable[[str], None] | None = None
        self._fault_file = None
        self.path = folder / "letstalk.log"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            handler: logging.Handler = RotatingFileHandler(self.path, maxBytes=500_000, backupCount=2, encoding="utf-8")
            self._fault_file = (folder / "fault.log").open("a", encoding="utf-8")
            faulthandler.enable(self._fault_file)
        except OSError:
            handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        log.addHandler(handler)
        log.setLevel(logging.INFO)
        self._handler = handler

    def install(self, tell: Callable[[str], None]) -> None:
        """Log what nobody caught and tell the reader once per kind of error."""
        self._tell = tell
        self._told: set[str] = set()
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        qInstallMessageHandler(self._on_qt_message)

    def _on_exception(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.exit(1)
        log.error("uncaught", exc_info=(kind, error, trace))
        sys.__excepthook__(kind, error, trace)
        summary = f"{kind.__name__}: {error}"
        if self._tell is not None and summary not in self._told:
            self._told.add(summary)
            self._tell(summary)

    def _on_thread_exception(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            self._on_exception(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)

    @staticmethod
    def _on_qt_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        level = logging.INFO if kind in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg) else logging.WARNING
        log.log(level, "Qt: %s", message)

    def remove(self) -> None:
        """Put everything back."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        qInstallMessageHandler(None)
        log.removeHandler(self._handler)
        self._handler.close()
        if self._fault_file is not None:
            faulthandler.disable()
            self._fault_file.close()
