"""Rules about resource.toml, the concepts and the references."""

from __future__ import annotations

from collections.abc import Iterator

from letstalk_desktop.language import N_
from letstalk_desktop.library.checking.material import (
    CONCEPTS,
    HEAD,
    QUESTIONS,
    REFERENCES,
    Material,
    strings,
    texts_of,
)
from letstalk_desktop.library.checking.report import Finding, Severity
from letstalk_desktop.library.model import SpanKind

IN_SHORT = 3
CLOSING = range(2, 4)


def check_codebook(material: Material) -> Iterator[Finding]:
    """Every rule of this file."""
    yield from _head(material)
    yield from _chapters(material)
    yield from _concepts(material)
    yield from _marks_and_citations(material)
    yield from _unused(material)


def missing_languages(
    material: Material, file: str, entry_id: str, key: str, value: object, *, required: bool, severity: Severity
) -> Iterator[Finding]:
    """A finding for each language in which a text is missing; all of them only where it is ``required``."""
    texts = texts_of(value, material.languages)
    present = {language for language in material.languages if texts.get(language, "").strip()}
    if not present and not required:
        return
    for language in material.languages:
        if language not in present:
            template = N_("“{id}” has no “{key}” in the language {language};")
            remedy = N_("add it.")
            fields: dict[str, object] = {"id": entry_id, "key": key, "language": language}
            yield Finding(severity, "missing-words", file, material.entry_line(file, entry_id), template, remedy, fields)


def _head(material: Material) -> Iterator[Finding]:
    name = str(material.head.get("id", ""))
    for key, severity in (("title", Severity.ERROR), ("subtitle", Severity.WARNING), ("audience", Severity.WARNING)):
        yield from missing_languages(material, HEAD, name, key, material.head.get(key), required=False, severity=severity)
    if not material.head.get("licence"):
        template = N_("the resource has no “licence”;")
        remedy = N_("say what readers may do with it, for example “CC BY 4.0”.")
        yield Finding(Severity.WARNING, "no-licence", HEAD, material.entry_line(HEAD, name), template, remedy)


def _chapters(material: Material) -> Iterator[Finding]:
    listed = {text.file for text in material.texts}
    for language in material.languages:
        for path in sorted((material.folder / language).glob("*.md")):
            file = f"{language}/{path.name}"
            if file not in listed:
                template = N_("resource.toml lists no chapter with this file;")
                yield Finding(
                    Severity.WARNING, "unlisted-file", file, 0, template, N_("add the chapter, or take the file out.")
                )
    for number, chapter in enumerate(material.chapters, 1):
        name = str(chapter.get("id", number))
        line = material.entry_line(HEAD, name)
        yield from missing_languages(
            material, HEAD, name, "title", chapter.get("title"), required=True, severity=Severity.ERROR
        )
        yield from missing_languages(
            material, HEAD, name, "lede", chapter.get("lede"), required=True, severity=Severity.WARNING
        )
        points = chapter.get("in_short")
        for language in material.languages:
            own = points.get(language) if isinstance(points, dict) else points
            count = len([point for point in strings(own) if point.strip()])
            if count != IN_SHORT:
                template = N_("the chapter “{id}” has {count} points “in short” in the language {language};")
                fields: dict[str, object] = {"id": name, "count": count, "language": language}
                yield Finding(Severity.WARNING, "in-short", HEAD, line, template, N_("write three."), fields)
        if material.questions:
            own_questions = [one for one in material.questions if one.get("chapter") == name and one.get("closing")]
            if len(own_questions) not in CLOSING:
                template = N_("the chapter “{id}” ends with {count} questions;")
                fields = {"id": name, "count": len(own_questions)}
                first = str(own_questions[0].get("id")) if own_questions else ""
                where = material.entry_line(QUESTIONS, first) if first else 0
                remedy = N_("let it end with two or three (closing = true).")
                yield Finding(Severity.WARNING, "closing-questions", QUESTIONS, where, template, remedy, fields)


def _concepts(material: Material) -> Iterator[Finding]:
    known = {str(concept.get("id")) for concept in material.concepts}
    references = {str(reference.get("id")) for reference in material.references}
    for concept in material.concepts:
        name = str(concept.get("id", ""))
        line = material.entry_line(CONCEPTS, name)
        for key in ("term", "definition"):
            yield from missing_languages(
                material, CONCEPTS, name, key, concept.get(key), required=True, severity=Severity.ERROR
            )
        for other in strings(concept.get("related")):
            if other not in known or other == name:
                template = N_("the concept “{id}” is related to “{other}”, which is not another concept;")
                fields: dict[str, object] = {"id": name, "other": other}
                yield Finding(
                    Severity.ERROR, "unknown-concept", CONCEPTS, line, template, N_("correct or take out that id."), fields
                )
        for key in strings(concept.get("sources")):
            if key not in references:
                template = N_("the concept “{id}” names the reference “{key}”, which references.json does not have;")
                fields = {"id": name, "key": key}
                remedy = N_("add it there or correct the key.")
                yield Finding(Severity.ERROR, "unknown-reference", CONCEPTS, line, template, remedy, fields)


def _marks_and_citations(material: Material) -> Iterator[Finding]:
    """Each mark of a concept and each citation leads to something."""
    concepts = {str(concept.get("id")) for concept in material.concepts}
    references = {str(reference.get("id")) for reference in material.references}
    for text in material.texts:
        for span in text.compiled.spans if text.compiled else []:
            if span.kind is SpanKind.CONCEPT and span.target not in concepts:
                template = N_("there is no concept “{id}” in concepts.toml; add it there or correct the id")
                line = text.line_of(f"[[{span.target}", text.line_at(span.start))
                yield Finding(Severity.ERROR, "unknown-concept", text.file, line, template, "", {"id": span.target})
            elif span.kind is SpanKind.CITATION and span.target not in references:
                template = N_("there is no reference “{key}” in references.json; add it there or correct the key")
                line = text.line_of(f"@{span.target}", text.line_at(span.start))
                yield Finding(Severity.ERROR, "unknown-reference", text.file, line, template, "", {"key": span.target})


def _unused(material: Material) -> Iterator[Finding]:
    """Every concept is marked in each language, every reference cited by a chapter or a concept."""
    spans = [(text.language, span) for text in material.texts if text.compiled for span in text.compiled.spans]
    if any(text.compiled is None for text in material.texts):
        return  # what is not compiled may use them
    for concept in material.concepts:
        name = str(concept.get("id", ""))
        marked = {language for language, span in spans if span.kind is SpanKind.CONCEPT and span.target == name}
        for language in material.languages:
            if language not in marked:
                template = N_("the concept “{id}” is marked nowhere in the language {language};")
                remedy = N_("write [[{id}]] where the text speaks of it, or take the concept out.")
                fields: dict[str, object] = {"id": name, "language": language}
                line = material.entry_line(CONCEPTS, name)
                yield Finding(Severity.WARNING, "unused-concept", CONCEPTS, line, template, remedy, fields)
    cited = {span.target for _, span in spans if span.kind is SpanKind.CITATION}
    cited |= {key for concept in material.concepts for key in strings(concept.get("sources"))}
    for reference in material.references:
        key = str(reference.get("id", ""))
        if key not in cited:
            template = N_("nothing cites the reference “{key}”;")
            remedy = N_("cite it with [@{key}], or take it out.")
            line = material.entry_line(REFERENCES, key)
            yield Finding(Severity.WARNING, "unused-reference", REFERENCES, line, template, remedy, {"key": key})
