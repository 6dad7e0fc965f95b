"""Each slide has its own time: what is left, what is over, and none while paused."""

from __future__ import annotations

import pytest

from letstalk_desktop.ui.present_clock import SlideClock, clock_words


@pytest.mark.parametrize(
    ("spent", "minutes", "words"),
    [
        (0, 8, "8:00"),
        (1.9, 8, "7:59"),
        (480, 8, "0:00"),
        (491, 8, "+0:11"),
        (65, 0, "1:05"),
        (3_725, 0, "1:02:05"),
        (0, 90, "1:30:00"),
    ],
)
def test_time_is_shown_as_what_is_left(spent: float, minutes: int, words: str) -> None:
    assert clock_words(spent, minutes) == words


def test_coming_back_to_a_slide_goes_on_from_there() -> None:
    clock = SlideClock(100)
    clock.show("a", 100)
    clock.show("b", 130)
    assert clock.spent(140) == 10
    clock.show("a", 140)
    assert clock.spent(145) == 35
    assert clock.whole(145) == 45


def test_a_pause_does_not_count() -> None:
    clock = SlideClock(0)
    clock.show("a", 0)
    clock.toggle(10)
    assert clock.paused
    assert clock.spent(99) == 10
    clock.show("b", 99)
    assert clock.spent(120) == 0
    clock.toggle(120)
    assert clock.spent(125) == 5
    clock.restart(125)
    assert clock.spent(126) == 1
