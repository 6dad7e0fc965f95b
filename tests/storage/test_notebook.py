"""What is put into the notebook comes back exactly, in order, and alone what was asked for."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from letstalk_desktop.annotations.model import AnnotationType, Kind, KindName, Placement, Query, Visibility
from letstalk_desktop.errors import NotebookError
from letstalk_desktop.storage.clock import timestamp
from letstalk_desktop.storage.copying import verify
from letstalk_desktop.storage.damage import check
from letstalk_desktop.storage.database import NewerNotebook
from letstalk_desktop.storage.notebook import Notebook
from tests.storage.things import DAY, NOTE, NOW, QUOTE, SECOND, concept, everything, highlight, kept, operation, plan

STAMP = timestamp(NOW)


def ids(notebook: Notebook, **query: object) -> list[str]:
    return [found.id for found in notebook.annotations(Query(**query))]  # type: ignore[arg-type]


def test_everything_comes_back_as_it_was_after_closing(path: Path) -> None:
    first = Notebook.open(path, now=NOW)
    made = everything()
    changes = first.apply(made, now=NOW)
    first.close()

    again = Notebook.open(path, now=NOW + DAY)
    stamped = made.annotations[0]._replace(created=STAMP, modified=STAMP)
    assert again.annotations(Query()) == [stamped]
    assert again.annotation("one") == stamped
    assert again.concepts() == [made.concepts[0]._replace(created=STAMP, modified=STAMP)]
    assert again.kind_names() == {Kind.KEY: "Clé"}
    assert again.plans("organizing") == [made.plans[0]._replace(created=STAMP, modified=STAMP)]
    assert again.kept_text("organizing", "1.0", "en", "power") == made.texts[0]
    again.close()
    assert changes.annotations == {"one"}
    assert changes.chapters == {("organizing", "power")}
    assert (changes.concepts, changes.kinds, changes.plans) == ({"own"}, {"key"}, {"plan"})


def test_every_field_of_an_annotation_is_kept(notebook: Notebook) -> None:
    full = highlight(
        "full",
        type=AnnotationType.ANSWER,
        kind=Kind.TENSION,
        author="Zoé\u00a0B.",
        visibility=Visibility.SHARED,
        created="2026-01-01T00:00:00.000Z",
        modified="2026-01-02T00:00:00.000Z",
        deleted="2026-01-03T00:00:00.000Z",
        placement=Placement.UNPLACED,
        question="q-1",
        language="fr",
        note="line\x00nul\r\nend ",
    )
    notebook.apply(operation(full), now=NOW)
    assert notebook.annotation("full") == full


def test_half_a_character_from_the_screen_does_not_stop_a_note_from_being_saved(notebook: Notebook) -> None:
    notebook.apply(operation(highlight("x", note="a\ud83e\udded b\ud83e")), now=NOW)
    found = notebook.annotation("x")
    assert found is not None
    assert found.note == "a🧭 b\ufffd"


def test_annotations_come_in_the_order_of_the_text(notebook: Notebook) -> None:
    late = highlight("late", start=50, created="2026-02-01T00:00:00.000Z")
    early = highlight("early", start=50, created="2026-01-01T00:00:00.000Z")
    first, other = highlight("first", start=2), highlight("other", chapter="concepts", start=99)
    notebook.apply(operation(late, early, first, other, highlight("elsewhere", resource="zz")), now=NOW)
    assert ids(notebook) == ["other", "first", "early", "late", "elsewhere"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"resource": "zz"}, ["d"]),
        ({"chapter": "power"}, ["a", "b", "c", "d"]),
        ({"resource": "organizing", "chapter": "other"}, ["e"]),
        ({"language": "fr"}, ["b"]),
        ({"types": (AnnotationType.NOTE, AnnotationType.BOOKMARK)}, ["e", "c"]),
        ({"kinds": (Kind.ACTION, Kind.STORY)}, ["a", "b"]),
        ({"concepts": ("power", "unknown")}, ["b", "c"]),
        ({"placement": Placement.UNPLACED}, ["b"]),
        ({"with_note": False}, ["d"]),
        ({"with_note": True}, ["e", "a", "b", "c"]),
        ({"shared_only": True}, ["c"]),
        ({"author": "Léa"}, ["a"]),
        ({"ids": ("a", "d", "gone", "nowhere")}, ["a", "d"]),
        ({"deleted": True}, ["gone"]),
        ({"kinds": (Kind.ACTION,), "concepts": ("power",)}, []),
    ],
)
def test_a_query_gives_what_it_asks_for(notebook: Notebook, query: dict[str, object], expected: list[str]) -> None:
    notebook.apply(
        operation(
            highlight("a", kind=Kind.ACTION, author="Léa", start=1),
            highlight("b", kind=Kind.STORY, language="fr", concepts=("power",), placement=Placement.UNPLACED, start=2),
            highlight("c", type=AnnotationType.NOTE, concepts=("x", "power"), visibility=Visibility.SHARED, start=3),
            highlight("d", resource="zz", note="", start=4),
            highlight("e", type=AnnotationType.BOOKMARK, chapter="other"),
            highlight("gone", deleted=STAMP),
        ),
        now=NOW,
    )
    assert ids(notebook, **query) == expected


@pytest.mark.parametrize(
    "words", ["ecouter", "ÉCOUTER", "coeur de l'action", "CŒUR", "gens d'ici", "été œuvre", "Oeuvre  quoted", "🧭"]
)
def test_the_filter_finds_words_without_regard_to_case_accents_and_typography(notebook: Notebook, words: str) -> None:
    notebook.apply(operation(highlight("x"), highlight("y", note="", exact="autre chose")), now=NOW)
    assert ids(notebook, text=words) == ["x"]


def test_the_filter_wants_every_word_and_takes_signs_as_they_are(notebook: Notebook) -> None:
    notebook.apply(operation(highlight("x", note="100 % of_it"), highlight("y", note="1000 of it")), now=NOW)
    assert ids(notebook, text="% of_it") == ["x"]
    assert ids(notebook, text="of missing") == []


def test_notes_are_counted_by_chapter_and_in_all(notebook: Notebook) -> None:
    whole = highlight(chapter="", type=AnnotationType.NOTE)
    bookmark, answer = highlight(type=AnnotationType.BOOKMARK), highlight(type=AnnotationType.ANSWER)
    things = (highlight(), highlight(), highlight(chapter="two"), whole, bookmark, answer, highlight(deleted=STAMP))
    notebook.apply(operation(*things, highlight(resource="zz")), now=NOW)
    assert notebook.counts("organizing") == {"power": 2, "two": 1, "": 1}
    assert notebook.total() == 5


def test_times_are_filled_in_and_a_later_change_is_later_even_if_the_clock_went_back(notebook: Notebook) -> None:
    notebook.apply(operation(highlight("x")), now=NOW)
    first = notebook.annotation("x")
    assert first is not None
    notebook.apply(operation(first.changed(note="b")), now=NOW + SECOND)
    second = notebook.annotation("x")
    assert second is not None
    notebook.apply(operation(second.changed(note="c")), now=NOW - 400 * DAY)
    third = notebook.annotation("x")
    assert third is not None
    assert (first.created, first.modified) == (STAMP, STAMP)
    assert (second.created, second.modified) == (STAMP, timestamp(NOW + SECOND))
    assert third.modified > second.modified


def test_doing_again_what_was_done_changes_nothing(notebook: Notebook) -> None:
    once = everything()
    notebook.apply(once, now=NOW)
    before = (notebook.annotation("one"), notebook.history("one"), notebook.counter())
    assert not notebook.apply(once, now=NOW + SECOND)
    assert (notebook.annotation("one"), notebook.history("one"), notebook.counter()) == before


def test_many_operations_are_done_all_or_none(notebook: Notebook) -> None:
    broken = operation(highlight("b"))._replace(id=None)
    with pytest.raises(NotebookError):
        notebook.apply_many((operation(highlight("a")), broken), now=NOW)  # type: ignore[arg-type]
    assert notebook.annotations(Query()) == []
    assert notebook.history("a") == []
    notebook.apply_many([operation(highlight(f"n{number}"), gesture="g") for number in range(1200)], now=NOW)
    assert notebook.total() == 1200


def test_a_kept_text_stays_as_it_was_first_and_its_editions_are_known(notebook: Notebook) -> None:
    notebook.apply(operation(highlight("x"), kept("1.0", "old text")), now=NOW)
    notebook.apply(operation(highlight("y"), kept("1.0", "another"), kept("2.0")), now=NOW)
    found = notebook.kept_text("organizing", "1.0", "en", "power")
    assert found is not None
    assert (found.text, found.blocks) == ("old text", (("p-1", 0, 8, "2.1"),))
    assert notebook.kept_editions("organizing") == ["1.0", "2.0"]
    assert notebook.kept_text("organizing", "3.0", "en", "power") is None


def test_history_tells_who_did_what_when(notebook: Notebook) -> None:
    notebook.apply(operation(highlight("x", note="a"), label="Add highlight", who="Zoé"), now=NOW)
    notebook.apply(operation(highlight("x", note="b"), label="Edit note"), now=NOW + DAY)
    notebook.undo(now=NOW + 2 * DAY, who="Ana")
    told = [
        (entry.label, entry.who, entry.when, entry.before and entry.before.note, entry.after.note)
        for entry in notebook.history("x")
    ]  # type: ignore[union-attr]
    assert told == [
        ("Add highlight", "Zoé", STAMP, None, "a"),
        ("Edit note", "", timestamp(NOW + DAY), "a", "b"),
        ("Undo", "Ana", timestamp(NOW + 2 * DAY), "b", "a"),
    ]


def test_deleted_concepts_and_plans_are_not_listed(notebook: Notebook) -> None:
    notebook.apply(
        operation(concept("b", term="Zone"), concept("a", term="Écoute"), concept("c", term="edge"), plan()), now=NOW
    )
    assert [found.id for found in notebook.concepts()] == ["a", "c", "b"]
    notebook.apply(operation(concept("a", deleted=STAMP), plan(deleted=STAMP), KindName(Kind.KEY, "")), now=NOW)
    assert [found.id for found in notebook.concepts()] == ["c", "b"]
    assert notebook.plans("organizing") == []
    assert notebook.kind_names() == {}


def test_one_malformed_row_is_reported_and_hides_nothing(notebook: Notebook, path: Path) -> None:
    names = ("kind", "concepts", "start", "type", "bytes", "utf8", "sound")
    notebook.apply(operation(*(highlight(name, start=index) for index, name in enumerate(names))), now=NOW)
    with sqlite3.connect(path) as other:
        other.execute("UPDATE annotations SET kind = 'nonsense' WHERE id = 'kind'")
        other.execute("UPDATE annotations SET concepts = '[1' WHERE id = 'concepts'")
        other.execute("UPDATE annotations SET start = 'x' WHERE id = 'start'")
        other.execute("UPDATE annotations SET type = '' WHERE id = 'type'")
        other.execute("UPDATE annotations SET note = x'00ff' WHERE id = 'bytes'")
        other.execute("UPDATE annotations SET note = CAST(x'61ff62' AS TEXT) WHERE id = 'utf8'")
    other.close()
    found = notebook.annotations(Query())
    assert [(one.id, one.note) for one in found] == [("utf8", "a\ufffdb"), ("sound", NOTE)]
    assert {problem.id for problem in notebook.problems()} >= {"kind", "concepts", "start", "type", "bytes"}
    assert all(problem.reason for problem in notebook.problems())
    assert notebook.annotation("kind") is None
    notebook.apply(operation(highlight("kind", note="made anew"), highlight("utf8", note="mended")), now=NOW)
    assert {one.id: one.note for one in notebook.annotations(Query())}.items() >= {
        "kind": "made anew",
        "utf8": "mended",
    }.items()


def test_malformed_entries_of_the_journal_and_kept_texts_are_passed_over(notebook: Notebook, path: Path) -> None:
    notebook.apply(everything(), now=NOW)
    notebook.apply(operation(highlight("one", note="b")), now=NOW)
    with sqlite3.connect(path) as other:
        other.execute("UPDATE journal SET after = '{' WHERE number = 1")
        other.execute("UPDATE kept_texts SET text = x'00'")
        other.execute("UPDATE plans SET steps = '[[\"x\"]]'")
        other.execute("UPDATE concepts SET related = 'x'")
        other.execute("INSERT INTO kinds (id, name, modified) VALUES ('colour', 'x', '')")
    other.close()
    assert [entry.number for entry in notebook.history("one")] == [5]
    assert notebook.kept_text("organizing", "1.0", "en", "power") is None
    assert notebook.plans("organizing") == []
    assert notebook.concepts() == []
    assert notebook.kind_names() == {Kind.KEY: "Clé"}
    assert {problem.table for problem in notebook.problems()} == {"journal", "kept_texts", "plans", "concepts", "kinds"}


def test_several_threads_write_and_read_at_once(notebook: Notebook) -> None:
    errors: list[BaseException] = []

    def work(name: str) -> None:
        try:
            for number in range(15):
                notebook.apply(operation(highlight(f"{name}-{number}")), now=NOW)
                assert notebook.total() > number
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert notebook.total() == 60


def test_a_newer_notebook_is_refused_and_left_untouched(path: Path) -> None:
    Notebook.open(path, now=NOW).close()
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA user_version = 99")
        other.execute("UPDATE alembic_version SET version_num = '0099'")
    other.close()
    before = path.read_bytes()
    with pytest.raises(NewerNotebook, match="newer version"):
        Notebook.open(path, now=NOW)
    assert path.read_bytes() == before


def test_a_foreign_database_is_refused_and_left_untouched(path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE somebody (elses)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(NotebookError, match="not a notebook"):
        Notebook.open(path, now=NOW)
    assert path.read_bytes() == before


def test_opening_a_notebook_of_the_newest_form_does_not_import_alembic(path: Path) -> None:
    code = (
        "import sys; from datetime import datetime, UTC; from pathlib import Path\n"
        "from letstalk_desktop.storage.notebook import Notebook\n"
        "for _ in range(2): Notebook.open(Path(sys.argv[1]), now=datetime.now(UTC)).close()\n"
        "sys.exit('alembic' in sys.modules or any(name.startswith('PySide6') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code, str(path)], check=False).returncode == 0


def test_every_commit_is_durable_and_the_settings_hold_for_every_connection(notebook: Notebook) -> None:
    with notebook._database.driver() as connection:
        read = {
            name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert read == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_folder_may_have_any_name(tmp_path: Path) -> None:
    path = tmp_path / "Été 100%20 #1 ?mode=ro&x" / "my notes" / "notebook.sqlite"
    first = Notebook.open(path, now=NOW)
    first.apply(operation(highlight("x")), now=NOW)
    copy = path.with_name("copy.sqlite")
    first.copy_to(copy)
    first.close()
    again = Notebook.open(path, now=NOW)
    assert again.total() == 1
    again.close()
    assert verify(copy).notes == 1
    assert check(path).whole


def test_the_quote_of_a_note_is_kept_to_the_character(notebook: Notebook) -> None:
    notebook.apply(operation(highlight("x")), now=NOW)
    found = notebook.annotation("x")
    assert found is not None
    assert found.anchor.exact == QUOTE
    assert "\u202f" in found.anchor.exact
