"""What a reader asks for, and where it stands in a text. Pure; whatever is typed is words.

Words are all wanted, in any order; words in quotation marks, or joined by a hyphen, next to each other. While it is typed, the
last word stands for all that begin with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import NamedTuple

from letstalk_desktop.library.model import Chapter
from letstalk_desktop.storage.stemming import PLAIN, base, stem, stems_without_accents
from letstalk_desktop.storage.wording import CHUNK, Wording, known_words, unfinished

MOST_WORDS = 32  # of a longer question the first ones are taken
MOST_CHARACTERS = 4_000
MOST_SPELLINGS = 6  # stems that one typed word may stand for, in one language
MOST_PHRASES = 24  # combinations of such stems in one group
_QUOTES = re.compile('["“”„‟«»＂]')


@dataclass(frozen=True, slots=True)
class Wanted:
    """A word that is wanted: ``form`` folded, ``spelled`` as typed. ``begun``: all words that begin so are meant too."""

    form: str
    spelled: str
    begun: bool = False


Group = tuple[Wanted, ...]  # words that stand next to each other in this order; often one alone


def parse(query: str, *, typing: bool = False) -> tuple[Group, ...]:
    """The groups of words in ``query``; with ``typing`` its last word may be unfinished."""
    query = query[:MOST_CHARACTERS]
    segments = _QUOTES.split(query)
    groups: list[Group] = []
    for index, segment in enumerate(segments):
        last = typing and index == len(segments) - 1 and segment[-1:].strip() != ""
        groups += _quoted(segment, last) if index % 2 else _unquoted(segment, last)
    kept: list[Group] = []
    room = MOST_WORDS
    for group in dict.fromkeys(groups):
        if room <= 0:
            break
        kept.append(group[:room])
        room -= len(group)
    return tuple(kept)


def _plain(chunk: str) -> Group:
    return tuple(Wanted(word.form, word.spelled) for word in known_words(chunk))


def _unquoted(segment: str, last: bool) -> Iterator[Group]:
    chunks = segment.split()
    for chunk in chunks[:-1] if last else chunks:
        if group := _plain(chunk):
            yield group
    if last:
        yield from _begun(chunks[-1], ())


def _quoted(segment: str, last: bool) -> Iterator[Group]:
    chunks = segment.split()
    before = tuple(word for chunk in (chunks[:-1] if last else chunks) for word in _plain(chunk))
    if last:  # the quotation is not finished either: its whole words as a phrase, and the one that is being typed
        yield from _begun(chunks[-1], before)
    elif before:
        yield before


def _begun(chunk: str, before: Group) -> Iterator[Group]:
    """The groups of an unfinished last word, and of what is already there before it."""
    form = unfinished(chunk)
    words = _plain(chunk)
    whole = form is not None and (not words or not words[-1].form.startswith(form) or len(form) > len(words[-1].form))
    before += () if whole else words[:-1]
    if before:
        yield before
    if form:
        yield (Wanted(form, form if whole else words[-1].spelled, True),)


Lookup = Callable[[str, str, bool], Iterable[str]]  # language, form, begun → stems of such words in the texts


@dataclass(frozen=True)
class Question:
    """A question made ready for texts: for each language and wanted word the stems that it stands for."""

    groups: tuple[Group, ...]
    stems: dict[str, dict[Wanted, frozenset[str]]]
    exact: bool

    def expression(self, leave_out: frozenset[Wanted] = frozenset()) -> str:
        """The question in FTS5's language, '' if nothing can match; ``leave_out`` are words to be looked for by ``Marker``."""
        parts = []
        for group in self.groups:
            if leave_out.isdisjoint(group):
                phrases = {" ".join(words) for language in self.stems for words in self._phrases(group, language)}
                if not phrases:
                    return ""
                parts.append("(" + " OR ".join(f'"{phrase}"' for phrase in sorted(phrases)) + ")")
        return " AND ".join(parts)

    def _phrases(self, group: Group, language: str) -> Iterable[tuple[str, ...]]:
        choices = [sorted(self.stems[language][word]) for word in group]
        while len(group) > 1 and prod(map(len, choices)) > MOST_PHRASES:
            max(choices, key=len).pop()
        return product(*choices)


def ready(groups: tuple[Group, ...], lookup: Lookup, languages: Iterable[str], *, exact: bool = False) -> Question:
    """Make a question ready; ``languages`` as ``base`` gives them."""
    stems: dict[str, dict[Wanted, frozenset[str]]] = {}
    for language in dict.fromkeys(languages):
        stems[language] = {}
        for word in {word for group in groups for word in group}:
            found = set(lookup(language, word.form, word.begun))
            own = {stem(word.spelled, language)} if exact or found else stems_without_accents(word.spelled, language)
            few = found if word.begun else sorted(found)[:MOST_SPELLINGS]
            stems[language][word] = frozenset(own.union(few))
    return Question(groups, stems, exact)


class Match(NamedTuple):
    """A group of wanted words in a text: code points [start, end).

    ``place`` is the number of its first word in the text; ``faithful``: it stands there as it was typed.
    """

    start: int
    end: int
    group: int
    place: int
    faithful: bool


@dataclass(frozen=True, slots=True)
class Marks:
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


_Found = tuple[int, int, int, int, int]  # number in its chunk, start, end, bits of the words it answers, of those it equals


class Marker(dict[str, tuple[int, tuple[_Found, ...]]]):
    """Finds a question's words in texts of one language (PLAIN: any); chunk → how many words it has, which are wanted."""

    def __init__(self, question: Question, language: str) -> None:
        super().__init__()
        self._exact = question.exact
        self._bits: dict[Wanted, int] = {}
        for group in question.groups:
            for word in group:
                self._bits.setdefault(word, 1 << len(self._bits))
        self._groups = [tuple(self._bits[word] for word in group) for group in question.groups]
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

    def __missing__(self, chunk: str) -> tuple[int, tuple[_Found, ...]]:
        words = known_words(chunk)
        found = []
        for number, word in enumerate(words):
            same = self._forms.get(word.form, 0)
            for form, bit in self._begun:
                if word.form.startswith(form):
                    same |= bit
            bits = same
            if not self._exact:
                for language in self._languages:
                    bits |= self._stems[language].get(stem(word.spelled, language), 0)
            if bits:
                found.append((number, word.start, word.end, bits, same))
        answer = self[chunk] = (len(words), tuple(found))
        return answer

    def mark(self, text: str) -> Marks | None:
        """Where ``text`` answers the question; None where a wanted word is missing."""
        words: list[tuple[int, int, int, int, int]] = []
        length = 0
        for chunk in CHUNK.finditer(text):
            count, found = self[chunk.group()]
            if found:
                at = chunk.start()
                words += [(length + number, at + start, at + end, bits, same) for number, start, end, bits, same in found]
            length += count
        return self._answer(words, length) if words else None

    def _answer(self, words: list[tuple[int, int, int, int, int]], length: int) -> Marks | None:
        matches: list[Match] = []
        by_place = {word[0]: word for word in words}
        for index, (first, *others) in enumerate(self._groups):
            before = len(matches)
            for place, start, end, bits, same in words:
                if not bits & first:
                    continue
                faithful = bool(same & first)
                for further, bit in enumerate(others, 1):
                    following = by_place.get(place + further)
                    if following is None or not following[3] & bit:
                        break
                    end, faithful = following[2], faithful and bool(following[4] & bit)
                else:
                    matches.append(Match(start, end, index, place, faithful))
            if len(matches) == before:
                return None
        matches.sort(key=lambda match: (match.start, -match.end))
        return Marks(tuple(matches), length)


def hits_in_chapter(chapter: Chapter, query: str, exact: bool = False, *, typing: bool = False) -> list[tuple[int, int]]:
    """Every place [start, end) of the text of record that answers ``query``, block by block, in order, not overlapping.

    A block answers it that holds all of its words. ``typing`` as for the search that found the chapter.
    """
    groups = parse(query, typing=typing)
    if not groups:
        return []
    language = base(chapter.language)
    wording = Wording(language)
    for chunk in set(chapter.text.split()):
        wording[chunk]
    by_form: dict[str, set[str]] = {}
    for form, found in wording.words:
        by_form.setdefault(form, set()).add(found)

    def stems_in_chapter(_language: str, form: str, begun: bool) -> Iterable[str]:
        if begun:
            return {found for known, found in wording.words if known.startswith(form)}
        return by_form.get(form, ())

    marker = Marker(ready(groups, stems_in_chapter, (language,), exact=exact), language)
    hits = []
    for block in chapter.blocks:
        marks = marker.mark(chapter.text[block.start : block.end])
        if marks:
            hits += [(block.start + start, block.start + end) for start, end in marks.spans()]
    return hits
