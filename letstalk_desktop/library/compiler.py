"""Markdown to the model. The only file that imports the Markdown parser; `walk.py` reads the tree it makes."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

import markdown
from markdown.extensions.toc import slugify
from markdown.inlinepatterns import InlineProcessor

from letstalk_desktop.errors import ContentError
from letstalk_desktop.language import N_
from letstalk_desktop.library import source as lines
from letstalk_desktop.library.walk import CompiledText, Walk


class _Concept(InlineProcessor):
    """``[[id|words]]``, already shielded by the source pass."""

    def __init__(self, md: markdown.Markdown) -> None:
        pattern = (
            f"{lines.CONCEPT_OPEN}([^{lines.CONCEPT_BAR}]*){lines.CONCEPT_BAR}([^{lines.CONCEPT_CLOSE}]*){lines.CONCEPT_CLOSE}"
        )
        super().__init__(pattern, md)

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[ElementTree.Element, int, int]:
        element = ElementTree.Element("concept", {"target": m.group(1).strip()})
        element.text = m.group(2)
        return element, m.start(0), m.end(0)


class _Citation(InlineProcessor):
    """``[@key, p. 2]``"""

    def __init__(self, md: markdown.Markdown) -> None:
        super().__init__(r"\[(@[^\[\]]+)\]", md)

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[ElementTree.Element, int, int]:
        element = ElementTree.Element("cite", {"raw": m.group(1)})
        return element, m.start(0), m.end(0)


def _slug(words: str, separator: str) -> str:
    """A heading's id where its author gave none: from its words, not from the line on which they stand."""
    return str(slugify(lines.MARK.sub("", words), separator))


def _parser() -> markdown.Markdown:
    extensions = ["extra", "admonition", "toc"]
    toc = {"permalink": False, "slugify": _slug}
    md = markdown.Markdown(extensions=extensions, extension_configs={"toc": toc}, tab_length=4)
    # Raw HTML shows as it was typed; ids are taken from the tree by `_take_id`, in one way for all blocks.
    for registry, name in (
        (md.preprocessors, "html_block"),
        (md.preprocessors, "fenced_code_block"),
        (md.inlinePatterns, "html"),
        (md.inlinePatterns, "entity"),
        (md.treeprocessors, "attr_list"),
        (md.treeprocessors, "prettify"),
    ):
        registry.deregister(name)
    md.parser.blockprocessors.deregister("markdown_block")
    md.parser.blockprocessors["olist"].LAZY_OL = False  # type: ignore[attr-defined]  # a list that begins with 3. shows 3.
    md.inlinePatterns.register(_Concept(md), "letstalk_concept", 186)
    md.inlinePatterns.register(_Citation(md), "letstalk_citation", 185)
    return md


def _parse(source: str) -> ElementTree.Element:
    """The tree that Python-Markdown makes, before it turns it into HTML."""
    md = _parser()
    prepared = lines.mark_lines(source).split("\n")
    for preprocessor in md.preprocessors:
        prepared = preprocessor.run(prepared)
    root: ElementTree.Element = md.parser.parseDocument(prepared).getroot()  # type: ignore[assignment]
    for treeprocessor in md.treeprocessors:
        replaced = treeprocessor.run(root)
        if replaced is not None:
            root = replaced
    return root


def compile_markdown(
    source: str, *, path: str, concept_terms: dict[str, str], references: set[str], first_number: int = 1
) -> CompiledText:
    """Compile one Markdown file.

    ``concept_terms``: concept id → term in the chapter's language. ``references``: known keys. ``path`` is named in errors.
    Raises ContentError with file, line and remedy.
    """
    if lines.PRIVATE.search(source):
        line = source[: lines.PRIVATE.search(source).start()].count("\n") + 1  # type: ignore[union-attr]
        raise ContentError(N_("a private-use character (U+E000 to U+E00A) stands here; take it out"), file=path, line=line)
    walk = Walk(source, path, concept_terms, references, first_number)
    walk.children(_parse(source.removeprefix("\ufeff")))
    walk.out.text = walk.writer.text()
    walk.out.spans.sort(key=lambda span: (span.start, -span.end))
    return walk.out
