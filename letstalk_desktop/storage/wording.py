"""A text cut into the words that a search compares, each with its place; the same for what is indexed and what is asked.

Case, accents, ligatures and the kind of apostrophe do not count. An article or pronoun that has lost its vowel (l’, d’, qu’,
jusqu’) is no part of a word, nor is the English ’s. A hyphen parts words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from sys import intern
from typing import NamedTuple

from letstalk_desktop.storage.stemming import PLAIN, SIGNS, STEMMED, letters, stem

CHUNK = re.compile(r"\S+")
SEAM = "␞"  # stands between two streams of words, so that no phrase reaches across

_MARKS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f"
_IGNORED = "\u00ad\u200b-\u200d\u2060\ufeff"  # soft hyphens and joiners
_APOSTROPHES = "'’‘ʼ＇`´"
_LETTERS = rf"[^\W_ʼ](?:[^\W_ʼ]|[{_MARKS}{_IGNORED}])*"
_WORD = re.compile(rf"{_LETTERS}(?:[{_APOSTROPHES}]{_LETTERS})*")
_APOSTROPHE = re.compile(f"[{_APOSTROPHES}]")
_IGNORABLE = re.compile(f"[{_IGNORED}]")
_ELISIONS = frozenset(["l", "d", "qu", "c", "j", "m", "n", "s", "t", "jusqu", "lorsqu", "puisqu", "quelqu", "quoiqu"])
_WHOLE = ("aujourd’hui", "quelqu’un", "quelqu’une", "quelqu’uns", "quelqu’unes", "prud’homme", "prud’hommes", "presqu’île")
_WHOLE_FORMS = frozenset(letters(word) for word in _WHOLE)
_CONTRACTED = frozenset(["t", "re", "ve", "ll", "d", "m"])  # don’t, we’re, I’ve, she’ll, he’d, I’m
EDGES = ".,;:!?()[]…\"“”«»'’"
_KEPT_CHUNKS = 400_000


class Word(NamedTuple):
    """A word of a text: code points [start, end), ``form`` folded, ``spelled`` in lower case with its accents."""

    start: int
    end: int
    form: str
    spelled: str


def words_of(chunk: str) -> tuple[Word, ...]:
    """The words in a run of characters without white space."""
    return tuple(_words(chunk))


known_words = lru_cache(maxsize=20_000)(words_of)


def _words(chunk: str) -> Iterator[Word]:
    core = chunk.strip(EDGES)
    if core.isalnum() and "ʼ" not in core:  # most are like this
        start = chunk.find(core)
        lower = core.lower()
        if core.isascii():
            yield Word(start, start + len(core), lower, lower)
        else:
            yield from filter(None, [_word(chunk, start, start + len(core))])
        return
    at = 0
    for found in _WORD.finditer(chunk):
        yield from _symbols(chunk, at, found.start())
        yield from _parts(chunk, found.start(), found.end())
        at = found.end()
    yield from _symbols(chunk, at, len(chunk))


def _symbols(chunk: str, start: int, end: int) -> Iterator[Word]:
    """Each emoji or other picture is a word by itself."""
    for index in range(start, end):
        character = chunk[index]
        if character > "\u2000" and unicodedata.category(character) == "So":
            yield Word(index, index + 1, character, character)


def _parts(chunk: str, start: int, end: int) -> Iterator[Word]:
    """The words in one with apostrophes inside: l’homme → homme, the people’s → people, O’Brien → o, brien."""
    whole = _word(chunk, start, end)
    if not _APOSTROPHE.search(chunk, start, end) or (whole and whole.form in _WHOLE_FORMS):
        if whole:
            yield whole
        return
    pieces: list[tuple[int, int]] = []
    at = start
    for found in _APOSTROPHE.finditer(chunk, start, end):
        pieces.append((at, found.start()))
        at = found.end()
    pieces.append((at, end))
    while len(pieces) > 1 and letters(chunk[slice(*pieces[0])]) in _ELISIONS:
        pieces.pop(0)
    if len(pieces) > 1 and len(pieces) <= 3 and letters(chunk[pieces[0][0] : end]) in _WHOLE_FORMS:
        pieces = [(pieces[0][0], end)]  # d’aujourd’hui
    if len(pieces) > 1:
        last = letters(chunk[slice(*pieces[-1])])
        if last == "s":
            pieces.pop()
        elif last in _CONTRACTED:
            pieces[-2:] = [(pieces[-2][0], pieces[-1][1])]
    for first, stop in pieces:
        word = _word(chunk, first, stop)
        if word:
            yield word


def _word(chunk: str, start: int, end: int) -> Word | None:
    written = chunk[start:end]
    form = letters(written)
    if not form:
        return None
    spelled = unicodedata.normalize("NFKC", written).lower()
    if not spelled.isalnum():
        spelled = _IGNORABLE.sub("", _APOSTROPHE.sub("’", spelled))
    spelled = spelled.replace("œ", "oe").replace("æ", "ae")
    return Word(start, end, form, spelled or form)


def unfinished(chunk: str) -> str | None:
    """The form of which the last word of ``chunk`` is the beginning, while it is typed; None if there is none yet (l’)."""
    form = letters(chunk)
    if "’" in form and any(whole.startswith(form) for whole in _WHOLE_FORMS):
        return form.rstrip("’")
    if chunk[-1:] and chunk[-1] in _APOSTROPHES and letters(chunk[:-1]) in _ELISIONS:
        return None
    words = known_words(chunk)
    return words[-1].form if words else None


class Wording(dict[str, str]):
    """The words of texts in one language as the index holds them: chunk → its stems, with their sign, parted by spaces.

    Every chunk is looked at once; ``words`` collects what the index has to know of each: (form, stem).
    """

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language
        self.words: dict[tuple[str, str], None] = {}
        self._stems: dict[str, str] = {}

    def __missing__(self, chunk: str) -> str:
        if len(self) >= _KEPT_CHUNKS:
            self.clear()
            self._stems.clear()
        # Most are a word known already, with a capital, a comma or an article; those are told here without looking further.
        core = chunk.strip(EDGES).lower()
        if not core.isalnum():
            article, apostrophe, rest = core.partition("’")
            if apostrophe and article in _ELISIONS and rest.isalnum() and core not in _WHOLE:
                core = rest
        if core.isalnum() and core != chunk and "ʼ" not in core:
            found = self[core]
        elif core.isalnum() and core.isascii():
            found = self._stems.get(core) or self._learn(core, core)
        else:
            found = intern(" ".join([self._stems.get(word.spelled) or self._learn(*word[2:]) for word in words_of(chunk)]))
        self[chunk] = found
        return found

    def _learn(self, form: str, spelled: str) -> str:
        found = stem(spelled, self.language)
        self.words[form, found] = None
        self._stems[spelled] = held = intern(SIGNS[self.language] + found)
        return held

    def stream(self, text: str) -> str:
        """The stems of ``text`` in order."""
        return " ".join(map(self.__getitem__, text.split()))


def wordings() -> dict[str, Wording]:
    """One for each language with a stemmer, and one for all others."""
    return {language: Wording(language) for language in (*STEMMED, PLAIN)}
