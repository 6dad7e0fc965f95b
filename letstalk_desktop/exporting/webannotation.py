"""Annotations for other programs: W3C Web Annotations (JSON-LD) and Readium annotation sets (``.annotation``).

All positions are Unicode code points in the chapter's text of record, as both models ask.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from letstalk_desktop.annotations.model import Annotation, AnnotationType, Kind, OwnConcept, Placement
from letstalk_desktop.errors import WorldError
from letstalk_desktop.library.model import Chapter, Resource
from letstalk_desktop.library.text import block_at, locator_at

LoadChapter = Callable[[str, str], Chapter]
CONTEXT = "http://www.w3.org/ns/anno.jsonld"
# The closed set of names that Readium has for colours; they are labels, not values.
COLOURS: Mapping[Kind, str] = {
    Kind.KEY: "yellow",
    Kind.EVIDENCE: "green",
    Kind.QUESTION: "blue",
    Kind.ACTION: "orange",
    Kind.TENSION: "pink",
    Kind.STORY: "purple",
}
_SURROGATE = re.compile("[\ud800-\udfff]")
_NAMES = uuid.UUID("5d3d7a52-3c5e-4e0e-9b0f-6c1f3f1c0a11")


@dataclass(frozen=True, slots=True)
class Exchange:
    """What both formats are made of. ``version`` is the program's; ``annotations`` are already chosen."""

    resource: Resource
    load_chapter: LoadChapter
    annotations: Sequence[Annotation]
    own_concepts: Sequence[OwnConcept]
    language: str
    now: datetime
    version: str


def web_annotations(exchange: Exchange) -> bytes:
    """A W3C AnnotationCollection with one embedded page, as JSON-LD."""
    work = _Work(exchange)
    items = [work.web(item) for item in exchange.annotations]
    identity = work.identity("collection")
    return _written(
        {
            "@context": CONTEXT,
            "id": identity,
            "type": "AnnotationCollection",
            "label": exchange.resource.title(exchange.language),
            "generator": work.generator(),
            "generated": work.time(exchange.now),
            "total": len(items),
            "first": {
                "id": work.identity("page"),
                "type": "AnnotationPage",
                "partOf": identity,
                "startIndex": 0,
                "items": items,
            },
        }
    )


def readium_annotations(exchange: Exchange) -> tuple[bytes, int]:
    """A Readium AnnotationSet, and how many annotations it has no place for (answers, notes on the whole resource)."""
    work = _Work(exchange)
    kept = [item for item in exchange.annotations if readium_takes(item)]
    resource = exchange.resource
    year = re.match(r"\d{4}", resource.published)
    about: dict[str, Any] = {
        "dc:identifier": [f"urn:letstalk:{quote(resource.id)}"],
        "dc:format": "text/html",
        "dc:title": resource.title(exchange.language),
        "dc:publisher": list(resource.authors),
        "dc:creator": list(resource.authors),
    }
    if year:
        about["dc:date"] = f"{year[0]}-01-01T00:00:00.000Z"
    document = {
        "@context": CONTEXT,
        "id": work.identity("set"),
        "type": "AnnotationSet",
        "generator": work.generator(),
        "generated": work.time(exchange.now),
        "title": resource.title(exchange.language),
        "about": about,
        "items": [work.readium(item) for item in kept],
    }
    return _written(document), len(exchange.annotations) - len(kept)


def readium_takes(item: Annotation) -> bool:
    """Whether that format has a place for an annotation."""
    return bool(item.anchor.chapter) and item.type is not AnnotationType.ANSWER


class _Work:
    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._chapters: dict[tuple[str, str], Chapter | None] = {}
        self._terms = {item.id: item.term for item in exchange.own_concepts}
        for concept in exchange.resource.concepts:
            self._terms[concept.id] = concept.terms.get(exchange.language) or next(iter(concept.terms.values()), concept.id)

    def identity(self, name: str) -> str:
        """A name for a part of this export: the same for the same resource and moment."""
        exchange = self._exchange
        return f"urn:uuid:{uuid.uuid5(_NAMES, f'{name} {exchange.resource.id} {self.time(exchange.now)}')}"

    def generator(self) -> dict[str, str]:
        """Who wrote the file."""
        name = "Let’s Talk Desktop"
        address = f"urn:letstalk:desktop:{quote(self._exchange.version)}"
        return {"id": address, "type": "Software", "name": f"{name} {self._exchange.version}", "homepage": address}

    def web(self, item: Annotation) -> dict[str, Any]:
        """One annotation in the W3C model."""
        bodies: list[dict[str, Any]] = []
        if item.note:
            purpose = "replying" if item.type is AnnotationType.ANSWER else "commenting"
            bodies.append(
                {
                    "type": "TextualBody",
                    "value": item.note,
                    "format": "text/markdown",
                    "purpose": purpose,
                }
            )
        bodies += [{"type": "TextualBody", "value": term, "purpose": "tagging"} for term in self._concepts(item)]
        if item.type is AnnotationType.HIGHLIGHT:
            bodies.append({"type": "TextualBody", "value": item.kind.value, "purpose": "classifying"})
        target: dict[str, Any] = {"source": self._source(item)}
        if selectors := self._selectors(item):
            target["selector"] = selectors
        if item.type is AnnotationType.HIGHLIGHT:
            target["styleClass"] = f"letstalk-{item.kind.value}"
        return {
            "@context": CONTEXT,
            "id": _name(item.id),
            "type": "Annotation",
            "motivation": self._motivations(item),
            **self._times(item),
            **self._creator(item),
            **({"body": bodies} if bodies else {}),
            "target": target,
        }

    def readium(self, item: Annotation) -> dict[str, Any]:
        """One annotation in Readium's model, with the keys that Thorium requires."""
        marked = item.type is AnnotationType.HIGHLIGHT
        body: dict[str, Any] = {"type": "TextualBody", "value": item.note, "format": "text/plain"}
        body |= {"color": COLOURS[item.kind], "highlight": "solid"} if marked else {"highlight": "bookmark"}
        body["language"] = item.anchor.language
        if concepts := self._concepts(item):
            body |= {"tag": concepts[0], "tags": concepts}
        chapter = self._chapter(item)
        selectors = self._selectors(item)
        if chapter is not None and item.placement is not Placement.UNPLACED:
            value = item.anchor.start / len(chapter.text) if chapter.text else 0.0
            selectors.append({"type": "ProgressionSelector", "value": value})
        if not selectors:
            selectors.append({"type": "ProgressionSelector", "value": 0.0})
        return {
            "@context": CONTEXT,
            "id": _name(item.id),
            "type": "Annotation",
            "motivation": "highlighting" if marked else "bookmarking",
            **self._times(item),
            **self._creator(item),
            "body": body,
            "target": {
                "source": f"{quote(item.anchor.language)}/{quote(item.anchor.chapter)}",
                **self._meta(item, chapter),
                "selector": selectors,
            },
        }

    def time(self, moment: datetime) -> str:
        """A time as both models write it: UTC with Z."""
        return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def _times(self, item: Annotation) -> dict[str, str]:
        created = item.created or item.modified or self.time(self._exchange.now)
        return {"created": created} | ({"modified": item.modified} if item.modified else {})

    def _creator(self, item: Annotation) -> dict[str, Any]:
        if not item.author:
            return {}
        named = uuid.uuid5(_NAMES, _SURROGATE.sub("\ufffd", item.author))
        return {"creator": {"id": f"urn:uuid:{named}", "type": "Person", "name": item.author}}

    def _motivations(self, item: Annotation) -> str | list[str]:
        match item.type:
            case AnnotationType.HIGHLIGHT:
                extra = (["commenting"] if item.note else []) + (["tagging"] if item.concepts else [])
                return ["highlighting", *extra] if extra else "highlighting"
            case AnnotationType.BOOKMARK:
                return "bookmarking"
            case AnnotationType.ANSWER:
                return "replying"
            case AnnotationType.NOTE:
                return "commenting"

    def _concepts(self, item: Annotation) -> list[str]:
        return [self._terms.get(concept, concept) for concept in item.concepts]

    def _source(self, item: Annotation) -> str:
        anchor = item.anchor
        parts = [anchor.resource, anchor.edition, anchor.language, anchor.chapter]
        return "urn:letstalk:" + ":".join(quote(part.encode("utf-8", "replace"), safe="") for part in parts if part)

    def _selectors(self, item: Annotation) -> list[dict[str, Any]]:
        """The same segment described in several ways, the most exact first; what is unplaced has only its words."""
        anchor, chapter = item.anchor, self._chapter(item)
        placed = item.placement is not Placement.UNPLACED and chapter is not None
        selectors: list[dict[str, Any]] = []
        if chapter is not None and placed:
            block = block_at(chapter, anchor.start)
            if block is not None and item.type is AnnotationType.HIGHLIGHT and anchor.end <= block.end:
                position = {
                    "type": "TextPositionSelector",
                    "start": anchor.start - block.start,
                    "end": anchor.end - block.start,
                }
                selectors.append({"type": "CssSelector", "value": f"#{block.id}", "refinedBy": position})
            elif item.type is AnnotationType.BOOKMARK and anchor.block:
                selectors.append({"type": "CssSelector", "value": f"#{anchor.block}"})
            if anchor.end > anchor.start:
                selectors.append({"type": "TextPositionSelector", "start": anchor.start, "end": anchor.end})
        if anchor.exact:
            words = {"exact": anchor.exact, "prefix": anchor.prefix, "suffix": anchor.suffix}
            selectors.append({"type": "TextQuoteSelector"} | {name: value for name, value in words.items() if value})
        return selectors

    def _meta(self, item: Annotation, chapter: Chapter | None) -> dict[str, Any]:
        if chapter is None or item.placement is Placement.UNPLACED:
            return {}
        headings = [{"level": 1, "txt": chapter.title}]
        inside = [section for section in chapter.sections if section.start <= item.anchor.start < section.end]
        headings += [{"level": section.level, "txt": section.title} for section in inside]
        return {"meta": {"headings": headings, "page": locator_at(chapter, item.anchor.start)}}

    def _chapter(self, item: Annotation) -> Chapter | None:
        key = item.anchor.chapter, item.anchor.language
        if key not in self._chapters:
            try:
                self._chapters[key] = self._exchange.load_chapter(*key) if key[0] else None
            except WorldError:
                self._chapters[key] = None
        return self._chapters[key]


def _name(identity: str) -> str:
    """An IRI for one of our ids, which are UUID text."""
    try:
        return f"urn:uuid:{uuid.UUID(identity)}"
    except ValueError:
        return f"urn:letstalk:annotation:{quote(identity.encode('utf-8', 'replace'), safe='')}"


def _written(document: dict[str, Any]) -> bytes:
    text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode("utf-8")
