"""The one search: texts of all resources, notes, answers, concepts and questions, in one ranked list.

It stands on a disposable file; see ``search_file``. Usable from any thread.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from letstalk_desktop.errors import NotebookError
from letstalk_desktop.library.model import REFERENCES
from letstalk_desktop.storage.marking import Marks, hits_in_chapter
from letstalk_desktop.storage.notebook import Notebook
from letstalk_desktop.storage.ranking import score
from letstalk_desktop.storage.search_file import SHIFT, Closed, Damaged, IndexFile, is_interruption
from letstalk_desktop.storage.search_query import BETWEEN, Asked, Catalogue, ChapterRow, Found, FoundItem
from letstalk_desktop.storage.search_rows import ANSWER, CONCEPT, HEAD, KINDS, NOTE, QUESTION, TEXT, Item, checksum
from letstalk_desktop.storage.search_update import Cancelled, Progress, Texts, Updater
from letstalk_desktop.storage.snippets import best_match, snippet

__all__ = ["KINDS", "Hit", "SearchIndex", "hits_in_chapter"]

_WORTH = {TEXT: 1.0, NOTE: 1.6, ANSWER: 1.6, CONCEPT: 1.3, QUESTION: 1.0}
_SAME_LANGUAGE, _SAME_RESOURCE, _HEADING, _TERM = 1.25, 1.15, 1.2, 1.5
_SOURCE = 0.6  # a title in the list of references: what the text says comes first
_DASH = " — "  # between a concept's term and its definition, which stand on lines of their own
_POLLED = 2_000  # steps of SQLite's machine between two looks at ``cancelled``
_MORE = 10  # candidates beyond the answers that are wanted, so that the ranking has a choice


class Hit(NamedTuple):
    """One answer, with the place to open.

    ``start`` and ``end`` are the best match in the chapter's text of record (code points); where the answer itself is not in
    that text, the place it belongs to, or 0, 0. ``language`` is that of the text there ('' for a concept of the reader's own).
    ``annotation``, ``concept``, ``question``: its id, by ``kind``. ``marks`` are code points [start, end) of ``snippet``.
    """

    kind: str
    resource: str
    language: str
    chapter: str
    block: str
    locator: str
    start: int
    end: int
    title: str
    resource_title: str
    snippet: str
    marks: tuple[tuple[int, int], ...]
    score: float
    annotation: str = ""
    concept: str = ""
    question: str = ""


class SearchIndex:
    """The index, in one file."""

    def __init__(self, file: IndexFile) -> None:
        self._file = file
        self._sources: tuple[Texts, Notebook | None] | None = None
        self._updating = threading.Lock()
        self._catalogue: tuple[tuple[int, int], Catalogue] | None = None
        self._stale = 0

    @classmethod
    def open(cls, path: Path) -> SearchIndex:
        """The index at ``path``; where there is none that can be used, an empty one. Raises ``NotebookError``."""
        file = IndexFile(path)
        file.open()
        return cls(file)

    def close(self) -> None:
        """Let go of the file; a search that is under way ends empty."""
        self.interrupt()
        self._file.close()

    # Keeping up

    def update(
        self,
        shelf: Texts,
        notebook: Notebook | None = None,
        *,
        progress: Progress | None = None,
        cancelled: Cancelled | None = None,
    ) -> bool:
        """Bring the index up to date, doing only what has changed; True when all is in it.

        ``progress`` is told chapters done and how many there are to look at. When ``cancelled`` says so, what is done so far is
        kept and the next call goes on. It is also incomplete (False) while another program is at the file. Raises
        ``NotebookError``.
        """
        self._sources = (shelf, notebook)

        def work() -> bool:
            self._file.look_over()
            updater = Updater(self._file, progress, cancelled)
            if updater.dead():
                self._file.clear()
            if notebook is not None:
                updater.notebook(notebook, thoroughly=True)
            updater.shelf(shelf)
            return not updater.stopped

        with self._updating:
            return self._kept_up(work)

    def update_annotations(self, notebook: Notebook) -> bool:
        """Take over what has changed in the notebook since the last time, in milliseconds. Raises ``NotebookError``."""
        if self._sources is not None:
            self._sources = (self._sources[0], notebook)

        def work() -> bool:
            Updater(self._file).notebook(notebook, thoroughly=False)
            return True

        with self._updating:
            return self._kept_up(work)

    def _kept_up(self, work: Callable[[], bool]) -> bool:
        try:
            return self._file.mending(work, work)
        except Closed:
            return False
        except NotebookError as error:
            cause = error.__cause__
            if isinstance(cause, sqlite3.Error) and getattr(cause, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY:
                return False
            raise

    # Asking

    def search(
        self,
        query: str,
        *,
        languages: Sequence[str] = (),
        resources: Sequence[str] = (),
        kinds: Sequence[str] = (),
        exact: bool = False,
        typing: bool = False,
        limit: int = 50,
        near: tuple[str, str] = ("", ""),
        cancelled: Cancelled | None = None,
    ) -> list[Hit]:
        """The best ``limit`` answers to ``query``, best first.

        Words are all wanted; what stands in quotation marks, as a phrase; with ``typing`` the last word may be unfinished.
        ``exact``: as written, but for accents and case; else with other forms of the words. Empty ``languages``,
        ``resources`` and ``kinds`` do not restrict. ``near``: the resource being read and its language, which come first. A
        search that is ``cancelled`` or interrupted ends with an empty list. Raises ``NotebookError``.
        """

        def work() -> list[Hit]:
            with self._question(cancelled) as reader:
                catalogue = self._current(reader)
                asked = Asked(reader, catalogue, query, exact=exact, typing=typing)
                if not asked.groups or limit <= 0:
                    return []
                answers = _Answers(asked, catalogue, near)
                chosen = tuple(kinds) or KINDS
                answers.add_items(asked.items(2 * limit, chosen, languages, resources))
                if TEXT in chosen:
                    allowed = _allowed(catalogue, languages, resources)
                    answers.add_passages(asked.passages(limit + _MORE, allowed, near[0]))
                return answers.best(limit, reader)

        def again() -> list[Hit]:
            if self._sources is not None:
                shelf, notebook = self._sources
                with self._updating:
                    updater = Updater(self._file, None, cancelled)
                    if notebook is not None:
                        updater.notebook(notebook, thoroughly=True)
                    updater.shelf(shelf)
            return work()

        try:
            return self._file.mending(work, again)
        except Closed:
            return []
        except sqlite3.Error as error:
            if is_interruption(error):
                return []
            raise

    def interrupt(self) -> None:
        """End the search that is under way in another thread; its list is empty."""
        self._stale += 1
        self._file.interrupt()

    @contextmanager
    def _question(self, cancelled: Cancelled | None) -> Iterator[sqlite3.Connection]:
        """The reading connection, which gives up when the question is no longer wanted."""
        stale = self._stale

        def unwanted() -> bool:
            return self._stale != stale or (cancelled is not None and cancelled())

        with self._file.reading() as reader:
            reader.set_progress_handler(unwanted, _POLLED)
            reader.execute("BEGIN")
            try:
                yield reader
            finally:
                reader.set_progress_handler(None, 0)
                if reader.in_transaction:
                    reader.execute("ROLLBACK")

    def _current(self, reader: sqlite3.Connection) -> Catalogue:
        version = (id(reader), int(reader.execute("PRAGMA data_version").fetchone()[0]))
        if self._catalogue is None or self._catalogue[0] != version:
            self._catalogue = (version, Catalogue.read(reader))
        return self._catalogue[1]


def _allowed(catalogue: Catalogue, languages: Sequence[str], resources: Sequence[str]) -> list[ChapterRow]:
    if not languages and not resources:
        return list(catalogue.chapters.values())
    return [
        one
        for one in catalogue.chapters.values()
        if (not languages or one.language in languages) and (not resources or one.resource in resources)
    ]


class _Answers:
    """Collects answers and makes hits of the best."""

    def __init__(self, asked: Asked, catalogue: Catalogue, near: tuple[str, str]) -> None:
        self._catalogue = catalogue
        self._weights = asked.weights()
        self._near = near
        self._found: list[tuple[float, Found | FoundItem]] = []

    def _worth(self, marks: Marks, kind: str, resource: str, language: str) -> float:
        worth = score(marks, self._weights) * _WORTH[kind]
        worth *= _SAME_LANGUAGE if self._near[1] and language in (self._near[1], "") else 1
        return worth * (_SAME_RESOURCE if self._near[0] and resource in (self._near[0], "") else 1)

    def add_passages(self, passages: Iterator[Found]) -> None:
        for one in passages:
            worth = self._worth(one.marks, TEXT, one.chapter.resource, one.chapter.language)
            worth *= _SOURCE if one.chapter.chapter == REFERENCES else 1
            self._found.append((worth * (_HEADING if one.start == HEAD else 1), one))

    def add_items(self, items: Iterator[FoundItem]) -> None:
        for one in items:
            worth = self._worth(one.marks, one.item.kind, one.item.resource, "" if one.item.own else one.item.language)
            self._found.append((worth * (_TERM if _is_the_term(one) else 1), one))

    def best(self, limit: int, reader: sqlite3.Connection) -> list[Hit]:
        """The best, each place once: a concept or question is not given again as text of the chapter that shows it."""
        self._found.sort(key=lambda one: (-one[0], one[1].id if isinstance(one[1], Found) else 0))
        hits: list[Hit] = []
        shown: set[tuple[object, ...]] = {
            (one.item.resource, one.item.language, one.item.chapter, one.item.block)
            for _, one in self._found
            if isinstance(one, FoundItem) and one.item.block in (one.item.key, f"concept-{one.item.key}") and not one.item.own
        }
        for worth, one in self._found:
            if isinstance(one, Found):
                place = (one.chapter.resource, one.chapter.language, one.chapter.chapter, one.block)
                same = (
                    one.chapter.resource,
                    one.chapter.chapter,
                    one.block,
                    one.start,
                    one.text,
                )  # a reference in both languages
                if place in shown or same in shown:
                    continue
                shown.add(same)
                hits.append(self._of_passage(one, worth))
            else:
                hits.append(self._of_item(one, worth, reader))
            if len(hits) == limit:
                break
        return hits

    def _of_passage(self, one: Found, worth: float) -> Hit:
        if checksum(one.text) != one.check:
            raise Damaged("a passage is not what was written")
        chapter = one.chapter
        match = best_match(one.marks)
        start, end = (0, 0) if one.start == HEAD else (one.start + match.start, one.start + match.end)
        text, marks = snippet(one.text, one.marks, match)
        return Hit(
            TEXT,
            chapter.resource,
            chapter.language,
            chapter.chapter,
            one.block,
            _locator(chapter, one.number),
            start,
            end,
            chapter.title,
            self._resource_title(chapter.resource, chapter.language),
            text,
            marks,
            worth,
        )

    def _of_item(self, one: FoundItem, worth: float, reader: sqlite3.Connection) -> Hit:
        item = one.item
        if checksum(item.text, item.quote) != one.check:
            raise Damaged("an item is not what was written")
        chapter = self._catalogue.places.get((item.resource, item.language, item.chapter))
        text, quoted = _parted(one)
        start, end = item.start, item.end
        if quoted and item.own and item.end - item.start == len(item.quote):
            match = best_match(quoted)
            start, end = item.start + match.start, item.start + match.end
        shown, of = (item.text, text) if text else (item.quote, quoted)
        if item.kind == CONCEPT:
            shown, of = _defined(shown, of)
        words, marks = snippet(shown, of, best_match(of)) if of else (shown, ())
        return Hit(
            item.kind,
            item.resource,
            item.language,
            item.chapter,
            item.block,
            _locator(chapter, _number(item, chapter, reader)) if chapter else "",
            start,
            end,
            chapter.title if chapter else self._resource_title(item.resource, item.language),
            self._resource_title(item.resource, item.language),
            words,
            marks,
            worth,
            annotation=item.key if item.kind in (NOTE, ANSWER) else "",
            concept=item.key if item.kind == CONCEPT else "",
            question=item.key if item.kind == QUESTION else item.block if item.kind == ANSWER else "",
        )

    def _resource_title(self, resource: str, language: str) -> str:
        titles = self._catalogue.titles.get(resource, {})
        return titles.get(language) or next(iter(titles.values()), "")


def _locator(chapter: ChapterRow, number: int) -> str:
    return f"{chapter.label}.{number}" if number else chapter.label


def _number(item: Item, chapter: ChapterRow, reader: sqlite3.Connection) -> int:
    """The second half of an item's locator, 0 where it belongs to the chapter as a whole."""
    if item.kind == ANSWER:
        sql = "SELECT number FROM items WHERE own = 0 AND key = ? AND kind = ? AND resource = ? AND language = ?"
        row = reader.execute(sql, (item.block, QUESTION, item.resource, item.language)).fetchone()
        return int(row[0]) if row else 0
    if item.number or not item.own or item.end == 0:
        return item.number
    first = chapter.number << SHIFT
    low, high = first, first + chapter.passages - 1  # passages are in the order of the text
    while low < high:
        middle = (low + high + 1) // 2
        row = reader.execute("SELECT start FROM passages WHERE id = ?", (middle,)).fetchone()
        low, high = (middle, high) if row and row[0] <= item.start else (low, middle - 1)
    row = reader.execute("SELECT number FROM passages WHERE id = ?", (low,)).fetchone()
    return int(row[0]) if row else 0


def _is_the_term(one: FoundItem) -> bool:
    """Whether what is wanted is the term of a concept, and not only in it or its definition."""
    term = len(one.item.text.partition("\n")[0])
    within = Marks(tuple(match for match in one.marks.matches if match.end <= term), term)
    if one.item.kind != CONCEPT or {match.group for match in within.matches} != {match.group for match in one.marks.matches}:
        return False
    return sum(end - start for start, end in within.spans()) > 0.8 * term


def _defined(text: str, marks: Marks | None) -> tuple[str, Marks | None]:
    """A concept on one line, with a dash between its term and what it means; the marks move with their words."""
    seam = text.find("\n")
    if seam < 0 or marks is None:
        return text, marks
    further = len(_DASH) - 1
    moved = (
        match._replace(start=match.start + further * (match.start > seam), end=match.end + further * (match.end > seam))
        for match in marks.matches
    )
    return text[:seam] + _DASH + text[seam + 1 :], Marks(tuple(moved), marks.length)


def _parted(one: FoundItem) -> tuple[Marks | None, Marks | None]:
    """What is marked in an item's text, and in its quote."""
    seam = len(one.item.text) + len(BETWEEN)
    text = tuple(match for match in one.marks.matches if match.start < seam)
    quote = tuple(
        match._replace(start=match.start - seam, end=match.end - seam) for match in one.marks.matches if match.start >= seam
    )
    return (Marks(text, one.marks.length) if text else None), (Marks(quote, one.marks.length) if quote else None)
