"""A note looks as CommonMark says, and what is not markup appears exactly as typed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from letstalk_desktop.annotations.notes import (
    MAX_DEPTH,
    Break,
    Code,
    CodeBlock,
    Emphasis,
    Heading,
    ItemList,
    Link,
    NoteBlock,
    Paragraph,
    Quote,
    Rule,
    Strong,
    Text,
    parse_note,
    plain_text,
)


def depth(blocks: tuple[NoteBlock, ...]) -> int:
    inner = [block.children for block in blocks if isinstance(block, Quote)]
    inner += [item for block in blocks if isinstance(block, ItemList) for item in block.items]
    return 1 + max(map(depth, inner), default=0) if blocks else 0


@pytest.mark.parametrize("note", ["", "  ", "\n\n\t"])
def test_a_note_of_white_space_is_empty(note: str) -> None:
    assert parse_note(note) == ()


def test_markup_becomes_a_tree() -> None:
    note = (
        '# Plan\n\nAsk *who* **decides**, see `x_y` and [the guide](https://x.ca/a%20b "Guide").\n\n'
        "> Quoted\n\n---\n\n```py\na\n```"
    )
    assert parse_note(note) == (
        Heading(1, (Text("Plan"),)),
        Paragraph(
            (
                Text("Ask "),
                Emphasis((Text("who"),)),
                Text(" "),
                Strong((Text("decides"),)),
                Text(", see "),
                Code("x_y"),
                Text(" and "),
                Link((Text("the guide"),), "https://x.ca/a%20b", "Guide"),
                Text("."),
            )
        ),
        Quote((Paragraph((Text("Quoted"),)),)),
        Rule(),
        CodeBlock("a", "py"),
    )


def test_lists_keep_their_numbers_and_their_looseness() -> None:
    assert parse_note("3. a\n4. b") == (ItemList(((Paragraph((Text("a"),)),), (Paragraph((Text("b"),)),)), 3, True),)
    (bullets,) = parse_note("- a\n\n- b\n  - c")
    assert isinstance(bullets, ItemList)
    assert (bullets.start, bullets.tight) == (None, False)
    assert isinstance(bullets.items[1][1], ItemList)


@pytest.mark.parametrize(
    "note",
    [
        '#import "x"',
        "a_b$ #let",
        "<b>not bold</b> <script>alert(1)</script>",
        "5 < 6 & 7 > 2",
        "C’est « là »\u00a0: œuvre\u202f!",
        "snake_case_name 2 * 3 * 4",
        "a\0b\0",
        "[ ] to do [x] done",
        "[a](javascript:alert(1))",
        "{{ x }} $1 =cmd() @someone",
        "e\u0301 \U0001f9e9 \u00ad soft",
        "[Anna]: yes",
        "#",
        "---",
    ],
)
def test_what_is_not_markup_appears_as_typed(note: str) -> None:
    assert plain_text(parse_note(note)) == note


def test_a_line_typed_is_a_line_shown() -> None:
    assert parse_note("Anna\nBob  \nCarl\\\nDora") == (
        Paragraph((Text("Anna"), Break(), Text("Bob"), Break(), Text("Carl"), Break(), Text("Dora"))),
    )


def test_an_image_is_its_description_and_never_a_picture() -> None:
    assert parse_note("![A *circle*](http://x.ca/y.png)") == (Paragraph((Text("A circle"),)),)
    assert parse_note("![](http://x.ca/y.png)") == (Paragraph((Text("http://x.ca/y.png"),)),)


def test_a_definition_that_no_link_uses_stays_visible_in_its_place() -> None:
    note = "First [one].\n\n[one]: https://x.ca\n[Anna]: yes\n\n[anna]: no\n\nLast"
    assert plain_text(parse_note(note)) == "First one (https://x.ca).\n[Anna]: yes\n[anna]: no\nLast"
    assert plain_text(parse_note("[x]: a\n\n[x]: b\n\n[x]")) == "[x]: b\nx (a)"


def test_an_address_is_not_shown_twice() -> None:
    assert plain_text(parse_note("<https://x.ca/é> and <a@x.ca>")) == "https://x.ca/é and a@x.ca"


@pytest.mark.parametrize("mark", ["> ", "- ", "1. ", "> - "])
@pytest.mark.parametrize("times", [5, MAX_DEPTH, 25, 40, 400])
def test_deep_nesting_loses_no_word(mark: str, times: int) -> None:
    blocks = parse_note(mark * times + "deep words")
    assert "deep words" in plain_text(blocks)
    assert depth(blocks) <= MAX_DEPTH + 1


@pytest.mark.parametrize(
    "note", ["*" * 400 + "a" + "*" * 400, "[" * 20_000, "a" + "[" * 20_000, "*_" * 500 + "a", "> " * 5_000, "a" * 100_000]
)
def test_hostile_nesting_keeps_the_words(note: str) -> None:
    assert plain_text(parse_note(note)).strip("> *_[") == note.strip("> *_[")


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(exclude_categories=()), max_size=60) | st.text("*_`[]()<>!#&;\\\n -+1.:>a ", max_size=60))
def test_any_text_is_a_note(note: str) -> None:
    words = plain_text(parse_note(note))
    assert bool(words.strip()) or not note.strip()
    assert depth(parse_note(note)) <= MAX_DEPTH + 1


@settings(max_examples=150, deadline=None)
@given(st.text("abé -+.1:~=!#\t\u00a0\u2028>()'\"|", min_size=1, max_size=20))
def test_a_plain_line_is_what_the_parser_says(line: str) -> None:
    """The short way for plain lines gives what CommonMark gives: the same line in a note that the parser must read."""
    (paragraph, _) = parse_note("x" + line + "\n\n*")
    assert parse_note("x" + line) == (paragraph,)


@settings(max_examples=200, deadline=None)
@given(st.text("ab *_`[]()<>!&\\'\"#:/.\u00a0é;", min_size=1, max_size=25))
def test_a_line_with_markup_is_what_the_parser_says(line: str) -> None:
    """The same for a line with markup, which skips the search for blocks."""
    (paragraph, _) = parse_note("x" + line + "\n\n*")
    assert parse_note("x" + line) == (paragraph,)


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(exclude_categories=(), exclude_characters="\r\n"), min_size=1, max_size=40))
def test_letters_and_digits_never_vanish(line: str) -> None:
    note = "x" + "".join(character for character in line if character.isalnum() or character == "\0") + "x"
    assert plain_text(parse_note(note)) == note
