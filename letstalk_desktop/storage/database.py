"""One SQLite file: its engine, its transactions, and what its errors mean to a reader."""

from __future__ import annotations

import errno
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, Engine, PoolProxiedConnection, QueuePool, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from letstalk_desktop.errors import NotebookError
from letstalk_desktop.language import N_

BUSY_SECONDS = 5.0

FULL = N_("There is no room left on the disk, so {path} could not be saved. Free some space, then try again.")
READ_ONLY = N_("{path} cannot be written: the file or its folder is read-only. Make it writable, or choose another folder.")
BUSY = N_("Another program is using {path} and does not let go. Close it, then try again.")
CANNOT_OPEN = N_("{path} cannot be opened. Check that its folder exists and that you may read and write there.")
DISK_ERROR = N_("The disk reported an error while using {path}. Check the disk and its connection, then try again.")
DAMAGED = N_("{path} is damaged. Start the program again: it rescues what can be read and offers the newest backup.")
NOT_OURS = N_("{path} is not a notebook of this program. Move it elsewhere; it has not been changed.")
NEWER = N_("{path} was written by a newer version of this program. Install that version to open it; it has not been changed.")
GONE = N_("{path} has disappeared while the program was using it. Reconnect the disk or put the folder back, then try again.")
OTHER = N_("{path} could not be used: {reason}. Check the disk, then try again.")

# ``reason`` comes from SQLite or the system, in English.
_BY_CODE = {
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_IOERR: DISK_ERROR,
}
_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})

WRITABLE = "mode=rw"  # never "rwc": a file that has disappeared must not come back empty
SNAPSHOT = "mode=ro&immutable=1"


class DamagedNotebook(NotebookError):
    """The file cannot be read as a notebook, wholly or in part; ``damage.open_or_salvage`` helps."""


class Unwritable(NotebookError):
    """The file or its folder cannot be written, or not be opened at all."""


class Undecodable(NotebookError):
    """A stored text is not UTF-8; reading again with ``tolerant`` shows it with replacement characters."""


class NewerNotebook(NotebookError):
    """The file belongs to a newer version of the program."""


def explained(error: BaseException, path: Path) -> NotebookError:
    """What to tell the reader about an error of the database."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, PoolTimeout):
        return NotebookError(BUSY, path=path)
    if "Could not decode to UTF-8" in str(cause):
        return Undecodable(OTHER, path=path, reason=str(cause))
    code = getattr(cause, "sqlite_errorcode", None)
    if code is None and isinstance(cause, sqlite3.DatabaseError) and not isinstance(cause, sqlite3.ProgrammingError):
        code = sqlite3.SQLITE_CORRUPT if "malformed" in str(cause) else None
    primary = code & 0xFF if code is not None else None
    if primary in _DAMAGE or "no such table" in str(cause) or "no such column" in str(cause):
        return DamagedNotebook(DAMAGED, path=path)
    if primary in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return Unwritable(READ_ONLY, path=path)
    if primary == sqlite3.SQLITE_CANTOPEN:
        return Unwritable(CANNOT_OPEN, path=path)
    template = _BY_CODE.get(primary) if primary is not None else None
    return NotebookError(template, path=path) if template else NotebookError(OTHER, path=path, reason=str(cause))


@contextmanager
def explaining(path: Path) -> Iterator[None]:
    """Errors of the database and of the file system become a ``NotebookError`` that names ``path``."""
    try:
        yield
    except (DBAPIError, sqlite3.Error, PoolTimeout) as error:
        raise explained(error, path) from error
    except UnicodeDecodeError as error:  # sqlite3 decodes SQLite's messages, which quote what is damaged
        raise DamagedNotebook(DAMAGED, path=path) from error
    except OSError as error:
        raise _of_file_system(error, path) from error


def _of_file_system(error: OSError, path: Path) -> NotebookError:
    if error.errno == errno.ENOSPC:
        return NotebookError(FULL, path=path)
    if error.errno == errno.EROFS:
        return Unwritable(READ_ONLY, path=path)
    return (
        Unwritable(CANNOT_OPEN, path=path)
        if isinstance(error, PermissionError | FileNotFoundError)
        else NotebookError(OTHER, path=path, reason=error.strerror or error)
    )


def uri(path: Path, options: str) -> str:
    """The SQLite URI of a file, with options such as ``mode=ro``."""
    return f"{path.absolute().as_uri()}?{options}"


def suspicion(path: Path) -> Path:
    """The empty file beside a notebook that says: damage was met, look at every page at the next start."""
    return path.with_name(f"{path.name}-suspect")


def may_write(path: Path) -> bool:
    """Whether SQLite could write at ``path`` and beside it, as far as permissions go."""
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def _engine(path: Path, options: str, foreign_keys: bool = True) -> Engine:
    engine = create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(uri(path, options), uri=True, timeout=BUSY_SECONDS, check_same_thread=False),
        poolclass=QueuePool,
        pool_size=4,
        max_overflow=8,
    )

    # WORKAROUND: sqlite3 in its default mode commits DDL by itself and reads outside a transaction. Both hooks together
    # are the remedy that SQLAlchemy's SQLite dialect documents.
    @event.listens_for(engine, "connect")
    def _connected(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        if options == SNAPSHOT:
            return
        prepare(connection, foreign_keys)

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")

    return engine


def prepare(connection: sqlite3.Connection, foreign_keys: bool = True) -> None:
    """The settings of every connection to a notebook: durable at each commit, foreign keys enforced, patient with others."""
    connection.execute(f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}")
    connection.execute(f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA secure_delete=ON")  # what has left the trash is not left lying in unused pages


@contextmanager
def _tolerant(connection: Connection, report: Callable[[bytes], None] | None) -> Iterator[None]:
    """Read texts that are not UTF-8 with replacement characters, and tell ``report``."""
    driver = connection.connection.driver_connection
    if report is None or not isinstance(driver, sqlite3.Connection):
        yield
        return

    def decoded(data: bytes) -> str:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            report(data)
            return data.decode("utf-8", "replace")

    driver.text_factory = decoded
    try:
        yield
    finally:
        driver.text_factory = str


class Database:
    """One SQLite file, shared by threads: each transaction has a connection of its own from a pool.

    Where the file can be read but not written, it is opened as it stands on the disk (``read_only`` then says why), and each
    attempt to write tries again to open it for writing. Only a migration switches foreign keys off, because it makes tables
    anew and dropping the old one would take along what refers to it.
    """

    def __init__(self, path: Path, *, foreign_keys: bool = True) -> None:
        self.path = path
        self.read_only: NotebookError | None = None
        self._engine = _engine(path, WRITABLE, foreign_keys)
        self._writer = threading.Lock()
        self._watch: PoolProxiedConnection | None = None
        self._watching = threading.Lock()
        self._identity: tuple[int, int] | None = None
        self._verify: Callable[[], None] = lambda: None

    def open_as_it_stands(self, reason: NotebookError) -> None:
        """Read the file without writing anything beside it; ``reason`` is why it cannot be written."""
        self.forget_connections()
        self._engine = _engine(self.path, SNAPSHOT)
        self.read_only = reason

    def _try_to_write(self) -> None:
        """Leave the read-only state if the file can be written by now; else raise why not."""
        if not may_write(self.path):
            raise Unwritable(READ_ONLY, path=self.path)
        engine = _engine(self.path, WRITABLE)
        try:
            with explaining(self.path):
                self._verify()
                with engine.connect().execution_options(writes=True) as connection, connection.begin():
                    pass
        except NotebookError:
            engine.dispose()
            raise
        self.forget_connections()
        self._engine, self.read_only = engine, None

    @contextmanager
    def reading(self, on_undecodable: Callable[[bytes], None] | None = None) -> Iterator[Connection]:
        """A transaction that sees one state of the notebook. ``on_undecodable`` is told texts that are not UTF-8."""
        with explaining(self.path), self._engine.begin() as connection, _tolerant(connection, on_undecodable):
            yield connection

    @contextmanager
    def writing(self, on_undecodable: Callable[[bytes], None] | None = None) -> Iterator[Connection]:
        """A transaction that writes: on disk when the block ends, undone as a whole when it raises."""
        with self._writer:
            try:
                with explaining(self.path), self._begun(on_undecodable) as connection:
                    yield connection
            except Unwritable:
                self.forget_connections()  # what was opened while it could not be written stays so
                raise

    @contextmanager
    def _begun(self, on_undecodable: Callable[[bytes], None] | None) -> Iterator[Connection]:
        if self.read_only is not None:
            self._try_to_write()
        if self._moved():
            self._verify()
            self.forget_connections()
            self._identity = self._file()
        with self._engine.connect().execution_options(writes=True) as connection, connection.begin():
            with _tolerant(connection, on_undecodable):
                yield connection
            if self._moved():
                raise NotebookError(GONE, path=self.path)

    def remember_file(self, verify: Callable[[], None]) -> None:
        """Take the file at the path for the one that is meant. ``verify`` raises if another one put there is not as good."""
        with explaining(self.path):
            self._identity = self._file()
            self._verify = verify

    def _file(self) -> tuple[int, int]:
        status = self.path.stat()
        return status.st_dev, status.st_ino

    def _moved(self) -> bool:
        """Whether another file stands at the path: what open connections write would never be found again."""
        try:
            return self._identity is not None and self._file() != self._identity
        except OSError as error:
            raise NotebookError(GONE, path=self.path) from error

    def forget_connections(self) -> None:
        """Close what is pooled, so that the next transaction opens the file anew."""
        with self._watching:
            if self._watch is not None:
                self._watch.invalidate()
                self._watch = None
        self._engine.dispose()

    def data_version(self) -> int:
        """A number that differs as soon as any other connection, of this program or another, has committed."""
        with self._watching, explaining(self.path):
            if self._watch is None:
                self._watch = self._engine.raw_connection()
            cursor = self._watch.cursor()
            try:
                cursor.execute("PRAGMA data_version")
                row = cursor.fetchone()
                return int(row[0]) if row else 0
            finally:
                cursor.close()

    @contextmanager
    def driver(self) -> Iterator[sqlite3.Connection]:
        """The driver's own connection, outside any transaction: for pragmas and SQLite's backup API."""
        with explaining(self.path):
            proxied = self._engine.raw_connection()
            try:
                connection = proxied.driver_connection
                assert isinstance(connection, sqlite3.Connection)
                yield connection
            finally:
                proxied.close()

    def overwrite(self, source: sqlite3.Connection) -> None:
        """Put all of another database in the place of this one, as one transaction that other programs see whole."""
        deadline = time.monotonic() + BUSY_SECONDS

        def progress(_status: int, remaining: int, _total: int) -> None:
            if remaining and time.monotonic() > deadline:
                raise NotebookError(BUSY, path=self.path)

        with self._writer, self.driver() as connection:
            if self._moved():
                raise NotebookError(GONE, path=self.path)
            source.backup(connection, progress=progress)

    def close(self) -> None:
        """Let go of the file. The last connection folds the write-ahead log into it."""
        with self._watching:
            if self._watch is not None:
                self._watch.close()
                self._watch = None
        with suppress(sqlite3.Error):
            self._engine.dispose()
