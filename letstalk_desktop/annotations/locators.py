"""Where annotations are, for people: the locator in the edition at hand, else in the text that the notebook kept of theirs."""

from __future__ import annotations

from collections.abc import Callable

from letstalk_desktop.annotations.model import Annotation, KeptText
from letstalk_desktop.annotations.places import fits, locator_in_chapter, locator_in_kept
from letstalk_desktop.errors import LetsTalkError
from letstalk_desktop.library.shelf import Shelf

KeptTextOf = Callable[[str, str, str, str], KeptText | None]  # of a resource, edition, language and chapter


class Locators:
    """Looks each text up once."""

    def __init__(self, shelf: Shelf, kept_text: KeptTextOf) -> None:
        self._shelf, self._kept_text = shelf, kept_text
        self._kept: dict[tuple[str, str, str, str], KeptText | None] = {}

    def of(self, annotation: Annotation) -> str:
        """The locator such as ``3.12``; ``3`` for a note on a chapter, '' for one on the resource or where nobody knows."""
        anchor = annotation.anchor
        if not anchor.chapter:
            return ""
        try:
            chapter = self._shelf.chapter(anchor.resource, anchor.chapter, anchor.language)
            if fits(anchor, chapter):
                return locator_in_chapter(annotation, chapter)
        except LetsTalkError:
            pass  # the resource or the chapter is not here (any more): the kept text still knows
        key = (anchor.resource, anchor.edition, anchor.language, anchor.chapter)
        if key not in self._kept:
            self._kept[key] = self._kept_text(*key)
        kept = self._kept[key]
        return locator_in_kept(annotation, kept) if kept else ""
