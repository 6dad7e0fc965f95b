"""Everything done to notes can be undone and redone, today and after a restart, and never takes somebody else's change back."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from letstalk_desktop.annotations.model import Annotation, Kind, KindName, Query
from letstalk_desktop.storage.clock import timestamp
from letstalk_desktop.storage.encoding import Thing, thing_of
from letstalk_desktop.storage.journal import UndoConflict
from letstalk_desktop.storage.notebook import Notebook
from tests.storage.things import DAY, NOW, SECOND, concept, everything, highlight, operation, plan


def note(notebook: Notebook, name: str = "x") -> str:
    found = notebook.annotation(name)
    assert found is not None
    assert not found.deleted
    return found.note


def test_undo_takes_back_the_newest_gesture_and_redo_brings_it_again(notebook: Notebook) -> None:
    notebook.apply(operation(highlight("x", note="a"), label="Add highlight"), now=NOW)
    notebook.apply(operation(highlight("x", note="b"), label="Edit note"), now=NOW + SECOND)
    assert notebook.undo_label() == "Edit note"
    done = notebook.undo(now=NOW + DAY)
    assert done is not None
    assert (done.label, done.changes.annotations, done.changes.chapters) == ("Edit note", {"x"}, {("organizing", "power")})
    assert note(notebook) == "a"
    assert (notebook.undo_label(), notebook.redo_label()) == ("Add highlight", "Edit note")
    again = notebook.redo(now=NOW + DAY)
    assert again is not None
    assert again.label == "Edit note"
    assert note(notebook) == "b"
    assert notebook.redo(now=NOW + DAY) is None


def test_undo_goes_on_after_a_restart(path: Path) -> None:
    first = Notebook.open(path, now=NOW)
    first.apply(everything(), now=NOW)
    first.apply(operation(highlight("one", note="b"), KindName(Kind.KEY, "Idée"), concept(term="T"), plan(title="P")), now=NOW)
    first.undo(now=NOW)
    first.close()
    second = Notebook.open(path, now=NOW + DAY)
    assert second.redo_label() == "Change"
    second.redo(now=NOW + DAY)
    assert (note(second, "one"), second.kind_names(), second.concepts()[0].term) == ("b", {Kind.KEY: "Idée"}, "T")
    second.undo(now=NOW + DAY)
    assert second.kind_names() == {Kind.KEY: "Clé"}
    second.undo(now=NOW + DAY)
    assert second.annotations(Query()) == []
    assert (second.concepts(), second.kind_names(), second.plans("organizing")) == ([], {}, [])
    assert second.undo(now=NOW + DAY) is None
    second.close()


def test_operations_of_one_gesture_are_undone_together_also_when_another_came_between(notebook: Notebook) -> None:
    for text in ("a", "ab", "abc"):
        notebook.apply(operation(highlight("x", note=text), gesture="typing"), now=NOW)
        notebook.apply(operation(highlight(f"other-{text}"), gesture=f"g-{text}"), now=NOW)
    notebook.apply(operation(highlight("x", note="abcd"), gesture="typing"), now=NOW)
    notebook.undo(now=NOW)
    assert [found.id for found in notebook.annotations(Query())] == ["other-a", "other-ab", "other-abc"]
    notebook.redo(now=NOW)
    assert note(notebook) == "abcd"


def test_a_gesture_that_goes_on_after_having_been_undone_is_undone_once_more(notebook: Notebook) -> None:
    notebook.apply(operation(highlight("x", note="a")), now=NOW)
    notebook.apply(operation(highlight("x", note="ab"), gesture="typing"), now=NOW)
    notebook.undo(now=NOW)
    notebook.apply(operation(highlight("x", note="ac"), gesture="typing"), now=NOW)
    assert notebook.redo_label() is None
    notebook.undo(now=NOW)
    assert note(notebook) == "a"


def test_a_new_change_ends_redo(notebook: Notebook) -> None:
    notebook.apply(operation(highlight("x")), now=NOW)
    notebook.undo(now=NOW)
    notebook.apply(operation(highlight("y")), now=NOW)
    assert notebook.redo_label() is None
    assert notebook.redo(now=NOW) is None


def test_what_undo_takes_away_does_not_clutter_the_trash_but_what_the_reader_deletes_is_there(notebook: Notebook) -> None:
    notebook.apply(operation(highlight("x"), highlight("y")), now=NOW)
    notebook.undo(now=NOW)
    assert notebook.annotations(Query(deleted=True)) == []
    notebook.redo(now=NOW)
    notebook.apply(operation(highlight("y", deleted=timestamp(NOW))), now=NOW)
    assert [found.id for found in notebook.annotations(Query(deleted=True))] == ["y"]
    notebook.undo(now=NOW)
    assert sorted(found.id for found in notebook.annotations(Query())) == ["x", "y"]


def test_undo_and_redo_are_later_than_what_they_replace_so_that_a_merge_does_not_revert_them(notebook: Notebook) -> None:
    notebook.apply(operation(highlight("x", note="a")), now=NOW)
    notebook.apply(operation(highlight("x", note="b")), now=NOW + DAY)
    before = notebook.annotation("x")
    notebook.undo(now=NOW - DAY)
    undone = notebook.annotation("x")
    notebook.redo(now=NOW - DAY)
    redone = notebook.annotation("x")
    assert before is not None
    assert undone is not None
    assert redone is not None
    assert before.modified < undone.modified < redone.modified


def interfere(path: Path, statement: str) -> None:
    with sqlite3.connect(path) as other:
        other.execute(statement)
    other.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE annotations SET note = 'theirs' WHERE id = 'x'",
        "DELETE FROM annotations WHERE id = 'x'",
        "UPDATE annotations SET kind = 'nonsense' WHERE id = 'x'",
        "UPDATE journal SET before = '[' WHERE number = 3",
    ],
)
def test_undo_says_so_if_somebody_else_changed_the_note_and_then_goes_on(
    notebook: Notebook, path: Path, statement: str
) -> None:
    notebook.apply(operation(highlight("y", note="first")), now=NOW)
    notebook.apply(operation(highlight("x", note="a")), now=NOW)
    notebook.apply(operation(highlight("x", note="b"), highlight("z")), now=NOW)
    interfere(path, statement)
    with pytest.raises(UndoConflict, match="cannot be taken back"):
        notebook.undo(now=NOW)
    assert [found.id for found in notebook.annotations(Query(ids=("y", "z")))] == ["y", "z"]
    assert notebook.undo_label() == "Change"
    with pytest.raises(UndoConflict):
        notebook.undo(now=NOW)
    notebook.undo(now=NOW)
    assert [found.id for found in notebook.annotations(Query(ids=("y", "z")))] == ["z"]


def test_redo_says_so_too(notebook: Notebook, path: Path) -> None:
    notebook.apply(operation(highlight("x", note="a")), now=NOW)
    notebook.apply(operation(highlight("x", note="b")), now=NOW)
    notebook.undo(now=NOW)
    interfere(path, "UPDATE annotations SET note = 'theirs' WHERE id = 'x'")
    with pytest.raises(UndoConflict):
        notebook.redo(now=NOW)
    assert note(notebook) == "theirs"
    assert notebook.redo(now=NOW) is None


def test_two_windows_share_one_undo_and_a_change_between_them_is_not_lost(notebook: Notebook, path: Path) -> None:
    second = Notebook.open(path, now=NOW)
    notebook.apply(operation(highlight("x", note="a"), gesture="mine"), now=NOW)
    second.apply(operation(highlight("x", note="theirs"), gesture="theirs"), now=NOW)
    notebook.apply(operation(highlight("x", note="ab"), gesture="mine"), now=NOW)
    with pytest.raises(UndoConflict):
        notebook.undo(now=NOW)
    assert note(notebook) == "ab"
    second.close()


NAMES = st.sampled_from(["a", "b", "c"])
TEXTS = st.text(alphabet='aé\u202f🌱\u0301œ"\\\x00', max_size=4)


def _annotation(name: str, text: str, deleted: bool, kind: Kind) -> Thing:
    concepts = tuple(dict.fromkeys(text))
    return highlight(f"annotation-{name}", note=text, kind=kind, concepts=concepts, deleted=timestamp(NOW) if deleted else "")


def _plan(name: str, text: str, deleted: bool) -> Thing:
    return plan(f"plan-{name}", title=text, deleted=timestamp(NOW) if deleted else "")


THINGS = st.one_of(
    st.builds(_annotation, NAMES, TEXTS, st.booleans(), st.sampled_from(Kind)),
    st.builds(
        lambda name, text, gone: concept(f"c-{name}", term=text, deleted="2026" if gone else ""), NAMES, TEXTS, st.booleans()
    ),
    st.builds(_plan, NAMES, TEXTS, st.booleans()),
    st.builds(KindName, st.sampled_from(Kind), TEXTS),
)
STEPS = st.lists(st.tuples(st.lists(THINGS, min_size=1, max_size=3), st.sampled_from(["g", "h", ""])), min_size=1, max_size=8)


def present(notebook: Notebook) -> dict[tuple[str, str], Thing]:
    """What the reader sees, trash included, without the times of the changes."""
    found = notebook.contents().things()
    alike: Callable[[Thing], Thing] = lambda value: value if isinstance(value, KindName) else value._replace(modified="")  # noqa: E731
    return {thing_of(value): alike(value) for value in found if not (isinstance(value, KindName) and not value.name)}


@settings(max_examples=40)
@given(STEPS, st.integers(0, 3))
def test_undoing_any_changes_brings_each_earlier_state_back_and_redo_returns(
    steps: list[tuple[list[Thing], str]], gestures: int
) -> None:
    """Whatever was done, step by step back and forth again; a restart in between makes no difference."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "notebook.sqlite"
        notebook = Notebook.open(path, now=NOW)
        states = [present(notebook)]
        gesture, begun, last = "", False, ""
        for number, (things, name) in enumerate(steps):
            if not name or name != last:
                gesture, begun = f"gesture-{number}", False
            if notebook.apply(operation(*things, gesture=gesture), now=NOW):
                states = [*states[: -1 if begun else None], present(notebook)]
                begun = True
            last = name
        notebook.close()
        notebook = Notebook.open(path, now=NOW + DAY)
        walked = [states[-1]]
        while notebook.undo(now=NOW + DAY):
            walked.append(present(notebook))
        assert walked == states[::-1]
        if gestures % 2:
            notebook.close()
            notebook = Notebook.open(path, now=NOW + DAY)
        for state in states[1:]:
            assert notebook.redo(now=NOW + DAY) is not None
            assert present(notebook) == state
        assert notebook.redo(now=NOW + DAY) is None
        assert notebook.problems() == []
        notebook.close()


def test_undo_of_a_thousand_imported_notes_is_one_step(notebook: Notebook) -> None:
    notebook.apply_many([operation(highlight(f"n{number}"), gesture="import") for number in range(1000)], now=NOW)
    done = notebook.undo(now=NOW)
    assert done is not None
    assert len(done.changes.annotations) == 1000
    assert notebook.total() == 0
    assert isinstance(notebook.annotation("n1"), Annotation)
