"""A quote is found where it stands, exactly where it can be, and never somewhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letstalk_desktop.commands.quoting import places

TEXT = (
    "Pourquoi\u202f? «\u00a0L’œuvre d’e\u0301te\u0301\u00a0»\n\nIt’s a well\u2011worn so\u00adlution… 😀 aaa. It's (x+y)* [z]"
)


@pytest.mark.parametrize(
    ("quote", "exact"),
    [
        ("Pourquoi?", "Pourquoi\u202f?"),
        ("Pourquoi ?", "Pourquoi\u202f?"),
        ("L'oeuvre d'été", "L’œuvre d’e\u0301te\u0301"),
        ("L’ŒUVRE", ""),
        ("a well-worn solution... 😀", "a well\u2011worn so\u00adlution… 😀"),
        ("(x+y)* [z]", "(x+y)* [z]"),
        ("Its", ""),
        ("", ""),
        ("\u00ad", "\u00ad"),
    ],
)
def test_each_spelling_finds_its_words(quote: str, exact: str) -> None:
    found = [TEXT[start:end] for start, end in places(TEXT, quote)] if quote else []
    assert found == ([exact] if exact else [])


def test_an_exact_place_goes_before_others_that_only_look_alike() -> None:
    assert [TEXT[start:end] for start, end in places(TEXT, "It's")] == ["It's"]
    assert len(places(TEXT, "It‘s")) == 2


def test_overlapping_places_count_as_two() -> None:
    assert len(places(TEXT, "aa")) == 2


@given(st.text(alphabet="ab é\u202f\n’'œo😀-", min_size=1, max_size=30), st.data())
def test_any_piece_of_a_text_is_found_where_it_was_taken(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    piece = text[start:end]
    found = places(text, piece)
    if piece.strip():
        assert any(start <= one <= other <= end and text[one:other].strip() == piece.strip() for one, other in found)
