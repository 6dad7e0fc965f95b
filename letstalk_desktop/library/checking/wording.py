"""Rules about typography, spelling and plain words, in the chapters and in every text of the TOML files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from letstalk_desktop.language import N_
from letstalk_desktop.library.checking.material import (
    CONCEPTS,
    HEAD,
    QUESTIONS,
    ChapterText,
    Material,
    tables,
    visible_lines,
)
from letstalk_desktop.library.checking.report import Finding, Severity, Term
from letstalk_desktop.library.checking.vocabulary import AVOIDED, SPELLINGS, spelling
from letstalk_desktop.library.model import BlockKind, ContainerKind, SpanKind

_NO_BREAK = "\u00a0\u202f"
_URL = re.compile(r"https?://\S+|\b[\w.-]+@[\w-]+\.\w+|\b(?:[\w-]+\.)+(?:ca|com|org|net)\b[/\w.-]*")
_SPACED = re.compile(rf"[ {_NO_BREAK}]{{2,}}")
_FRENCH_NUMBER = re.compile(r"(?<![\d,])\d{1,3} \d{3}(?!\d)|\d ?[%$€](?!\w)")
_QUOTED = re.compile(r"“[^”]*”|«[^»]*»")


@dataclass(slots=True)
class Passage:
    """A text to look at: where it stands, and the [start, end) runs in which other rules hold.

    ``foreign``: words in italics, which may be a title in another language. ``theirs``: quoted words, not the author's.
    """

    file: str
    line: int
    language: str
    words: str
    foreign: list[tuple[int, int]] = field(default_factory=list)
    theirs: bool = False


def check_wording(material: Material) -> Iterator[Finding]:
    """Every rule of this file, for every text."""
    for text in material.texts:
        yield from _double_spaces(text)
        for passage in _of_chapter(text):
            yield from check_passage(passage)
    for passage in _of_tables(material):
        yield from check_passage(passage)


def check_passage(passage: Passage) -> Iterator[Finding]:
    """The rules for one passage."""
    yield from _marks(passage)
    if passage.language == "fr":
        yield from _french_spaces(passage)
    if not passage.theirs:
        yield from _vocabulary(passage)


def _found(passage: Passage, rule: str, at: int, template: str, remedy: str, **fields: object) -> Finding:
    around = passage.words[max(at - 18, 0) : at + 18].replace("\n", " ").strip(" ")
    fields = {"around": around, **fields}
    return Finding(Severity.WARNING, rule, passage.file, passage.line, template, remedy, fields)


def _marks(passage: Passage) -> Iterator[Finding]:
    words = passage.words
    if found := re.search(r"[\"']", words):
        template = N_("a straight quotation mark or apostrophe stands in “{around}”;")
        remedy = N_("write “ ” or « », and ’.")
        yield _found(passage, "straight-quote", found.start(), template, remedy)
    if found := re.search(r"\.\.\.", words):
        template = N_("three dots stand in “{around}”;")
        yield _found(passage, "three-dots", found.start(), template, N_("write the one character …."))
    if found := _SPACED.search(words):
        template = N_("two spaces stand in “{around}”;")
        yield _found(passage, "double-space", found.start(), template, N_("write one."))
    if found := re.search(r" [,.](?!\d)|[(\[] | [)\]]", words):
        template = N_("a space too many stands in “{around}”;")
        yield _found(passage, "stray-space", found.start(), template, N_("take it out."))
    for opening, closing in ("“”", "«»"):
        if words.count(opening) != words.count(closing):
            template = N_("{opening} and {closing} do not pair in “{around}”;")
            at = words.find(opening if opening in words else closing)
            yield _found(passage, "unpaired-quote", at, template, N_("add the other one."), opening=opening, closing=closing)
    if passage.language == "en" and (found := re.search(rf"[ {_NO_BREAK}][:;?!]", words)):
        template = N_("a space too many stands in “{around}”;")
        if not _within(passage.foreign, found.start()):
            yield _found(passage, "stray-space", found.start(), template, N_("take it out."))


def _french_spaces(passage: Passage) -> Iterator[Finding]:
    words = passage.words
    addresses = [found.span() for found in _URL.finditer(words)]
    foreign = passage.foreign + [found.span() for found in re.finditer(r"“[^”]*”", words)]  # « » are the French ones
    for at, character in enumerate(words):
        if character not in ":;?!»«" or _within(addresses, at):
            continue
        beside = (words[at + 1 : at + 2] if character == "«" else words[at - 1 : at] if at else "") or "\n"
        if beside in _NO_BREAK:
            continue
        if (character in "?!" and beside in "?!([") or (character in ":;?!" and beside == "\n"):
            continue
        if character == ":" and beside.isdigit() and words[at + 1 : at + 2].isdigit():
            continue  # 14:30, a ratio
        if beside != " " and character not in "«»" and _within(foreign, at):
            continue  # a title in another language
        template = N_("a no-break space is missing {side} {mark} in “{around}”;")
        side = N_("after") if character == "«" else N_("before")
        remedy = N_("write the character U+00A0 there.")
        yield _found(passage, "no-break-space", at, template, remedy, side=Term(side), mark=character)
    for found in _FRENCH_NUMBER.finditer(words):
        if not _within(addresses, found.start()):
            template = N_("a no-break space is missing in the number of “{around}”;")
            yield _found(passage, "no-break-space", found.start(), template, N_("write the character U+00A0 there."))


def _vocabulary(passage: Passage) -> Iterator[Finding]:
    quoted = [found.span() for found in _QUOTED.finditer(passage.words)]
    if passage.language in SPELLINGS:
        for found in re.finditer(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*", passage.words):
            better = spelling(passage.language, found.group())
            if better and not _within(passage.foreign, found.start()) and not _within(quoted, found.start()):
                template = N_("“{word}” is spelled “{better}” here;")
                remedy = N_("write it so (names and quotations keep theirs).")
                yield _found(passage, "spelling", found.start(), template, remedy, word=found.group(), better=better)
    for pattern, instead in AVOIDED.get(passage.language, ()):
        for found in pattern.finditer(passage.words):
            if not _within(passage.foreign, found.start()) and not _within(quoted, found.start()):
                template = N_("“{word}” is not plain;")
                remedy = N_("try “{instead}”.")
                yield _found(passage, "plain-words", found.start(), template, remedy, word=found.group(), instead=instead)


def _within(spans: list[tuple[int, int]], at: int) -> bool:
    return any(start <= at < end for start, end in spans)


def _double_spaces(text: ChapterText) -> Iterator[Finding]:
    """Two spaces within a line of the source (the text of record folds them)."""
    for number, line in visible_lines(text.source):
        bare = re.sub(r"^\s*(?:[-*+]|\d+[.)]|>|:)?\s*", "", line).rstrip()
        if "  " in bare and "|" not in bare:
            template = N_("two spaces stand in “{around}”;")
            at = bare.index("  ")
            around = bare[max(at - 18, 0) : at + 18].strip()
            yield Finding(Severity.WARNING, "double-space", text.file, number, template, N_("write one."), {"around": around})


def _of_chapter(text: ChapterText) -> Iterator[Passage]:
    if text.compiled is None:
        return
    for block in text.compiled.blocks:
        if block.kind is BlockKind.CODE:
            continue
        words = text.words_of(block)
        foreign = []
        for span in text.spans_of(block):
            run = (span.start - block.start, span.end - block.start)
            if span.kind is SpanKind.CODE:
                words = words[: run[0]] + "x" * (run[1] - run[0]) + words[run[1] :]
            elif span.kind is SpanKind.EMPHASIS:
                foreign.append(run)
        quoted = any(text.compiled.containers[index].kind is ContainerKind.QUOTE for index in block.containers)
        yield Passage(text.file, block.line, text.language, words, foreign, quoted)
        if block.description:
            yield Passage(text.file, block.line, text.language, block.description)
    for container in text.compiled.containers:
        if container.title:
            yield Passage(text.file, text.line_of(container.title, 1), text.language, container.title)
    for name, words in text.compiled.footnotes:
        yield Passage(text.file, text.line_of(f"[^{name}]:", 1), text.language, words)


def _of_tables(material: Material) -> Iterator[Passage]:
    head = str(material.head.get("id", ""))
    yield from _of_table(material, HEAD, head, material.head, ("title", "subtitle", "audience", "subjects"))
    for chapter in material.chapters:
        yield from _of_table(material, HEAD, str(chapter.get("id")), chapter, ("title", "lede", "in_short"))
    for concept in material.concepts:
        yield from _of_table(material, CONCEPTS, str(concept.get("id")), concept, ("term", "definition"))
    for question in material.questions:
        yield from _of_table(material, QUESTIONS, str(question.get("id")), question, ("text", "guidance"))
    for plan in material.plans:
        yield from _of_table(material, QUESTIONS, str(plan.get("id")), plan, ("title",))
        for step in tables(plan.get("steps")):
            yield from _of_table(material, QUESTIONS, str(plan.get("id")), step, ("text",))


def _of_table(
    material: Material, file: str, entry_id: str, table: dict[str, object], keys: tuple[str, ...]
) -> Iterator[Passage]:
    for key in keys:
        value = table.get(key)
        for language in material.languages:
            own = value.get(language) if isinstance(value, dict) else value if language == material.languages[0] else None
            for words in own if isinstance(own, list) else [own]:
                if isinstance(words, str):
                    line = material.entry_line(file, entry_id, words)
                    foreign = [found.span() for found in re.finditer(r"\*[^*]+\*", words)]
                    yield Passage(file, line, language, words, foreign)
