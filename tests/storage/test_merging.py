"""Bringing in another file never deletes, never loses the later text, and keeps the losing one in the history."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from letstalk_desktop.annotations.model import Annotation, Kind, KindName, Query
from letstalk_desktop.storage.clock import timestamp
from letstalk_desktop.storage.merging import Incoming, Outcome, judge
from letstalk_desktop.storage.notebook import Notebook
from tests.storage.things import DAY, NOW, concept, highlight, kept, operation, plan

EARLIER, LATER = timestamp(NOW - DAY), timestamp(NOW + DAY)
LABEL = "Restore a backup"


def ours(notebook: Notebook, name: str = "x") -> Annotation:
    found = notebook.annotation(name)
    assert found is not None
    return found


def merge(notebook: Notebook, *things: Annotation) -> dict[str, Outcome]:
    result = notebook.merge(Incoming(things), label=LABEL, now=NOW + 2 * DAY)
    return {thing_id: outcome for (_thing, thing_id), outcome in result.outcomes.items()}


def test_new_things_are_added_and_equal_ones_left_alone(notebook: Notebook) -> None:
    notebook.apply(operation(highlight("x")), now=NOW)
    counter = notebook.counter()
    assert merge(notebook, ours(notebook)) == {"x": Outcome.IDENTICAL}
    assert notebook.counter() == counter
    everything = Incoming((highlight("y"),), (concept(),), (KindName(Kind.KEY, "Clé"),), (plan(),), (kept(),))
    preview = notebook.merge_preview(everything)
    assert notebook.total() == 1
    result = notebook.merge(everything, label=LABEL, now=NOW)
    assert preview.outcomes == result.outcomes == dict.fromkeys(result.outcomes, Outcome.NEW)
    assert len(result.outcomes) == 4
    assert (notebook.total(), len(notebook.concepts()), len(notebook.plans("organizing"))) == (2, 1, 1)
    assert notebook.kept_editions("organizing") == ["1.0"]
    assert set(merge(notebook, *everything.annotations).values()) == {Outcome.IDENTICAL}


def test_the_later_text_wins_and_the_other_stays_in_the_history(notebook: Notebook) -> None:
    notebook.apply(operation(highlight("x", note="ours"), highlight("y", note="ours")), now=NOW)
    theirs = (
        ours(notebook).changed(note="theirs", modified=LATER),
        ours(notebook, "y").changed(note="theirs", modified=EARLIER),
    )
    assert merge(notebook, *theirs) == {"x": Outcome.UPDATED, "y": Outcome.CONFLICT}
    assert (ours(notebook).note, ours(notebook, "y").note) == ("theirs", "ours")
    assert ours(notebook).modified == LATER
    assert ours(notebook, "y").modified == timestamp(NOW)
    assert [entry.after.note for entry in notebook.history("x")] == ["ours", "theirs"]  # type: ignore[union-attr]
    assert [entry.after.note for entry in notebook.history("y")] == ["ours", "theirs", "ours"]  # type: ignore[union-attr]
    entries = len(notebook.history("y"))
    assert merge(notebook, *theirs) == {"x": Outcome.IDENTICAL, "y": Outcome.KEPT}
    assert len(notebook.history("y")) == entries


def test_an_earlier_state_of_ours_is_no_conflict(notebook: Notebook) -> None:
    notebook.apply(operation(highlight("x", note="a")), now=NOW)
    backup = ours(notebook)
    notebook.apply(operation(highlight("x", note="b")), now=NOW + DAY)
    assert merge(notebook, backup) == {"x": Outcome.KEPT}
    assert ours(notebook).note == "b"
    assert len(notebook.history("x")) == 2


def test_a_merge_never_deletes_and_respects_what_was_deleted_here(notebook: Notebook) -> None:
    notebook.apply(operation(highlight("x"), highlight("y"), highlight("z")), now=NOW)
    backup = {name: ours(notebook, name) for name in "xyz"}
    notebook.apply(operation(*(backup[name].changed(deleted=timestamp(NOW)) for name in "yz")), now=NOW)
    gone_there = backup["x"].changed(deleted=LATER, modified=LATER)
    changed_there = backup["z"].changed(note="changed after it was deleted here", modified=LATER)
    outcomes = merge(notebook, gone_there, backup["y"], changed_there)
    assert outcomes == {"x": Outcome.DELETED, "y": Outcome.DELETED, "z": Outcome.UPDATED}
    assert [found.id for found in notebook.annotations(Query())] == ["x", "z"]
    assert [found.id for found in notebook.annotations(Query(deleted=True))] == ["y"]


def test_a_merge_is_one_step_of_undo(notebook: Notebook) -> None:
    notebook.apply(operation(highlight("x", note="ours"), highlight("y", note="ours")), now=NOW)
    before = (ours(notebook).note, ours(notebook, "y").note)
    newer = ours(notebook).changed(note="theirs", modified=LATER)
    merge(notebook, newer, ours(notebook, "y").changed(note="lost", modified=EARLIER), highlight("new"))
    assert notebook.undo_label() == LABEL
    notebook.undo(now=NOW + 3 * DAY)
    assert (ours(notebook).note, ours(notebook, "y").note, notebook.total()) == (*before, 2)
    notebook.redo(now=NOW + 3 * DAY)
    assert (ours(notebook).note, notebook.total()) == ("theirs", 3)


def test_of_several_states_in_one_file_the_last_counts(notebook: Notebook) -> None:
    states = [highlight("x", note=str(day), modified=timestamp(NOW + day * DAY)) for day in (1, 3, 2)]
    merge(notebook, *states)
    assert ours(notebook).note == "3"
    assert len(notebook.history("x")) == 1


def test_the_readers_own_name_of_a_kind_is_not_replaced(notebook: Notebook) -> None:
    notebook.apply(operation(KindName(Kind.KEY, "Ours")), now=NOW)
    incoming = Incoming(kinds=(KindName(Kind.KEY, "Theirs"), KindName(Kind.STORY, "Récit")))
    result = notebook.merge(incoming, label=LABEL, now=NOW)
    assert result.ids(Outcome.KEPT, "kind") == ("key",)
    assert notebook.kind_names() == {Kind.KEY: "Ours", Kind.STORY: "Récit"}


STATES = st.none() | st.builds(
    lambda note, day, deleted: highlight(
        "x", note=note, modified=timestamp(NOW + day * DAY), created=timestamp(NOW), deleted="2026" if deleted else ""
    ),
    st.sampled_from("ab"),
    st.integers(0, 2),
    st.booleans(),
)


@settings(max_examples=60)
@given(STATES.filter(bool), STATES)
def test_whatever_comes_in_nothing_alive_is_deleted_and_the_later_state_wins(
    incoming: Annotation, present: Annotation | None
) -> None:
    outcome = judge(incoming, present)
    result = incoming if outcome in (Outcome.NEW, Outcome.UPDATED) else present
    assert result is not None
    if present is not None and not present.deleted:
        assert not result.deleted
    if present is not None and incoming.modified > present.modified and not incoming.deleted:
        assert result._replace(modified="") == incoming._replace(modified="")
    if present is not None and incoming.modified <= present.modified:
        assert result == present


@pytest.mark.parametrize("count", [1500])
def test_a_large_file_is_merged_in_one_transaction(notebook: Notebook, count: int) -> None:
    result = notebook.merge(Incoming(tuple(highlight(f"n{number}") for number in range(count))), label=LABEL, now=NOW)
    assert result.count(Outcome.NEW) == count
    assert notebook.total() == count
