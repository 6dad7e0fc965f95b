"""The file search.sqlite: disposable. Whatever is missing, damaged, half-written or of another version is made anew, empty.

Each word of a text is held by its stem, in a table of FTS5 without contents (``stems``) beside the texts (``passages``).
Nothing is ever deleted from that table: a chapter that is replaced gets new, higher numbers, and rows of ``stems`` without a
passage do not count. So the two cannot contradict each other.
"""

from __future__ import annotations

import sqlite3
import tempfile
import threading
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree
from typing import TypeVar

from letstalk_desktop import __version__
from letstalk_desktop.errors import NotebookError
from letstalk_desktop.storage.database import BUSY_SECONDS, DISK_ERROR, explained, explaining
from letstalk_desktop.storage.stemming import fingerprint

FORMAT = 5
TEXTS, NOTEBOOK, ITEMS = 0, 1, 2  # where a word comes from: texts, the reader, concepts and questions
SHIFT = 20  # the number of a passage is (number of its chapter << SHIFT) + its place in it
_SMALL = 32 << 20  # bytes; a file up to this size is looked through page by page when it is first used

Value = TypeVar("Value")

_SCHEMA = f"""
PRAGMA application_id = {0x4C545349};
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE resources (id TEXT PRIMARY KEY, source TEXT NOT NULL, titles TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE chapters (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    resource TEXT NOT NULL, language TEXT NOT NULL, chapter TEXT NOT NULL,
    label TEXT NOT NULL, title TEXT NOT NULL, hash TEXT NOT NULL, passages INTEGER NOT NULL,
    UNIQUE (resource, language, chapter)
);
CREATE TABLE passages (
    id INTEGER PRIMARY KEY, block TEXT NOT NULL, number INTEGER NOT NULL, start INTEGER NOT NULL,
    sum INTEGER NOT NULL, text TEXT NOT NULL
);
CREATE TABLE items (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, own INTEGER NOT NULL, resource TEXT NOT NULL,
    language TEXT NOT NULL, chapter TEXT NOT NULL, block TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
    number INTEGER NOT NULL, sum INTEGER NOT NULL, text TEXT NOT NULL, quote TEXT NOT NULL
);
CREATE INDEX items_by_key ON items (own, key);
CREATE TABLE vocabulary (
    form TEXT NOT NULL, language TEXT NOT NULL, stem TEXT NOT NULL, source INTEGER NOT NULL,
    PRIMARY KEY (form, language, stem, source)
) WITHOUT ROWID;
CREATE TABLE counts (
    stem TEXT NOT NULL, language TEXT NOT NULL, source INTEGER NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY (stem, language, source)
) WITHOUT ROWID;
CREATE VIRTUAL TABLE stems USING fts5 (words, content='', tokenize="ascii tokenchars '_'");
CREATE VIRTUAL TABLE item_stems USING fts5 (words, tokenize="ascii tokenchars '_'");
INSERT INTO stems (stems, rank) VALUES ('hashsize', {32 << 20});
"""


class Damaged(sqlite3.DatabaseError):
    """What stands in the file cannot be true."""


class Closed(Exception):
    """The index has been closed in the meantime; whoever asked no longer waits for an answer."""


def version() -> str:
    """Differs where another index would be made of the same texts."""
    return f"{FORMAT} {__version__} {unicodedata.unidata_version} {fingerprint()}"


def is_damage(error: sqlite3.Error | UnicodeError) -> bool:
    """Whether making the file anew helps. Of our own statements none fails for another reason than the file's state."""
    if isinstance(error, UnicodeError | Damaged):
        return True
    code = getattr(error, "sqlite_errorcode", None)
    fit = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_NOMEM}
    unfit = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_TOOBIG}
    return code is None or code & 0xFF not in fit | unfit


def is_interruption(error: BaseException) -> bool:
    """Whether somebody has called ``interrupt``."""
    return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT


class IndexFile:
    """The index's file, with one connection for reading and one for writing; each is one thread's at a time."""

    def __init__(self, path: Path) -> None:
        self._wanted = path
        self.path = path
        self._temporary: Path | None = None
        self._reader: sqlite3.Connection | None = None
        self._writer: sqlite3.Connection | None = None
        self._identity: tuple[int, int] | None = None
        self._reading = threading.RLock()
        self._writing = threading.RLock()
        self._looked_over = False
        self._generation = 0  # how often the file was opened or made
        self._closed = False

    # Opening

    def open(self) -> None:
        """Open the file, or make it; in a temporary folder where its own cannot be written. Raises ``NotebookError``."""
        with self._writing, self._reading, explaining(self._wanted):
            self._generation += 1
            try:
                self._open_or_make()
            except (sqlite3.Error, OSError):
                self._disconnect()
                if self._temporary is None:
                    self._temporary = Path(tempfile.mkdtemp(prefix="letstalk-search-"))
                    self.path = self._temporary / self._wanted.name
                self._open_or_make()

    def _open_or_make(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if not self.path.exists():
            self._unlink()  # what is left beside a file that is gone belongs to nothing
        try:
            self._connect()
            if self._is_ours():
                return
        except (sqlite3.Error, UnicodeError) as error:
            if not is_damage(error):
                raise
        self._make()

    def _make(self) -> None:
        self._disconnect()
        self._unlink()
        self._connect()
        if not self._is_ours():
            raise Damaged("what was just written is not there")
        self._looked_over = True

    def _unlink(self) -> None:
        for suffix in ("", "-wal", "-shm", "-journal"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)

    def _connect(self) -> None:
        self._writer = self._connection()
        self._writer.execute("PRAGMA journal_mode=WAL")
        self._writer.execute("PRAGMA cache_size=-16000")
        self._reader = self._connection()
        self._reader.execute("PRAGMA cache_size=-32000")
        status = self.path.stat()
        self._identity = (status.st_dev, status.st_ino)

    def _connection(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=BUSY_SECONDS, check_same_thread=False, isolation_level=None)
        connection.execute("PRAGMA synchronous=NORMAL")
        return connection

    def _is_ours(self) -> bool:
        """Whether the file is an index of this version; an empty one becomes one."""
        empty = "SELECT count(*) = 0 FROM sqlite_master"
        with self.reading() as reader:
            if reader.execute(empty).fetchone()[0]:
                with self.writing() as writer:
                    if writer.execute(empty).fetchone()[0]:  # and no other program has been faster
                        for statement in _SCHEMA.split(";\n"):
                            writer.execute(statement)
                        writer.execute("INSERT INTO facts VALUES ('version', ?)", (version(),))
            found = reader.execute("SELECT value FROM facts WHERE name = 'version'").fetchone()
            for table in ("resources", "chapters", "passages", "items", "vocabulary", "counts", "stems", "item_stems"):
                reader.execute(f"SELECT * FROM {table} LIMIT 1").fetchall()
        return found is not None and found[0] == version()

    def _disconnect(self) -> None:
        for connection in (self._reader, self._writer):
            if connection is not None:
                with suppress(sqlite3.Error):
                    connection.close()
        self._reader = self._writer = self._identity = None

    def close(self) -> None:
        """Let go of the file."""
        with self._writing, self._reading:
            self._closed = True
            self._disconnect()
            if self._temporary is not None:
                rmtree(self._temporary, ignore_errors=True)
                self._temporary, self.path = None, self._wanted

    # Mending

    def mending(self, work: Callable[[], Value], again: Callable[[], Value]) -> Value:
        """Do ``work``; if the file turns out to be lost or damaged, make it anew and do ``again``. Raises ``NotebookError``."""
        generation = self._generation
        try:
            try:
                if not self._lost():
                    return work()
            except (sqlite3.Error, UnicodeError) as error:
                if not is_damage(error):
                    raise
            self._anew(generation)
            return again()
        except (sqlite3.Error, UnicodeError) as error:
            if is_interruption(error):
                raise
            if is_damage(error):
                raise NotebookError(DISK_ERROR, path=self.path) from error
            raise explained(error, self.path) from error

    def _lost(self) -> bool:
        """Whether another file, or none, stands where ours was."""
        try:
            status = self.path.stat()
        except OSError:
            return True
        return self._reader is None or (status.st_dev, status.st_ino) != self._identity

    def _anew(self, generation: int) -> None:
        """Make the file anew, unless another thread has done so since ``generation``. One that is only lost is opened."""
        with self._writing, self._reading:
            if self._closed:
                raise Closed
            if self._generation == generation:
                lost = self._lost()
                self._disconnect()
                with suppress(OSError):
                    if not lost:
                        self._unlink()
                self.open()

    def clear(self) -> None:
        """Throw away all that is indexed."""
        self._anew(self._generation)

    # Using

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection for questions; one thread at a time has it."""
        with self._reading:
            if self._closed:
                raise Closed
            if self._reader is None:
                raise Damaged("the file is not open")
            yield self._reader

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that writes: on disk when the block ends, undone as a whole when it raises."""
        with self._writing:
            if self._closed:
                raise Closed
            if self._writer is None:
                raise Damaged("the file is not open")
            writer = self._writer
            writer.execute("BEGIN IMMEDIATE")
            try:
                yield writer
            except BaseException:
                with suppress(sqlite3.Error):
                    writer.execute("ROLLBACK")
                raise
            writer.execute("COMMIT")

    def look_over(self) -> None:
        """Once: raise ``Damaged`` if a small file is not sound throughout. A large one shows it when it is read."""
        if self._looked_over:
            return
        with self._writing:
            if self._closed:
                raise Closed
            if self._writer is None:
                raise Damaged("the file is not open")
            if self.path.stat().st_size <= _SMALL:
                if self._writer.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                    raise Damaged("the file is not sound")
                self._writer.execute("INSERT INTO stems (stems) VALUES ('integrity-check')")
                self._writer.execute("INSERT INTO item_stems (item_stems) VALUES ('integrity-check')")
            self._looked_over = True

    def interrupt(self) -> None:
        """Stop the statement that the reading connection is at, from any thread."""
        reader = self._reader
        if reader is not None:
            with suppress(sqlite3.Error):
                reader.interrupt()
