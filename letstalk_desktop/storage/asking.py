"""What a reader asks for. Pure; whatever is typed is words.

Words are all wanted, in any order; words in quotation marks, or joined by a hyphen, next to each other. While it is typed, the
last word stands for all that begin with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import NamedTuple

from letstalk_desktop.storage.stemming import SIGNS, stem, stems_without_accents
from letstalk_desktop.storage.wording import known_words, unfinished

MOST_WORDS = 32  # of a longer question the first ones are taken
MOST_CHARACTERS = 4_000
MOST_SPELLINGS = 6  # stems that one typed word may stand for, in one language
MOST_PHRASES = 24  # combinations of such stems in one group
_QUOTES = re.compile('["“”„‟«»＂]')


class Wanted(NamedTuple):
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


Lookup = Callable[[Wanted], Mapping[str, Iterable[str]]]  # language → the stems of such words in the texts


@dataclass(frozen=True)
class Question:
    """A question made ready: for each language and wanted word the stems that it stands for."""

    groups: tuple[Group, ...]
    stems: dict[str, dict[Wanted, frozenset[str]]]
    exact: bool

    def only(self, known: Container[tuple[str, str]]) -> Question:
        """The question without stems that no text has; ``known``: (language, stem)."""
        stems = {
            language: {word: frozenset(one for one in found if (language, one) in known) for word, found in words.items()}
            for language, words in self.stems.items()
        }
        return Question(self.groups, stems, self.exact)

    def expression(self, leave_out: frozenset[Wanted] = frozenset()) -> str:
        """The question in FTS5's language, '' if nothing can answer; ``leave_out`` are words that are looked for afterwards."""
        parts = [self._alternatives(group) for group in self.groups if leave_out.isdisjoint(group)]
        return " AND ".join(f"({part})" for part in parts) if all(parts) else ""

    def _alternatives(self, group: Group) -> str:
        phrases = {" ".join(words) for language in self.stems for words in self._phrases(group, language)}
        return " OR ".join(f'"{phrase}"' for phrase in sorted(phrases))

    def _phrases(self, group: Group, language: str) -> Iterable[tuple[str, ...]]:
        choices = [sorted(SIGNS[language] + one for one in self.stems[language][word]) for word in group]
        while len(group) > 1 and prod(map(len, choices)) > MOST_PHRASES:
            max(choices, key=len).pop()
        return product(*choices)


def ready(groups: tuple[Group, ...], lookup: Lookup, languages: Iterable[str], *, exact: bool = False) -> Question:
    """Make a question ready; ``languages`` as ``base`` gives them."""
    stems: dict[str, dict[Wanted, frozenset[str]]] = {language: {} for language in languages}
    for word in {word for group in groups for word in group}:
        known = lookup(word)
        for language in stems:
            found = sorted(known.get(language, ()))
            own = {stem(word.spelled, language)} if exact or found else stems_without_accents(word.spelled, language)
            stems[language][word] = frozenset(own.union(found if word.begun else found[:MOST_SPELLINGS]))
    return Question(groups, stems, exact)
