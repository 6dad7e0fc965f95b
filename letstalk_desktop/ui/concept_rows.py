"""A concept's page as rows, in the reader's words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from letstalk_desktop.annotations.concepts import Codebook, Entry
from letstalk_desktop.annotations.kinds import KIND_STYLES, kind_name
from letstalk_desktop.annotations.model import Annotation, AnnotationType, Kind, Placement
from letstalk_desktop.language import Translator
from letstalk_desktop.ui.concept_page import CONCEPT, HEADING, MUTED, PASSAGE, PLACE, SOURCE, TEXT, TITLE, PageRow
from letstalk_desktop.ui.concept_reading import ConceptReader, Facts


def page_rows(
    translator: Translator,
    reader: ConceptReader,
    codebook: Codebook,
    entry: Entry,
    passages: Mapping[str, tuple[Annotation, ...]],
    facts: Facts | None,
    kind_names: Mapping[Kind, str],
    key: str,
) -> list[PageRow]:
    """The rows of a concept's page. ``passages`` by concept; ``facts`` is None while they are being gathered. ``key`` links."""
    maker = _Maker(translator, reader, codebook, entry, passages, facts or Facts(), kind_names, key)
    rows = [*maker.meaning()]
    if facts is not None:
        rows += [*maker.sources(), *maker.mentions()]
    return [*rows, *maker.mine(), *maker.related()]


@dataclass(frozen=True, slots=True)
class _Maker:
    translator: Translator
    reader: ConceptReader
    codebook: Codebook
    entry: Entry
    passages: Mapping[str, tuple[Annotation, ...]]
    facts: Facts
    kind_names: Mapping[Kind, str]
    key: str

    def meaning(self) -> Iterator[PageRow]:
        """Term in both languages, whose it is, definition."""
        _, language = self.translator.gettext, self.reader.language
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
        _ = self.translator.gettext
        for source in self.facts.sources:
            words = _("Source: {reference}").format(reference=source.words)
            yield PageRow(SOURCE, words, target=source if source.listed else None)

    def mentions(self) -> Iterator[PageRow]:
        """Where the text speaks of it."""
        _ = self.translator.gettext
        yield PageRow(HEADING, _("In the text"))
        for mention in self.facts.mentions:
            yield PageRow(PLACE, mention.excerpt, head=f"¶ {mention.locator}", target=mention)
        if not self.facts.mentions:
            yield PageRow(MUTED, _("The text does not speak of it by name."))

    def mine(self) -> Iterator[PageRow]:
        """What the reader linked to it."""
        _, ngettext = self.translator.gettext, self.translator.ngettext
        passages = self.passages.get(self.entry.id, ())
        count = len(passages)
        words = ngettext("{count} of your passages", "{count} of your passages", count).format(count=count)
        yield PageRow(HEADING, words if count else _("Your passages"))
        for one in passages:
            yield PageRow(
                PASSAGE,
                " ".join(one.anchor.exact.split()),
                head=self._head(one),
                note=self.facts.notes.get(one.id) or " ".join(one.note.split()),
                kind=one.kind if one.type is AnnotationType.HIGHLIGHT else None,
                target=one,
            )
        if not count:
            words = _("None yet. Select words in the text and press {key} to link them to this concept.")
            yield PageRow(MUTED, words.format(key=self.key))

    def _head(self, one: Annotation) -> str:
        _ = self.translator.gettext
        locator = self.facts.locators.get(one.id, "")
        if one.type is AnnotationType.HIGHLIGHT:
            parts = [f"{KIND_STYLES[one.kind].letter} {kind_name(one.kind, self.translator, self.kind_names)}"]
        elif one.type is AnnotationType.ANSWER:
            parts = [_("Answer")]
        else:
            parts = [_("Note")]
        if one.placement is Placement.UNPLACED:
            parts.append(_("unplaced"))
        elif locator:
            parts.append(f"¶ {locator}")
        if one.anchor.resource != self.reader.resource.id:
            parts.append(self.facts.titles.get(one.anchor.resource, one.anchor.resource))
        return " · ".join(parts)

    def related(self) -> Iterator[PageRow]:
        """The concepts next to it."""
        _, language, codebook = self.translator.gettext, self.reader.language, self.codebook
        entries = [found for other in codebook.related(self.entry.id) if (found := codebook.get(other)) is not None]
        if entries:
            yield PageRow(HEADING, _("Related concepts"))
        for other in sorted(entries, key=lambda entry: entry.term(language).casefold()):
            count = len(self.passages.get(other.id, ()))
            yield PageRow(
                CONCEPT,
                other.term(language) + (f"  {count}" if count else ""),
                target=other,
            )
