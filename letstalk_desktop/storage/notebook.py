"""The one door to the reader's data: takes and returns domain values. Every change is one operation and returns ``Changes``.

Each public method is one transaction. A notebook may be used from several threads at once.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection

from letstalk_desktop.annotations.model import (
    Annotation,
    Changes,
    JournalEntry,
    KeptText,
    Kind,
    Operation,
    OwnConcept,
    Query,
    SessionPlan,
)
from letstalk_desktop.errors import NotebookError
from letstalk_desktop.storage import journal, mending, merging, queries, schema, trash
from letstalk_desktop.storage.backups import Backups
from letstalk_desktop.storage.clock import timestamp
from letstalk_desktop.storage.copying import Verified, copy_whole
from letstalk_desktop.storage.database import (
    READ_ONLY,
    SNAPSHOT,
    DamagedNotebook,
    Database,
    Undecodable,
    Unwritable,
    explaining,
    suspicion,
)
from letstalk_desktop.storage.journal import Step, UndoConflict, Written
from letstalk_desktop.storage.merging import Incoming, MergeResult
from letstalk_desktop.storage.queries import Problem
from letstalk_desktop.storage.schema import Schema

Value = TypeVar("Value")
_GENERATION = 1 << 40  # a counter is generation * 2**40 + journal number: a restored notebook starts a new generation


@dataclass(frozen=True, slots=True)
class Undone:
    """What undo or redo changed, and the (untranslated) label of the gesture."""

    changes: Changes
    label: str


def _prepare(database: Database, now: datetime, backups: Backups) -> None:
    """Make sure that the file is a notebook of the newest revision, or can at least be read as one."""
    path = database.path
    try:
        found, revision = schema.inspect(path)
        if found is Schema.EMPTY:
            schema.create(database, timestamp(now))
        elif found is Schema.OLDER:
            from letstalk_desktop.storage.migrations import migrate  # Alembic takes long to import

            migrate(path, revision, backups, now)
        elif schema.to_read(path) == SNAPSHOT:
            database.open_as_it_stands(Unwritable(READ_ONLY, path=path))
        else:
            database.data_version()
    except Unwritable as error:
        if schema.inspect(path, as_it_stands=True)[0] is not Schema.CURRENT:
            raise
        database.open_as_it_stands(error)


class Notebook:
    """The reader's notes, in one file."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._problems: dict[tuple[str, str], Problem] = {}
        self._own: set[int] = set()
        self._lock = threading.Lock()

    @classmethod
    def open(cls, path: Path, *, now: datetime, backups: Backups | None = None) -> Notebook:
        """The notebook at ``path``, made if there is none. ``backups``: where the copy before a migration goes.

        Raises ``NewerNotebook``, ``DamagedNotebook`` or ``NotebookError``, each with a remedy; the file is then unchanged.
        """
        with explaining(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        database = Database(path)
        try:
            _prepare(database, now, backups or Backups.beside(path))
            with database.reading() as connection:
                identity = queries.meta(connection, "notebook")
            database.remember_file(lambda: schema.expect(path, identity))
        except BaseException:
            database.close()
            raise
        return cls(database)

    @property
    def path(self) -> Path:
        """Where the notebook is."""
        return self._database.path

    @property
    def read_only(self) -> NotebookError | None:
        """Why nothing can be written for now (each change tries again), or None."""
        return self._database.read_only

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    # Changing

    def apply(self, operation: Operation, *, now: datetime) -> Changes:
        """Do one operation. When this returns it is on disk; when it raises ``NotebookError`` nothing of it is.

        The same operation can then be tried again. What is already as the operation wants it is not changed or journalled.
        """
        return self.apply_many((operation,), now=now)

    def apply_many(self, operations: Sequence[Operation], *, now: datetime, merging: bool = False) -> Changes:
        """Do all of ``operations`` or none, in one transaction. ``merging`` marks them in the journal as coming from a file."""
        act = journal.MERGE if merging else journal.DO
        return self._noted(self._change(lambda connection: journal.apply(connection, operations, timestamp(now), act)))

    def undo(self, *, now: datetime, who: str = "") -> Undone | None:
        """Take back the newest gesture that has not been undone; None if there is none.

        Raises ``UndoConflict`` if what it changed has been changed since; the next call goes on with the gesture before it.
        """
        return self._step(journal.next_undo, journal.take_back, now, who)

    def redo(self, *, now: datetime, who: str = "") -> Undone | None:
        """Do again what was undone last; None if there is nothing. Raises ``UndoConflict`` as ``undo`` does."""
        return self._step(journal.next_redo, journal.do_again, now, who)

    def _step(
        self,
        choose: Callable[[Connection], Step | None],
        run: Callable[[Connection, Step, str, str, str], Written],
        now: datetime,
        who: str,
    ) -> Undone | None:
        def change(connection: Connection) -> tuple[Written, str] | UndoConflict | None:
            step = choose(connection)
            if step is None:
                return None
            try:
                return run(connection, step, str(uuid.uuid4()), who, timestamp(now)), step.label
            except UndoConflict as error:  # raised before anything is written; that the step is out of the way is kept
                journal.drop(connection, step)
                return error

        done = self._change(change)
        if isinstance(done, UndoConflict):
            raise done
        return Undone(self._noted(done[0]), done[1]) if done else None

    def undo_label(self) -> str | None:
        """The label of what ``undo`` would take back."""
        step = self._ask(journal.next_undo)
        return step.label if step else None

    def redo_label(self) -> str | None:
        """The label of what ``redo`` would do again."""
        step = self._ask(journal.next_redo)
        return step.label if step else None

    def merge(self, incoming: Incoming, *, label: str, now: datetime, who: str = "") -> MergeResult:
        """Bring in what stands elsewhere, in one transaction and as one step of undo. Never deletes anything."""

        def change(connection: Connection) -> tuple[MergeResult, Written]:
            return merging.merge(connection, incoming, label, who, timestamp(now))

        result, written = self._change(change)
        self._noted(written)
        return result

    def merge_preview(self, incoming: Incoming) -> MergeResult:
        """What ``merge`` would do."""
        return self._ask(lambda connection: MergeResult(merging.plan(connection, incoming)[0]))

    def contents(self) -> Incoming:
        """All that the notebook holds, the trash too: what can be merged into another one."""
        return self._ask(lambda connection: queries.contents(connection, self._report))

    def replace_with(self, other: Notebook) -> Changes:
        """Put all of ``other`` (a copy that nobody else uses) in the place of what is here, at once or not at all."""
        with self._database.reading() as connection:
            before = queries.everything(connection)
            generation = int(queries.meta(connection, "generation") or 0)
            identity = queries.meta(connection, "notebook")
        with other._database.writing() as connection:
            queries.set_meta(connection, "generation", str(generation + 1))
            queries.set_meta(connection, "notebook", identity)
        with other._database.driver() as source:
            self._database.overwrite(source)
        return before | self._ask(queries.everything)

    def copy_to(self, target: Path) -> Verified:
        """Write a whole, verified copy of the notebook to ``target``."""
        with self._remembering_damage(), self._database.driver() as connection:
            return copy_whole(connection, target)

    def purge(self, now: datetime) -> Changes:
        """At the start of a session: remove what has been in the trash for 90 days. Does something once a day at most."""
        return self._change(lambda connection: trash.purge(connection, now))

    def delete_now(self, ids: Sequence[str], *, now: datetime) -> Changes:
        """Remove those of these annotations that are in the trash, for good: not even undo brings them back."""
        return self._change(lambda connection: trash.remove_now(connection, ids, now))

    def mend(self, now: datetime) -> list[str]:
        """Put right from the journal what can no longer be understood or is not what was written; the ids.

        Reads every entry: for the background, once a day, and without keeping others from writing unless something is wrong.
        Whatever the journal knows nothing about stays as it is.
        """
        if not self._ask(mending.has_faults):
            return []
        return [key[1] for key in self._change(lambda connection: mending.mend(connection, timestamp(now)))]

    def _change(self, change: Callable[[Connection], Value]) -> Value:
        with self._remembering_damage():
            try:
                with self._database.writing() as connection:
                    return change(connection)
            except Undecodable:
                with self._database.writing(self._not_utf8) as connection:
                    return change(connection)

    def _noted(self, written: Written) -> Changes:
        with self._lock:
            self._own.update(range(written.first, written.last + 1))
        return written.changes

    # Asking

    def annotations(self, query: Query) -> list[Annotation]:
        """The annotations that ``query`` wants, ordered by resource, chapter, start, created."""
        return self._ask(lambda connection: queries.find(connection, query, self._report))

    def annotation(self, annotation_id: str) -> Annotation | None:
        """One annotation, also if it is in the trash."""
        return self._ask(lambda connection: queries.annotation(connection, annotation_id, self._report))

    def counts(self, resource: str) -> dict[str, int]:
        """How many highlights and notes each chapter of a resource has ('' for those on the resource itself)."""
        return self._ask(lambda connection: queries.counts(connection, resource))

    def total(self) -> int:
        """How many highlights and notes there are."""
        return self._ask(queries.total)

    def ids(self) -> frozenset[str]:
        """The ids of all living annotations."""
        return self._ask(queries.ids)

    def concepts(self) -> list[OwnConcept]:
        """The reader's own concepts, by term."""
        return self._ask(lambda connection: queries.concepts(connection, self._report))

    def kind_names(self) -> dict[Kind, str]:
        """The kinds that the reader has renamed."""
        return self._ask(lambda connection: queries.kind_names(connection, self._report))

    def plans(self, resource: str) -> list[SessionPlan]:
        """The session plans for a resource, oldest first."""
        return self._ask(lambda connection: queries.plans(connection, resource, self._report))

    def history(self, thing_id: str) -> list[JournalEntry]:
        """What happened to one annotation, concept or plan, oldest first."""
        return self._ask(lambda connection: queries.history(connection, thing_id, self._report))

    def kept_text(self, resource: str, edition: str, language: str, chapter: str) -> KeptText | None:
        """The text of record of a chapter as it was in an edition, if annotations refer to it."""
        return self._ask(lambda found: queries.kept_text(found, resource, edition, language, chapter, self._report))

    def kept_editions(self, resource: str) -> list[str]:
        """The editions of a resource of which some text is kept, in the order in which they came."""
        return self._ask(lambda connection: queries.kept_editions(connection, resource))

    def _ask(self, question: Callable[[Connection], Value]) -> Value:
        with self._remembering_damage():
            try:
                with self._database.reading() as connection:
                    return question(connection)
            except Undecodable:
                with self._database.reading(self._not_utf8) as connection:
                    return question(connection)

    @contextmanager
    def _remembering_damage(self) -> Iterator[None]:
        """Damage that is met while the notebook is in use is remembered beside it, so that the next start looks closely."""
        try:
            yield
        except DamagedNotebook:
            with suppress(OSError):
                suspicion(self.path).touch()
            raise

    # Noticing

    def problems(self) -> list[Problem]:
        """What could not be understood so far, each once. It stays in the file, and hides nothing else."""
        with self._lock:
            return list(self._problems.values())

    def _report(self, problem: Problem) -> None:
        with self._lock:
            self._problems[problem.table, problem.id] = problem

    def _not_utf8(self, data: bytes) -> None:
        excerpt = data.decode("utf-8", "replace")[:60]
        self._report(Problem("notebook", excerpt, "a text is not UTF-8"))

    def data_version(self) -> int:
        """A number that differs as soon as anything was committed, by this program or another. A few microseconds."""
        return self._database.data_version()

    def counter(self) -> int:
        """Where the journal stands now; ``changes_since`` takes it."""
        return self._ask(self._counter)

    def changes_since(self, counter: int, *, by_others: bool = False) -> tuple[Changes, int]:
        """What has changed since ``counter`` was read, and the new counter.

        ``by_others``: leave out what was done through this object. After a restore everything counts as changed.
        """

        def question(connection: Connection) -> tuple[Changes, int]:
            present = self._counter(connection)
            if counter // _GENERATION != present // _GENERATION or counter > present:
                return queries.everything(connection), present
            with self._lock:
                own = frozenset(self._own) if by_others else frozenset()
                self._own = {number for number in self._own if number > counter % _GENERATION} if by_others else self._own
            return queries.changes_since(connection, counter % _GENERATION, own), present

        return self._ask(question)

    @staticmethod
    def _counter(connection: Connection) -> int:
        return int(queries.meta(connection, "generation") or 0) * _GENERATION + journal.last_number(connection)
