"""Whatever is done to a text: no crash, no place with other words, and the same place where nothing was done."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from letstalk_desktop.annotations.anchoring import Found, Relocator, describe, locate
from letstalk_desktop.annotations.anchoring.judgement import LEAST_KEPT
from letstalk_desktop.annotations.anchoring.words import fold
from letstalk_desktop.annotations.model import Anchor

SENTENCES = [
    "The tenants met in March and wrote down every cold night.",
    "They asked the owner for heat that works.",
    "Une base, c’est « le groupe des personnes organisées ».",
    "L’organisatrice écoute d’abord\u202f; puis elle pose des questions.",
    "Power can be counted: in people, in money, in stories 🙂.",
    "The tenants met in March and wrote down every cold night.",
    "Leaders are members whom others follow, with or without a title.",
    "E\u0301coutez d’abord, co\u00adopérez ensuite, œuvrez enfin.",
    "They do not speak for the tenants; the tenants do.",
]
ODD = st.text(alphabet=st.sampled_from("ab é\u0301œ\u00a0\u202f\u00ad🙂\n.,«»’'-𝄞中\u200d\u0000"), max_size=60)
TEXT = st.one_of(st.lists(st.sampled_from(SENTENCES), max_size=12).map(" ".join), ODD)


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, str]:
    """A text and what became of it: words and sentences changed, deleted, inserted, moved, doubled."""
    sentences = draw(st.lists(st.sampled_from(SENTENCES), min_size=2, max_size=14))
    revised = list(sentences)
    for _ in range(draw(st.integers(0, 6))):
        place = draw(st.integers(0, len(revised) - 1)) if revised else 0
        match draw(st.sampled_from(["delete", "insert", "move", "double", "reword", "paragraph"])):
            case "delete" if revised:
                del revised[place]
            case "insert":
                revised.insert(place, draw(st.sampled_from([*SENTENCES, "Something else entirely stands here now."])))
            case "move" if revised:
                revised.insert(draw(st.integers(0, len(revised) - 1)), revised.pop(place))
            case "double" if revised:
                revised.insert(place, revised[place])
            case "reword" if revised:
                words = revised[place].split(" ")
                at = draw(st.integers(0, len(words) - 1))
                words[at : at + draw(st.integers(0, 3))] = draw(
                    st.lists(st.sampled_from(["other", "mots", "new", "x"]), max_size=2)
                )
                revised[place] = " ".join(words)
            case "paragraph" if revised:
                revised[place] += "\n\n"
    return " ".join(sentences), " ".join(revised)


def words(text: str) -> list[str]:
    return [fold(word) for word in re.findall(r"[^\W_][\w\u0300-\u036f\u00ad]*|[^\w\s]", text) if fold(word)]


def kept(quote: str, place: str) -> float:
    """The share of a quote's words that stand in a place."""
    left = words(place)
    sought = [word for word in words(quote) if word[0].isalnum() or unicodedata.category(word[0]) == "So"]
    found = 0
    for word in sought:
        if word in left:
            left.remove(word)
            found += 1
    return found / len(sought) if sought else float(quote == place)


def pick(data: st.DataObject, text: str) -> Anchor:
    start = data.draw(st.integers(0, len(text)), label="start")
    end = data.draw(st.integers(start, len(text)), label="end")
    return describe(text, start, end, resource="r", edition="1", language="fr", chapter="c", block="")


@given(TEXT, st.data())
def test_in_the_same_text_the_place_is_the_same(text: str, data: st.DataObject) -> None:
    anchor = pick(data, text)
    if anchor.exact:
        for old in (text, None):
            result = locate(anchor, text, old)
            assert isinstance(result, Found)
            assert (result.start, result.end) == (anchor.start, anchor.end)


@given(edited(), st.data())
def test_random_edits_never_give_a_place_with_other_words(texts: tuple[str, str], data: st.DataObject) -> None:
    old, new = texts
    anchors = [anchor for anchor in (pick(data, old) for _ in range(3)) if anchor.exact.strip()]
    for with_old in (old, None):
        for anchor, result in zip(anchors, Relocator(new, with_old).locate_all(anchors), strict=True):
            if isinstance(result, Found):
                assert 0 <= result.start < result.end <= len(new)
                assert kept(anchor.exact, new[result.start : result.end]) >= LEAST_KEPT
                assert 0 < result.confidence <= 1
            else:
                assert all(0 <= candidate.start < candidate.end <= len(new) for candidate in result.candidates)
                assert all(0 <= candidate.score <= 1 for candidate in result.candidates)


@given(edited(), st.data())
def test_a_quote_that_stands_once_in_both_texts_with_its_surroundings_is_found(
    texts: tuple[str, str], data: st.DataObject
) -> None:
    old, new = texts
    anchor = pick(data, old)
    whole = anchor.prefix + anchor.exact + anchor.suffix
    if (
        len(anchor.exact) >= 12
        and len(whole) >= 60
        and old.count(whole) == 1
        and new.count(whole) == 1
        and old.count(anchor.exact) == 1
    ):
        result = locate(anchor, new)
        assert isinstance(result, Found)
        assert kept(anchor.exact, new[result.start : result.end]) > 0.99


@given(TEXT, TEXT, ODD, ODD, ODD, st.integers(-50, 500), st.integers(-50, 500))
def test_nothing_makes_it_fail(old: str, new: str, exact: str, prefix: str, suffix: str, start: int, end: int) -> None:
    anchor = Anchor("r", "1", "fr", "c", "b", start, end, exact, prefix, suffix)
    for with_old in (old, None):
        result = locate(anchor, new, with_old, [("b", 0, len(new))])
        if isinstance(result, Found) and exact:
            assert 0 <= result.start < result.end <= len(new)


def test_a_quote_of_100_000_characters_is_found() -> None:
    long = " ".join(f"word{number * 7919 % 4001}" for number in range(13_000))
    old = "Before. " + long + " After."
    new = "Something new before. " + long.replace("word17 ", "other ") + " After."
    anchor = describe(old, 8, 8 + len(long), resource="r", edition="1", language="en", chapter="c", block="")
    for with_old in (old, None):
        result = locate(anchor, new, with_old)
        assert isinstance(result, Found)
        assert (result.start, result.end) == (22, len(new) - len(" After."))
