"""Puts chapters together: the author's Markdown with its closing questions, the glossary, the reference list."""

from __future__ import annotations

import hashlib
from pathlib import Path

from letstalk_desktop.errors import ContentError
from letstalk_desktop.language import N_
from letstalk_desktop.library.citations import format_references
from letstalk_desktop.library.manifest import content_words, folded
from letstalk_desktop.library.model import (
    GLOSSARY,
    REFERENCES,
    Block,
    BlockKind,
    Chapter,
    ChapterEntry,
    Container,
    Resource,
    Section,
    Span,
    SpanKind,
)


def build_chapter(
    resource: Resource, entry: ChapterEntry, language: str, path: Path | None, locale: Path | None = None
) -> Chapter:
    """The chapter in ``language``; ``path`` is its Markdown file (None for generated chapters). Raises ContentError.

    ``locale``: the folder of the catalogues, from which the text takes the names of menus and buttons.
    """
    if entry.id == GLOSSARY and entry.number is None:
        return _glossary(resource, entry, language)
    if entry.id == REFERENCES and entry.number is None:
        return _reference_list(resource, entry, language)
    if path is None:
        raise ContentError(N_("the chapter “{chapter}” has no text"), chapter=entry.id)
    from letstalk_desktop.library.compiler import compile_markdown
    from letstalk_desktop.library.interface_names import with_names

    shown = f"{path.parent.name}/{path.name}"
    try:
        source = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ContentError(
            N_("the chapter’s file cannot be read ({reason})"), file=shown, reason=error.strerror or error
        ) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ContentError(N_("the file is not UTF-8 text here; save it as UTF-8"), file=shown, line=line) from error
    source = with_names(source, language, path=shown, locale=locale)
    terms = {concept.id: concept.terms.get(language) or next(iter(concept.terms.values())) for concept in resource.concepts}
    compiled = compile_markdown(source, path=shown, concept_terms=terms, references=set(resource.references))
    root = path.parent.parent
    for block in compiled.blocks:
        if block.image and not (root / block.image).is_file():
            raise ContentError(
                N_("the picture “{image}” does not exist; put it into figures/ or correct its name"),
                file=shown,
                line=block.line,
                image=block.image,
            )
    text, blocks = compiled.text, list(compiled.blocks)
    text = _closing_questions(resource, entry, language, text, blocks)
    return _chapter(resource, entry, language, text, blocks, compiled.containers, compiled.spans, compiled.footnotes, source)


def _closing_questions(resource: Resource, entry: ChapterEntry, language: str, text: str, blocks: list[Block]) -> str:
    questions = [question for question in resource.questions if question.closing and question.chapter == entry.id]
    if not questions:
        return text
    number = max((block.number for block in blocks), default=0)

    def add(words: str, block_id: str, kind: BlockKind, number: int, level: int) -> str:
        start = len(text) + 2 if text else 0
        blocks.append(Block(block_id, kind, number, start, start + len(words), level=level))
        return f"{text}\n\n{words}" if text else words

    text = add(content_words(language)["closing"], "closing-questions", BlockKind.HEADING, 0, 2)
    for question in questions:
        number += 1
        words = question.texts.get(language) or next(iter(question.texts.values()))
        text = add(words, question.id, BlockKind.QUESTION, number, 0)
    return text


def _glossary(resource: Resource, entry: ChapterEntry, language: str) -> Chapter:
    """One block per concept, in alphabetical order of the language; its number is its place in concepts.toml."""

    def term(index: int) -> str:
        terms = resource.concepts[index].terms
        return terms.get(language) or next(iter(terms.values()))

    text = ""
    blocks: list[Block] = []
    spans: list[Span] = []
    for index in sorted(range(len(resource.concepts)), key=lambda index: folded(term(index))):
        concept = resource.concepts[index]
        if text:
            text += "\n\n"
        start = len(text)
        text += term(index)
        spans.append(Span(start, len(text), SpanKind.STRONG))
        definition = concept.definitions.get(language) or next(iter(concept.definitions.values()), "")
        if definition:
            spans.append(Span(len(text), len(text) + 1, SpanKind.LINE_BREAK))
            text += "\n" + definition
        spans += [Span(len(text), len(text), SpanKind.CITATION, key) for key in concept.sources if key in resource.references]
        related = [(other.id, other.terms.get(language, "")) for other in resource.concepts if other.id in concept.related]
        if related:
            spans.append(Span(len(text), len(text) + 1, SpanKind.LINE_BREAK))
            text += "\n" + content_words(language)["see"]
            for place, (concept_id, words) in enumerate(sorted(related, key=lambda pair: folded(pair[1]))):
                text += ", " if place else ""
                spans.append(Span(len(text), len(text) + len(words), SpanKind.CONCEPT, concept_id))
                text += words
        blocks.append(Block(f"concept-{concept.id}", BlockKind.TERM, index + 1, start, len(text)))
    return _chapter(resource, entry, language, text, blocks, [], spans, [], "")


def _reference_list(resource: Resource, entry: ChapterEntry, language: str) -> Chapter:
    text = ""
    blocks: list[Block] = []
    spans: list[Span] = []
    for number, (key, runs) in enumerate(format_references(resource.references, language=language).items(), 1):
        if text:
            text += "\n\n"
        start = len(text)
        for words, style, target in runs:
            if style == "italic":
                spans.append(Span(len(text), len(text) + len(words), SpanKind.EMPHASIS))
            elif style == "link":
                spans.append(Span(len(text), len(text) + len(words), SpanKind.LINK, target))
            text += words
        blocks.append(Block(f"ref-{key}", BlockKind.PARAGRAPH, number, start, len(text)))
    return _chapter(resource, entry, language, text, blocks, [], spans, [], "")


def _chapter(
    resource: Resource,
    entry: ChapterEntry,
    language: str,
    text: str,
    blocks: list[Block],
    containers: list[Container],
    spans: list[Span],
    footnotes: list[tuple[str, str]],
    source: str,
) -> Chapter:
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass"))
    for block in blocks:
        digest.update(f"\0{block.id}\0{block.number}".encode())
    return Chapter(
        resource=resource.id,
        edition=resource.edition,
        language=language,
        id=entry.id,
        label=entry.label,
        number=entry.number,
        title=entry.titles.get(language) or next(iter(entry.titles.values()), entry.id),
        lede=entry.ledes.get(language, ""),
        in_short=entry.in_short.get(language, ()),
        text=text,
        blocks=tuple(blocks),
        containers=tuple(containers),
        spans=tuple(sorted(spans, key=lambda span: (span.start, -span.end))),
        sections=tuple(sections_of(text, blocks)),
        footnotes=tuple(footnotes),
        content_hash=digest.hexdigest(),
        source=source,
    )


def sections_of(text: str, blocks: list[Block]) -> list[Section]:
    """The sections that headings open, in order."""
    headings = [block for block in blocks if block.kind is BlockKind.HEADING]
    sections = []
    for index, heading in enumerate(headings):
        following = next((other for other in headings[index + 1 :] if other.level <= heading.level), None)
        end = following.start if following else len(text)
        sections.append(
            Section(heading.id, text[heading.start : heading.end].replace("\n", " "), heading.level, heading.start, end)
        )
    return sections
