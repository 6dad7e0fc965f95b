"""The fixed words of a document, its dates and its counts, in the language it is written in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from letstalk_desktop.exporting.model import Counts, Shape
from letstalk_desktop.language import N_, Translator

LABELS: Mapping[str, str] = {
    "todo": N_("To do"),
    "in_short": N_("In short."),
    "resource_notes": N_("Notes on the whole resource"),
    "chapter_note": N_("Note on this chapter"),
    "discussion": N_("Discussion"),
    "concepts": N_("Concepts in these notes"),
    "sources": N_("Sources cited in these passages"),
    "unplaced": N_("Passages waiting for a place"),
    "unplaced_why": N_("Their words are not in this edition. Each is shown with the words it was marked on."),
    "doubtful": N_("place uncertain"),
    "contents": N_("Contents"),
    "own_concept": N_("own concept"),
    "by": N_("by {name}"),
    "page_of": N_("{page} / {pages}"),
    "empty": N_("There are no passages or notes here yet."),
    "no_concept": N_("Without a concept"),
    "no_question": N_("Beyond the questions"),
    "lost_question": N_("A question that is no longer in the resource"),
    "left_out_one": N_("One more passage is not in this brief."),
    "left_out": N_("{count} more passages are not in this brief."),
    "plan": N_("Session plan"),
    "minutes": N_("{count} min"),
    "guidance": N_("For the facilitator"),
    "no_answers": N_("Nobody has answered yet."),
    "footnotes": N_("Footnotes"),
    "figure": N_("Figure: {description}"),
    "note_file": N_("The notes of this document, for Let’s Talk Desktop"),
    "replaced": N_("Characters that no font here can show stand as their code in square brackets."),
}

SHAPE_NAMES: Mapping[Shape, str] = {
    Shape.SUMMARY: N_("Annotated summary"),
    Shape.BRIEF: N_("Brief"),
    Shape.CHAPTERS: N_("Annotated chapters"),
    Shape.DISCUSSION: N_("Discussion record"),
    Shape.FACILITATOR: N_("Facilitator’s guide"),
    Shape.CONCEPTS: N_("Concept report"),
    Shape.CARDS: N_("Quote cards"),
}

_MONTHS = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)


def labels(shape: Shape, translator: Translator) -> dict[str, str]:
    """All fixed words by key, and the document's own name as ``shape``."""
    words = {key: translator.gettext(text) for key, text in LABELS.items()}
    words["shape"] = translator.gettext(SHAPE_NAMES[shape])
    return words


def long_date(day: date, translator: Translator) -> str:
    """A day in words: 23 November 2026."""
    _ = translator.gettext
    return _("{day} {month} {year}").format(day=_day(day, translator), month=_(_MONTHS[day.month - 1]), year=day.year)


def short_date(day: date, today: date, translator: Translator) -> str:
    """A day in words, without the year where it is this year: 21 November."""
    if day.year != today.year:
        return long_date(day, translator)
    _ = translator.gettext
    return _("{day} {month}").format(day=_day(day, translator), month=_(_MONTHS[day.month - 1]))


def local_day(time: str, now: datetime) -> date | None:
    """The day of a UTC time in the time zone of ``now``; None for a time that cannot be read."""
    try:
        return datetime.fromisoformat(time).astimezone(now.tzinfo).date()
    except (ValueError, OverflowError):
        return None


def counts_text(counts: Counts, translator: Translator) -> str:
    """ "14 passages, 9 notes, 1 unplaced"; what there is none of is left out; where there is nothing, "0 passages"."""
    ngettext = translator.ngettext
    parts: list[str] = []
    if counts.passages or not counts.answers:
        parts.append(ngettext("{count} passage", "{count} passages", counts.passages).format(count=counts.passages))
    if counts.notes:
        parts.append(ngettext("{count} note", "{count} notes", counts.notes).format(count=counts.notes))
    if counts.concepts:
        parts.append(ngettext("{count} concept", "{count} concepts", counts.concepts).format(count=counts.concepts))
    if counts.actions:
        parts.append(ngettext("{count} action", "{count} actions", counts.actions).format(count=counts.actions))
    if counts.answers:
        parts.append(ngettext("{count} answer", "{count} answers", counts.answers).format(count=counts.answers))
    if counts.unplaced:
        parts.append(ngettext("{count} unplaced", "{count} unplaced", counts.unplaced).format(count=counts.unplaced))
    return ", ".join(parts)


def _day(day: date, translator: Translator) -> str:
    return translator.pgettext("day of the month", "1") if day.day == 1 else str(day.day)
