"""Awkward things to put into notebooks: typographic spaces, ligatures, emoji, soft hyphens, decomposed accents."""

from __future__ import annotations

import itertools
import uuid
from datetime import UTC, datetime, timedelta

from letstalk_desktop.annotations.model import (
    Anchor,
    Annotation,
    AnnotationType,
    KeptText,
    Kind,
    KindName,
    Operation,
    OwnConcept,
    SessionPlan,
)

NOW = datetime(2026, 11, 23, 9, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)

QUOTE = "Le\u202fcœur de l’action\u00a0: e\u0301couter 🌱 les gens\u00ad d’ici"
NOTE = 'Voilà\u202f! *Œuvre* d’été — “quoted” `code` 🧭\n\n#import "x" a_b$'

_numbers = itertools.count(1)


def highlight(name: str = "", **fields: object) -> Annotation:
    """A highlight with a note. Fields of the anchor may be given by name too."""
    number = next(_numbers)
    places = {"resource": "organizing", "edition": "1.0", "language": "en", "chapter": "power", "block": "p-1"}
    places |= {"start": 10, "end": 10 + len(QUOTE), "exact": QUOTE, "prefix": "avant ", "suffix": " après"}
    anchor = {key: fields.pop(key, value) for key, value in places.items()}
    made = Annotation(
        id=name or f"note-{number}",
        type=AnnotationType.HIGHLIGHT,
        anchor=Anchor(**anchor),  # type: ignore[arg-type]
        note=NOTE,
        concepts=("base", "œuvre"),
    )
    return made.changed(**fields)


def concept(name: str = "own", **fields: object) -> OwnConcept:
    """A concept of the reader's own."""
    values: dict[str, object] = {"term": "Mutual aid", "definition": "Aid, mutually.", "related": ("base",)}
    return OwnConcept(name, **(values | fields))  # type: ignore[arg-type]


def plan(name: str = "plan", **fields: object) -> SessionPlan:
    """A session plan."""
    values: dict[str, object] = {"title": "Séance de 30 min", "steps": ((5, "", "Accueil"), (25, "q-1", ""))}
    return SessionPlan(name, "organizing", **(values | fields))  # type: ignore[arg-type]


def kept(edition: str = "1.0", text: str = QUOTE * 20) -> KeptText:
    """The text of record of the chapter that ``highlight`` is in."""
    return KeptText("organizing", edition, "en", "power", text, (("p-1", 0, len(text), "2.1"),))


def operation(*things: object, gesture: str = "", label: str = "Change", who: str = "") -> Operation:
    """An operation on ``things`` of any sort."""
    return Operation(
        str(uuid.uuid4()),
        gesture or str(uuid.uuid4()),
        label,
        who,
        annotations=tuple(thing for thing in things if isinstance(thing, Annotation)),
        concepts=tuple(thing for thing in things if isinstance(thing, OwnConcept)),
        kinds=tuple(thing for thing in things if isinstance(thing, KindName)),
        plans=tuple(thing for thing in things if isinstance(thing, SessionPlan)),
        texts=tuple(thing for thing in things if isinstance(thing, KeptText)),
    )


def everything() -> Operation:
    """An operation that puts one of each into a notebook."""
    return operation(highlight("one"), concept(), KindName(Kind.KEY, "Clé"), plan(), kept(), label="Add")
