"""References for a document that is exported: runs as values with names, in APA style."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from letstalk_desktop.library.model import Chapter, SpanKind


@dataclass(frozen=True, slots=True)
class Run:
    """Part of a formatted reference. ``url`` is set where it is an address."""

    text: str
    italic: bool = False
    url: str = ""


def format_references(items: Sequence[Mapping[str, object]], language: str) -> list[tuple[Run, ...]]:
    """Each item as runs of text, in the same order. An item that the processor cannot take is shown by title and address."""
    from letstalk_desktop.library import citations  # a reference list that is compiled has no need of them

    formatted = citations.format_references({str(index): item for index, item in enumerate(items)}, language=language)
    return [tuple(Run(words, style == "italic", target) for words, style, target in runs) for runs in formatted.values()]


def listed_references(chapter: Chapter) -> dict[str, tuple[Run, ...]]:
    """The references of a resource's reference list by key, as they are read there: formatted once, when it was compiled."""
    styled = [span for span in chapter.spans if span.kind in (SpanKind.EMPHASIS, SpanKind.LINK)]
    found: dict[str, list[Run]] = {}
    place = 0
    for block in chapter.blocks:
        key = block.id.removeprefix("ref-")
        runs, at = found.setdefault(key, []), block.start
        while place < len(styled) and styled[place].start < block.end:
            span = styled[place]
            if span.start > at:
                runs.append(Run(chapter.text[at : span.start]))
            link = span.kind is SpanKind.LINK
            runs.append(Run(chapter.text[span.start : span.end], not link, span.target if link else ""))
            at = span.end
            place += 1
        if at < block.end:
            runs.append(Run(chapter.text[at : block.end]))
    return {key: tuple(runs) for key, runs in found.items()}
