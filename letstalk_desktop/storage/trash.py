"""What leaves the notebook in the end, and only then: what was deleted long ago, by more than one reading of the clock.

A clock that is wrong for a while must not empty the trash. So the days are counted

- to the time of an *earlier* session, at least a day back: one session in the wrong year removes nothing;
- from the latest time the notebook had ever seen when the thing was deleted: a thing deleted while the clock stood in 1970
  does not look old when the clock is right again.

The same daily round makes the journal smaller: of a note that was saved every second while it was typed, one entry stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, text, update

from letstalk_desktop.annotations.model import Changes
from letstalk_desktop.storage.clock import moment, timestamp
from letstalk_desktop.storage.encoding import ANNOTATION, CONCEPT, PLAN
from letstalk_desktop.storage.journal import DO, DROPPED, HIGH_MARK, Tally, last_number
from letstalk_desktop.storage.queries import meta, set_meta
from letstalk_desktop.storage.states import among, load
from letstalk_desktop.storage.tables import ANNOTATIONS, GESTURES, JOURNAL, KEPT_TEXTS, PURGED, TABLES

DAYS = timedelta(days=90)
_ROUND = timedelta(days=1)

_SEEN = "seen"  # when the last daily round was
_BACK = "clock_back"  # since when the clock has been behind the latest time ever seen
_JOURNAL_SEEN = "journal_seen"  # the newest journal number at the last daily round
_COMPACTED = "compacted"  # the journal is compact up to this number


def purge(connection: Connection, now: datetime) -> Changes:
    """Once a day: remove what has been in the trash for 90 days, and kept texts that nothing refers to any more."""
    _follow_clock(connection, now)
    seen = moment(meta(connection, _SEEN))
    if seen is not None and timestamp(seen) <= timestamp(now) < timestamp(seen + _ROUND):
        return Changes()
    set_meta(connection, _SEEN, timestamp(now))
    if seen is None or timestamp(now) < timestamp(seen):
        return Changes()
    limit = timestamp(seen - DAYS)
    tally = Tally()
    for thing in (ANNOTATION, CONCEPT, PLAN):
        _remove(connection, thing, limit, timestamp(now), tally)
    _remove_texts(connection, limit)
    _compact(connection)
    return tally.changes()


def _follow_clock(connection: Connection, now: datetime) -> None:
    """Keep the latest time ever seen; believe a clock that was set back once it has gone on for 90 days."""
    present, high = timestamp(now), meta(connection, HIGH_MARK)
    if present >= high:
        set_meta(connection, HIGH_MARK, present)
        set_meta(connection, _BACK, "")
        return
    since = moment(meta(connection, _BACK))
    if since is None or present < timestamp(since):
        set_meta(connection, _BACK, present)
    elif present > timestamp(since + DAYS):
        set_meta(connection, HIGH_MARK, present)
        set_meta(connection, _BACK, "")
        for thing in (ANNOTATION, CONCEPT, PLAN):
            table = TABLES[thing]
            connection.execute(update(table).where(table.c.trashed > present).values(trashed=present))


def remove_now(connection: Connection, ids: Sequence[str], now: datetime) -> Changes:
    """Remove those of these annotations that are in the trash. What is removed cannot be undone."""
    tally = Tally()
    wanted = (ANNOTATIONS.c.deleted != "") & among(ANNOTATIONS.c.id, ids)
    _remove_where(connection, ANNOTATION, wanted, timestamp(now), tally)
    return tally.changes()


def _remove(connection: Connection, thing: str, limit: str, now: str, tally: Tally) -> None:
    table = TABLES[thing]
    old = (table.c.deleted != "") & (table.c.trashed != "") & (table.c.trashed < limit)
    _remove_where(connection, thing, old, now, tally)


def _remove_where(connection: Connection, thing: str, wanted: ColumnElement[bool], now: str, tally: Tally) -> None:
    table = TABLES[thing]
    rows = connection.execute(select(table.c.id, table.c.modified).where(wanted)).all()
    if not rows:
        return
    states = load(connection, [(thing, thing_id) for thing_id, _modified in rows])
    for thing_id, modified in rows:
        state = states.get((thing, thing_id))
        tally.add((thing, thing_id), state.value if state else None)
        mine = JOURNAL.c.thing_id == thing_id
        steps = select(JOURNAL.c.step).where(mine)
        connection.execute(update(GESTURES).where(GESTURES.c.number.in_(steps)).values(state=DROPPED))
        connection.execute(delete(JOURNAL).where(mine))
        connection.execute(delete(PURGED).where(PURGED.c.id == thing_id))
        connection.execute(insert(PURGED).values(id=thing_id, thing=thing, modified=modified, purged=now))
        connection.execute(delete(table).where(table.c.id == thing_id))


def _remove_texts(connection: Connection, limit: str) -> None:
    """Kept texts that no annotation needs, nor any change of the last 90 days that could be undone."""
    kept, place = KEPT_TEXTS.c, ("resource", "edition", "language", "chapter")
    needed = select(ANNOTATIONS.c.number).where(*(ANNOTATIONS.c[name] == kept[name] for name in place)).exists()
    rows = connection.execute(select(kept.number, *(kept[name] for name in place)).where(kept.added < limit, ~needed)).all()
    for number, *values in rows:
        recent = (JOURNAL.c.thing == ANNOTATION) & (JOURNAL.c.at >= limit)
        stated = func.json_valid(JOURNAL.c.before) & (func.json_extract(JOURNAL.c.before, "$.edition") == values[1])
        if connection.execute(select(JOURNAL.c.number).where(recent, stated).limit(1)).first() is None:
            connection.execute(delete(KEPT_TEXTS).where(kept.number == number))


def _compact(connection: Connection) -> None:
    """Fold the entries that one gesture made for one thing into one, if they follow on each other."""
    upto, present = int(meta(connection, _JOURNAL_SEEN) or 0), last_number(connection)
    bounds = {"low": int(meta(connection, _COMPACTED) or 0), "high": upto, "act": DO}
    groups = text(
        "SELECT step, thing_id, min(number), max(number), count(*) FROM journal "
        "WHERE number > :low AND number <= :high AND act = :act GROUP BY step, thing, thing_id HAVING count(*) > 1"
    )
    for step, thing_id, first, last, count in connection.execute(groups, bounds).all():
        between = (JOURNAL.c.thing_id == thing_id) & JOURNAL.c.number.between(first, last)
        if connection.execute(select(func.count()).where(between)).scalar_one() != count:
            continue
        before = connection.execute(select(JOURNAL.c.before).where(JOURNAL.c.number == first)).scalar_one()
        connection.execute(update(JOURNAL).where(JOURNAL.c.number == last).values(before=before))
        connection.execute(delete(JOURNAL).where(between, JOURNAL.c.number < last, JOURNAL.c.step == step))
    set_meta(connection, _COMPACTED, str(upto))
    set_meta(connection, _JOURNAL_SEEN, str(present))
