"""Notes that follow an edition in a real notebook: what the reader changes meanwhile stays hers; one step of undo."""

from __future__ import annotations

from pathlib import Path

import pytest

from letstalk_desktop.annotations import following
from letstalk_desktop.annotations.anchoring import Cancelled
from letstalk_desktop.annotations.model import Annotation, Placement, Query
from letstalk_desktop.annotations.places import anchor_at, kept_text
from letstalk_desktop.library.shelf import Shelf
from letstalk_desktop.storage.notebook import Notebook
from tests.storage.things import NOW, SECOND, highlight, operation

HEAD = 'id = "mine"\nedition = "{edition}"\nlanguages = ["en"]\ntitle = {{ en = "Mine" }}\n\n[[chapters]]\nid = "one"\n'
TEXT = {"1": "Neighbours meet in kitchens, and power grows there. {#p-a}\n\nMoney goes away again. {#p-b}\n"}
TEXT["2"] = "A paragraph that is new to everybody. {#p-n}\n\n" + TEXT["1"].split("\n\n")[0] + "\n"


def shelf_of(folder: Path, edition: str) -> Shelf:
    place = folder / edition / "mine"
    (place / "en").mkdir(parents=True)
    head = HEAD.format(edition=edition) + 'file = "01-one"\ntitle = { en = "One" }\n'
    (place / "resource.toml").write_text(head, encoding="utf-8")
    (place / "en" / "01-one.md").write_text(TEXT[edition], encoding="utf-8")
    return Shelf([place.parent], folder / "cache")


@pytest.fixture
def newer(notebook: Notebook, tmp_path: Path) -> Shelf:
    """A shelf with the second edition; two passages of the first one are marked."""
    chapter = shelf_of(tmp_path, "1").chapter("mine", "one", "en")
    marks = []
    for words in ("kitchens, and power grows", "Money goes away"):
        start = chapter.text.index(words)
        marks.append(highlight(words.split()[0]).changed(anchor=anchor_at(chapter, start, start + len(words))))
    notebook.apply(operation(*marks, kept_text(chapter)), now=NOW)
    return shelf_of(tmp_path, "2")


def everything(notebook: Notebook) -> dict[str, Annotation]:
    return {one.id: one for one in notebook.annotations(Query())}


def test_what_was_made_on_another_edition_is_found_by_its_edition(notebook: Notebook, newer: Shelf) -> None:
    notebook.apply(operation(highlight("other", resource="elsewhere", edition="7")), now=NOW)
    assert {one.id for one in following.strays(notebook, newer, "mine")} == {"kitchens,", "Money"}
    assert notebook.annotations(Query(resource="mine", other_than_edition="1")) == []
    assert len(notebook.annotations(Query(other_than_edition="2"))) == 3


def test_it_is_one_step_that_can_be_undone_and_a_second_time_nothing_is_left(notebook: Notebook, newer: Shelf) -> None:
    before = everything(notebook)
    copies: list[str] = []
    done = following.follow_edition(
        notebook, newer, "mine", now=NOW + SECOND, who="Rosa", before_writing=lambda: copies.append("made")
    )
    assert (done.kept, done.moved, done.unplaced, copies) == (("kitchens,",), (), ("Money",), ["made"])
    after = everything(notebook)
    assert after["kitchens,"].anchor.edition == "2"
    assert after["Money"].anchor == before["Money"].anchor
    assert notebook.kept_text("mine", "2", "en", "one") is not None
    assert notebook.kept_text("mine", "1", "en", "one") is not None
    assert not following.needs_following(notebook, newer, "mine")
    assert following.follow_edition(notebook, newer, "mine", now=NOW + SECOND).operation is None
    assert notebook.undo_label() == "Follow the new edition"
    assert notebook.undo(now=NOW + 2 * SECOND) is not None
    assert {key: one.anchor for key, one in everything(notebook).items()} == {key: one.anchor for key, one in before.items()}
    assert {one.placement for one in everything(notebook).values()} == {Placement.PLACED}


def test_what_the_reader_writes_meanwhile_is_kept(notebook: Notebook, newer: Shelf) -> None:
    done, before = following.prepare(notebook, newer, "mine")
    notes = everything(notebook)
    gone = notes["Money"].changed(deleted="2026-11-23T09:12:01.000Z")
    notebook.apply(operation(notes["kitchens,"].changed(note="written meanwhile"), gone), now=NOW + SECOND)
    following.carry_out(notebook, done, before, NOW + 2 * SECOND)
    [one] = everything(notebook).values()
    assert (one.note, one.anchor.edition) == ("written meanwhile", "2")
    trashed = notebook.annotation("Money")
    assert trashed is not None
    assert trashed == gone.changed(modified=trashed.modified)


def test_cancelling_changes_nothing(notebook: Notebook, newer: Shelf) -> None:
    before, counter = everything(notebook), notebook.counter()
    with pytest.raises(Cancelled):
        following.follow_edition(notebook, newer, "mine", now=NOW + SECOND, progress=lambda _done, _total: False)
    assert (everything(notebook), notebook.counter()) == (before, counter)
