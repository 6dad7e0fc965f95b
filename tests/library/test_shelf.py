"""The shelf finds resources and hands out chapters; a broken resource is named and the others stay readable."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from letstalk_desktop.errors import ContentError, NotFound
from letstalk_desktop.language import translator
from letstalk_desktop.library.model import BlockKind, SpanKind
from letstalk_desktop.library.shelf import Shelf, edition_order, source_stamp

WriteResource = Callable[..., Path]


def shelf_of(*folders: Path, cache: Path) -> Shelf:
    return Shelf([folder.parent for folder in folders], cache)


@pytest.fixture
def shelf(write_resource: WriteResource, tmp_path: Path) -> Shelf:
    return shelf_of(write_resource(), cache=tmp_path / "cache")


def test_a_resource_is_found_with_its_chapters_in_order(shelf: Shelf) -> None:
    (resource,) = shelf.resources()
    assert resource.title("fr") == "Petit"
    assert resource.title("de") == "Small"
    assert [(entry.label, entry.id) for entry in resource.chapters] == [
        ("1", "first"),
        ("2", "second"),
        ("G", "glossary"),
        ("R", "references"),
    ]


@pytest.mark.parametrize("asked", ["first", "1"])
def test_a_chapter_is_asked_for_by_id_or_number(shelf: Shelf, asked: str) -> None:
    chapter = shelf.chapter("small", asked, "fr")
    assert (chapter.title, chapter.lede, chapter.in_short) == ("Premier", "Une ligne.", ("Un.",))
    assert chapter.text == "Pourquoi\n\nLes gens 😀 agissent\u202f!\n\nune base\ndeux\n\nPour en discuter\n\nQui décide\u00a0?"


def test_a_locator_is_the_same_in_every_language(shelf: Shelf) -> None:
    english, french = (shelf.chapter("small", "first", language) for language in ("en", "fr"))
    places = [(block.kind, english.locator(block)) for block in english.blocks]
    assert places == [(block.kind, french.locator(block)) for block in french.blocks]
    assert [place for _kind, place in places] == ["1", "1.1", "1.2", "1.3", "1", "1.4"]


def test_closing_questions_stand_at_the_end_as_numbered_blocks(shelf: Shelf) -> None:
    chapter = shelf.chapter("small", "first", "en")
    heading, question = chapter.blocks[-2:]
    assert chapter.text[heading.start : heading.end] == "To talk about"
    assert (question.kind, question.id, chapter.text[question.start : question.end]) == (
        BlockKind.QUESTION,
        "q-who",
        "Who decides?",
    )
    assert "Wait." not in chapter.text


def test_sections_run_to_the_next_heading_of_their_level(shelf: Shelf) -> None:
    chapter = shelf.chapter("small", "first", "en")
    assert [(section.title, section.start, section.end) for section in chapter.sections] == [
        ("Why", 0, chapter.text.index("To talk about")),
        ("To talk about", chapter.text.index("To talk about"), len(chapter.text)),
    ]


def test_the_glossary_is_sorted_by_language_and_keeps_the_numbers_of_the_codebook(shelf: Shelf) -> None:
    english, french = (shelf.chapter("small", "glossary", language) for language in ("en", "fr"))
    assert [english.locator(block) for block in english.blocks] == ["G.1", "G.2"]
    assert [block.id for block in french.blocks] == ["concept-base", "concept-oeuvre"]
    assert french.text == "base\nLes gens.\nVoir aussi\u00a0: œuvre\n\nœuvre\nCe qui est fait."
    assert (SpanKind.CONCEPT, "oeuvre") in {(span.kind, span.target) for span in french.spans}
    assert (SpanKind.CITATION, "heller") in {(span.kind, span.target) for span in french.spans}


def test_the_reference_list_holds_what_is_cited_sorted_by_author(shelf: Shelf) -> None:
    chapter = shelf.chapter("small", "references", "en")
    assert [(block.id, chapter.locator(block)) for block in chapter.blocks] == [("ref-heller", "R.1"), ("ref-zed", "R.2")]
    assert "Never cited" not in chapter.text


def test_a_language_that_the_resource_lacks_falls_back_to_its_first(shelf: Shelf) -> None:
    assert shelf.chapter("small", "second", "de").language == "en"


def test_what_does_not_exist_is_answered_with_what_does(shelf: Shelf) -> None:
    with pytest.raises(NotFound, match=r"no chapter “ninth”\. There are: 1 first, 2 second, G glossary, R references"):
        shelf.chapter("small", "ninth", "en")
    with pytest.raises(NotFound, match=r"no resource “big”\. There are: small"):
        shelf.resource("big")


def test_a_broken_resource_is_named_and_the_others_are_read(write_resource: WriteResource, tmp_path: Path) -> None:
    write_resource("small")
    write_resource("broken", {"resource.toml": 'id = "broken"\ntitle = "B"\n[[chapters]\n'})
    shelf = Shelf([tmp_path / "shelf"], tmp_path / "cache")
    assert [resource.id for resource in shelf.resources()] == ["small"]
    (broken,) = shelf.broken
    assert broken.folder.name == "broken"
    assert str(broken.error).startswith("resource.toml:3: this is not valid TOML")
    with pytest.raises(ContentError, match=r"resource\.toml:3"):
        shelf.resource("broken")


def test_a_resource_with_values_of_other_types_does_not_hide_the_others(write_resource: WriteResource, tmp_path: Path) -> None:
    write_resource("small")
    write_resource("broken", {"resource.toml": 'id = "broken"\ntitle = "B"\nchapters = "first"\n'})
    shelf = Shelf([tmp_path / "shelf"], tmp_path / "cache")
    assert [resource.id for resource in shelf.resources()] == ["small"]
    assert "wrong type" in str(shelf.broken[0].error)


@pytest.mark.parametrize("order", [("1.9", "1.10"), ("1.10", "1.9")])
def test_the_later_edition_wins_wherever_it_lies(write_resource: WriteResource, tmp_path: Path, order: tuple[str, str]) -> None:
    text = (write_resource("example") / "resource.toml").read_text(encoding="utf-8")
    folders = [
        write_resource(f"copy-{number}", {"resource.toml": text.replace('edition = "1.0"', f'edition = "{edition}"')})
        for number, edition in enumerate(order)
    ]
    shelf = Shelf([], tmp_path / "cache")
    for folder in folders:
        shelf.add(folder)
    assert shelf.resource("small").edition == "1.10"
    assert shelf.chapter("small", "first", "en").edition == "1.10"
    assert shelf.folder("small") == folders[order.index("1.10")]


def test_editions_are_ordered_as_numbers() -> None:
    assert sorted(["1.10", "1.9", "2", "1.9b"], key=edition_order) == ["1.9", "1.9b", "1.10", "2"]


def test_a_folder_without_a_resource_is_refused_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"holds no resource\.toml; choose the folder of a resource"):
        Shelf([], tmp_path / "cache").add(tmp_path)


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        ("en/01-first.md", None, "en/01-first.md: the chapter’s file cannot be read"),
        ("en/01-first.md", b"Fine.\n\nBad \xff here.", "en/01-first.md:3: the file is not UTF-8 text here"),
        (
            "en/01-first.md",
            "Fine.\n\n![x](figures/gone.svg)",
            "en/01-first.md:3: the picture “figures/gone.svg” does not exist",
        ),
        ("en/01-first.md", "Fine.\n\n[[gone]]", "en/01-first.md:3: there is no concept “gone”"),
    ],
)
def test_a_chapter_that_cannot_be_compiled_says_where_and_why(
    write_resource: WriteResource, tmp_path: Path, file: str, content: str | bytes | None, words: str
) -> None:
    shelf = shelf_of(write_resource(changed={file: content}), cache=tmp_path / "cache")
    with pytest.raises(ContentError) as caught:
        shelf.chapter("small", "first", "en")
    assert str(caught.value).startswith(words)
    assert caught.value.text(translator("en", None)) == str(caught.value)
    assert shelf.chapter("small", "second", "en").text == "Second chapter."


def test_what_a_link_leads_to_is_not_a_source(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "small", tmp_path / "elsewhere"
    for place in (folder, elsewhere):
        place.mkdir()
        (place / "notes.md").write_text("words", encoding="utf-8")
    (folder / "back").symlink_to(folder, target_is_directory=True)
    (folder / "away").symlink_to(elsewhere, target_is_directory=True)
    assert [name for name, *_times in source_stamp(folder, None)] == ["notes.md"]
