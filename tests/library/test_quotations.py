"""Words that are quoted keep every letter; quotation marks in them stand right within those around them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letstalk_desktop.library.quotations import OUTER, quoted, within_marks

NBSP, NARROW = "\u00a0", "\u202f"
# What a test's quotation is made of: words, or another quotation.
Quotation = list["str | Quotation"]
PLAIN = st.sampled_from(
    ["power", "l’équipe", "people’s own", "the tenants’ hall,", "the ’90s too", "don't", "5' 10", "😀", "cœur", "e\u0301", "—"]
)
TREES: st.SearchStrategy[Quotation] = st.recursive(
    st.lists(PLAIN, min_size=1, max_size=3),  # type: ignore[arg-type]
    lambda inner: st.lists(PLAIN | inner, min_size=1, max_size=4),
    max_leaves=8,
)
DOUBLE, SINGLE, GUILLEMETS = ("“", "”"), ("‘", "’"), (f"«{NBSP}", f"{NBSP}»")
ENGLISH = [DOUBLE, SINGLE] * 6
FRENCH = [GUILLEMETS, DOUBLE, SINGLE, *[DOUBLE, SINGLE] * 5]


def written(tree: Quotation, marks: list[tuple[str, str]]) -> str:
    """A quotation without marks of its own; those in it have the first of ``marks``, and so on."""
    opening, closing = marks[0]
    return " ".join(part if isinstance(part, str) else f"{opening}{written(part, marks[1:])}{closing}" for part in tree)


@given(TREES)
def test_english_marks_alternate_from_the_outside_in(tree: Quotation) -> None:
    assert quoted(written(tree, ENGLISH), "en") == f"“{written(tree, ENGLISH[1:])}”"


@given(TREES)
def test_french_guillemets_hold_english_marks(tree: Quotation) -> None:
    assert quoted(written(tree, FRENCH), "fr") == f"«{NBSP}{written(tree, FRENCH[1:])}{NBSP}»"


@given(TREES, st.sampled_from(["en", "fr"]))
def test_what_stands_right_already_is_left_alone(tree: Quotation, language: str) -> None:
    marks = {"en": ENGLISH, "fr": FRENCH}[language][1:]
    assert within_marks(written(tree, marks), language) == written(tree, marks)


@given(st.text(st.sampled_from("ab s.’'‘“”«»\"\n5" + NBSP + NARROW + "😀")), st.sampled_from(["en", "fr"]))
def test_every_word_stays_whatever_the_marks(words: str, language: str) -> None:
    turned = within_marks(words, language)
    assert re.sub(r"\W", "", turned) == re.sub(r"\W", "", words)
    assert turned.count("\n") == words.count("\n")
    clashing = {"en": '“”«»"', "fr": "«»"}[language]
    if not set(words) & set(clashing + "“”"):
        assert turned == words
    if language == "fr":
        assert not set(turned) & set("«»")


@given(st.text(st.sampled_from("ab s’'‘.")), st.sampled_from(["en", "fr"]))
def test_apostrophes_are_no_quotation_marks(words: str, language: str) -> None:
    opening, closing, _marks = OUTER[language]
    assert quoted(words, language) == f"{opening}{words}{closing}"


@pytest.mark.parametrize(
    ("words", "english"),
    [
        ("“power before program”", "‘power before program’"),
        ("say “power", "say ‘power"),
        ("program” is what they say", "program’ is what they say"),
        ("a ‘b’ c” d", "a “b” c’ d"),
        ("‘She said “stop”’", "‘She said “stop”’"),
        ("“the ‘tenants’ association’ met”", "‘the “tenants’ association” met’"),
        ("“the tenants’ hall”", "‘the tenants’ hall’"),
        ("“rock ’n’ roll of the ’90s”", "‘rock ’n’ roll of the ’90s’"),
        ('"a 6" pipe" and 5\'', "‘a 6\" pipe’ and 5'"),
        ('a 6" pipe, "two"', 'a 6" pipe, ‘two’'),
        ("“One.\n\n“Two.”", "‘One.\n\n‘Two.’"),
        (f"«{NARROW}le pouvoir{NARROW}»", "‘le pouvoir’"),
        ("“the ‘tenants’ “hall”’”", "‘the “tenants’ ‘hall’”’"),
    ],
)
def test_marks_in_english(words: str, english: str) -> None:
    assert within_marks(words, "en") == english


@pytest.mark.parametrize(
    ("words", "french"),
    [
        (f"«{NBSP}le pouvoir d’abord{NBSP}»", "“le pouvoir d’abord”"),
        (f"«{NARROW}on dit “oui”{NARROW}»", "“on dit ‘oui’”"),
        (f"dire «{NBSP}oui", "dire “oui"),
        (f"oui{NBSP}» d’abord", "oui” d’abord"),
        ("le “oui” d’abord", "le “oui” d’abord"),
        ('le "oui" d’abord', 'le "oui" d’abord'),
        ("« a « b » c »", "“a ‘b’ c”"),
    ],
)
def test_marks_in_french(words: str, french: str) -> None:
    assert within_marks(words, "fr") == french
