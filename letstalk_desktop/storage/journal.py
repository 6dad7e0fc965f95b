"""Operations: what they change, how they are journalled, and how the journal takes them back.

Everything here runs inside the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, insert, select, text, update

from letstalk_desktop.annotations.model import Annotation, Changes, KindName, Operation
from letstalk_desktop.errors import NotebookError
from letstalk_desktop.language import N_
from letstalk_desktop.storage.clock import after
from letstalk_desktop.storage.encoding import ANNOTATION, CONCEPT, KIND, PLAN, Malformed, Record, Thing, thing_of, value_of_json
from letstalk_desktop.storage.states import Key, State, keep_texts, load, write
from letstalk_desktop.storage.tables import GESTURES, JOURNAL, META

DO, UNDO, REDO, MERGE = "do", "undo", "redo", "merge"
DONE, UNDONE, DROPPED = "done", "undone", "dropped"

HIGH_MARK = "latest"  # the name in ``meta`` of the latest time that the notebook has seen

_CHANGED_SINCE = N_(
    "This step cannot be taken back: what it changed has been changed again since, elsewhere. "
    "Nothing was altered; the next time, the step before it comes."
)
_UNREADABLE = N_(
    "This step cannot be taken back: its record is damaged. Nothing was altered; the next time, the step before it comes."
)


class UndoConflict(NotebookError):
    """The step to undo or redo no longer fits what is there."""


@dataclass(slots=True)
class Tally:
    """What has changed so far."""

    ids: dict[str, set[str]] = field(default_factory=lambda: {thing: set() for thing in (ANNOTATION, CONCEPT, KIND, PLAN)})
    chapters: set[tuple[str, str]] = field(default_factory=set)

    def add(self, key: Key, *values: Thing | None) -> None:
        """``key`` has changed, from and to ``values``."""
        self.ids[key[0]].add(key[1])
        for value in values:
            if isinstance(value, Annotation):
                self.chapters.add((value.anchor.resource, value.anchor.chapter))

    def changes(self) -> Changes:
        """All of it as a value."""
        ids = {thing: frozenset(found) for thing, found in self.ids.items()}
        return Changes(ids[ANNOTATION], frozenset(self.chapters), ids[CONCEPT], ids[KIND], ids[PLAN])


@dataclass(frozen=True, slots=True)
class Written:
    """What a transaction did. ``first`` to ``last`` are the journal numbers it wrote (an empty range: nothing)."""

    changes: Changes
    first: int = 1
    last: int = 0


def last_number(connection: Connection) -> int:
    """The number of the newest journal entry there ever was."""
    return connection.execute(text("SELECT seq FROM sqlite_sequence WHERE name = 'journal'")).scalar() or 0


def things(operation: Operation) -> tuple[Thing, ...]:
    """Everything that an operation gives a new state."""
    return (*operation.annotations, *operation.concepts, *operation.kinds, *operation.plans)


def same(left: Thing | None, right: Thing | None) -> bool:
    """Whether two states are equal to the reader: the time of the change does not count, nor an empty name of a kind."""
    return _comparable(left) == _comparable(right)


def _comparable(value: Thing | None) -> Thing | None:
    if isinstance(value, KindName):
        return value if value.name else None
    return value._replace(modified="") if value is not None else None


def apply(connection: Connection, operations: Sequence[Operation], now: str, act: str = DO) -> Written:
    """Give everything in ``operations`` its new state, journalled; what is already so is left alone."""
    keys = [thing_of(value) for operation in operations for value in things(operation)]
    states = load(connection, keys)
    high = max(now, _high_mark(connection)) if any(_deleted(value) for op in operations for value in things(op)) else now
    number = first = last_number(connection)
    tally, touched, journal = Tally(), dict[Key, State](), list[Record]()
    for operation in operations:
        entries: list[Record] = []
        for value in things(operation):
            key = thing_of(value)
            old = states.get(key)
            new = _stamped(value, old.value if old else None, now)
            if old is not None and old.value is not None and same(old.value, new) and not old.undone:
                continue
            if old is None and isinstance(new, KindName) and not new.name:
                continue
            state = State(new, _trashed(new, old, high))
            tally.add(key, old.value if old else None, new)
            entries.append({"thing": key[0], "thing_id": key[1], "before": old.json if old else None, "after": state.json})
            states[key] = touched[key] = state
        if entries:
            step = _step(connection, operation, now, number + len(entries))
            for entry in entries:
                number += 1
                journal.append(entry | _heading(operation, number, step, act, now))
        keep_texts(connection, operation.texts, now)
    if journal:
        write(connection, list(touched.values()), now)
        connection.execute(insert(JOURNAL), journal)
    return Written(tally.changes(), first + 1, number)


def _heading(operation: Operation, number: int, step: int, act: str, now: str) -> Record:
    return {
        "number": number,
        "operation": operation.id,
        "gesture": operation.gesture,
        "step": step,
        "act": act,
        "label": operation.label,
        "who": operation.who,
        "at": now,
    }


def _deleted(value: Thing) -> str:
    return "" if isinstance(value, KindName) else value.deleted


def _stamped(value: Thing, old: Thing | None, now: str) -> Thing:
    """``value`` with the times it does not say: an unchanged time of change means that nobody has set it."""
    if isinstance(value, KindName):
        return value
    known = None if isinstance(old, KindName) else old
    created = value.created or (known.created if known else "") or now
    modified = value.modified
    if not modified or (known and modified == known.modified and not same(value, known)):
        modified = after(known.modified if known else "", now)
    return value._replace(created=created, modified=modified)


def _trashed(value: Thing, old: State | None, high: str) -> str:
    """From when the trash counts: not before the latest time ever seen, lest a clock set back empties it early."""
    deleted = _deleted(value)
    if not deleted:
        return ""
    return old.trashed if old and old.trashed else max(deleted, high)


def _high_mark(connection: Connection) -> str:
    return connection.execute(select(META.c.value).where(META.c.key == HIGH_MARK)).scalar() or ""


def _step(connection: Connection, operation: Operation, now: str, position: int) -> int:
    """The step of undo that the operation belongs to: the one its gesture began, or a new one. Redo ends here."""
    connection.execute(update(GESTURES).where(GESTURES.c.state == UNDONE).values(state=DROPPED))
    ours = (GESTURES.c.id == operation.gesture) & (GESTURES.c.state == DONE)
    known = connection.execute(select(GESTURES.c.number).where(ours)).scalar()
    values = {"position": position, "label": operation.label, "who": operation.who, "at": now}
    if known is not None:
        connection.execute(update(GESTURES).where(GESTURES.c.number == known).values(**values))
        return int(known)
    result = connection.execute(insert(GESTURES).values(id=operation.gesture, state=DONE, **values))
    key = result.inserted_primary_key
    assert key is not None
    return int(key[0])


@dataclass(frozen=True, slots=True)
class Step:
    """One step of undo."""

    number: int
    gesture: str
    label: str


def next_undo(connection: Connection) -> Step | None:
    """The newest step that has not been undone."""
    return _next(connection, DONE, GESTURES.c.position.desc())


def next_redo(connection: Connection) -> Step | None:
    """The step that was undone last."""
    return _next(connection, UNDONE, GESTURES.c.position)


def _next(connection: Connection, state: str, order: object) -> Step | None:
    columns = (GESTURES.c.number, GESTURES.c.id, GESTURES.c.label)
    row = connection.execute(select(*columns).where(GESTURES.c.state == state).order_by(order).limit(1)).first()  # type: ignore[arg-type]
    return Step(row[0], row[1], row[2]) if row else None


def drop(connection: Connection, step: Step) -> None:
    """Neither undo nor redo this step any more."""
    connection.execute(update(GESTURES).where(GESTURES.c.number == step.number).values(state=DROPPED))


def take_back(connection: Connection, step: Step, operation: str, who: str, now: str) -> Written:
    """Undo a step: the state before it is there again. ``UndoConflict`` if the state after it is no longer there."""
    wanted: list[State] = []
    present = _present(connection, step)
    high = max(now, _high_mark(connection))
    for key, (before, done) in _ends(connection, step).items():
        state = present.get(key)
        if state is None or not same(state.value, done) or state.undone:
            raise UndoConflict(_CHANGED_SINCE)
        if before is not None:
            value = _again(before, state, now)
            wanted.append(State(value, max(_deleted(value), high) if _deleted(value) else ""))
        elif isinstance(done, KindName):
            wanted.append(State(done._replace(name="")))
        else:
            wanted.append(State(_again(done._replace(deleted=now), state, now), high, undone=True))
    return _put(connection, step, present, wanted, UNDONE, Operation(operation, step.gesture, N_("Undo"), who), now)


def do_again(connection: Connection, step: Step, operation: str, who: str, now: str) -> Written:
    """Redo an undone step: the state after it is there again. ``UndoConflict`` if the state before it is no longer there."""
    wanted: list[State] = []
    present = _present(connection, step)
    high = max(now, _high_mark(connection))
    for key, (before, done) in _ends(connection, step).items():
        state = present.get(key)
        fits = (state is None or state.undone) if before is None else (state is not None and same(state.value, before))
        if before is None and isinstance(done, KindName):
            fits = state is None or same(state.value, None)
        if not fits:
            raise UndoConflict(_CHANGED_SINCE)
        value = _again(done, state, now)
        wanted.append(State(value, max(_deleted(value), high) if _deleted(value) else ""))
    return _put(connection, step, present, wanted, DONE, Operation(operation, step.gesture, N_("Redo"), who), now)


def _again(value: Thing, state: State | None, now: str) -> Thing:
    """An earlier state as the newest one: a merge must not take it for older than what it replaces."""
    if isinstance(value, KindName):
        return value
    known = state.value if state else None
    return value._replace(modified=after("" if known is None or isinstance(known, KindName) else known.modified, now))


def _ends(connection: Connection, step: Step) -> dict[Key, tuple[Thing | None, Thing]]:
    """For each thing that a step changed: what it was before, and what after. Its operations must follow on each other."""
    columns = (JOURNAL.c.thing, JOURNAL.c.thing_id, JOURNAL.c.before, JOURNAL.c.after)
    mine = (JOURNAL.c.step == step.number) & JOURNAL.c.act.in_((DO, MERGE))
    ends: dict[Key, tuple[Thing | None, Thing]] = {}
    try:
        for thing, thing_id, before, done in connection.execute(select(*columns).where(mine).order_by(JOURNAL.c.number)):
            earlier = value_of_json(thing, before) if before is not None else None
            key = (thing, thing_id)
            if key in ends and not same(ends[key][1], earlier):
                raise UndoConflict(_CHANGED_SINCE)
            ends[key] = (ends[key][0] if key in ends else earlier, value_of_json(thing, done))
    except Malformed as error:
        raise UndoConflict(_UNREADABLE) from error
    if not ends:
        raise UndoConflict(_UNREADABLE)
    return ends


def _present(connection: Connection, step: Step) -> dict[Key, State]:
    mine = (JOURNAL.c.step == step.number) & JOURNAL.c.act.in_((DO, MERGE))
    rows = connection.execute(select(JOURNAL.c.thing, JOURNAL.c.thing_id).where(mine).distinct())
    return load(connection, [(thing, thing_id) for thing, thing_id in rows])


def _put(
    connection: Connection,
    step: Step,
    present: dict[Key, State],
    wanted: Iterable[State],
    state: str,
    operation: Operation,
    now: str,
) -> Written:
    first = number = last_number(connection)
    tally, journal, states = Tally(), list[Record](), list(wanted)
    act = UNDO if state == UNDONE else REDO
    for new in states:
        assert new.value is not None
        key = thing_of(new.value)
        old = present.get(key)
        tally.add(key, old.value if old else None, new.value)
        number += 1
        entry = {"thing": key[0], "thing_id": key[1], "before": old.json if old else None, "after": new.json}
        journal.append(entry | _heading(operation, number, step.number, act, now))
    if journal:
        write(connection, states, now)
        connection.execute(insert(JOURNAL), journal)
    connection.execute(update(GESTURES).where(GESTURES.c.number == step.number).values(state=state))
    return Written(tally.changes(), first + 1, number)
