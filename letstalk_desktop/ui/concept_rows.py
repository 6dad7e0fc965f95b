"""A concept's page as rows, in the reader's words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from letstalk_desktop.annotations.concepts import Entry
from letstalk_desktop.annotations.kinds import KIND_STYLES, kind_name
from letstalk_desktop.annotations.model import Annotation, AnnotationType
from letstalk_desktop.language import Translator
from letstalk_desktop.library.mentions import Mention
from letstalk_desktop.ui.concept_page import CONCEPT, HEADING, MUTED, PASSAGE, PLACE, SOURCE, TEXT, TITLE, PageRow
from letstalk_desktop.ui.concept_reading import ConceptReader, Facts

if TYPE_CHECKING:
    from letstalk_desktop.ui.concepts_panel import ConceptsPanel


def page_rows(
    panel: ConceptsPanel,
    translator: Translator,
    reader: ConceptReader,
    entry: Entry,
    passages: tuple[Annotation, ...],
    facts: Facts | None,
) -> list[PageRow]:
    """The rows of a concept's page; ``facts`` is None while they are being gathered."""
    maker = _Maker(panel, translator, reader, entry, facts or Facts())
    rows = [*maker.meaning()]
    if facts is not None:
        rows += [*maker.sources(), *maker.mentions()]
    return [*rows, *maker.passages(passages), *maker.related()]


class _Maker:
    def __init__(self, panel: ConceptsPanel, translator: Translator, reader: ConceptReader, entry: Entry, facts: Facts) -> None:
        self.panel, self.translator, self.reader, self.entry, self.facts = panel, translator, reader, entry, facts
        self._: Callable[[str], str] = translator.gettext

    def meaning(self) -> Iterator[PageRow]:
        """Term in both languages, whose it is, definition."""
        _, language = self._, self.reader.language
        yield PageRow(TITLE, self.entry.term(language))
        others = [f"{code.upper()}  {words}" for code, words in self.entry.other_terms(language)]
        if self.entry.own is not None:
            others.append(_("a concept of your own"))
        if others:
            yield PageRow(MUTED, " · ".join(others))
        definition = self.entry.definition(language)
        if definition:
            yield PageRow(TEXT, definition)
        elif self.entry.own is not None:
            yield PageRow(MUTED, _("No definition yet. Press F2 to write one."))

    def sources(self) -> Iterator[PageRow]:
        """Where the definition comes from."""
        resource, language = self.reader.resource, self.reader.language
        if self.facts.sources:
            yield PageRow(HEADING, self._("Sources"))
        for key, words in self.facts.sources:
            there = resource.entry("references") is not None
            go = partial(self.panel.place_requested.emit, resource.id, "references", language, f"ref-{key}", 0)
            yield PageRow(SOURCE, words, open=go if there else None)

    def mentions(self) -> Iterator[PageRow]:
        """Where the text speaks of it."""
        _ = self._
        yield PageRow(HEADING, _("In the text"))
        for mention in self.facts.mentions:
            yield PageRow(PLACE, mention.excerpt, head=f"¶ {mention.locator}", open=partial(self._go, mention))
        if not self.facts.mentions:
            yield PageRow(MUTED, _("The text does not speak of it by name."))

    def _go(self, mention: Mention) -> None:
        self.panel.place_requested.emit(mention.resource, mention.chapter, mention.language, mention.block, mention.offset)

    def passages(self, passages: tuple[Annotation, ...]) -> Iterator[PageRow]:
        """What the reader linked to it."""
        _, ngettext = self._, self.translator.ngettext
        count = len(passages)
        words = ngettext("{count} of your passages", "{count} of your passages", count).format(count=count)
        yield PageRow(HEADING, words if count else _("Your passages"))
        for one in passages:
            yield PageRow(
                PASSAGE,
                " ".join(one.anchor.exact.split()),
                head=self._head(one),
                note=" ".join(one.note.split()),
                kind=one.kind if one.type is AnnotationType.HIGHLIGHT else None,
                open=partial(self.panel.annotation_requested.emit, one),
            )
        if not count:
            yield PageRow(MUTED, _("None yet. Select words in the text and press Ctrl+K to link them to this concept."))

    def _head(self, one: Annotation) -> str:
        _ = self._
        locator = self.facts.locators.get(one.id, "")
        if one.type is AnnotationType.HIGHLIGHT:
            parts = [f"{KIND_STYLES[one.kind].letter} {kind_name(one.kind, self.translator, self.panel.desk.kind_names)}"]
        elif one.type is AnnotationType.ANSWER:
            parts = [_("Answer")]
        else:
            parts = [_("Note")]
        if locator:
            parts.append(f"¶ {locator}")
        if one.anchor.resource != self.reader.resource.id:
            parts.append(self._title(one.anchor.resource))
        return " · ".join(parts)

    def _title(self, resource: str) -> str:
        try:
            return self.panel.desk.shelf.resource(resource).title(self.reader.language)
        except Exception:
            return resource

    def related(self) -> Iterator[PageRow]:
        """The concepts next to it."""
        _, language, codebook = self._, self.reader.language, self.panel.codebook
        entries = [found for other in codebook.related(self.entry.id) if (found := codebook.get(other)) is not None]
        if entries:
            yield PageRow(HEADING, _("Related concepts"))
        for other in sorted(entries, key=lambda entry: entry.term(language).casefold()):
            count = len(self.panel.passages_of(other.id))
            yield PageRow(
                CONCEPT,
                other.term(language) + (f"  {count}" if count else ""),
                open=partial(self.panel.show_concept, other.id),
            )
