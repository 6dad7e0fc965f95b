"""Keeps the index in step with the shelf and the notebook, doing only what has changed."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any, Protocol

from letstalk_desktop.annotations.model import Annotation, OwnConcept, Query
from letstalk_desktop.errors import WorldError
from letstalk_desktop.library.model import Chapter, Resource
from letstalk_desktop.storage.notebook import Notebook
from letstalk_desktop.storage.search_file import ITEMS, NOTEBOOK, SHIFT, TEXTS, IndexFile
from letstalk_desktop.storage.search_rows import (
    NOTE,
    Item,
    Places,
    checksum,
    item_stream,
    items_of_notebook,
    items_of_resource,
    passages_of,
    places_of,
)
from letstalk_desktop.storage.stemming import SIGNS, STEMMED, base
from letstalk_desktop.storage.wording import wordings

BATCH = 20_000_000  # code points of text written in one transaction
_COUNTING = 5 * BATCH  # code points of text after which the counts of words are written
_COUNTED_WHOLE = 100_000  # code points; in longer chapters the words of one passage in so many are counted:
_SAMPLE = 32
_DEAD = 20_000  # rows of replaced chapters, and at least as many as are alive: then the file is made anew
_GENERATION = 1 << 40  # as the notebook counts: see ``Notebook.counter``

Progress = Callable[[int, int], None]  # done, of how many
Cancelled = Callable[[], bool]


class Texts(Protocol):
    """What has to be known of a shelf; ``library.shelf.Shelf`` is one."""

    def resources(self) -> list[Resource]:
        """Every readable resource."""
        ...

    def source_key(self, resource_id: str) -> str:
        """Differs as soon as anything of a resource does."""
        ...

    def chapter_once(self, resource_id: str, chapter: str, language: str) -> Chapter:
        """A chapter, not kept in memory. Raises ``WorldError``."""
        ...


class Updater:
    """One pass over shelf and notebook."""

    def __init__(self, file: IndexFile, progress: Progress | None = None, cancelled: Cancelled | None = None) -> None:
        self._file = file
        self._progress = progress
        self._cancelled = cancelled
        self._wordings = wordings()  # of texts
        self._own_wordings = wordings()  # of the notebook
        self._item_wordings = wordings()  # of concepts and questions
        self._counts: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)  # language, weight → chunks
        self._streams: list[tuple[int, str]] = []  # rows still to be written
        self._uncounted = 0  # code points of text whose words are in ``_counts`` only
        self._done = self._total = 0
        self.stopped = False  # the caller has put an end to it before everything was done

    # The shelf

    def shelf(self, texts: Texts) -> None:
        """Index what has changed on the shelf."""
        resources = texts.resources()
        with self._file.writing() as writer:
            known = dict(writer.execute("SELECT id, source FROM resources"))
            for gone in set(known) - {resource.id for resource in resources}:
                self._remove(writer, gone)
        changed = [one for one in resources if known.get(one.id) != texts.source_key(one.id)]
        self._total = sum(len(one.languages) * len(one.chapters) for one in changed)
        chapters = self._walk(changed, texts)
        waiting = True
        while waiting:
            with self._file.writing() as writer:
                waiting = self._batch(writer, chapters)
                self._keep_words(writer)
                if self._uncounted >= _COUNTING or not waiting:
                    self._keep_counts(writer)

    def dead(self) -> bool:
        """Whether most of the index is of chapters that are gone."""
        with self._file.reading() as reader:
            dead = int(_fact(reader, "dead") or 0)
            alive = int(reader.execute("SELECT coalesce(sum(passages), 0) FROM chapters").fetchone()[0])
        return dead > max(_DEAD, alive)

    def _walk(self, resources: list[Resource], texts: Texts) -> Iterator[Chapter | tuple[Resource, str, Places]]:
        """Each chapter of each resource, then the resource itself with the places of its blocks."""
        for resource in resources:
            source = texts.source_key(resource.id)
            places: Places = {}
            for entry in resource.chapters:
                for language in resource.languages:
                    with suppress(WorldError):  # a chapter that cannot be read does not keep others from being found
                        chapter = texts.chapter_once(resource.id, entry.id, language)
                        places.update(places_of(chapter))
                        yield chapter
                    self._step()
            yield resource, source, places

    def _step(self) -> None:
        self._done += 1
        if self._progress is not None:
            self._progress(self._done, self._total)

    def _batch(self, writer: sqlite3.Connection, chapters: Iterator[Chapter | tuple[Resource, str, Places]]) -> bool:
        """Write the next few chapters; False when there are none left."""
        size = 0
        waiting = False
        for one in chapters:
            if isinstance(one, Chapter):
                size += self._chapter(writer, one)
            else:
                self._resource(writer, *one)
            self.stopped = self._cancelled is not None and self._cancelled()
            waiting = size >= BATCH and not self.stopped
            if waiting or self.stopped:
                break
        # First the words of all, then the rows: by turns they would push each other out of the processor's cache.
        writer.executemany("INSERT INTO stems (rowid, words) VALUES (?, ?)", self._streams)
        self._streams.clear()
        return waiting

    def _chapter(self, writer: sqlite3.Connection, chapter: Chapter) -> int:
        """Write a chapter if it differs from what is there; the code points written."""
        place = (chapter.resource, chapter.language, chapter.id)
        where = "resource = ? AND language = ? AND chapter = ?"
        known = writer.execute(f"SELECT number, hash, label, title FROM chapters WHERE {where}", place).fetchone()
        passages = list(passages_of(chapter))[: 1 << SHIFT]
        heads = checksum(*(passage.text for passage in passages if passage.start < 0))
        digest = f"{chapter.content_hash}-{heads:08x}"
        if known and known[1:] == (digest, chapter.label, chapter.title):
            return 0
        if known:
            self._remove_chapters(writer, [known[0]])
        row = (*place, chapter.label, chapter.title, digest, len(passages))
        number = writer.execute(
            "INSERT INTO chapters (resource, language, chapter, label, title, hash, passages) VALUES (?, ?, ?, ?, ?, ?, ?)", row
        ).lastrowid
        assert number is not None
        first = number << SHIFT
        language = base(chapter.language)
        wording = self._wordings[language]
        writer.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?)",
            (
                (first + index, one.block, one.number, one.start, checksum(one.text), one.text)
                for index, one in enumerate(passages)
            ),
        )
        self._streams += [(first + index, wording.stream(one.text)) for index, one in enumerate(passages)]
        step = 1 if len(chapter.text) <= _COUNTED_WHOLE else _SAMPLE
        for passage in passages[::step]:
            self._counts[language, step].update(passage.text.split())
        self._uncounted += len(chapter.text)
        return len(chapter.text)

    def _resource(self, writer: sqlite3.Connection, resource: Resource, source: str, places: Places) -> None:
        """After its chapters: what else there is of a resource, and that all of it is there."""
        present = {(language, entry.id) for language in resource.languages for entry in resource.chapters}
        rows = writer.execute("SELECT number, language, chapter FROM chapters WHERE resource = ?", (resource.id,)).fetchall()
        self._remove_chapters(writer, [number for number, *place in rows if tuple(place) not in present])
        self._remove_items(writer, "own = 0 AND resource = ?", (resource.id,))
        self._add_items(writer, items_of_resource(resource, places))
        writer.execute("DELETE FROM resources WHERE id = ?", (resource.id,))
        titles = json.dumps(resource.titles)
        writer.execute("INSERT INTO resources VALUES (?, ?, ?)", (resource.id, source, titles))

    def _remove(self, writer: sqlite3.Connection, resource: str) -> None:
        rows = writer.execute("SELECT number FROM chapters WHERE resource = ?", (resource,)).fetchall()
        self._remove_chapters(writer, [row[0] for row in rows])
        self._remove_items(writer, "own = 0 AND resource = ?", (resource,))
        writer.execute("DELETE FROM resources WHERE id = ?", (resource,))

    def _remove_chapters(self, writer: sqlite3.Connection, numbers: Iterable[int]) -> None:
        """Their rows of ``stems`` stay, and count for nothing without a passage."""
        for number in numbers:
            (dead,) = writer.execute("SELECT passages FROM chapters WHERE number = ?", (number,)).fetchone()
            _set_fact(writer, "dead", str(int(_fact(writer, "dead") or 0) + dead))
            writer.execute("DELETE FROM passages WHERE id BETWEEN ? AND ?", (number << SHIFT, ((number + 1) << SHIFT) - 1))
            writer.execute("DELETE FROM chapters WHERE number = ?", (number,))

    # Concepts, questions, notes, answers

    def _remove_items(self, writer: sqlite3.Connection, condition: str, values: tuple[object, ...]) -> bool:
        ids = writer.execute(f"SELECT id FROM items WHERE {condition}", values).fetchall()
        writer.executemany("DELETE FROM items WHERE id = ?", ids)
        writer.executemany("DELETE FROM item_stems WHERE rowid = ?", ids)
        return bool(ids)

    def _add_items(self, writer: sqlite3.Connection, items: Iterable[Item]) -> None:
        for item in items:
            words = self._own_wordings if item.own else self._item_wordings
            values = (item.kind, item.key, int(item.own), item.resource, item.language, item.chapter, item.block)
            place = (item.start, item.end, item.number, checksum(item.text, item.quote), item.text, item.quote)
            number = writer.execute(
                "INSERT INTO items (kind, key, own, resource, language, chapter, block, start, end, number, sum, text, quote)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*values, *place),
            ).lastrowid
            writer.execute("INSERT INTO item_stems (rowid, words) VALUES (?, ?)", (number, item_stream(item, words)))

    def notebook(self, notebook: Notebook, *, thoroughly: bool) -> None:
        """Index what has changed in the notebook; everything anew where it is not known what has.

        ``thoroughly``: see whether anything is amiss, and leave no trace of what is gone.
        """
        with self._file.writing() as writer:
            name = str(notebook.path)
            known = int(_fact(writer, "counter") or -1) if _fact(writer, "notebook") == name else -1
            writer.execute("PRAGMA secure_delete=ON")  # what the reader has deleted is not left lying in unused pages
            try:
                present = notebook.counter()
                removed = False
                trusted = known >= 0 and known <= present and known // _GENERATION == present // _GENERATION
                if trusted:
                    removed = self._catch_up(writer, notebook, known)
                if not trusted or (thoroughly and self._differs(writer, notebook)):
                    removed |= self._remove_items(writer, "own = 1", ())
                    self._add_items(writer, items_of_notebook(notebook.annotations(Query()), notebook.concepts()))
                removed |= _fact(writer, "removed") == "yes"
                if removed and thoroughly:
                    self._forget_words(writer)
                _set_fact(writer, "removed", "yes" if removed and not thoroughly else "no")
                _set_fact(writer, "notebook", name)
                _set_fact(writer, "counter", str(present))
                self._keep_words(writer)
            finally:
                writer.execute("PRAGMA secure_delete=OFF")

    def _catch_up(self, writer: sqlite3.Connection, notebook: Notebook, counter: int) -> bool:
        changes, _ = notebook.changes_since(counter)
        removed = False
        if changes.annotations:
            ids = json.dumps(sorted(changes.annotations))
            own = "own = 1 AND kind <> 'concept' AND key IN (SELECT value FROM json_each(?))"
            removed = self._remove_items(writer, own, (ids,))
            found: list[Annotation] = notebook.annotations(Query(ids=tuple(changes.annotations)))
            self._add_items(writer, items_of_notebook(found, ()))
        if changes.concepts:
            ids = json.dumps(sorted(changes.concepts))
            own = "own = 1 AND kind = 'concept' AND key IN (SELECT value FROM json_each(?))"
            removed |= self._remove_items(writer, own, (ids,))
            concepts: list[OwnConcept] = [one for one in notebook.concepts() if one.id in changes.concepts]
            self._add_items(writer, items_of_notebook((), concepts))
        return removed

    def _differs(self, writer: sqlite3.Connection, notebook: Notebook) -> bool:
        """Whether there are more or fewer notes in the notebook than here."""
        (here,) = writer.execute("SELECT count(*) FROM items WHERE kind = ? AND own = 1", (NOTE,)).fetchone()
        if here == notebook.total():
            return False
        there = items_of_notebook(notebook.annotations(Query()), ())
        return bool(here != sum(1 for item in there if item.kind == NOTE))

    # Words

    def _keep_words(self, writer: sqlite3.Connection) -> None:
        """Note the words that are new since the last time, with their stems."""
        for source, some in ((TEXTS, self._wordings), (NOTEBOOK, self._own_wordings), (ITEMS, self._item_wordings)):
            for language, wording in some.items():
                words = _in_order((form, language, found, source) for form, found in wording.words)
                writer.executemany("INSERT OR IGNORE INTO vocabulary VALUES (?, ?, ?, ?)", words)
                stems = _in_order({(found, language, source) for _form, found in wording.words})
                writer.executemany("INSERT OR IGNORE INTO counts VALUES (?, ?, ?, 0)", stems)
                wording.words.clear()

    def _forget_words(self, writer: sqlite3.Connection) -> None:
        """Keep of the reader's words only those that still stand somewhere."""
        writer.execute("INSERT INTO item_stems (item_stems) VALUES ('optimize')")
        writer.execute("DELETE FROM vocabulary WHERE source = ?", (NOTEBOOK,))
        writer.execute("DELETE FROM counts WHERE source = ?", (NOTEBOOK,))
        self._own_wordings = wordings()
        for text, quote in writer.execute("SELECT text, quote FROM items WHERE own = 1"):
            for language in STEMMED:
                self._own_wordings[language].stream(f"{text} {quote}")

    def _keep_counts(self, writer: sqlite3.Connection) -> None:
        """Note about how often each stem stands in the texts: it tells which way to search, and what is rare."""
        streams: dict[str, Counter[str]] = defaultdict(Counter)
        for (language, weight), chunks in self._counts.items():
            for chunk, count in chunks.items():
                streams[language][self._wordings[language][chunk]] += count * weight
        self._counts.clear()
        self._uncounted = 0
        for language, counted in streams.items():
            counts: Counter[str] = Counter()
            for stream, count in counted.items():
                for found in stream.split():
                    counts[found.removeprefix(SIGNS[language])] += count
            sql = f"INSERT INTO counts VALUES (?, ?, {TEXTS}, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count"
            writer.executemany(sql, _in_order((found, language, count) for found, count in counts.items()))


def _in_order(rows: Iterable[tuple[str, *tuple[Any, ...]]]) -> Iterator[tuple[str, *tuple[Any, ...]]]:
    """The rows sorted, some at a time: during one long sort no other thread has its turn, and the window would stand still."""
    parts: dict[str, list[tuple[str, *tuple[Any, ...]]]] = defaultdict(list)
    for row in rows:
        parts[row[0][:2]].append(row)
    for beginning in sorted(parts):
        yield from sorted(parts[beginning])


def _fact(connection: sqlite3.Connection, name: str) -> str:
    row = connection.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
    return str(row[0]) if row else ""


def _set_fact(connection: sqlite3.Connection, name: str, value: str) -> None:
    sql = "INSERT INTO facts VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value"
    connection.execute(sql, (name, value))
