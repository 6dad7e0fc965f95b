"""The one door to the reader's data: takes and returns domain values. Every change is one operation and returns ``Changes``.

Each public method is one transaction. A notebook may be used from several threads at once.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Sequence
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
from letstalk_desktop.storage import journal, queries, schema
from letstalk_desktop.storage.clock import timestamp
from letstalk_desktop.storage.database import Database, explaining
from letstalk_desktop.storage.journal import Step, UndoConflict, Written
from letstalk_desktop.storage.queries import Problem, Report
from letstalk_desktop.storage.schema import Schema

Value = TypeVar("Value")
_GENERATION = 1 << 40  # a counter is generation * 2**40 + journal number: a restored notebook starts a new generation


@dataclass(frozen=True, slots=True)
class Undone:
    """What undo or redo changed, and the (untranslated) label of the gesture."""

    changes: Changes
    label: str


class Notebook:
    """The reader's notes, in one file."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._problems: dict[tuple[str, str], Problem] = {}
        self._own: set[int] = set()
        self._lock = threading.Lock()

    @classmethod
    def open(cls, path: Path, *, now: datetime) -> Notebook:
        """The notebook at ``path``, made if there is none.

        Raises ``NewerNotebook``, ``DamagedNotebook`` or ``NotebookError``, each with a remedy; the file is then unchanged.
        """
        with explaining(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        found, _revision = schema.inspect(path)
        database = Database(path)
        try:
            if found is Schema.EMPTY:
                schema.create(database, timestamp(now))
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
        with self._database.writing() as connection:
            written = journal.apply(connection, operations, timestamp(now), act)
        return self._noted(written)

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
        conflict: UndoConflict | None = None
        written = Written(Changes())
        with self._database.writing() as connection:
            step = choose(connection)
            if step is None:
                return None
            try:
                written = run(connection, step, str(uuid.uuid4()), who, timestamp(now))
            except UndoConflict as error:  # raised before anything is written; that the step is out of the way is kept
                journal.drop(connection, step)
                conflict = error
        if conflict is not None:
            raise conflict
        return Undone(self._noted(written), step.label)

    def undo_label(self) -> str | None:
        """The label of what ``undo`` would take back."""
        with self._database.reading() as connection:
            step = journal.next_undo(connection)
        return step.label if step else None

    def redo_label(self) -> str | None:
        """The label of what ``redo`` would do again."""
        with self._database.reading() as connection:
            step = journal.next_redo(connection)
        return step.label if step else None

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
        with self._database.reading() as connection:
            return question(connection)

    # Noticing

    def problems(self) -> list[Problem]:
        """What could not be understood so far, each once. It stays in the file, and hides nothing else."""
        with self._lock:
            return list(self._problems.values())

    @property
    def _report(self) -> Report:
        def report(problem: Problem) -> None:
            with self._lock:
                self._problems[problem.table, problem.id] = problem

        return report

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
        with self._database.reading() as connection:
            present = self._counter(connection)
            if counter // _GENERATION != present // _GENERATION or counter > present:
                return queries.everything(connection), present
            with self._lock:
                own = frozenset(self._own) if by_others else frozenset()
                self._own = {number for number in self._own if number > counter % _GENERATION} if by_others else self._own
            return queries.changes_since(connection, counter % _GENERATION, own), present

    @staticmethod
    def _counter(connection: Connection) -> int:
        return int(queries.meta(connection, "generation") or 0) * _GENERATION + journal.last_number(connection)
