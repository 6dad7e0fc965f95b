"""The few words around what was found."""

from __future__ import annotations

from letstalk_desktop.storage.asking import Marks

LENGTH = 160  # code points, about
_BEFORE = 40  # of them before the first mark
_SPACES = str.maketrans(dict.fromkeys("\n\t\r\x0b\x0c\x85\u2028\u2029", " "))


def snippet(text: str, marks: Marks | None) -> tuple[str, tuple[tuple[int, int], ...]]:
    """An excerpt of ``text`` on one line, with … where it is cut, and the code points [start, end) in it that are marked.

    It is taken where most of what is wanted stands together.
    """
    spans = marks.spans() if marks else []
    start, end = _window(text, marks)
    head, tail = "… " if start else "", " …" if end < len(text) else ""
    shift = len(head) - start
    shown = tuple((max(a, start) + shift, min(b, end) + shift) for a, b in spans if a < end and b > start)
    return head + text[start:end].translate(_SPACES) + tail, shown


def best_start(marks: Marks) -> int:
    """The index of the match from which on the most of what is wanted stands within the length of a snippet."""
    matches = marks.matches
    best, best_value = 0, 0.0
    for index, first in enumerate(matches):
        near = []
        for match in matches[index:]:
            if match.end - first.start > LENGTH - _BEFORE:
                break
            near.append(match)
        value = 10 * len({match.group for match in near}) + sum(1.0 if match.faithful else 0.5 for match in near[:9])
        if value > best_value:
            best, best_value = index, value
    return best


def _window(text: str, marks: Marks | None) -> tuple[int, int]:
    if len(text) <= LENGTH:
        return 0, len(text)
    first = marks.matches[best_start(marks)] if marks else None
    start = max(0, (first.start if first else 0) - _BEFORE)
    end = min(len(text), max(start + LENGTH, first.end if first else 0))
    start = max(0, min(start, end - LENGTH))
    if start:
        space = _space(text, start, min(start + 20, first.start if first else end))
        start = space + 1 if space >= 0 else start
    if end < len(text):
        back = max(end - 20, first.end if first else 0)
        cut = next((at for at in range(end, back, -1) if text[at].isspace()), end)
        end = cut
    return start, end


def _space(text: str, start: int, end: int) -> int:
    return next((at for at in range(start, end) if text[at].isspace()), -1)
