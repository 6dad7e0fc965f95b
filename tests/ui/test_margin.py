"""Cards beside the text stand where they belong as far as there is room, and the one at hand stands there always."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from letstalk_desktop.ui.margin import SPACE, arranged

PLACES = st.lists(st.tuples(st.integers(0, 3000), st.integers(20, 2000)), min_size=1, max_size=30)


@given(PLACES, st.data())
def test_no_card_covers_another_and_the_one_at_hand_is_in_place(places: list[tuple[int, int]], data: st.DataObject) -> None:
    places.sort()
    wished, tall = [float(top) for top, _ in places], [size for _, size in places]
    held = data.draw(st.none() | st.integers(0, len(places) - 1))
    tops = arranged(wished, tall, held)
    for index in range(len(tops) - 1):
        assert tops[index] + tall[index] + SPACE <= tops[index + 1]
    if held is not None:
        assert tops[held] == wished[held]
    assert all(top >= wish for top, wish in zip(tops[held or 0 :], wished[held or 0 :], strict=True))


def test_without_one_at_hand_cards_only_move_down() -> None:
    assert arranged([0, 10, 500], [100, 100, 100], None) == [0, 108, 500]
    assert arranged([0, 10, 500], [100, 100, 100], 1) == [-98, 10, 500]
