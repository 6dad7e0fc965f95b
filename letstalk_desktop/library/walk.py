"""From the parsed tree to blocks, spans and the text of record. Knows element trees, not the Markdown parser."""

from __future__ import annotations

import hashlib
import html
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import dataclass, field

from letstalk_desktop.errors import ContentError
from letstalk_desktop.language import N_
from letstalk_desktop.library import source as lines
from letstalk_desktop.library.model import (
    Block,
    BlockKind,
    Cell,
    Container,
    ContainerKind,
    Span,
    SpanKind,
)
from letstalk_desktop.library.text import trimmed

BOXES = ("practice", "story", "key", "question")

_INLINE_KINDS = {
    "em": SpanKind.EMPHASIS,
    "i": SpanKind.EMPHASIS,
    "strong": SpanKind.STRONG,
    "b": SpanKind.STRONG,
    "code": SpanKind.CODE,
    "sup": SpanKind.SUPERSCRIPT,
    "sub": SpanKind.SUBSCRIPT,
    "del": SpanKind.STRIKE,
}
_BLOCK_TAGS = {"p", "ul", "ol", "blockquote", "div", "pre", "table", "dl", "hr", "h1", "h2", "h3", "h4", "h5", "h6"}
_SPACES = re.compile(r"[ \t\n\r\f\v]+")
_ID = re.compile(r"[ \n]*\{:?[ ]*#([A-Za-z0-9_-]+)[^{}]*\}[ \n]*$")
_ATTRIBUTES = re.compile(r"[ \n]*\{:[^{}\n]*\}[ \n]*$")
_CITATION = re.compile(r"^\s*@([A-Za-z0-9_:.+/-]*[A-Za-z0-9_])\s*(?:,\s*(.*?))?\s*$", re.DOTALL)
AMP_TOKEN = "\x02amp\x03"  # Python-Markdown's stand-in for "&"
_CAPTION = re.compile(f"^(\\s*{lines.MARK.pattern.replace('(', '(?:')}\\s*)Table:[ \ue005\ue006]*")
_PLACEHOLDER = re.compile("\x02[^\x03]*\x03")
_ENTITY = re.compile(r"&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);")


@dataclass
class CompiledText:
    """What one Markdown file holds: the text of record and everything placed on it."""

    text: str = ""
    blocks: list[Block] = field(default_factory=list)
    containers: list[Container] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    footnotes: list[tuple[str, str]] = field(default_factory=list)
    generated_ids: set[str] = field(default_factory=set)


class _Writer:
    """Grows the text of record; white space is folded as it arrives, no-break spaces stay."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self.length = 0

    @property
    def last(self) -> str:
        """The last character so far; a line end at the very start."""
        return self._parts[-1][-1] if self._parts else "\n"

    def raw(self, text: str) -> None:
        if text:
            self._parts.append(text)
            self.length += len(text)

    def folded(self, text: str) -> None:
        text = _SPACES.sub(" ", text)
        if text.startswith(" ") and self.last in " \n\t":
            text = text[1:]
        self.raw(text)

    def strip_to(self, start: int) -> None:
        """Take breaking spaces off the end, not further back than ``start``."""
        while self._parts and self.length > start:
            part = self._parts.pop()
            before = self.length - len(part)
            floor = max(start - before, 0)
            kept = part[:floor] + part[floor:].rstrip(" \n")
            self.length = before + len(kept)
            if kept:
                self._parts.append(kept)
                return

    def since(self, start: int) -> str:
        """The text from ``start`` to the end."""
        length, tail = self.length, []
        for part in reversed(self._parts):
            if length <= start:
                break
            length -= len(part)
            tail.append(part)
        return "".join(reversed(tail))[start - length :] if tail else ""

    def text(self) -> str:
        return "".join(self._parts)


class Walk:
    """One pass over the tree of one file."""

    def __init__(self, source: str, path: str, concept_terms: dict[str, str], references: set[str], first_number: int) -> None:
        self.source, self.path = source, path
        self.concept_terms, self.references = concept_terms, references
        self.out = CompiledText()
        self.writer = _Writer()
        self.number = first_number
        self.line = 1
        self.ids: set[str] = set()
        self.open: list[int] = []
        self.in_list = False
        self.list_started = False
        self.footnote_ids: list[str] = []

    def fail(self, template: str, line: int | None = None, **fields: object) -> ContentError:
        return ContentError(template, file=self.path, line=line or self.line, **fields)

    # --- blocks -----------------------------------------------------------------------------------------------------

    def children(self, parent: ElementTree.Element) -> None:
        for element in parent:
            self.block(element)

    def block(self, element: ElementTree.Element) -> None:
        tag = element.tag
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self.leaf(element, BlockKind.HEADING, level=int(tag[1]), fallback_id=element.get("id", ""))
        elif tag == "p":
            self.paragraph(element)
        elif tag in ("ul", "ol"):
            self.list(element)
        elif tag == "blockquote":
            self.inside(Container(ContainerKind.QUOTE), element)
        elif tag == "div":
            self.division(element)
        elif tag == "pre":
            self.code(element)
        elif tag == "table":
            self.table(element)
        elif tag == "dl":
            for part in element:
                if part.tag == "dt":
                    self.leaf(part, BlockKind.TERM)
                else:
                    self.mixed(part, BlockKind.PARAGRAPH, "")
        elif tag != "hr":
            self.leaf(element, BlockKind.PARAGRAPH)

    def inside(self, container: Container, element: ElementTree.Element) -> None:
        self.out.containers.append(container)
        self.open.append(len(self.out.containers) - 1)
        self.mixed(element, BlockKind.PARAGRAPH, "")
        self.open.pop()

    def division(self, element: ElementTree.Element) -> None:
        classes = element.get("class", "").split()
        if "footnote" in classes:
            self.footnotes(element)
            return
        if "toc" in classes:
            return
        if "admonition" not in classes:
            self.children(element)
            return
        style = classes[1] if len(classes) > 1 else ""
        if style not in BOXES:
            line = lines.line_of(self.source, f"!!! {style}")
            raise self.fail(
                N_("there is no box of the type “{style}”; use one of {boxes}"), line, style=style, boxes=", ".join(BOXES)
            )
        title = ""
        if len(element) and element[0].get("class") == "admonition-title":
            heading = element[0]
            element.remove(heading)
            title = "".join(self.plain(heading)).strip()
        self.inside(Container(ContainerKind.BOX, style, "" if title == style.capitalize() else title), element)

    def footnotes(self, element: ElementTree.Element) -> None:
        for item in element.iter("li"):
            name = item.get("id", "").removeprefix("fn:")
            words = _PLACEHOLDER.sub("", "".join(self.plain(item)))
            self.out.footnotes.append((name, unshielded(_SPACES.sub(" ", words).strip(" \u00a0"))))

    def plain(self, element: ElementTree.Element) -> Iterator[str]:
        """The words of an element, without marks, line numbers and back references."""
        if element.tag == "a" and "footnote-backref" in element.get("class", ""):
            return
        if element.text:
            yield self.clean(element.text, element.tag == "code")
        for child in element:
            yield from self.plain(child)
            if child.tail:
                yield self.clean(child.tail, False)

    def paragraph(self, element: ElementTree.Element) -> None:
        words = [child for child in element if child.tag != "img"]
        text = (element.text or "") + "".join(child.tail or "" for child in element)
        bare = lines.MARK.sub("", text)
        images = [child for child in element if child.tag == "img"]
        found = _ID.search(bare)
        if not words and found and not bare[: found.start()].strip():
            if images:
                self.figure(element, images[0], found.group(1))
            elif self.out.blocks:
                self.rename_last(found.group(1))
            return
        if images and not words and not bare.strip() and len(images) == 1:
            self.figure(element, images[0], "")
            return
        if self.out.blocks and self.out.blocks[-1].kind is BlockKind.TABLE:
            element.text = _CAPTION.sub(r"\1", element.text or "")
        self.leaf(element, BlockKind.PARAGRAPH)

    def rename_last(self, block_id: str) -> None:
        last = self.out.blocks[-1]
        self.out.generated_ids.discard(last.id)
        self.ids.discard(last.id)
        self.claim(block_id)
        self.out.blocks[-1] = last._replace(id=block_id)

    def list(self, element: ElementTree.Element) -> None:
        outermost = not self.in_list
        if outermost:
            self.in_list, self.list_started = True, False
        ordered = element.tag == "ol"
        self.out.containers.append(Container(ContainerKind.LIST, "ordered" if ordered else "bullet"))
        self.open.append(len(self.out.containers) - 1)
        number = int(element.get("start", "1"))
        for item in element:
            self.mixed(item, BlockKind.ITEM, f"{number}." if ordered else "•")
            number += 1
        self.open.pop()
        if outermost:
            self.in_list = False

    def mixed(self, element: ElementTree.Element, kind: BlockKind, marker: str) -> None:
        """An element that holds text, blocks, or text followed by blocks: the first of them takes the marker."""
        inline = ElementTree.Element("p")
        inline.text = element.text
        rest = []
        for child in element:
            if child.tag in _BLOCK_TAGS:
                rest.append(child)
            elif not rest:
                inline.append(child)
        has_text = bool(lines.MARK.sub("", inline.text or "").strip()) or len(inline) > 0
        if has_text:
            self.leaf(inline, kind, marker=marker)
            marker = ""
        elif inline.text and (found := lines.MARK.search(inline.text)):
            self.line = int(found.group(1))
        for child in rest:
            if child.tag == "p" and marker and self.is_plain_paragraph(child):
                self.leaf(child, kind, marker=marker)
                marker = ""
            elif child.tag == "p" and kind is BlockKind.ITEM and self.is_plain_paragraph(child):
                self.leaf(child, BlockKind.PARAGRAPH)
            else:
                self.block(child)

    @staticmethod
    def is_plain_paragraph(element: ElementTree.Element) -> bool:
        text = (element.text or "") + "".join(child.tail or "" for child in element)
        found = _ID.search(lines.MARK.sub("", text))
        return bool(len(element) or not found or lines.MARK.sub("", text)[: found.start()].strip())

    def separator(self) -> None:
        if not self.out.blocks:
            return
        self.writer.raw("\n" if self.in_list and self.list_started else "\n\n")

    def begin(self) -> int:
        self.separator()
        if self.in_list:
            self.list_started = True
        return self.writer.length

    def claim(self, block_id: str) -> None:
        if block_id in self.ids:
            raise self.fail(N_("the id “{id}” is used twice in this chapter; give one of the two another"), id=block_id)
        self.ids.add(block_id)

    def finish(
        self, start: int, kind: BlockKind, block_id: str, line: int, *, fallback_id: str = "", **details: object
    ) -> None:
        self.line = line
        number = 0
        if kind is not BlockKind.HEADING:
            number = self.number
            self.number += 1
        if block_id:
            self.claim(block_id)
        else:
            words = self.writer.since(start)
            block_id = fallback_id or f"x{hashlib.sha256(words.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
            serial = 2
            base = block_id
            while block_id in self.ids:
                block_id, serial = f"{base}-{serial}", serial + 1
            self.ids.add(block_id)
            self.out.generated_ids.add(block_id)
        end = self.writer.length
        block = Block(block_id, kind, number, start, end, containers=tuple(self.open), line=line, **details)  # type: ignore[arg-type]
        self.out.blocks.append(block)

    def leaf(
        self, element: ElementTree.Element, kind: BlockKind, *, level: int = 0, marker: str = "", fallback_id: str = ""
    ) -> None:
        block_id = self.take_id(element)
        line = self.take_line(element)
        before = (self.writer.length, self.list_started)
        start = self.begin()
        first_span = len(self.out.spans)
        self.inline(element)
        self.writer.strip_to(start)
        if self.writer.length == start and not self.out.spans[first_span:]:
            self.writer.strip_to(before[0])  # an empty paragraph is nothing
            self.list_started = before[1]
            return
        self.clamp(first_span, self.writer.length)
        self.finish(start, kind, block_id, line, level=level, marker=marker, fallback_id=lines.PRIVATE.sub("", fallback_id))

    def clamp(self, first_span: int, end: int) -> None:
        kept = []
        for span in self.out.spans[first_span:]:
            stop = min(span.end, end)
            start = min(span.start, stop)
            if start < stop or span.kind in (SpanKind.CITATION, SpanKind.FOOTNOTE):
                kept.append(Span(start, stop, span.kind, span.target, span.detail))
        self.out.spans[first_span:] = kept

    def code(self, element: ElementTree.Element) -> None:
        code = element.find("code")
        text = html.unescape("".join((code if code is not None else element).itertext()))
        found = lines.MARK.search(text)
        line = int(found.group(1)) if found else self.line
        text = lines.MARK.sub("", text).strip("\n")
        start = self.begin()
        self.writer.raw(unshielded(text))
        self.finish(start, BlockKind.CODE, "", line)

    def figure(self, element: ElementTree.Element, image: ElementTree.Element, block_id: str) -> None:
        line = self.take_line(element)
        source = image.get("src", "")
        while source.startswith(("../", "./")):
            source = source.split("/", 1)[1]
        self.line = line
        if re.match(r"^[A-Za-z][A-Za-z0-9+.-]*:|^//", source) or source.startswith("/") or ".." in source.split("/"):
            raise self.fail(N_("the picture “{image}” is not in the resource; put it into its folder figures/"), image=source)
        description = unshielded(self.clean(image.get("alt", ""), False)).strip()
        caption = unshielded(self.clean(image.get("title", ""), False)).strip() or description
        start = self.begin()
        self.writer.folded(caption)
        self.writer.strip_to(start)
        self.finish(start, BlockKind.FIGURE, block_id, line, image=source, description=description)

    def table(self, element: ElementTree.Element) -> None:
        line = self.take_line(element)
        start = self.begin()
        rows: list[tuple[Cell, ...]] = []
        header_rows = 0
        first_span = len(self.out.spans)
        for row in element.iter("tr"):
            if rows:
                self.writer.raw("\n")
            cells: list[Cell] = []
            for column, cell in enumerate(row):
                if column:
                    self.writer.raw("\t")
                cell_start = self.writer.length
                spans_before = len(self.out.spans)
                self.inline(cell)
                self.writer.strip_to(cell_start)
                self.clamp(spans_before, self.writer.length)
                align = re.search(r"text-align:\s*(\w+)", cell.get("style", ""))
                cells.append(Cell(cell_start, self.writer.length, align.group(1) if align else cell.get("align", "")))
            if len(row) and all(cell.tag == "th" for cell in row):
                header_rows += 1
            rows.append(tuple(cells))
        self.clamp(first_span, self.writer.length)
        self.finish(start, BlockKind.TABLE, "", line, rows=tuple(rows), header_rows=header_rows)

    # --- inline -----------------------------------------------------------------------------------------------------

    def take_line(self, element: ElementTree.Element) -> int:
        for node in element.iter():
            for text in (node.text, node.tail if node is not element else None, node.get("alt")):
                found = lines.MARK.search(text or "")
                if found:
                    self.line = int(found.group(1))
                    return self.line
        return self.line

    @staticmethod
    def take_id(element: ElementTree.Element) -> str:
        """Take ``{#id}`` off the end of an element's text, and attribute lists of other kinds too."""
        last = element[-1] if len(element) else None
        text = (last.tail if last is not None else element.text) or ""
        found = _ID.search(text)
        stripped = text[: found.start()] if found else _ATTRIBUTES.sub("", text)
        if last is not None:
            last.tail = stripped
        else:
            element.text = stripped
        return found.group(1) if found else ""

    @staticmethod
    def clean(text: str, code: bool) -> str:
        """Parser tokens and line marks taken out, entities as characters."""
        text = lines.revealed(lines.MARK.sub("", text.replace(AMP_TOKEN, "&")))
        return html.unescape(text) if code else _ENTITY.sub(lambda found: html.unescape(found.group()), text)

    def inline(self, element: ElementTree.Element) -> None:
        if element.text:
            self.writer.folded(unshielded(self.clean(element.text, False)))
        for child in element:
            self.inline_child(child)
            if child.tail:
                self.writer.folded(unshielded(self.clean(child.tail, False)))

    def inline_child(self, child: ElementTree.Element) -> None:
        start = self.writer.length
        place = len(self.out.spans)
        if child.tag == "br":
            self.writer.strip_to(start - 1 if start else 0)
            self.writer.raw("\n")
            self.out.spans.append(Span(self.writer.length - 1, self.writer.length, SpanKind.LINE_BREAK))
        elif child.tag == "cite":
            self.citations(child.get("raw", ""))
        elif child.tag == "concept":
            self.concept(child)
        elif child.tag == "img":
            self.writer.folded(self.clean(child.get("alt", ""), False))
        elif child.tag == "sup" and child.get("id", "").startswith("fnref"):
            name = child.get("id", "").split(":", 1)[-1]
            if self.writer.last == " ":
                self.writer.strip_to(max(start - 1, 0))
            self.out.spans.append(Span(self.writer.length, self.writer.length, SpanKind.FOOTNOTE, name))
        elif child.tag == "code":
            self.writer.raw(unshielded(self.clean("".join(child.itertext()), True)))
            self.out.spans.append(Span(start, self.writer.length, SpanKind.CODE))
        else:
            self.inline(child)
            kind = _INLINE_KINDS.get(child.tag)
            target = ""
            if child.tag == "a":
                kind, target = SpanKind.LINK, html.unescape(self.clean(child.get("href", ""), False))
            if kind:
                begin, end = trimmed(self.writer.since(start), 0, self.writer.length - start)
                self.out.spans.insert(
                    place, Span(start + begin, start + end, kind, target, self.clean(child.get("title", ""), False))
                )

    def concept(self, child: ElementTree.Element) -> None:
        target = child.get("target", "")
        if target not in self.concept_terms:
            line = lines.line_of(self.source, f"[[{target}")
            raise self.fail(N_("there is no concept “{id}” in concepts.toml; add it there or correct the id"), line, id=target)
        start = self.writer.length
        if "".join(child.itertext()).strip():
            self.inline(child)
        else:
            self.writer.folded(self.concept_terms[target])
        self.out.spans.append(Span(start, self.writer.length, SpanKind.CONCEPT, target))

    def citations(self, raw: str) -> None:
        if self.writer.last == " ":
            self.writer.strip_to(max(self.writer.length - 1, 0))
        for part in raw.split(";"):
            found = _CITATION.match(part)
            key = found.group(1) if found else part.strip()
            if not found or key not in self.references:
                line = lines.line_of(self.source, raw.split(";")[0])
                raise self.fail(
                    N_("there is no reference “{key}” in references.json; add it there or correct the key"), line, key=key
                )
            here = self.writer.length
            self.out.spans.append(Span(here, here, SpanKind.CITATION, key, _SPACES.sub(" ", found.group(2) or "")))


def unshielded(text: str) -> str:
    """Concept marks that stood where they mean nothing (in code, in a title), as they were typed."""
    text = lines.revealed(text)
    if lines.CONCEPT_OPEN not in text:
        return text
    pattern = (
        f"{lines.CONCEPT_OPEN}([^{lines.CONCEPT_BAR}]*){lines.CONCEPT_BAR}([^{lines.CONCEPT_CLOSE}]*){lines.CONCEPT_CLOSE}"
    )
    return re.sub(pattern, lambda m: f"[[{m.group(1)}|{m.group(2)}]]" if m.group(2) else f"[[{m.group(1)}]]", text)
