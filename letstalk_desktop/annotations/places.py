"""Places as values: the anchor of a span, the text that is kept to find it again, the locator that everyone sees."""

from __future__ import annotations

from bisect import bisect_right

from letstalk_desktop.annotations.model import Anchor, Annotation, KeptText
from letstalk_desktop.library.model import Chapter
from letstalk_desktop.library.text import CONTEXT, block_at, block_by_id, locator_at


def anchor_at(chapter: Chapter, start: int, end: int) -> Anchor:
    """The anchor of the code points [start, end) of a chapter."""
    block = block_at(chapter, start)
    return Anchor(
        chapter.resource,
        chapter.edition,
        chapter.language,
        chapter.id,
        block.id if block else "",
        start,
        end,
        chapter.text[start:end],
        chapter.text[max(start - CONTEXT, 0) : start],
        chapter.text[end : end + CONTEXT],
    )


def kept_text(chapter: Chapter) -> KeptText:
    """The chapter's text as the notebook keeps it for comparison with later editions."""
    blocks = tuple((block.id, block.start, block.end, chapter.locator(block)) for block in chapter.blocks)
    return KeptText(chapter.resource, chapter.edition, chapter.language, chapter.id, chapter.text, blocks)


def fits(anchor: Anchor, chapter: Chapter) -> bool:
    """Whether the anchor was made on this very text and its words stand at its place."""
    made_here = (anchor.resource, anchor.edition, anchor.language, anchor.chapter) == (
        chapter.resource,
        chapter.edition,
        chapter.language,
        chapter.id,
    )
    return made_here and chapter.text[anchor.start : anchor.end] == anchor.exact


def locator_in_chapter(annotation: Annotation, chapter: Chapter) -> str:
    """The locator of an annotation on a chapter that it ``fits``; the chapter's label for a note on the whole chapter."""
    anchor = annotation.anchor
    if anchor.end > anchor.start:
        return locator_at(chapter, anchor.start)
    block = block_by_id(chapter, anchor.block) if anchor.block else None
    return chapter.locator(block) if block else chapter.label


def locator_in_kept(annotation: Annotation, kept: KeptText) -> str:
    """The locator that an annotation had in the text it was made on; '' where that text does not say."""
    anchor = annotation.anchor
    if anchor.end <= anchor.start:
        named = (locator for block, _start, _end, locator in kept.blocks if block == anchor.block)
        return next(named, kept.blocks[0][3].partition(".")[0] if kept.blocks else "")
    index = bisect_right(kept.blocks, anchor.start, key=lambda block: block[1]) - 1
    numbered = (locator for _block, _start, _end, locator in kept.blocks[max(index, 0) :] if "." in locator)
    return next(numbered, kept.blocks[-1][3] if kept.blocks else "")
