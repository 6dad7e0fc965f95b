"""Search against bare FTS5 over the same generated books. ``python -m tests.benchmarks.bench_search [BOOKS]`` (by default 100).

Books of 3 MB, in English and French by turns, of words whose frequencies follow Zipf's law. *Bare* is FTS5's own tokenizer
over the same passages, ``ORDER BY rank`` with ``snippet()``; *ours* is ``SearchIndex.search`` with places, marks and snippets.
Each word is looked at once to find its stem, so that indexing few books takes longer in proportion than indexing many.
Both index some books by turns, and answer by turns, so that what else the machine does falls on both; each question is put
several times, and its median counts. Then somebody types into the search box of the window, over the same index.
"""

from __future__ import annotations

import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from copy import copy
from functools import partial
from itertools import accumulate
from pathlib import Path

from letstalk_desktop.library.model import Block, BlockKind, Chapter, ChapterEntry, Resource
from letstalk_desktop.paths import find_paths
from letstalk_desktop.storage.search import SearchIndex
from letstalk_desktop.storage.search_rows import passages_of
from letstalk_desktop.storage.search_update import BATCH
from tests.benchmarks.search_box import measure, percentile

BOOK, CHAPTERS = 3_000_000, 10
VOCABULARY = 60_000  # words of each language
EXPONENT = 1.13  # of Zipf's law: so the most frequent hundred and thousand make up as much of the text as in our own resources
QUERIES, ROUNDS, LIMIT = 40, 3, 50
TURNS = 5  # of indexing
INDEXED_MEANWHILE = 20  # books that are indexed while somebody types
TYPED = 12  # times of each class
BARE = "SELECT rowid, snippet(bare, 0, '[', ']', '…', 24) FROM bare WHERE bare MATCH ? ORDER BY rank LIMIT ?"
STARTS = ["b", "c", "d", "f", "g", "h", "l", "m", "n", "p", "r", "s", "t", "v", "ch", "br", "tr", "pl", "st"]
MIDDLES = {"en": ["a", "e", "i", "o", "u", "ai", "ou", "ea"], "fr": ["a", "e", "é", "i", "o", "u", "ai", "ou", "è", "eu"]}
CLOSES = ("", "n", "r", "s", "l", "t", "")
ENDINGS = {
    "en": ("", "s", "ing", "ed", "er", "ation", "ity", "ness", "ly", "al"),
    "fr": ("", "s", "e", "es", "er", "ation", "ité", "ement", "ant", "é", "ée", "ées"),
}


def vocabulary(language: str) -> list[str]:
    """The words of a language, the most frequent first; the frequent ones are short."""
    chance = random.Random(f"words {language}")
    words: dict[str, None] = {}
    while len(words) < VOCABULARY:
        rank = len(words)
        syllables = 1 if rank < 150 else chance.choice((1, 2)) if rank < 4000 else chance.choice((2, 2, 3, 4))
        word = "".join(
            chance.choice(STARTS) + chance.choice(MIDDLES[language]) + chance.choice(CLOSES) for _ in range(syllables)
        )
        words[word + (chance.choice(ENDINGS[language]) if rank > 300 else "")] = None
    return list(words)


def paragraph(chance: random.Random, words: list[str], cumulated: list[float], language: str) -> str:
    """60 to 140 words in sentences, with the punctuation of the language."""
    drawn = chance.choices(words, cum_weights=cumulated, k=chance.randint(60, 140))
    at = 0
    while at < len(drawn):
        end = min(at + chance.randint(6, 22), len(drawn)) - 1
        drawn[at] = drawn[at].capitalize()
        drawn[end] += "." if language == "en" else chance.choice((".", "\u00a0!", ","))
        if language == "fr" and chance.random() < 0.5:
            drawn[at] = chance.choice(("l’", "d’", "qu’")) + drawn[at]
        if end - at > 4:
            drawn[at + 3] += ","
        at = end + 1
    return " ".join(drawn)


class Books:
    """A shelf of generated books, kept in files so that making them is not measured."""

    def __init__(self, folder: Path, count: int) -> None:
        self._folder = folder
        self.words = {language: vocabulary(language) for language in ("en", "fr")}
        self._resources = [self._resource(number) for number in range(count)]
        self.reading = [0.0, 0.0]  # seconds spent on making chapters: by the clock, of the processor
        cumulated = list(accumulate(1 / (rank + 2.7) ** EXPONENT for rank in range(VOCABULARY)))
        self.frequencies: Counter[str] = Counter()
        for resource in self._resources:
            language = resource.languages[0]
            chance = random.Random(resource.id)
            for entry in resource.chapters:
                paragraphs = []
                while sum(map(len, paragraphs)) < BOOK // CHAPTERS:
                    paragraphs += [paragraph(chance, self.words[language], cumulated, language) for _ in range(20)]
                (folder / f"{resource.id}-{entry.id}.txt").write_text("\n\n".join(paragraphs), encoding="utf-8")

    def _resource(self, number: int) -> Resource:
        language = ("en", "fr")[number % 2]
        entries = tuple(ChapterEntry(f"c{at}", str(at), at, {language: f"Chapter {at}"}) for at in range(1, CHAPTERS + 1))
        name = f"book-{number:03d}"
        return Resource(name, "1", (language,), {language: f"Book {number}"}, {}, (), "", "", {}, {}, entries, (), (), (), {})

    def resources(self) -> list[Resource]:
        return self._resources

    def first(self, count: int) -> Books:
        """A shelf with some of the books only."""
        found = copy(self)
        found._resources = self._resources[:count]
        return found

    def source_key(self, resource_id: str) -> str:
        return resource_id

    def chapter_once(self, resource_id: str, chapter: str, language: str) -> Chapter:
        started = time.perf_counter(), time.process_time()
        text = (self._folder / f"{resource_id}-{chapter}.txt").read_text(encoding="utf-8")
        blocks, at = [], 0
        for number, words in enumerate(text.split("\n\n"), 1):
            blocks.append(Block(f"p-{number}", BlockKind.PARAGRAPH, number, at, at + len(words)))
            at += len(words) + 2
        made = Chapter(
            *(resource_id, "1", language, chapter, chapter[1:], int(chapter[1:]), f"Chapter {chapter}", "", (), text),
            *(tuple(blocks), (), (), (), (), resource_id + chapter),
        )
        self.reading[0] += time.perf_counter() - started[0]
        self.reading[1] += time.process_time() - started[1]
        return made

    def chapters(self, first: int = 0, last: int | None = None) -> Iterator[Chapter]:
        for resource in self._resources[first:last]:
            for entry in resource.chapters:
                yield self.chapter_once(resource.id, entry.id, resource.languages[0])


def measured(books: Books, work: Callable[[], object]) -> tuple[float, float]:
    """How long ``work`` takes without the making of chapters, in seconds: by the clock, of the processor."""
    reading = tuple(books.reading)
    started = time.perf_counter(), time.process_time()
    work()
    taken = time.perf_counter() - started[0], time.process_time() - started[1]
    return taken[0] - books.reading[0] + reading[0], taken[1] - books.reading[1] + reading[1]


def fill_bare(connection: sqlite3.Connection, books: Books, first: int, last: int) -> None:
    """The same rows into bare FTS5, as much at a time, of the books from ``first`` to before ``last``."""
    rows: list[tuple[str]] = []
    size = 0
    for chapter in books.chapters(first, last):
        rows += [(passage.text,) for passage in passages_of(chapter)]
        size += len(chapter.text)
        if size >= BATCH:
            write_rows(connection, rows)
            size = 0
    write_rows(connection, rows)


def write_rows(connection: sqlite3.Connection, rows: list[tuple[str]]) -> None:
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO bare (text) VALUES (?)", rows)
    connection.execute("COMMIT")
    rows.clear()


def questions(books: Books) -> dict[str, list[tuple[str, str, dict[str, bool]]]]:
    """By class: (the question to us, the same to bare FTS5, how we are asked)."""
    chance = random.Random(7)
    chapters = [
        chapter
        for index, chapter in enumerate(books.chapters())
        if index % max(CHAPTERS * len(books.resources()) // 40, 1) == 0
    ]

    def words(low: int, high: int) -> list[str]:
        return [books.words[chance.choice(("en", "fr"))][chance.randrange(low, high)] for _ in range(QUERIES)]

    def phrases(length: int) -> list[str]:
        found = []
        while len(found) < QUERIES:
            chapter = chance.choice(chapters)
            block = chance.choice(chapter.blocks)
            drawn = chapter.text[block.start : block.end].split()
            at = chance.randrange(len(drawn) - length)
            found.append(" ".join(drawn[at : at + length]).replace("’", "'"))
        return found

    def plain(asked: list[str], **how: bool) -> list[tuple[str, str, dict[str, bool]]]:
        return [(word, f'"{word}"', how) for word in asked]

    def begun(asked: list[str]) -> list[tuple[str, str, dict[str, bool]]]:
        return [(word, f'"{word}"*', {"typing": True}) for word in asked]

    pairs = [f"{one} {two}" for one, two in zip(words(0, 60), words(3000, VOCABULARY), strict=True)]
    quoted = [(f'"{one}"', f'"{one}"', {}) for one in phrases(3)]
    return {
        "rare word": plain(words(VOCABULARY // 2, VOCABULARY)),
        "middling word": plain(words(1000, 6000)),
        "common word": plain(words(0, 60)),
        "common and rare": [(one, " AND ".join(f'"{word}"' for word in one.split()), {}) for one in pairs],
        "phrase": quoted,
        "prefix, 4 letters": begun([word[:4] for word in words(500, VOCABULARY)]),
        "prefix, 2 letters": begun([word[:2] for word in words(500, VOCABULARY)][: QUERIES // 2]),
        "prefix, 1 letter": begun([word[:1] for word in words(500, VOCABULARY)][: QUERIES // 4]),
        "exact word": plain(words(1000, VOCABULARY), exact=True),
    }


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def open_bare(path: Path) -> sqlite3.Connection:
    """The other side, set as ours is."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "cache_size=-32000"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def one_round(bare: Path, ours: Path, asked: list[tuple[str, str, dict[str, bool]]]) -> list[tuple[float, float, int]]:
    """Both opened anew, so that neither has pages of the last round in its memory; bare, ours, and how many ours found."""
    connection, index = open_bare(bare), SearchIndex.open(ours)
    index.search("nothing like that")
    found = []
    for question, same, how in asked:
        hits: list[int] = []
        theirs = timed(lambda same=same: connection.execute(BARE, (same, LIMIT)).fetchall())
        mine = timed(lambda question=question, how=how, hits=hits: hits.append(len(index.search(question, limit=LIMIT, **how))))
        found.append((theirs, mine, hits[0]))
    index.close()
    connection.close()
    return found


def typed(books: Books) -> dict[str, list[str]]:
    """What somebody types, by class; words without accents, for which a test has keys."""
    chance = random.Random(11)
    plain = {language: [word for word in words if word.isascii()] for language, words in books.words.items()}

    def word(low: int, high: int) -> str:
        return plain[chance.choice(("en", "fr"))][chance.randrange(low, high)]

    return {
        "common word": [word(0, 60) for _ in range(TYPED)],
        "rare word": [word(8_000, 12_000) for _ in range(TYPED)],
        "two words": [f"{word(0, 60)} {word(3_000, 12_000)}" for _ in range(TYPED)],
        "phrase": [f'"{word(0, 60)} {word(0, 60)}"' for _ in range(TYPED)],
    }


def both_fill(bare: sqlite3.Connection, index: SearchIndex, books: Books) -> tuple[tuple[float, float], tuple[float, float]]:
    """Index all books in both; (by the clock, of the processor) of the bare one and of ours, in seconds.

    Whenever ours has done some books, the bare one does the same.
    """
    step = max(-(-len(books.resources()) // TURNS), 1)
    theirs = [0.0, 0.0]

    def done(chapters: int, _total: int) -> None:
        if chapters % (step * CHAPTERS) == 0:
            last = chapters // CHAPTERS
            for at, taken in enumerate(measured(books, partial(fill_bare, bare, books, last - step, last))):
                theirs[at] += taken

    ours = measured(books, partial(index.update, books, progress=done))
    return (theirs[0], theirs[1]), (ours[0] - theirs[0], ours[1] - theirs[1])


def main() -> None:
    """Print the tables."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        program = folder / "program"
        books = Books(folder, count)
        place = find_paths(str(program)).search
        place.parent.mkdir(parents=True)
        index = SearchIndex.open(place)
        bare = open_bare(folder / "bare.sqlite")
        bare.execute("CREATE VIRTUAL TABLE bare USING fts5 (text, tokenize='unicode61 remove_diacritics 2')")
        theirs, ours = both_fill(bare, index, books)
        size = count * BOOK / 1e6
        files = [f"{path.stat().st_size / 1e6:.0f} MB" for path in (folder / "bare.sqlite", place)]
        print(f"{count} books, {size:.0f} million characters; files: bare {files[0]}, ours {files[1]}")
        print(f"{'indexing':<20}{'bare s':>10}{'ours s':>10}{'ratio':>8}  (at most 2)", flush=True)
        for what, one, two in zip(("by the clock", "processor"), theirs, ours, strict=True):
            print(f"{what:<20}{one:>10.1f}{two:>10.1f}{two / one:>8.2f}")
        index.close()
        bare.close()
        heading = f"{'bare p50':>10}{'bare p95':>10}{'ours p50':>10}{'ours p95':>10}{'ratio':>8}{'hits':>7}"
        print(f"{'search, ms':<20}{heading}  (ratio at most 2)")
        for kind, asked in questions(books).items():
            rounds = [one_round(folder / "bare.sqlite", place, asked) for _ in range(ROUNDS)]
            times = [[statistics.median(one[at] for one in same) for same in zip(*rounds, strict=True)] for at in (0, 1, 2)]
            shown = "".join(f"{percentile(one, share):>10.1f}" for one in times[:2] for share in (0.5, 0.95))
            ratio = sum(times[1]) / sum(times[0])
            print(f"{kind:<20}{shown}{ratio:>8.2f}{statistics.mean(times[2]):>7.0f}", flush=True)
        measure(program, typed(books), books.first(INDEXED_MEANWHILE))


if __name__ == "__main__":
    main()
