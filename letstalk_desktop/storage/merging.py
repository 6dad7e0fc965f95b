"""Bringing in what stands elsewhere (a backup, a colleague's file): by id and time of change, and without deleting.

One rule for restores and for all imports:

- what is not here is added; what is equal is left alone;
- of two different states the one changed later wins, but what is alive here never becomes deleted, and what was deleted
  here later than it was changed there stays deleted;
- the losing text goes into the journal, where *History* shows it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import Connection, select

from letstalk_desktop.annotations.model import Annotation, Changes, KeptText, KindName, Operation, OwnConcept, SessionPlan
from letstalk_desktop.storage import journal
from letstalk_desktop.storage.encoding import ANNOTATION, Malformed, Thing, thing_of, value_of_json
from letstalk_desktop.storage.states import Key, State, among, is_alive, load
from letstalk_desktop.storage.tables import JOURNAL, PURGED


class Outcome(StrEnum):
    """What a merge does with one thing that comes in."""

    NEW = "new"
    UPDATED = "updated"  # it was changed later there
    IDENTICAL = "identical"
    KEPT = "kept"  # it was changed later here; the other state is an earlier one of ours
    CONFLICT = "conflict"  # it was changed later here, and the other state was never ours: it goes into the journal
    DELETED = "deleted"  # it was deleted here and stays so, or there and stays alive here


@dataclass(frozen=True, slots=True)
class Incoming:
    """What comes in. ``texts`` are kept if they are not yet."""

    annotations: tuple[Annotation, ...] = ()
    concepts: tuple[OwnConcept, ...] = ()
    kinds: tuple[KindName, ...] = ()
    plans: tuple[SessionPlan, ...] = ()
    texts: tuple[KeptText, ...] = ()

    def things(self) -> tuple[Thing, ...]:
        """Everything but the texts."""
        return (*self.annotations, *self.concepts, *self.kinds, *self.plans)


@dataclass(frozen=True, slots=True)
class MergeResult:
    """What a merge did, or would do. ``outcomes``: by what (annotation, concept, kind, plan) and id."""

    outcomes: dict[Key, Outcome] = field(default_factory=dict)
    changes: Changes = field(default_factory=Changes)

    def ids(self, outcome: Outcome, thing: str = ANNOTATION) -> tuple[str, ...]:
        """The ids of the annotations (or other things) with this outcome."""
        return tuple(key[1] for key, found in self.outcomes.items() if found is outcome and key[0] == thing)

    def count(self, outcome: Outcome, thing: str = ANNOTATION) -> int:
        """How many annotations (or other things) have this outcome."""
        return len(self.ids(outcome, thing))


def judge(incoming: Thing, present: Thing | None, *, purged: str = "") -> Outcome:
    """What becomes of ``incoming``, given what is here; ``purged`` is when it left our trash for good, or ''.

    Answers CONFLICT for every losing state; whether that state was once ours is for the journal to say.
    """
    if present is None:
        if purged and _modified(incoming) <= purged:
            return Outcome.DELETED
        return Outcome.NEW
    if journal.same(_completed(incoming, present), present):
        return Outcome.IDENTICAL
    if isinstance(incoming, KindName):
        return Outcome.KEPT if is_alive(present) else Outcome.NEW
    if not is_alive(incoming) and is_alive(present):
        return Outcome.DELETED
    if _modified(incoming) > _modified(present):
        return Outcome.UPDATED
    return Outcome.CONFLICT if is_alive(present) else Outcome.DELETED


def merge(connection: Connection, incoming: Incoming, label: str, who: str, now: str) -> tuple[MergeResult, journal.Written]:
    """Merge ``incoming`` in the caller's transaction, as one gesture."""
    outcomes, states = plan(connection, incoming)
    gesture = str(uuid.uuid4())
    winners: list[Thing] = []
    losers: list[Thing] = []
    present: list[Thing] = []
    for value in _unique(incoming.things()):
        key = thing_of(value)
        if outcomes[key] in (Outcome.NEW, Outcome.UPDATED):
            winners.append(value)
        elif outcomes[key] is Outcome.CONFLICT and (state := states[key]).value is not None:
            losers.append(value)
            present.append(state.value)
    operations = [_operation(gesture, label, who, winners, incoming.texts)]
    if losers:  # there and back again: the losing state enters the journal, ours stands as before
        operations += [_operation(gesture, label, who, losers), _operation(gesture, label, who, present)]
    written = journal.apply(connection, operations, now, journal.MERGE)
    return MergeResult(outcomes, written.changes), written


def plan(connection: Connection, incoming: Incoming) -> tuple[dict[Key, Outcome], dict[Key, State]]:
    """What a merge would do, and what is here now."""
    values = _unique(incoming.things())
    keys = [thing_of(value) for value in values]
    states = load(connection, keys)
    missing = [key[1] for key in keys if key not in states]
    purged = _purged(connection, missing)
    outcomes: dict[Key, Outcome] = {}
    for value, key in zip(values, keys, strict=True):
        state = states.get(key)
        outcome = judge(value, state.value if state else None, purged=purged.get(key[1], ""))
        if outcome is Outcome.CONFLICT and _was_ours(connection, key, value):
            outcome = Outcome.KEPT
        outcomes[key] = outcome
    return outcomes, states


def _unique(values: Sequence[Thing]) -> list[Thing]:
    """Each thing once: of several states of one thing in the same file, the one changed last."""
    found: dict[Key, Thing] = {}
    for value in values:
        key = thing_of(value)
        if key not in found or _modified(found[key]) < _modified(value):
            found[key] = value
    return list(found.values())


def _purged(connection: Connection, ids: Sequence[str]) -> dict[str, str]:
    rows = connection.execute(select(PURGED.c.id, PURGED.c.purged).where(among(PURGED.c.id, ids)))
    return {str(thing_id): str(when) for thing_id, when in rows}


def _was_ours(connection: Connection, key: Key, value: Thing) -> bool:
    """Whether a state of a thing stands in its journal."""
    mine = (JOURNAL.c.thing_id == key[1]) & (JOURNAL.c.thing == key[0])
    for stored in connection.execute(select(JOURNAL.c.before, JOURNAL.c.after).where(mine)):
        for text in stored:
            try:
                if text is not None and journal.same(value_of_json(key[0], text), value):
                    return True
            except Malformed:
                continue
    return False


def _operation(gesture: str, label: str, who: str, values: Iterable[Thing], texts: tuple[KeptText, ...] = ()) -> Operation:
    found = list(values)
    return Operation(
        str(uuid.uuid4()),
        gesture,
        label,
        who,
        annotations=tuple(value for value in found if isinstance(value, Annotation)),
        concepts=tuple(value for value in found if isinstance(value, OwnConcept)),
        kinds=tuple(value for value in found if isinstance(value, KindName)),
        plans=tuple(value for value in found if isinstance(value, SessionPlan)),
        texts=texts,
    )


def _completed(value: Thing, present: Thing) -> Thing:
    """``value`` with the time of creation that it does not say."""
    if isinstance(value, KindName) or isinstance(present, KindName) or value.created:
        return value
    return value._replace(created=present.created)


def _modified(value: Thing) -> str:
    return "" if isinstance(value, KindName) else value.modified
