"""The resources that come with the program can be read, and both languages have the same places."""

from __future__ import annotations

from pathlib import Path

import pytest

from letstalk_desktop.library.shelf import Shelf

CONTENT = Path(__file__).parents[2] / "content"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    return Shelf([CONTENT], tmp_path_factory.mktemp("cache"))


def test_every_bundled_resource_can_be_read(shelf: Shelf) -> None:
    assert shelf.resources()[0].id == "community-organizing"
    assert shelf.broken == []


def test_every_chapter_has_the_same_blocks_in_every_language(shelf: Shelf) -> None:
    for resource in shelf.resources():
        for entry in resource.chapters:
            chapters = [shelf.chapter(resource.id, entry.id, language) for language in resource.languages]
            places = [{(block.number, block.kind, block.id) for block in chapter.blocks} for chapter in chapters]
            assert all(place == places[0] for place in places), f"{resource.id}: {entry.id}"
            assert all(chapter.text.strip() for chapter in chapters)


def test_a_chapter_is_addressed_by_ids_that_its_authors_wrote(shelf: Shelf) -> None:
    for resource in shelf.resources():
        for entry in resource.chapters:
            made = [block.id for block in shelf.chapter(resource.id, entry.id, "en").blocks if block.id.startswith("x")]
            assert not [one for one in made if len(one) == 9 and set(one[1:]) <= set("0123456789abcdef")], entry.id
