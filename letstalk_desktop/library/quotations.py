"""Quotation marks around what may hold quotation marks itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Marks = Literal["double", "single", "guillemets"]

# Outer marks with the no-break spaces that belong to them, and what they are.
OUTER: dict[str, tuple[str, str, Marks]] = {
    "en": ("“", "”", "double"),
    "fr": ("«\u00a0", "\u00a0»", "guillemets"),
}
_TURNED: dict[Marks, tuple[str, str]] = {"double": ("“", "”"), "single": ("‘", "’")}
_WITHIN: dict[Marks, Marks] = {"guillemets": "double", "double": "single", "single": "double"}
_OPENING: dict[str, Marks] = {"“": "double", "«": "guillemets", "‘": "single"}
_CLOSING: dict[str, Marks] = {"”": "double", "»": "guillemets"}
_SPACES = " \u00a0\u202f"
_MAY_CLASH = re.compile('[“”«»"]')
_BEFORE_A_STRAIGHT_ONE = " \t\n\u00a0\u202f([{“‘«—–-/"


def quoted(words: str, language: str) -> str:
    """The words in the quotation marks of ``language`` (English for any other); marks within them become inner marks."""
    opening, closing, _marks = OUTER.get(language, OUTER["en"])
    return f"{opening}{within_marks(words, language)}{closing}"


def within_marks(words: str, language: str) -> str:
    """The words as they stand between the outer marks of ``language``: marks that would clash are turned.

    English “…” holds ‘…’, which holds “…”; French « … » holds “…”, which holds ‘…’. A mark whose partner was not selected with
    the words is turned too. Apostrophes, and marks that clash with nothing, stay.
    """
    if not _MAY_CLASH.search(words):
        return words
    outer = OUTER.get(language, OUTER["en"])[2]
    return "".join(_turned(part, outer) for part in re.split(r"(\n+)", words))


@dataclass(eq=False, slots=True)
class _Pair:
    """A passage in marks, by the places of its marks (None: outside of the words). ``shown`` is known once its parent's is."""

    marks: Marks
    straight: bool
    opening: int | None
    closing: int | None
    parent: _Pair | None
    void: bool = False  # no quotation after all
    shown: Marks | None = None

    def above(self) -> _Pair | None:
        """The pair that it stands in."""
        parent = self.parent
        while parent is not None and parent.void:
            parent = parent.parent
        return parent


def _turned(line: str, outer: Marks) -> str:
    """One paragraph: in English each paragraph of a long quotation opens anew, so marks do not pair across them."""
    changes: dict[int, str] = {}
    for pair in _pairs(line):
        if not pair.void and _show(pair, outer):
            opening, closing = _TURNED[pair.shown or "double"]
            if pair.opening is not None:
                changes[pair.opening] = opening
            if pair.closing is not None:
                changes[pair.closing] = closing
    result = []
    for place, character in enumerate(line):
        inside = character in _SPACES and (
            (line[place - 1 : place] == "«" and place - 1 in changes)
            or (line[place + 1 : place + 2] == "»" and place + 1 in changes)
        )
        result.append("" if inside else changes.get(place, character))
    return "".join(result)


def _show(pair: _Pair, outer: Marks) -> bool:
    """Decide the marks of a pair and of all it stands in; whether they are others than those it has."""
    above = pair.above()
    if above is not None and above.shown is None:
        _show(above, outer)
    around = (above.shown if above is not None else None) or outer
    own = "double" if pair.marks == "guillemets" and outer == "double" else pair.marks
    clashes = own in (around, "guillemets")
    pair.shown = _WITHIN[around] if clashes else own
    return clashes


def _pairs(line: str) -> list[_Pair]:
    """All pairs of a paragraph, outer ones before those in them where both began in it."""
    found: list[_Pair] = []
    stack: list[_Pair] = []

    def begin(marks: Marks, place: int | None, straight: bool = False) -> _Pair:
        pair = _Pair(marks, straight, place, None, stack[-1] if stack else None)
        found.append(pair)
        return pair

    def end(pair: _Pair, place: int) -> None:
        while stack[-1] is not pair:
            left_open(stack.pop())
        stack.pop().closing = place

    def left_open(pair: _Pair) -> None:
        pair.void = pair.straight or pair.marks == "single"  # an apostrophe or inches, more likely

    for place, character in enumerate(line):
        if character == "’":
            if stack and stack[-1].marks == "single" and _ends_single(line, place):
                end(stack[-1], place)
        elif character == '"':
            last = next((pair for pair in reversed(stack) if pair.straight), None)
            if _begins_straight(line, place) and last is None:
                stack.append(begin("double", place, straight=True))
            elif last is not None and not _is_inches(line, place):
                end(last, place)
        elif character in _OPENING:
            if character != "‘" or _begins_single(line, place):
                stack.append(begin(_OPENING[character], place))
        elif character in _CLOSING:
            marks = _CLOSING[character]
            last = next((pair for pair in reversed(stack) if pair.marks == marks and not pair.straight), None)
            if last is not None:
                end(last, place)
            else:  # it began before the words; what is here already stands in it
                begun = begin(marks, None)
                begun.closing = place
                for pair in found[:-1]:
                    if pair.above() is begun.parent and pair not in stack:
                        pair.parent = begun
    for pair in stack:
        left_open(pair)
    return found


def _begins_single(line: str, place: int) -> bool:
    return not line[place - 1 : place].isalnum() and bool(line[place + 1 : place + 2].strip())


def _ends_single(line: str, place: int) -> bool:
    """Whether ’ is a closing mark: not within a word, and not the apostrophe of “the tenants’ hall” while another can close."""
    if not _may_end_single(line, place):
        return False
    if _surely_ends_single(line, place):
        return True
    depth = 0
    for later in range(place + 1, len(line)):
        depth += (line[later] in "“«") - (line[later] in "”»")
        if depth < 0 or (not depth and line[later] == "‘"):
            break
        if not depth and line[later] == "’" and _may_end_single(line, later) and _surely_ends_single(line, later):
            return False
    return True


def _surely_ends_single(line: str, place: int) -> bool:
    """Whether what may close is no plural’s apostrophe, which stands between an s and the next word."""
    before, after = line[max(place - 2, 0) : place], line[place + 1 : place + 2]
    return before[-1:] not in ("s", "S") or before[:1] == "’" or after not in tuple(_SPACES)


def _may_end_single(line: str, place: int) -> bool:
    return bool(line[place - 1 : place].strip()) and not line[place + 1 : place + 2].isalnum()


def _begins_straight(line: str, place: int) -> bool:
    before, after = line[place - 1 : place] if place else "", line[place + 1 : place + 2]
    return (not before or before in _BEFORE_A_STRAIGHT_ONE) and bool(after.strip())


def _is_inches(line: str, place: int) -> bool:
    """Whether a straight mark after a digit leaves another one to close the quotation."""
    if not line[place - 1].isdigit():
        return False
    later = line.find('"', place + 1)
    return later >= 0 and not _begins_straight(line, later)
