"""References for a document that is exported: runs as values with names, in APA style."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from letstalk_desktop.library import citations


@dataclass(frozen=True, slots=True)
class Run:
    """Part of a formatted reference. ``url`` is set where it is an address."""

    text: str
    italic: bool = False
    url: str = ""


def format_references(items: Sequence[Mapping[str, object]], language: str) -> list[tuple[Run, ...]]:
    """Each item as runs of text, in the same order. An item that the processor cannot take is shown by title and address."""
    formatted = citations.format_references({str(index): item for index, item in enumerate(items)}, language=language)
    return [tuple(Run(words, style == "italic", target) for words, style, target in runs) for runs in formatted.values()]
