"""``notes`` lists what the reader added, and only what is asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from letstalk_desktop.annotations.model import Anchor, Annotation, AnnotationType, Kind, KindName, Operation, Placement
from letstalk_desktop.paths import find_paths
from letstalk_desktop.storage.notebook import Notebook
from tests.commands.conftest import Letstalk, write_resource

Annotate = Callable[..., dict[str, Any]]
NOW = datetime(2026, 11, 23, 9, 12, tzinfo=UTC)


def put(*annotations: Annotation, kinds: tuple[KindName, ...] = ()) -> None:
    """Store annotations as another program would."""
    notebook = Notebook.open(find_paths().notebook, now=NOW)
    notebook.apply(Operation("o", "g", "Add", annotations=annotations, kinds=kinds), now=NOW)
    notebook.close()


def exacts(letstalk: Letstalk, *options: object) -> list[str]:
    return [note["exact"] for note in letstalk("notes", "--json", *options).json["notes"]]


@pytest.fixture
def three(annotate: Annotate) -> None:
    annotate("Second", "--kind", "action", chapter="2")
    annotate("Quoted words", "--kind", "story", "--concept", "base", "--note", "L’œuvre d’été")
    annotate("power grows", "--kind", "key", "--concept", "oeuvre")


def test_each_option_narrows_the_list(three: None, letstalk: Letstalk) -> None:
    expected: dict[tuple[str, ...], list[str]] = {
        (): ["power grows", "Quoted words", "Second"],
        ("--resource", "small"): ["power grows", "Quoted words", "Second"],
        ("--chapter", "2"): ["Second"],
        ("--chapter", "practice"): ["Second"],
        ("--resource", "small", "--chapter", "1"): ["power grows", "Quoted words"],
        ("--kind", "story"): ["Quoted words"],
        ("--kind", "story", "--kind", "A"): ["Quoted words", "Second"],
        ("--concept", "base"): ["Quoted words"],
        ("--query", "oeuvre ETE"): ["Quoted words"],
        ("--query", "quoted"): ["Quoted words"],
        ("--unplaced",): [],
    }
    assert {options: exacts(letstalk, *options) for options in expected} == expected


def test_a_resource_or_chapter_that_nobody_knows_is_told(three: None, letstalk: Letstalk) -> None:
    assert "small" in letstalk("notes", "--resource", "nothing").err
    unknown = letstalk("notes", "--resource", "small", "--chapter", "7")
    assert unknown.status == 1
    assert "1 power, 2 practice" in unknown.err


def test_for_people_a_note_stands_under_its_chapter_with_kind_and_quote(three: None, letstalk: Letstalk) -> None:
    put(kinds=(KindName(Kind.STORY, "Tale"),))
    assert letstalk("notes", "--kind", "story").out == (
        "Small things · 1 Power\n"
        "    1.6  S Tale\n"
        "         “Quoted words”\n"
        "         L’œuvre d’été\n"
        "         Concepts: base\n\n"
        "1 in all.\n"
    )


def test_no_notes_are_no_error(letstalk: Letstalk) -> None:
    assert letstalk("notes").status == 0
    assert letstalk("notes", "--json").json == {"notes": []}


def test_notes_on_chapters_and_on_the_resource_answers_and_bookmarks_are_listed_too(letstalk: Letstalk) -> None:
    whole, chapter = Anchor("small", "1.0", "en", ""), Anchor("small", "1.0", "en", "power")
    put(
        Annotation("r", AnnotationType.NOTE, whole, note="On all of it"),
        Annotation("c", AnnotationType.NOTE, chapter, note="On the chapter"),
        Annotation("b", AnnotationType.BOOKMARK, Anchor("small", "1.0", "en", "power", "p-ask")),
        Annotation("a", AnnotationType.ANSWER, Anchor("small", "1.0", "en", "power"), note="We do", question="q"),
        Annotation("d", AnnotationType.NOTE, whole, note="Deleted", deleted="2026-11-23T09:12:00.000Z"),
    )
    listed = letstalk("notes", "--json").json["notes"]
    assert {(note["id"], note["type"], note["locator"]) for note in listed} == {
        ("r", "note", ""),
        ("c", "note", "1"),
        ("b", "bookmark", "1.3"),
        ("a", "answer", "1"),
    }
    said = letstalk("notes").out
    assert all(word in said for word in ("Note", "Answer", "Bookmark", "On all of it"))


def test_after_an_update_the_locator_is_that_of_the_edition_the_note_was_made_on(
    annotate: Annotate, letstalk: Letstalk, bundled: Path
) -> None:
    annotate("Quoted words")
    write_resource(
        bundled / "content" / "small",
        ("resource.toml", 'edition = "1.0"', 'edition = "1.1"'),
        ("en/01-power.md", "It grows slowly. {#p-slowly}\n", "A new block. {#p-new}\n\nAnother. {#p-other}\n\nLast.\n"),
    )
    (note,) = letstalk("notes", "--json").json["notes"]
    assert (note["edition"], note["locator"], note["exact"]) == ("1.0", "1.6", "Quoted words")


def test_unplaced_and_doubtful_notes_are_marked(letstalk: Letstalk) -> None:
    gone = Anchor("elsewhere", "0.9", "en", "lost", "p", 3, 8, "words")
    put(
        Annotation("u", AnnotationType.HIGHLIGHT, gone, placement=Placement.UNPLACED),
        Annotation("d", AnnotationType.HIGHLIGHT, gone, placement=Placement.DOUBTFUL),
    )
    (note,) = letstalk("notes", "--unplaced", "--json").json["notes"]
    assert (note["id"], note["placement"], note["locator"]) == ("u", "unplaced", "")
    said = letstalk("notes", "--resource", "elsewhere").out
    assert "elsewhere · lost" in said
    assert "unplaced" in said
    assert "place uncertain" in said
