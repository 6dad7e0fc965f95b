"""A resource folder read leniently, so that one fault does not hide the others; with the lines that findings name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from letstalk_desktop.errors import ContentError
from letstalk_desktop.language import N_
from letstalk_desktop.library.checking.report import Finding, Severity
from letstalk_desktop.library.compiler import compile_markdown
from letstalk_desktop.library.interface_names import with_names
from letstalk_desktop.library.manifest import read_toml
from letstalk_desktop.library.model import Block, Span
from letstalk_desktop.library.source import without_comments
from letstalk_desktop.library.walk import CompiledText

HEAD, CONCEPTS, QUESTIONS, REFERENCES = "resource.toml", "concepts.toml", "questions.toml", "references.json"
Table = dict[str, Any]
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")  # what may become part of a path
_MOST_ERRORS = 50  # of one file; enough to work on


class _AnyTerm(dict[str, str]):
    """Knows every concept: unknown ones are reported from the spans, all of them, and stop nothing."""

    def __contains__(self, key: object) -> bool:
        return True

    def __missing__(self, key: str) -> str:
        return key


class _AnyKey(set[str]):
    """Knows every reference, for the same reason."""

    def __contains__(self, key: object) -> bool:
        return True


@dataclass(slots=True)
class ChapterText:
    """One chapter in one language. ``compiled`` is None where the file cannot be read or compiled."""

    chapter: str
    language: str
    file: str
    path: Path
    source: str = ""
    terms: dict[str, str] = field(default_factory=dict)
    compiled: CompiledText | None = None
    errors: list[Finding] = field(default_factory=list)
    locale: Path | None = None

    def compile(self, source: str) -> CompiledText:
        """Compile a source of this chapter, whatever concepts and references it names. Raises ContentError."""
        source = with_names(source, self.language, path=self.file, locale=self.locale)
        return compile_markdown(source, path=self.file, concept_terms=_AnyTerm(self.terms), references=_AnyKey())

    def block_at(self, position: int) -> Block | None:
        """The block that holds a position of the text."""
        blocks = self.compiled.blocks if self.compiled else []
        return next((block for block in blocks if block.start <= position <= block.end), None)

    def line_at(self, position: int) -> int:
        """The source line of the block at a position of the text."""
        block = self.block_at(position)
        return block.line if block else 1

    def spans_of(self, block: Block) -> list[Span]:
        """The inline runs of a block."""
        spans = self.compiled.spans if self.compiled else []
        return [span for span in spans if block.start <= span.start and span.end <= block.end]

    def words_of(self, block: Block) -> str:
        """The block's text of record."""
        return self.compiled.text[block.start : block.end] if self.compiled else ""

    def line_of(self, token: str, first: int) -> int:
        """The line, from ``first`` on, on which ``token`` stands; ``first`` where it is not found."""
        rows = self.source.split("\n")
        return next((number for number in range(first, len(rows) + 1) if token in rows[number - 1]), first)


@dataclass(slots=True)
class Material:
    """What the rules look at: raw tables, chapter texts, and where things stand."""

    folder: Path
    head: Table
    languages: tuple[str, ...]
    chapters: list[Table]
    concepts: list[Table]
    questions: list[Table]
    plans: list[Table]
    references: list[Table]
    texts: list[ChapterText]
    sources: dict[str, str]
    unreadable: list[Finding] = field(default_factory=list)

    def of_chapter(self, chapter: str) -> list[ChapterText]:
        """A chapter's texts that could be compiled, first language first."""
        return [text for text in self.texts if text.chapter == chapter and text.compiled]

    def entry_line(self, file: str, entry_id: object, words: str = "") -> int:
        """The line of the table with this id in a TOML or JSON file; with ``words`` the line below it on which they stand."""
        source = self.sources.get(file, "")
        found = re.search(rf"""^[\s{{]*"?id"?\s*[=:]\s*["']{re.escape(str(entry_id))}["']""", source, re.MULTILINE)
        start = found.end() if found else 0
        if words and (at := source.find(words[:24], start)) >= 0:
            start = at
        return source.count("\n", 0, start) + 1 if source else 0


def tables(value: object) -> list[Table]:
    """The tables in an array; other things are left out."""
    return [table for table in value if isinstance(table, dict)] if isinstance(value, list) else []


def strings(value: object) -> list[str]:
    """The strings of an array."""
    return [part for part in value if isinstance(part, str)] if isinstance(value, list) else []


def texts_of(value: object, languages: tuple[str, ...]) -> dict[str, str]:
    """Texts per language; one string serves for all languages."""
    if isinstance(value, str):
        return dict.fromkeys(languages, value)
    return {key: text for key, text in value.items() if isinstance(text, str)} if isinstance(value, dict) else {}


def of_error(error: ContentError, rule: str, file: str = "") -> Finding:
    """A finding that says what an error of the reader or compiler says."""
    fields = {name: value for name, value in error.fields.items() if name not in ("file", "line")}
    line = error.fields.get("line")
    name = str(error.fields.get("file") or file)
    return Finding(Severity.ERROR, rule, name, line if isinstance(line, int) else 0, error.template, "", fields)


def read_material(folder: Path, locale: Path | None = None) -> Material:
    """Read everything in ``folder`` that can be read. Raises ContentError where resource.toml itself cannot.

    ``locale``: the folder of the catalogues, against which names of menus and buttons are checked.
    """
    head = read_toml(folder / HEAD)
    languages = tuple(dict.fromkeys(filter(_NAME.fullmatch, strings(head.get("languages"))))) or ("en",)
    material = Material(folder, head, languages, tables(head.get("chapters")), [], [], [], [], [], {})
    for name in (HEAD, CONCEPTS, QUESTIONS, REFERENCES):
        path = folder / name
        if not path.is_file():
            continue
        try:
            material.sources[name] = path.read_text(encoding="utf-8")
            if name == CONCEPTS:
                material.concepts = tables(read_toml(path).get("concepts"))
            elif name == QUESTIONS:
                read = read_toml(path)
                material.questions, material.plans = tables(read.get("questions")), tables(read.get("plans"))
            elif name == REFERENCES:
                material.references = tables(json.loads(material.sources[name]))
        except ContentError as error:
            material.unreadable.append(of_error(error, "unreadable"))
        except (OSError, ValueError) as error:
            line = getattr(error, "lineno", 0)
            template = N_("the file cannot be read: {reason}")
            material.unreadable.append(Finding(Severity.ERROR, "unreadable", name, line, template, "", {"reason": error}))
    material.texts = list(_texts(material, locale))
    return material


def _texts(material: Material, locale: Path | None) -> Iterator[ChapterText]:
    terms = {str(one.get("id")): texts_of(one.get("term"), material.languages) for one in material.concepts}
    for number, chapter in enumerate(material.chapters, 1):
        chapter_id = str(chapter.get("id", number))
        name = str(chapter.get("file", f"{number:02d}-{chapter_id}"))
        if not _NAME.fullmatch(name):
            continue  # the reader of resource.toml says what is wrong
        for language in material.languages:
            file = f"{language}/{name}.md"
            own_terms = {concept: words.get(language, concept) for concept, words in terms.items()}
            text = ChapterText(chapter_id, language, file, material.folder / file, terms=own_terms, locale=locale)
            _compile(text)
            yield text


def _compile(text: ChapterText) -> None:
    try:
        text.source = text.path.read_bytes().decode("utf-8").replace("\r\n", "\n")
    except FileNotFoundError:
        template = N_("there is no text of the chapter “{chapter}” in the language {language};")
        remedy = N_("write this file, or correct “file” or “languages” in resource.toml.")
        fields: dict[str, object] = {"chapter": text.chapter, "language": text.language}
        text.errors.append(Finding(Severity.ERROR, "missing-text", text.file, 0, template, remedy, fields))
        return
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        template = N_("the file is not UTF-8 text here; save it as UTF-8")
        text.errors.append(Finding(Severity.ERROR, "unreadable", text.file, line, template))
        return
    except OSError as os_error:
        template = N_("the file cannot be read: {reason}")
        reason: dict[str, object] = {"reason": os_error.strerror or os_error}
        text.errors.append(Finding(Severity.ERROR, "unreadable", text.file, 0, template, "", reason))
        return
    source = text.source
    for _ in range(_MOST_ERRORS):
        try:
            compiled = text.compile(source)
        except ContentError as error:
            finding = of_error(error, "compile", text.file)
            if not any((one.template, one.fields) == (finding.template, finding.fields) for one in text.errors):
                text.errors.append(finding)
            blanked = _without_line(source, finding.line)
            if blanked == source:
                return
            source = blanked
            continue
        if not text.errors:
            text.compiled = compiled
        return


def _without_line(source: str, line: int) -> str:
    """The source without its faulty line, so that the next fault can be found; line numbers stay."""
    rows = source.split("\n")
    if 0 < line <= len(rows):
        rows[line - 1] = ""
    return "\n".join(rows)


def visible_lines(source: str) -> Iterator[tuple[int, str]]:
    """The lines (from 1) of a Markdown source that are prose: without comments and code."""
    fence = ""
    for number, line in enumerate(without_comments(source).split("\n"), 1):
        opening = re.match(r"^\s*(`{3,}|~{3,})", line)
        if opening and (not fence or opening.group(1).startswith(fence)):
            fence = "" if fence else opening.group(1)[:3]
            continue
        if not fence and line.strip():
            yield number, re.sub(r"`[^`]*`", "`code`", line)
