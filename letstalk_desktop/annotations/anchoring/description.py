"""Describe a place so that it can be found again."""

from __future__ import annotations

from letstalk_desktop.annotations.model import Anchor

CONTEXT = 32  # code points kept before and after a quote


def describe(
    text: str, start: int, end: int, *, resource: str, edition: str, language: str, chapter: str, block: str
) -> Anchor:
    """The anchor of text[start:end], in code points; offsets outside the text are brought into it."""
    start = max(0, min(start, len(text)))
    end = max(start, min(end, len(text)))
    return Anchor(
        resource=resource,
        edition=edition,
        language=language,
        chapter=chapter,
        block=block,
        start=start,
        end=end,
        exact=text[start:end],
        prefix=text[max(0, start - CONTEXT) : start],
        suffix=text[end : end + CONTEXT],
    )
