"""The few words around what was found."""

from __future__ import annotations

from letstalk_desktop.storage.marking import Marks, Match

LENGTH = 160  # code points, about
_BEFORE = 40  # of them before the first mark
_LINE_ENDS = ("\n", "\t", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029")


def best_match(marks: Marks) -> Match:
    """The match from which on the most of what is wanted stands within the length of a snippet."""
    matches = marks.matches
    best, most = matches[0], 0.0
    for index, first in enumerate(matches):
        groups = set()
        value = 0.0
        for match in matches[index : index + 12]:
            if match.end - first.start > LENGTH - _BEFORE:
                break
            groups.add(match.group)
            value += 1.0 if match.faithful else 0.5
        if value + 10 * len(groups) > most:
            best, most = first, value + 10 * len(groups)
    return best


def snippet(text: str, marks: Marks, best: Match) -> tuple[str, tuple[tuple[int, int], ...]]:
    """An excerpt of ``text`` around ``best`` on one line, with … where it is cut; the code points in it that are marked."""
    start, end = _window(text, best)
    head, tail = "… " if start else "", " …" if end < len(text) else ""
    shift = len(head) - start
    shown = tuple((max(a, start) + shift, min(b, end) + shift) for a, b in marks.spans() if a < end and b > start)
    words = text[start:end]
    if not words.isprintable():
        for line_end in _LINE_ENDS:
            words = words.replace(line_end, " ")
    return head + words + tail, shown


def _window(text: str, best: Match) -> tuple[int, int]:
    """The excerpt's place, cut between words where that is possible."""
    if len(text) <= LENGTH:
        return 0, len(text)
    start = max(best.start - _BEFORE, 0)
    end = min(max(start + LENGTH, best.end), len(text))
    start = max(min(start, end - LENGTH), 0)
    space = text.find(" ", start, min(start + 20, best.start)) if start else -1
    start = space + 1 if space >= 0 else start
    space = text.rfind(" ", max(end - 20, best.end), end + 1) if end < len(text) else -1
    return start, space if space >= 0 else end
