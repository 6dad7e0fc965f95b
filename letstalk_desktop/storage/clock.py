"""Times as the notebook writes them: UTC, ISO 8601 with milliseconds. ``now`` always comes from outside."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def timestamp(moment: datetime) -> str:
    """``moment`` as text; a moment without a time zone is taken for UTC."""
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return aware.strftime("%Y-%m-%dT%H:%M:%S.") + f"{aware.microsecond // 1000:03d}Z"


def moment(text: str) -> datetime | None:
    """The moment that ``timestamp`` wrote; None for anything else."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def after(earlier: str, now: str) -> str:
    """``now``, or just after ``earlier`` where the clock has jumped back: a later change must look later to a merge."""
    if now > earlier:
        return now
    known = moment(earlier)
    return timestamp(known + timedelta(milliseconds=1)) if known else now
