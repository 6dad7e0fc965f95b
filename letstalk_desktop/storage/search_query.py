"""Asks the index: candidates from FTS5, looked at in their own words, in bounded time however common a word is.

Where few passages can answer, FTS5 ranks them all (bm25). Where many do, it would have to look at every one of them; then the
first answers of evenly spread zones of the shelf are ranked instead. Either way each candidate is looked at by ``Marker``.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from letstalk_desktop.storage.asking import Question, Wanted, parse, ready
from letstalk_desktop.storage.marking import Marker, Marks
from letstalk_desktop.storage.ranking import weights
from letstalk_desktop.storage.search_file import SHIFT, TEXTS
from letstalk_desktop.storage.search_rows import Item
from letstalk_desktop.storage.stemming import PLAIN, STEMMED, base
from letstalk_desktop.storage.wording import SEAM

MOST_STEMS = 48  # that an unfinished word stands for: the most frequent ones
_FEW = 12_000  # occurrences of the wanted words up to which FTS5 ranks every passage
_RARE, _RARE_TOGETHER = 600, 5_000  # occurrences of the rarest word (alone, with others) that need no zones
_ZONES, _ZONES_TOGETHER = 16, 6  # into which the shelf is parted, for a word alone and for several
_SMALLEST = 2_000  # passages of a zone
_TERMS = 16  # alternatives in a question up to which looking into each zone costs next to nothing
_FREQUENT = 0.25  # times in a passage: an unfinished word that stands there so often is looked for in the answers to the others
_LOOKED_AT = 4_000  # passages at most that are looked at for an unfinished word
_ENOUGH = 4  # times as many candidates as answers are wanted

BETWEEN = f"\n{SEAM}\n"  # an item's text and its quote
_PASSAGES = (
    "SELECT p.id, p.text, p.block, p.number, p.start, p.sum FROM stems s CROSS JOIN passages p ON p.id = s.rowid WHERE stems"
)
_ALLOWED = f" AND (s.rowid >> {SHIFT}) IN (SELECT value FROM json_each(?))"
_ITEMS = (
    "SELECT i.kind, i.key, i.own, i.resource, i.language, i.chapter, i.block, i.start, i.end, i.number, i.text, i.quote, i.sum"
    " FROM item_stems s CROSS JOIN items i ON i.id = s.rowid WHERE item_stems"
)


class ChapterRow(NamedTuple):
    """A chapter as the index knows it."""

    number: int
    resource: str
    language: str
    chapter: str
    label: str
    title: str
    passages: int


@dataclass
class Catalogue:
    """What is indexed: chapters by number and by place, titles of resources by language."""

    chapters: dict[int, ChapterRow] = field(default_factory=dict)
    places: dict[tuple[str, str, str], ChapterRow] = field(default_factory=dict)
    titles: dict[str, dict[str, str]] = field(default_factory=dict)
    languages: tuple[str, ...] = STEMMED
    passages: int = 0

    @classmethod
    def read(cls, reader: sqlite3.Connection) -> Catalogue:
        """The catalogue as it is now."""
        rows = reader.execute(
            "SELECT number, resource, language, chapter, label, title, passages FROM chapters ORDER BY number"
        )
        chapters = {row[0]: ChapterRow(*row) for row in rows}
        places = {(one.resource, one.language, one.chapter): one for one in chapters.values()}
        titles = {name: json.loads(stored) for name, stored in reader.execute("SELECT id, titles FROM resources")}
        languages = tuple(dict.fromkeys((*STEMMED, *(base(one.language) for one in chapters.values()))))
        return cls(chapters, places, titles, languages, sum(one.passages for one in chapters.values()))


class Found(NamedTuple):
    """A passage that answers: ``number`` of its block's locator, ``start`` in the text of record, ``check``sum of its text."""

    id: int
    text: str
    marks: Marks
    chapter: ChapterRow
    block: str
    number: int
    start: int
    check: int


class FoundItem(NamedTuple):
    """An item that answers; ``marks`` are of its text, a line with a seam, and its quote."""

    item: Item
    marks: Marks
    check: int


class Asked:
    """One question put to one state of the index. Raises ``sqlite3.Error`` where the index is damaged or interrupted."""

    def __init__(self, reader: sqlite3.Connection, catalogue: Catalogue, query: str, *, exact: bool, typing: bool) -> None:
        self._reader = reader
        self._catalogue = catalogue
        self.groups = parse(query, typing=typing)
        self._cut: set[Wanted] = set()  # unfinished words that stand for more than MOST_STEMS
        question = ready(self.groups, self._stems, catalogue.languages, exact=exact)
        counts, in_items = self._count(question)
        self._question = question.only(counts.keys() | in_items)
        self._of_texts, self._of_items = question.only(counts), question.only(in_items)
        self._counts = {
            word: sum(counts.get((language, one), 0) for language, words in question.stems.items() for one in words[word])
            for group in self.groups
            for word in group
        }
        self._markers: dict[str, Marker] = {}

    def _stems(self, word: Wanted) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {language: [] for language in self._catalogue.languages}
        if not word.begun:
            sql = "SELECT language, stem FROM vocabulary WHERE form = ?"
            for language, one in self._reader.execute(sql, (word.form,)):
                found.setdefault(language, []).append(one)
            return found
        sql = (
            "SELECT v.stem FROM (SELECT DISTINCT stem FROM vocabulary WHERE form >= ? AND form < ? AND language = ?) v"
            " LEFT JOIN counts c ON c.stem = v.stem AND c.language = ? AND c.source = 0 ORDER BY c.count DESC LIMIT ?"
        )
        for language in found:
            values = (word.form, word.form + "\U0010ffff", language, language, MOST_STEMS + 1)
            stems = [row[0] for row in self._reader.execute(sql, values)]
            if len(stems) > MOST_STEMS:
                self._cut.add(word)
            found[language] = stems[:MOST_STEMS]
        return found

    def _count(self, question: Question) -> tuple[dict[tuple[str, str], int], set[tuple[str, str]]]:
        """About how often each (language, stem) of the question stands in the texts, if at all; those that stand in items."""
        every = sorted({one for words in question.stems.values() for found in words.values() for one in found})
        sql = "SELECT language, stem, source, count FROM counts WHERE stem IN (SELECT value FROM json_each(?))"
        rows = self._reader.execute(sql, (json.dumps(every),)).fetchall()
        texts = {(language, one): count for language, one, source, count in rows if source == TEXTS}
        return texts, {(language, one) for language, one, source, _ in rows if source != TEXTS}

    def weights(self) -> list[float]:
        """What each group counts in the ranking (a phrase: as its rarest word)."""
        return weights([min(self._counts[word] for word in group) for group in self.groups], max(self._catalogue.passages, 1))

    def marker(self, language: str) -> Marker:
        """The marker for texts in a language (PLAIN for the reader's own words)."""
        if language not in self._markers:
            self._markers[language] = Marker(self._question, language)
        return self._markers[language]

    # Passages

    def passages(self, most: int, allowed: Sequence[ChapterRow], first: str = "") -> Iterator[Found]:
        """Passages of the ``allowed`` chapters that answer: the best about ``most`` of few, or of many some from everywhere.

        Those of the resource ``first`` are always among them.
        """
        expression = self._expression(self._of_texts)
        if not expression or not allowed:
            return
        numbers = None if len(allowed) == len(self._catalogue.chapters) else json.dumps([one.number for one in allowed])
        seen: set[int] = set()
        if expression.count(" OR ") < _TERMS and sum(self._counts.values()) <= _FEW:
            asked_for = 3 * most if self._question.exact else most
            looked_at = 0
            with closing(self._ranked(expression, asked_for, numbers)) as rows:
                for row in rows:  # the words of a passage are read only when it comes to it
                    looked_at += 1
                    if (found := self._looked_at(row, seen)) is not None:
                        yield found
                    if len(seen) >= most:
                        return
            if looked_at < asked_for:
                return
        yield from self._spread(expression, most, allowed, numbers, first, seen)
        whole = self._of_texts.expression()
        if whole != expression and len(seen) < most:  # what was left out is not as frequent as it seemed
            yield from self._spread(whole, most, allowed, numbers, first, seen)

    def _expression(self, question: Question) -> str:
        """What FTS5 is asked. An unfinished word that may be almost any is looked for in the answers to the others."""
        frequent = frozenset(word for word in self._cut if self._counts[word] >= self._catalogue.passages * _FREQUENT)
        others = any(self._cut.isdisjoint(group) for group in self.groups)
        return question.expression(frequent if others else frozenset())

    def _ranked(self, expression: str, most: int, numbers: str | None) -> sqlite3.Cursor:
        sql = f"{_PASSAGES} MATCH ?" + (_ALLOWED if numbers else "") + " ORDER BY rank LIMIT ?"
        values = (expression, *([numbers] if numbers else []), most)
        return self._reader.execute(sql, values)

    def _spread(
        self,
        expression: str,
        most: int,
        allowed: Sequence[ChapterRow],
        numbers: str | None,
        first: str,
        seen: set[int],
    ) -> Iterator[Found]:
        """A few from each zone in turn, until there are enough or no more."""
        sql = f"{_PASSAGES} MATCH ? AND s.rowid BETWEEN ? AND ?" + (_ALLOWED if numbers else "")
        rarest = min(self._counts.values())
        few = rarest <= (_RARE if len(self._counts) == 1 else _RARE_TOGETHER)
        zones = 1 if few else _ZONES if len(self._counts) == 1 else _ZONES_TOGETHER
        places = _zones(allowed, first, max(zones * _TERMS // max(expression.count(" OR "), _TERMS), 1))
        values = [numbers] if numbers else []
        cursors = [self._reader.execute(sql, (expression, *zone, *values)) for zone in places]
        wanted = _RARE if few and not self._cut else _ENOUGH * most
        quota = max(wanted // len(cursors), 1)
        left = _LOOKED_AT if self._cut else 0
        try:
            while cursors and wanted > 0:
                for cursor in list(cursors):
                    rows = cursor.fetchmany(quota)
                    if len(rows) < quota:
                        cursors.remove(cursor)
                    left -= len(rows)
                    for row in rows:
                        if (found := self._looked_at(row, seen)) is not None:
                            wanted -= 1
                            yield found
                if self._cut and left <= 0:
                    return
        finally:
            for cursor in cursors:
                cursor.close()

    def _looked_at(self, row: tuple[Any, ...], seen: set[int]) -> Found | None:
        """The passage in ``row``, if it answers and is not among those already ``seen``."""
        number, text, block, place, start, check = row
        chapter = self._catalogue.chapters.get(number >> SHIFT)
        if chapter is None or number in seen:
            return None
        marks = self.marker(base(chapter.language)).mark(text, certain=not (self._question.exact or self._cut))
        if marks is None:
            return None
        seen.add(number)
        return Found(number, text, marks, chapter, block, place, start, check)

    # Items

    def items(self, most: int, kinds: Sequence[str], languages: Sequence[str], resources: Sequence[str]) -> Iterator[FoundItem]:
        """Notes, answers, concepts and questions that answer; those of no resource or language in particular always may."""
        expression = self._expression(self._of_items)
        if not expression:
            return
        sql = f"{_ITEMS} MATCH ? AND i.kind IN (SELECT value FROM json_each(?))"
        values = [expression, json.dumps(kinds)]
        for column, chosen in (("language", languages), ("resource", resources)):
            if chosen:
                sql += f" AND (i.{column} = '' OR i.{column} IN (SELECT value FROM json_each(?)))"
                values.append(json.dumps(list(chosen)))
        for row in self._reader.execute(f"{sql} ORDER BY rank LIMIT ?", (*values, most)):
            item = Item(row[0], row[1], bool(row[2]), *row[3:12])
            language = PLAIN if item.own else base(item.language)
            marks = self.marker(language).mark(f"{item.text}{BETWEEN}{item.quote}" if item.quote else item.text)
            if marks:
                yield FoundItem(item, marks, row[12])


def _zones(allowed: Sequence[ChapterRow], first: str, most: int) -> list[tuple[int, int]]:
    """Ranges of passage numbers that cover ``allowed``, about as large each; the resource ``first`` has its own."""
    if most == 1 and not first:
        return [(allowed[0].number << SHIFT, ((allowed[-1].number + 1) << SHIFT) - 1)]
    zones: list[list[ChapterRow]] = []
    for chapters in ([one for one in allowed if one.resource == first], [one for one in allowed if one.resource != first]):
        share = max(sum(one.passages for one in chapters) / most, _SMALLEST)
        filled = share
        for one in chapters:
            if filled >= share:
                zones.append([])
                filled = 0
            zones[-1].append(one)
            filled += one.passages
    return [(zone[0].number << SHIFT, ((zone[-1].number + 1) << SHIFT) - 1) for zone in zones]
