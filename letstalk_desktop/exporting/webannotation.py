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
from letstalk_desktop.annotations.notes import parse_note, plain_text
from letstalk_desktop.errors import WorldError
from letstalk_desktop.exporting.summary_json import direction
from letstalk_desktop.library.model import Block, Chapter, Resource
from letstalk_desktop.library.text import block_at, block_by_id, locator_at

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
_NOT_FIRST_IN_CSS = re.compile(r"^(-?)(\d|-$)(.*)")
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
    identity, page = work.identity("collection"), work.identity("page")
    return _written(
        {
            "@context": CONTEXT,
            "id": identity,
            "type": "AnnotationCollection",
            "label": exchange.resource.title(exchange.language),
            "generator": work.generator(),
            "generated": work.time(exchange.now),
            "total": len(items),
            "last": page,
            "first": {
                "id": page,
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
        self._languages: dict[str, str] = {}
        for concept in exchange.resource.concepts:
            known = exchange.language if concept.terms.get(exchange.language) else next(iter(concept.terms), "")
            self._terms[concept.id], self._languages[concept.id] = concept.terms.get(known, concept.id), known

    def identity(self, name: str) -> str:
        """A name for a part of this export: the same for the same resource and moment."""
        exchange = self._exchange
        return f"urn:uuid:{uuid.uuid5(_NAMES, f'{name} {exchange.resource.id} {self.time(exchange.now)}')}"

    def generator(self) -> dict[str, str]:
        """Who wrote the file."""
        name = "Let’s Talk Desktop"
        address = f"urn:letstalk:desktop:{quote(self._exchange.version)}"
        return {"id": address, "type": "Software", "name": f"{name} {self._exchange.version}"}

    def web(self, item: Annotation) -> dict[str, Any]:
        """One annotation in the W3C model."""
        bodies: list[dict[str, Any]] = []
        if item.note:
            purpose = "replying" if item.type is AnnotationType.ANSWER else "commenting"
            bodies.append(_text(item.note, purpose, item.anchor.language, "text/markdown"))
        if item.type is AnnotationType.ANSWER and (question := self._question(item)):
            bodies.append(_text(question, "describing", item.anchor.language))
        for concept in item.concepts:
            bodies.append(_text(self._terms.get(concept, concept), "tagging", self._languages.get(concept, "")))
        if item.type is AnnotationType.HIGHLIGHT:
            bodies.append(_text(item.kind.value, "classifying", "en"))
        target: dict[str, Any] = {"source": self._source(item)}
        if selectors := self._selectors(item):
            if across := self._across(item):
                selectors.insert(0, across)
            target["selector"] = selectors
            if self._is_placed(item):  # the positions hold for the text as it is now
                target["state"] = {"type": "TimeState", "sourceDate": self.time(self._exchange.now)}
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
        value = plain_text(parse_note(item.note)) or item.note.strip()  # plain text is all that the model has
        body: dict[str, Any] = {"type": "TextualBody", "value": value, "format": "text/plain"}
        body |= {"color": COLOURS[item.kind], "highlight": "solid"} if marked else {"highlight": "bookmark"}
        body["language"] = item.anchor.language
        if towards := direction(value):
            body["textDirection"] = towards
        if concepts := self._concepts(item):
            body |= {"tag": concepts[0], "tags": concepts}
        chapter = self._chapter(item)
        selectors = self._selectors(item)
        if chapter is not None and self._is_placed(item):
            progress = item.anchor.start / len(chapter.text) if chapter.text else 0.0
            selectors.append({"type": "ProgressionSelector", "value": progress})
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
        created, modified = self._utc(item.created), self._utc(item.modified)
        times = {"created": created or modified or self.time(self._exchange.now)}
        return times | ({"modified": modified} if modified else {})

    def _utc(self, time: str) -> str:
        """A time as both models want it, or '' for what is none."""
        try:
            moment = datetime.fromisoformat(time)
            return self.time(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
        except (ValueError, OverflowError):
            return ""

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
        """The text that an annotation is on; a question that does not stand in it is a part of it by its id."""
        anchor = item.anchor
        parts = [anchor.resource, anchor.edition, anchor.language, anchor.chapter]
        source = "urn:letstalk:" + ":".join(_escaped(part) for part in parts if part)
        return f"{source}#{_escaped(item.question)}" if item.question and not self._block(item) else source

    def _question(self, item: Annotation) -> str:
        asked = next((one for one in self._exchange.resource.questions if one.id == item.question), None)
        texts = asked.texts if asked is not None else {}
        return texts.get(item.anchor.language) or next(iter(texts.values()), item.anchor.exact)

    def _is_placed(self, item: Annotation) -> bool:
        """Whether an annotation's words stand in the chapter where it says."""
        anchor, chapter = item.anchor, self._chapter(item)
        if chapter is None or item.placement is Placement.UNPLACED:
            return False
        return item.type is not AnnotationType.HIGHLIGHT or (
            anchor.end > anchor.start and chapter.text[anchor.start : anchor.end] == anchor.exact
        )

    def _block(self, item: Annotation) -> Block | None:
        """The block that an answer or a bookmark is on."""
        chapter = self._chapter(item)
        return block_by_id(chapter, item.anchor.block) if chapter is not None and item.anchor.block else None

    def _across(self, item: Annotation) -> dict[str, Any] | None:
        """A passage of several blocks, from the block in which it begins to the one in which it ends."""
        anchor, chapter = item.anchor, self._chapter(item)
        if chapter is None or item.type is not AnnotationType.HIGHLIGHT or not self._is_placed(item):
            return None
        first, last = block_at(chapter, anchor.start), block_at(chapter, anchor.end - 1)
        if first is None or last is None or first is last:
            return None
        return {
            "type": "RangeSelector",
            "startSelector": _within(first, anchor.start, anchor.start),
            "endSelector": _within(last, anchor.end, anchor.end),
        }

    def _selectors(self, item: Annotation) -> list[dict[str, Any]]:
        """The same segment described in several ways, the most exact first; what is unplaced has only its words."""
        anchor, chapter = item.anchor, self._chapter(item)
        selectors: list[dict[str, Any]] = []
        if item.type is not AnnotationType.HIGHLIGHT:
            found = self._block(item)
            return [{"type": "CssSelector", "value": _css(found)}] if found is not None else []
        if chapter is not None and self._is_placed(item):
            block = block_at(chapter, anchor.start)
            if block is not None and anchor.end <= block.end:
                selectors.append(_within(block, anchor.start, anchor.end))
            selectors.append(_position(anchor.start, anchor.end))
        if anchor.exact:
            words = {"exact": anchor.exact, "prefix": anchor.prefix, "suffix": anchor.suffix}
            selectors.append({"type": "TextQuoteSelector"} | {name: value for name, value in words.items() if value})
        return selectors

    def _meta(self, item: Annotation, chapter: Chapter | None) -> dict[str, Any]:
        if chapter is None or not self._is_placed(item):
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


def _text(value: str, purpose: str, language: str, form: str = "text/plain") -> dict[str, str]:
    """A body of words. ``language`` is '' where nobody knows it."""
    body = {"type": "TextualBody", "value": value, "format": form, "purpose": purpose}
    body |= {"language": language} if language else {}
    return body | ({"textDirection": "rtl"} if direction(value) else {})


def _within(block: Block, start: int, end: int) -> dict[str, Any]:
    """A place in a block, from positions in the text of record."""
    return {"type": "CssSelector", "value": _css(block), "refinedBy": _position(start - block.start, end - block.start)}


def _position(start: int, end: int) -> dict[str, Any]:
    return {"type": "TextPositionSelector", "start": start, "end": end}


def _css(block: Block) -> str:
    """The element with a block's id; what CSS does not take at the beginning of a name is escaped."""
    return "#" + _NOT_FIRST_IN_CSS.sub(lambda found: f"{found[1]}\\{ord(found[2]):x} {found[3]}", block.id)


def _escaped(part: str) -> str:
    return quote(part.encode("utf-8", "replace"), safe="")


def _written(document: dict[str, Any]) -> bytes:
    text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    return _SURROGATE.sub("\ufffd", text).encode("utf-8")  # half a character has no place in UTF-8, and no escape is one
