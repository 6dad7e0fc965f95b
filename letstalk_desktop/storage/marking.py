"""Where the words of a question stand in a text, in the text's own code points. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from letstalk_desktop.library.model import Chapter
from letstalk_desktop.storage.asking import Question, Wanted, parse, ready
from letstalk_desktop.storage.stemming import PLAIN, base, letters, stem
from letstalk_desktop.storage.wording import CHUNK, Wording, known_words

_BEGINNING = 5  # letters of a word by which it is looked for
_UNSURE = "?"
_PLAIN_SIGNS = frozenset("’‘“”„…–—‒−•‹›")
_WRITTEN = re.compile(r"[^\W_]")


def _outline() -> bytes:
    """For each byte of Latin-1 the bare letter or digit, a space for what is neither; ``_UNSURE`` if not one letter."""
    found = []
    for character in map(chr, range(256)):
        bare = letters(character)
        if character.isalnum() or character == "\u00ad":
            found.append(bare if len(bare) == 1 and bare.isascii() else _UNSURE)
        else:
            found.append(_UNSURE if character == _UNSURE else " ")
    return "".join(found).encode("ascii")


_OUTLINE = _outline()


class Match(NamedTuple):
    """A group of wanted words in a text: code points [start, end).

    ``place`` tells what is next to what (the number of its first word, about); ``faithful``: it stands there as it was typed.
    """

    start: int
    end: int
    group: int
    place: int
    faithful: bool


class Marks(NamedTuple):
    """Where a text answers a question: every match in order (those of several groups may overlap); its length in words."""

    matches: tuple[Match, ...]
    length: int

    def spans(self) -> list[tuple[int, int]]:
        """What to mark: code points [start, end), in order, not overlapping."""
        found: list[tuple[int, int]] = []
        for match in self.matches:
            if not found or match.start >= found[-1][1]:
                found.append((match.start, match.end))
        return found


class _Word(NamedTuple):
    """A word of a text that is wanted: which ones it answers, and which of them it equals, as bits."""

    place: int
    start: int
    end: int
    answers: int
    equals: int


class Marker(dict[str, tuple[int, tuple[_Word, ...]]]):
    """Finds a question's words in texts of one language (PLAIN: any).

    It is also what is known so far: chunk → how many words it has, and which of them are wanted, counted from its start.
    """

    def __init__(self, question: Question, language: str) -> None:
        super().__init__()
        self._exact = question.exact
        self._bits: dict[Wanted, int] = {}
        for group in question.groups:
            for word in group:
                self._bits.setdefault(word, 1 << len(self._bits))
        self._groups = [tuple(self._bits[word] for word in group) for group in question.groups]
        self._several = sum(map(len, self._groups)) > 1  # so it matters what stands next to what
        self._languages = tuple(question.stems) if language == PLAIN else (language,)
        self._stems: dict[str, dict[str, int]] = {one: {} for one in self._languages}
        for one in self._languages:
            for word, stems in question.stems.get(one, {}).items():
                for each in stems:
                    self._stems[one][each] = self._stems[one].get(each, 0) | self._bits[word]
        self._forms: dict[str, int] = {}
        for word, bit in self._bits.items():
            self._forms[word.form] = self._forms.get(word.form, 0) | bit
        self._begun = [(word.form, bit) for word, bit in self._bits.items() if word.begun]
        stems_wanted = {each for stems in self._stems.values() for each in stems}
        self._beginnings = _beginnings({*self._forms, *stems_wanted}, [form for form, _bit in self._begun])

    def __missing__(self, chunk: str) -> tuple[int, tuple[_Word, ...]]:
        words = known_words(chunk)
        found = []
        for number, word in enumerate(words):
            equals = self._forms.get(word.form, 0)
            for form, bit in self._begun:
                if word.form.startswith(form):
                    equals |= bit
            answers = equals
            if not self._exact:
                for language, stems in self._stems.items():
                    answers |= stems.get(stem(word.spelled, language), 0)
            if answers:
                found.append(_Word(number, word.start, word.end, answers, equals))
        self[chunk] = answer = (len(words), tuple(found))
        return answer

    def mark(self, text: str, *, certain: bool = False) -> Marks | None:
        """Where ``text`` answers the question; None where a wanted word is missing.

        Words are looked for by how they begin. Few change that when they are inflected (dying, die); where it is ``certain``
        that the text answers, all its words are looked at if need be.
        """
        return self._answer(text, _chunks(text, self._beginnings)) or (
            self._answer(text, CHUNK.finditer(text)) if certain else None
        )

    def _answer(self, text: str, chunks: Iterable[re.Match[str]]) -> Marks | None:
        words: list[_Word] = []
        place = after = 0
        for chunk in chunks:
            count, found = self[chunk.group()]
            if found:
                start, end = chunk.span()
                if self._several and _WRITTEN.search(text, after, start):
                    place += text.count(" ", after, start) or 1
                for word in found:
                    words.append(_Word(place + word[0], start + word[1], start + word[2], word[3], word[4]))
                place += count
                after = end
        return self._matches(words, text.count(" ") + 1) if words else None

    def _matches(self, words: list[_Word], length: int) -> Marks | None:
        if not self._several:
            single = tuple([Match(start, end, 0, place, bool(equals)) for place, start, end, _, equals in words])
            return Marks(single, length)
        matches: list[Match] = []
        by_place = {word.place: word for word in words}
        for index, (first, *others) in enumerate(self._groups):
            before = len(matches)
            for place, start, end, answers, equals in words:
                if not answers & first:
                    continue
                faithful = bool(equals & first)
                for further, bit in enumerate(others, 1):
                    following = by_place.get(place + further)
                    if following is None or not following.answers & bit:
                        break
                    end, faithful = following.end, faithful and bool(following.equals & bit)
                else:
                    matches.append(Match(start, end, index, place, faithful))
            if len(matches) == before:
                return None
        matches.sort(key=lambda match: (match.start, -match.end))
        return Marks(tuple(matches), length)


def _beginnings(words: Iterable[str], begun: Iterable[str] = ()) -> frozenset[bytes]:
    """How words begin in the outline of a text. The last letter of a stem may be another one in the word (cri, cry).

    What is ``begun`` stands in it as it is. What begins with another beginning is found with that one already.
    """
    whole = {word[:_BEGINNING] for word in begun}
    found = whole | {word[: min(_BEGINNING, max(len(word) - 1, 1))] for word in words if word[:_BEGINNING] not in whole}
    needed = {one for one in found if not any(one[:length] in found for length in range(1, len(one)))}
    return frozenset(f" {one}".encode() for one in needed if one.isascii() and one)


def _chunks(text: str, beginnings: Iterable[bytes]) -> Iterator[re.Match[str]]:
    """The chunks of ``text`` in which a word begins in one of these ways, or that hold letters beyond the common Latin ones.

    It looks at an outline of the text: one byte for each character, without case and accents.
    """
    plain = text.replace(_UNSURE, " ").replace("’", "'")
    outline = b" " + plain.encode("latin-1", "replace").translate(_OUTLINE)
    places = []
    for beginning in beginnings:
        at = outline.find(beginning)
        while at >= 0:
            places.append(at)
            at = outline.find(beginning, at + 1)
    at = outline.find(_UNSURE.encode())
    while at >= 0:
        if text[at - 1] not in _PLAIN_SIGNS and not text[at - 1].isspace():
            places.append(at - 1)
        at = outline.find(_UNSURE.encode(), at + 1)
    done = 0
    for start in sorted(places):
        if start >= done:
            while start > done and not text[start - 1].isspace():
                start -= 1
            if chunk := CHUNK.match(text, start):
                done = chunk.end()
                yield chunk


def hits_in_chapter(chapter: Chapter, query: str, exact: bool = False, *, typing: bool = False) -> list[tuple[int, int]]:
    """Every place [start, end) of the text of record that answers ``query``, block by block, in order, not overlapping.

    A block answers it that holds all of its words. ``typing`` as for the search that found the chapter.
    """
    groups = parse(query, typing=typing)
    if not groups:
        return []
    language = base(chapter.language)
    wording = Wording(language)
    alike = _beginnings(word.form for group in groups for word in group)
    for chunk in {found.group() for found in _chunks(chapter.text, alike)}:
        wording[chunk]

    def stems_in_chapter(word: Wanted) -> dict[str, set[str]]:
        same = str.startswith if word.begun else str.__eq__
        return {language: {found for form, found in wording.words if same(form, word.form)}}

    marker = Marker(ready(groups, stems_in_chapter, (language,), exact=exact), language)
    hits = []
    for block in chapter.blocks:
        marks = marker.mark(chapter.text[block.start : block.end])
        if marks:
            hits += [(block.start + start, block.start + end) for start, end in marks.spans()]
    return hits
