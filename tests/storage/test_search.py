"""The one search finds what a reader has read or written, however it is typed, and says exactly where it stands."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from letstalk_desktop.annotations.model import AnnotationType, Placement
from letstalk_desktop.library.model import Block, BlockKind, Chapter, ChapterEntry, Concept, Question, Resource
from letstalk_desktop.storage.clock import timestamp
from letstalk_desktop.storage.notebook import Notebook
from letstalk_desktop.storage.search import Hit, SearchIndex, hits_in_chapter
from tests.storage.things import NOW, SECOND, concept, highlight, operation

ENGLISH = (
    "Organizing starts with one conversation, and with the people’s own self-interest.",
    "Power can be built 🌱 and it can be shared; organizers don’t do it alone.",
    "The coalition met at the clinic. The coalition’s demand was simple.",
)
FRENCH = (
    "«\u00a0L’homme\u00a0» n’est pas seul\u202f: l’œuvre commune se fait aujourd’hui.",
    "Les personnes organise\u0301es, d’abord, se parlent\u00a0; quelqu’un prend des notes.",
    "La ﬁnance et les or\u00adganismes n’y peuvent rien. Où est l’égalité des chevaux\u202f?",
)


def chapter_of(texts: tuple[str, ...], name: str = "first", language: str = "en", resource: str = "book") -> Chapter:
    blocks, at = [], 0
    for number, words in enumerate(texts, 1):
        blocks.append(Block(f"p-{number}", BlockKind.PARAGRAPH, number, at, at + len(words)))
        at += len(words) + 2
    text = "\n\n".join(texts)
    return Chapter(
        resource=resource,
        edition="1",
        language=language,
        id=name,
        label={"first": "1", "second": "2"}.get(name, "3"),
        number=1,
        title=f"Title {name}",
        lede="",
        in_short=(),
        text=text,
        blocks=tuple(blocks),
        containers=(),
        spans=(),
        sections=(),
        footnotes=(),
        content_hash=str(hash((text, name))),
    )


class Books:
    """A shelf of chapters given as texts, that counts how often a chapter is asked for."""

    def __init__(
        self, chapters: list[Chapter], concepts: tuple[Concept, ...] = (), questions: tuple[Question, ...] = ()
    ) -> None:
        self.chapters = {(one.resource, one.id, one.language): one for one in chapters}
        self.concepts, self.questions = concepts, questions
        self.asked = 0
        self.version = "1"

    def resources(self) -> list[Resource]:
        return [self._resource(name) for name in dict.fromkeys(resource for resource, _, _ in self.chapters)]

    def _resource(self, name: str) -> Resource:
        mine = [one for one in self.chapters.values() if one.resource == name]
        languages = tuple(dict.fromkeys(one.language for one in mine))
        entries = tuple(ChapterEntry(one, "1", 1, {}) for one in dict.fromkeys(chapter.id for chapter in mine))
        titles = {"en": f"The {name}", "fr": f"Le {name}"}
        rest = ("", "", {}, {}, entries, self.concepts, self.questions, (), {})
        return Resource(name, "1", languages, titles, {}, (), *rest)

    def source_key(self, resource_id: str) -> str:
        return f"{self.version} {resource_id}"

    def chapter_once(self, resource_id: str, chapter: str, language: str) -> Chapter:
        self.asked += 1
        return self.chapters[resource_id, chapter, language]


@pytest.fixture
def at(tmp_path: Path) -> Path:
    """Where the index is."""
    return tmp_path / "cache" / "search.sqlite"


@pytest.fixture
def index(at: Path) -> Iterator[SearchIndex]:
    made = SearchIndex.open(at)
    yield made
    made.close()


@pytest.fixture
def books() -> Books:
    concepts = (Concept("base", {"en": "base building", "fr": "base"}, {"en": "Steady work.", "fr": "Un travail de fond."}),)
    question = Question(
        "q-who", "first", "reflect", 5, {"en": "Who is missing?", "fr": "Qui est absent\u202f?"}, blocks=("p-2",)
    )
    return Books([chapter_of(ENGLISH), chapter_of(FRENCH, language="fr")], concepts, (question,))


@pytest.fixture
def full(index: SearchIndex, books: Books) -> SearchIndex:
    assert index.update(books)
    return index


def found(hits: list[Hit], books: Books) -> list[str]:
    """The words in the text of record at which each hit points."""
    return [books.chapters[hit.resource, hit.chapter, hit.language].text[hit.start : hit.end] for hit in hits]


# However it is typed


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("homme", "homme"),
        ("l’homme", "homme"),
        ("l'homme", "homme"),
        ("L’HOMMES", "homme"),
        ("« l’homme »", "homme"),
        ("oeuvre", "œuvre"),
        ("œuvres", "œuvre"),
        ("Œuvre", "œuvre"),
        ("organisées", "organise\u0301es"),
        ("organise\u0301es", "organise\u0301es"),
        ("organisees", "organise\u0301es"),
        ("organiser", "organise\u0301es"),
        ("organisme", "or\u00adganismes"),
        ("aujourd’hui", "aujourd’hui"),
        ("AUJOURD'HUI", "aujourd’hui"),
        ("d'aujourd'hui", "aujourd’hui"),
        ("quelqu'un", "quelqu’un"),
        ("finances", "ﬁnance"),
        ("abord", "abord"),
        ("egalite", "égalité"),
        ("ÉGALITÉ", "égalité"),
        ("cheval", "chevaux"),
    ],
)
def test_french_is_found_with_or_without_accents_articles_and_endings(
    full: SearchIndex, books: Books, query: str, words: str
) -> None:
    hits = full.search(query, languages=("fr",), kinds=("text",))
    assert found(hits, books) == [words]
    chapter = books.chapters["book", "first", "fr"]
    assert (hits[0].start, hits[0].end) in hits_in_chapter(chapter, query)
    assert hits_in_chapter(chapter, "🧭") == []


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("organise", []),
        ("organizing", ["organizers", "Organizing"]),
        ("coalitions", ["coalition"]),
        ("people", ["people"]),
        ("people's", ["people"]),
        ("don't", ["don’t"]),
        ("self-interest", ["self-interest"]),
        ("interest self", ["self"]),
        ("🌱", ["🌱"]),
        ("🧭", []),
        ("simple demand", ["demand"]),
        ("shared demand", []),
    ],
)
def test_english_words_are_all_wanted_in_any_form(full: SearchIndex, books: Books, query: str, words: list[str]) -> None:
    assert sorted(found(full.search(query, languages=("en",), kinds=("text",)), books)) == sorted(words)


@pytest.mark.parametrize(
    ("query", "phrase"),
    [
        ('"the coalition met"', "The coalition met"),
        ("«\u00a0the coalition met\u00a0»", "The coalition met"),
        ("“coalition meeting”", ""),
        ('"met coalition"', ""),
        ('"built and it"', ""),
        ('"œuvre commune" seul', "œuvre commune"),
        ('"oeuvres communes"', "œuvre commune"),
        ('"de l\'oeuvre commune"', ""),
        ("\"n'est pas seul", "est pas seul"),
        ('"self interest"', "self-interest"),
        ('"power power"', ""),
    ],
)
def test_words_in_quotation_marks_stand_next_to_each_other(full: SearchIndex, query: str, phrase: str) -> None:
    marked = [hit.snippet[a:b] for hit in full.search(query) for a, b in hit.marks]
    assert phrase in marked if phrase else marked == []


def test_the_last_word_may_be_unfinished_while_it_is_typed(full: SearchIndex, books: Books) -> None:
    for end in range(1, len("aujourd’hui") + 1):
        assert "aujourd’hui" in found(full.search("aujourd’hui"[:end], typing=True, kinds=("text",)), books)
    for typed in ('"the coal', "clinics coal", "coalition clinic", "coalition dem"):
        marked = [hit.snippet[a:b] for hit in full.search(typed, typing=True) for a, b in hit.marks]
        assert "coalition" in marked, typed
    assert full.search("coal ", typing=True) == []
    assert full.search("coal") == []
    assert full.search("l’", typing=True) == []


def test_exact_means_as_written_but_for_case_and_accents(full: SearchIndex, books: Books) -> None:
    assert found(full.search("organizers", exact=True), books) == ["organizers"]
    assert found(full.search("ORGANISÉES", exact=True), books) == ["organise\u0301es"]
    assert found(full.search("organisees", exact=True), books) == ["organise\u0301es"]
    assert full.search("organizes", exact=True) == []
    assert full.search("coalitions", exact=True) == []
    assert found(full.search("coalit", exact=True, typing=True), books) == ["coalition"]
    assert found(full.search('"the coalition"', exact=True), books) == ["The coalition"]
    english = books.chapters["book", "first", "en"]
    assert [english.text[a:b] for a, b in hits_in_chapter(english, "organizing", exact=True)] == ["Organizing"]
    assert [english.text[a:b] for a, b in hits_in_chapter(english, "organizing")] == ["Organizing", "organizers"]


HOSTILE = [
    *('"', '""', '"""', '"' * 999, "'", "’", "l’", "l’’l", "«", "“a", "()()", "foo(", "-x", "*", "^", "a*", "^a", "{a}"),
    *("AND", "OR NOT", "NEAR", "NEAR(a b, 2)", "a:b", "words:power", "% _ \\ ; --", "DROP TABLE stems", "a-b-c-d", "1.2.3"),
    *("\x00", "po\x00wer", "\ud800", "a\udfffb", "🌱" * 50, "x" * 10_000, "a " * 5_000, "\n\t", "\u0301", "\u200b", "\ufffe"),
    *("İ ß ŉ ǅ", "ﷺ", "\ufffc", "’" * 10_000, "é’" * 5_000),
]


@pytest.mark.parametrize("query", HOSTILE)
@pytest.mark.parametrize("typing", [False, True])
def test_whatever_is_typed_is_words(full: SearchIndex, books: Books, query: str, typing: bool) -> None:
    for exact in (False, True):
        for hit in full.search(query, typing=typing, exact=exact):
            assert hit.marks
        for chapter in books.chapters.values():
            for start, end in hits_in_chapter(chapter, query, exact, typing=typing):
                assert 0 <= start < end <= len(chapter.text)


def test_words_that_look_like_operators_are_found_as_words(index: SearchIndex) -> None:
    books = Books([chapter_of(("Near and not far, or so.", "Far near."))])
    index.update(books)
    assert found(index.search("AND"), books) == ["and"]
    assert len(index.search("NEAR")) == 2
    assert found(index.search("NOT far"), books) == ["not"]


words = st.text(st.characters(categories=("Lu", "Ll", "Lo", "Nd", "Mn", "So", "Po", "Zs", "Cf")), min_size=1, max_size=12)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(st.lists(words, min_size=1, max_size=8).map(" ".join), min_size=1, max_size=4), st.text(max_size=40), st.data())
def test_a_word_of_a_block_finds_that_block_and_every_place_is_in_the_text(
    tmp_path: Path, texts: list[str], query: str, data: st.DataObject
) -> None:
    texts = [text.strip() or "x" for text in texts]
    books = Books([chapter_of(tuple(texts)), chapter_of(tuple(texts), language="fr")])
    books.version = repr(texts)
    number = data.draw(st.integers(0, len(texts) - 1))
    word = data.draw(st.sampled_from(texts[number].split() or ["x"]))
    index = SearchIndex.open(tmp_path / "any" / "search.sqlite")
    try:
        index.update(books)
        for asked, how in ((query, False), (query, True), (word, False), (word, True)):
            for hit in index.search(asked, typing=how, limit=500):
                chapter = books.chapters["book", "first", hit.language]
                assert 0 <= hit.start <= hit.end <= len(chapter.text)
                assert hit.marks
                assert all(0 <= a < b <= len(hit.snippet) for a, b in hit.marks)
                if hit.block:
                    assert (hit.start, hit.end) in hits_in_chapter(chapter, asked, typing=how)
        if any(character.isalnum() and character not in "ʼ" for character in word):
            for language in ("en", "fr"):
                for exact in (False, True):
                    hits = index.search(word, languages=(language,), exact=exact, limit=500)
                    assert f"p-{number + 1}" in {hit.block for hit in hits}
    finally:
        index.close()


# What can be found, and where


def test_a_hit_says_where_it_is(full: SearchIndex) -> None:
    (hit,) = full.search("clinic")
    assert (hit.kind, hit.resource, hit.language, hit.chapter, hit.block) == ("text", "book", "en", "first", "p-3")
    assert (hit.locator, hit.title, hit.resource_title) == ("1.3", "Title first", "The book")
    assert hit.snippet == ENGLISH[2]
    assert [hit.snippet[a:b] for a, b in hit.marks] == ["clinic"]


def test_a_long_block_is_cut_to_the_words_around(index: SearchIndex) -> None:
    long = "word " * 3000 + "the\u00a0needle stands\there " + "after " * 3000
    books = Books([chapter_of((long.strip(), "A needle elsewhere."))])
    index.update(books)
    hits = {hit.block: hit for hit in index.search("needle")}
    assert found([hits["p-1"], hits["p-2"]], books) == ["needle", "needle"]
    assert len(hits["p-1"].snippet) < 200
    assert "the\u00a0needle stands here after" in hits["p-1"].snippet
    assert hits["p-1"].snippet.startswith("… ")
    assert hits["p-1"].snippet.endswith(" …")
    assert [hits["p-1"].snippet[a:b] for a, b in hits["p-1"].marks] == ["needle"]


def test_titles_of_chapters_are_found_too(full: SearchIndex) -> None:
    hits = full.search("title", languages=("en",))
    assert [(hit.block, hit.locator, hit.start, hit.end) for hit in hits] == [("", "1", 0, 0)]


def test_concepts_and_questions_are_found_with_their_place(full: SearchIndex) -> None:
    (one,) = full.search("base build", typing=True)
    assert (one.kind, one.concept, one.language, one.resource, one.snippet) == (
        *("concept", "base", "en", "book"),
        "base building — Steady work.",
    )
    (same,) = full.search("base steady")
    assert [same.snippet[start:end] for start, end in same.marks] == ["base", "Steady"]
    (question,) = full.search("who is missing")
    assert (question.kind, question.question, question.chapter, question.block, question.locator) == (
        *("question", "q-who", "first", "p-2"),
        "1.2",
    )
    assert [hit.language for hit in full.search("absente")] == ["fr"]


def test_a_question_that_closes_a_chapter_is_one_hit_not_two(index: SearchIndex) -> None:
    chapter = chapter_of(("A paragraph.", "What will you try?"))
    blocks = (chapter.blocks[0], Block("q-try", BlockKind.QUESTION, 2, *(chapter.blocks[1].start, chapter.blocks[1].end)))
    question = Question("q-try", "first", "act", 5, {"en": "What will you try?"}, closing=True)
    index.update(Books([chapter._replace(blocks=blocks)], (), (question,)))
    (hit,) = index.search("try")
    assert (hit.kind, hit.block, hit.locator, chapter.text[hit.start : hit.end]) == (
        *("question", "q-try", "1.2"),
        "What will you try?",
    )


def test_only_the_kinds_languages_and_resources_that_are_asked_for(index: SearchIndex) -> None:
    chapters = [
        chapter_of((f"Solidarity {tongue}.",), resource=name, language=tongue) for name in ("a", "b") for tongue in ("en", "fr")
    ]
    index.update(Books(chapters, (Concept("s", {"en": "solidarity"}, {}),)))
    assert len(index.search("solidarity")) == 6
    assert {hit.language for hit in index.search("solidarity", languages=("fr",))} == {"fr"}
    assert {hit.resource for hit in index.search("solidarity", resources=("b",))} == {"b"}
    assert {hit.kind for hit in index.search("solidarity", kinds=("concept",))} == {"concept"}
    assert len(index.search("solidarity", limit=2)) == 2
    first = index.search("solidarity", near=("b", "fr"), kinds=("text",))[0]
    assert (first.resource, first.language) == ("b", "fr")


# What the reader has written


@pytest.fixture
def notebook(tmp_path: Path) -> Iterator[Notebook]:
    made = Notebook.open(tmp_path / "data" / "notebook.sqlite", now=NOW)
    yield made
    made.close()


def mine(name: str = "", **fields: object) -> object:
    start = len(ENGLISH[0]) + 2
    place: dict[str, object] = {"resource": "book", "chapter": "first", "block": "p-2", "start": start, "end": start + 18}
    return highlight(name, **(place | {"exact": ENGLISH[1][:18], "note": ""} | fields))


def test_notes_quotes_answers_and_own_concepts_are_found(index: SearchIndex, books: Books, notebook: Notebook) -> None:
    answer = mine(
        "answer", type=AnnotationType.ANSWER, note="Les voisines, *sûrement*.", question="q-who", start=0, end=0, exact=""
    )
    notebook.apply(operation(mine("one", note="Ask the librarians — d’accord\u202f?"), answer, concept("own")), now=NOW)
    assert index.update(books, notebook)
    (note,) = index.search("librarian")
    assert (note.kind, note.annotation, note.locator, note.block) == ("note", "one", "1.2", "p-2")
    assert books.chapters["book", "first", "en"].text[note.start : note.end] == "Power can be built"
    assert [note.snippet[a:b] for a, b in note.marks] == ["librarians"]
    (found_answer,) = index.search("voisine")
    assert (found_answer.kind, found_answer.annotation, found_answer.question) == ("answer", "answer", "q-who")
    assert found_answer.locator == "1.2"
    assert [hit.concept for hit in index.search("mutual aid")] == ["own"]
    by_quote = [hit for hit in index.search("built") if hit.kind == "note"]
    assert found(by_quote, books) == ["built"]
    assert [hit.annotation for hit in index.search("librarians built")] == ["one"]
    assert index.search("power")[0].kind == "note"


def test_what_has_changed_in_the_notebook_is_taken_over_at_once(index: SearchIndex, books: Books, notebook: Notebook) -> None:
    notebook.apply(operation(mine("one", note="First draught")), now=NOW)
    index.update(books, notebook)
    asked = books.asked
    one = notebook.annotation("one")
    assert one is not None
    notebook.apply(operation(one.changed(note="Second thoughts"), concept("own", term="Trust")), now=NOW + SECOND)
    assert index.update_annotations(notebook)
    assert index.search("draught") == []
    assert [hit.annotation for hit in index.search("thought")] == ["one"]
    assert [hit.concept for hit in index.search("trust")] == ["own"]
    notebook.apply(operation(one.changed(deleted=timestamp(NOW)), concept("own", deleted=timestamp(NOW))), now=NOW + 2 * SECOND)
    index.update_annotations(notebook)
    assert index.search("thought") == index.search("trust") == []
    notebook.undo(now=NOW + 3 * SECOND)
    index.update_annotations(notebook)
    assert len(index.search("thought")) == len(index.search("trust")) == 1
    assert books.asked == asked


def test_another_notebook_in_its_place_is_indexed_anew(
    index: SearchIndex, books: Books, notebook: Notebook, tmp_path: Path
) -> None:
    notebook.apply(operation(mine("one", note="Kettle")), now=NOW)
    index.update(books, notebook)
    other = Notebook.open(tmp_path / "other" / "notebook.sqlite", now=NOW)
    other.apply(operation(mine("two", note="Teapot")), now=NOW)
    notebook.replace_with(other)
    other.close()
    index.update(books, notebook)
    assert index.search("kettle") == []
    assert [hit.annotation for hit in index.search("teapot")] == ["two"]


def test_an_unplaced_note_is_found_without_a_place(index: SearchIndex, books: Books, notebook: Notebook) -> None:
    notebook.apply(operation(mine("one", note="Kettle", placement=Placement.UNPLACED)), now=NOW)
    index.update(books, notebook)
    (hit,) = index.search("kettle")
    assert (hit.start, hit.end, hit.locator) == (0, 0, "1")


def test_words_of_a_deleted_note_leave_the_file(index: SearchIndex, at: Path, books: Books, notebook: Notebook) -> None:
    notebook.apply(operation(mine("one", note="Zyzzyva confidential")), now=NOW)
    index.update(books, notebook)
    one = notebook.annotation("one")
    assert one is not None
    notebook.apply(operation(one.changed(deleted=timestamp(NOW))), now=NOW + SECOND)
    index.update(books, notebook)
    index.close()
    assert b"confidential" not in at.read_bytes()


# Keeping up


def test_only_what_has_changed_is_done_again(index: SearchIndex, books: Books, at: Path) -> None:
    told: list[tuple[int, int]] = []
    index.update(books, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (2, 2)
    index.update(books)
    assert books.asked == 2
    books.version = "2"
    books.chapters["book", "first", "en"] = chapter_of(("Nothing but a kettle.",))
    index.update(books)
    assert [hit.locator for hit in index.search("kettle")] == ["1.1"]
    assert index.search("clinic") == []
    assert len(index.search("homme")) == 1
    with sqlite3.connect(at) as connection:
        assert connection.execute("SELECT count(*) FROM passages WHERE text LIKE '%clinic%'").fetchone() == (0,)
    connection.close()


def test_what_is_taken_off_the_shelf_is_no_longer_found(index: SearchIndex) -> None:
    books = Books([chapter_of(("Kettle.",), resource="a"), chapter_of(("Kettle.",), resource="b")])
    index.update(books)
    del books.chapters["a", "first", "en"]
    index.update(books)
    assert [hit.resource for hit in index.search("kettle")] == ["b"]


def test_a_cancelled_update_keeps_what_is_done_and_goes_on(index: SearchIndex) -> None:
    books = Books([chapter_of((f"Kettle {number}.",), name=f"c{number}") for number in range(5)])
    asked = iter([False, True])
    assert index.update(books, cancelled=lambda: next(asked)) is False
    assert len(index.search("kettle")) == 2
    assert index.update(books)
    assert len(index.search("kettle")) == 5


def test_what_the_text_says_comes_before_the_titles_of_its_sources(index: SearchIndex) -> None:
    sources = chapter_of(("Rosa (2020). House meetings.", "House meetings. 2021."), "references")
    spoken = "After the house meeting the tenants wrote a letter to the clinic, and three of them brought it there in person."
    index.update(Books([sources, chapter_of((spoken,))]))
    assert [hit.chapter for hit in index.search("house meeting")] == ["first", "references", "references"]


def test_an_unfinished_word_is_found_beside_a_common_one_however_many_it_may_be(
    index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("letstalk_desktop.storage.search_query._LOOKED_AT", 10)
    words = [f"kla{first}{second}" for first in "bdfgklmnprst" for second in "aeiou"]  # more than are asked for by name
    texts = (*(f"Power here, paragraph {number}." for number in range(300)), *(f"{word} and power" for word in words))
    index.update(Books([chapter_of(texts)]))
    hits = index.search("power kla", typing=True)
    assert len(hits) >= 40
    assert all("kla" in hit.snippet for hit in hits)


def test_many_revisions_do_not_make_it_grow_for_ever(index: SearchIndex, books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("letstalk_desktop.storage.search_update._DEAD", 20)
    for number in range(30):
        books.version = str(number)
        books.chapters["book", "first", "en"] = chapter_of((*ENGLISH, f"Edition {number}."))
        index.update(books)
    assert len(index.search("clinic")) == 1
    assert [hit.snippet for hit in index.search("edition")] == ["Edition 29."]
    with index._file.reading() as reader:
        rows = reader.execute("SELECT count(*) FROM stems_docsize").fetchone()[0]
    assert rows < 60


# A file that can be lost


def test_a_lost_file_is_made_again_unnoticed(full: SearchIndex, at: Path, books: Books) -> None:
    at.unlink()
    assert len(full.search("clinic")) == 1
    assert at.exists()
    full.update(books)
    assert len(full.search("clinic")) == 1


@pytest.mark.parametrize("left", [0, 100, 4096, 5000, 9000, 20000])
def test_a_file_cut_short_is_made_again_unnoticed(full: SearchIndex, at: Path, books: Books, left: int) -> None:
    full.close()
    at.write_bytes(at.read_bytes()[:left])
    again = SearchIndex.open(at)
    again.update(books)
    assert [hit.locator for hit in again.search("clinic")] == ["1.3"]
    again.close()


@pytest.mark.parametrize("offset", [0, 16, 60, 4096, 8192, 12288, 20480, 28672, 32768, 40960, 45056])
def test_a_garbled_file_is_made_again_unnoticed(full: SearchIndex, at: Path, books: Books, offset: int) -> None:
    full.close()
    whole = bytearray(at.read_bytes())
    assert offset < len(whole)
    whole[offset : offset + 3000] = b"\xa5" * len(whole[offset : offset + 3000])
    at.write_bytes(whole)
    again = SearchIndex.open(at)
    again.update(books)
    assert [hit.locator for hit in again.search("clinic")] == ["1.3"]
    assert found(again.search("homme"), books) == ["homme"]
    again.close()


def test_text_changed_in_the_file_is_never_shown(full: SearchIndex, at: Path) -> None:
    with sqlite3.connect(at) as connection:
        connection.execute("UPDATE passages SET text = replace(text, 'clinic.', 'clinic!')")
    connection.close()
    (hit,) = full.search("clinic")
    assert hit.snippet == ENGLISH[2]


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 500])
def test_something_else_in_its_place_is_replaced(at: Path, books: Books, content: bytes) -> None:
    at.parent.mkdir(parents=True)
    at.write_bytes(content)
    index = SearchIndex.open(at)
    index.update(books)
    assert len(index.search("clinic")) == 1
    index.close()


def test_an_index_of_another_version_is_replaced(full: SearchIndex, at: Path, books: Books) -> None:
    full.close()
    with sqlite3.connect(at) as connection:
        connection.execute("UPDATE facts SET value = 'older' WHERE name = 'version'")
        connection.execute("DROP TABLE vocabulary")
    connection.close()
    again = SearchIndex.open(at)
    assert again.search("clinic") == []
    again.update(books)
    assert len(again.search("clinic")) == 1
    again.close()


def test_where_its_folder_cannot_be_used_it_works_for_the_time_being(tmp_path: Path, books: Books) -> None:
    (tmp_path / "cache").write_text("a file, not a folder")
    index = SearchIndex.open(tmp_path / "cache" / "search.sqlite")
    index.update(books)
    assert len(index.search("clinic")) == 1
    index.close()
    assert (tmp_path / "cache").read_text() == "a file, not a folder"


def test_two_programs_may_use_it_at_once(full: SearchIndex, at: Path, books: Books) -> None:
    other = SearchIndex.open(at)
    assert len(other.search("clinic")) == 1
    books.version = "2"
    books.chapters["book", "first", "en"] = chapter_of(("Nothing but a kettle.",))
    assert other.update(books)
    assert full.update(books)
    assert len(full.search("kettle")) == len(other.search("kettle")) == 1
    other.close()


# From other threads


def test_it_is_searched_while_it_is_updated(index: SearchIndex) -> None:
    books = Books([chapter_of((f"Kettle {number}.",) * 50, name=f"c{number}") for number in range(40)])
    failures: list[BaseException] = []
    done = threading.Event()

    def read() -> None:
        try:
            while not done.is_set():
                assert len(index.search("kettle", limit=5)) in range(6)
        except BaseException as error:
            failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    index.update(books)
    done.set()
    for reader in readers:
        reader.join()
    assert failures == []
    assert len(index.search("kettle", limit=5)) == 5


def test_a_search_that_is_no_longer_wanted_ends_at_once(index: SearchIndex) -> None:
    index.update(Books([chapter_of(("alpha beta gamma.", "beta alpha."), name=f"c{number}") for number in range(300)]))
    assert index.search("alpha", cancelled=lambda: True) == []
    assert len(index.search("alpha")) == 50


def test_an_interrupted_search_is_empty_and_the_next_one_is_not(index: SearchIndex) -> None:
    index.update(Books([chapter_of(("alpha beta gamma.",) * 30, name=f"c{number}") for number in range(100)]))
    answers: list[list[Hit]] = []
    asked = threading.Event()

    def wait_for_interruption() -> bool:
        asked.set()
        deadline = time.monotonic() + 30
        while index._stale == 0 and time.monotonic() < deadline:
            threading.Event().wait(0.001)
        return False

    worker = threading.Thread(target=lambda: answers.append(index.search("alpha", cancelled=wait_for_interruption)))
    worker.start()
    assert asked.wait(30)
    index.interrupt()
    worker.join()
    assert answers == [[]]
    assert len(index.search("alpha")) == 50


def test_a_closed_index_answers_nothing_and_leaves_no_file_open(full: SearchIndex, books: Books) -> None:
    full.close()
    assert full.search("clinic") == []
    assert full.update(books) is False
