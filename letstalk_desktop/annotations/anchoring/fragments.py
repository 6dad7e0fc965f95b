"""What several quotes of one text tell of it together: where they overlap, each knows more of its surroundings."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from letstalk_desktop.annotations.model import Anchor

_WIDE = 96  # code points of context that are of use
_OVERLAP = 12  # code points that must agree before two fragments are joined


class Fragments:
    """The known stretches of a text that is not at hand, pieced together from anchors that were made in it."""

    def __init__(self, anchors: Iterable[Anchor]) -> None:
        pieces = sorted(
            (anchor.start - len(anchor.prefix), anchor.prefix + anchor.exact + anchor.suffix)
            for anchor in anchors
            if anchor.exact and anchor.start >= len(anchor.prefix)
        )
        self._starts: list[int] = []
        self._texts: list[str] = []
        for start, text in pieces:
            if self._starts and self._joined(start, text):
                continue
            self._starts.append(start)
            self._texts.append(text)

    def _joined(self, start: int, text: str) -> bool:
        """Whether the piece continues the last stretch, and was added to it."""
        last, known = self._starts[-1], self._texts[-1]
        shared = last + len(known) - start
        if shared < min(_OVERLAP, len(text)):
            return False
        offset = start - last
        if known[offset : offset + len(text)] != text[:shared]:
            return False
        self._texts[-1] = known + text[shared:]
        return True

    def widen(self, anchor: Anchor) -> Anchor:
        """The anchor with as much of its surroundings as is known."""
        number = bisect_right(self._starts, anchor.start) - 1
        if number < 0 or not anchor.exact:
            return anchor
        known, offset = self._texts[number], anchor.start - self._starts[number]
        end = offset + len(anchor.exact)
        if known[offset:end] != anchor.exact:
            return anchor
        prefix, suffix = known[max(0, offset - _WIDE) : offset], known[end : end + _WIDE]
        if not prefix.endswith(anchor.prefix) or not suffix.startswith(anchor.suffix):
            return anchor
        return anchor._replace(prefix=prefix, suffix=suffix)
