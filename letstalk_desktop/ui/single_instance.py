"""One window per notebook: a second start hands its request to the first, whose window comes to the front.

A local socket (a file or a pipe of this machine, of this user) carries one JSON line; nothing of it leaves the machine.
"""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QLockFile, QObject, Signal

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer, QLocalSocket


class SingleInstance(QObject):
    """Holds the lock of one data folder, or talks to the one who holds it."""

    requested = Signal(dict)

    def __init__(self, data: Path) -> None:
        super().__init__()
        self._server: QLocalServer | None = None
        self._data = data
        with contextlib.suppress(OSError):  # an unwritable folder is the notebook's to report
            data.mkdir(parents=True, exist_ok=True)
        self._lock = QLockFile(str(data / "window.lock"))
        self._lock.setStaleLockTime(0)

    @property
    def _name(self) -> str:
        """The name of the socket: one for each user and data folder."""
        import hashlib  # the first page does not wait for it

        user = getattr(os, "getuid", lambda: 0)()
        digest = hashlib.sha256(str(self._data.absolute()).encode("utf-8", "surrogatepass")).hexdigest()[:16]
        return f"letstalk-{user}-{digest}"

    def hand_over(self, request: dict[str, str]) -> bool:
        """True where another window holds the data and has taken the request."""
        if self._lock.tryLock(0) or self._lock.error() != QLockFile.LockError.LockFailedError:
            return False
        from PySide6.QtNetwork import QLocalSocket

        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(1500):
            return False
        socket.write(json.dumps(request).encode("utf-8") + b"\n")
        taken = socket.waitForBytesWritten(1500)
        socket.waitForReadyRead(1500)
        socket.disconnectFromServer()
        return taken

    def listen(self) -> None:
        """Take the requests of later starts."""
        from PySide6.QtNetwork import QLocalServer

        if not self._lock.isLocked():
            return
        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        QLocalServer.removeServer(self._name)
        if server.listen(self._name):
            server.newConnection.connect(self._on_new_connection)
            self._server = server

    def _on_new_connection(self) -> None:
        server = self._server
        while server is not None and server.hasPendingConnections():
            socket = server.nextPendingConnection()
            socket.readyRead.connect(self._on_ready_read)
            socket.disconnected.connect(socket.deleteLater)

    def _on_ready_read(self) -> None:
        socket = cast("QLocalSocket", self.sender())
        line = bytes(socket.readLine(65_536).data())
        try:
            request = json.loads(line)
        except ValueError:
            return
        socket.write(b"ok\n")
        socket.flush()
        if isinstance(request, dict):
            self.requested.emit({str(key): str(value) for key, value in request.items()})

    def close(self) -> None:
        """Let others in."""
        if self._server is not None:
            self._server.close()
        self._lock.unlock()
