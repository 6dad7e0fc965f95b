"""A note written as Markdown reads back as the same note, whatever stands in it."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from letstalk_desktop.annotations.notes import Paragraph, Text, as_typed, parse_note, plain_text
from letstalk_desktop.exporting.characters import carried
from letstalk_desktop.exporting.note_markdown import blocks_markdown, escaped

MARKUP = st.text('*_`[]()<>!#&;\\\n -+=.1:>~ab|$%^"é\u00a0', max_size=40)


@pytest.mark.parametrize(
    "note",
    [
        '# Plan\n\nAsk *who* **decides**, `x_y`, [the guide](https://x.ca/a%20b "Guide").\n\n> Quoted\n> \n> - a\n> - b\n\n---',
        "3. a\n4. b\n   - c\n\n     d\n\n- e\n\n* f\n* g",
        "**_a_** and *__b__* and ***c*** and x*y*z",
        "```py\na ``` b\n\n  c\n```\n\n~~~\n```\n~~~",
        "`` a`b `` and ` `` `",
        "Anna\nBob\n\nAnna\n---\nBob",
        "[one](<a b> 'x\"y') ![alt](y.png) <https://x.ca/é> <a@b.ca>",
        "- \n- a\n-\n",
        "1) a\n\n\n2) b\n- - x\n  - y",
        "> a\n\n> b",
        "[a]: b\n\n[x]",
        "\\# no \\* \\- \\> \\1. &amp; &copy; &#35;",
    ],
)
def test_markup_survives(note: str) -> None:
    tree = parse_note(note)
    assert parse_note(blocks_markdown(tree)) == tree


@settings(max_examples=300, deadline=None)
@given(MARKUP)
@example("*a*_b_")
@example("- a\n\n\n      b")
def test_no_word_is_lost_and_nothing_new_is_said(note: str) -> None:
    tree = parse_note(note)
    again = parse_note(blocks_markdown(tree))
    assert "".join(plain_text(again).split()) == "".join(plain_text(tree).split())


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=()), max_size=30) | MARKUP)
def test_escaped_text_is_text(text: str) -> None:
    shown = parse_note("x" + escaped("x" + text))
    assert "".join(plain_text(shown).split()) == "".join(plain_text(as_typed("xx" + carried(text))).split())


@pytest.mark.parametrize(
    "text", ["# a", "- a", "+ a", "1. a", "2) a", "> a", "---", "===", "    code", "\ttab", "~~~", "```", "<b>", "&lt;"]
)
def test_a_line_that_looks_like_markup_is_escaped(text: str) -> None:
    assert parse_note(escaped(text)) == (Paragraph((Text(text),)),)


@pytest.mark.parametrize(
    ("text", "shown"),
    [("#tag", "\\#tag"), ("$x$", "\\$x\\$"), ("==y==", "\\=\\=y\\=\\="), ("^id", "\\^id"), ("%%z", "\\%\\%z")],
)
def test_obsidians_own_markup_is_escaped_for_obsidian(text: str, shown: str) -> None:
    assert escaped(text, obsidian=True) == shown


def test_headings_move_down() -> None:
    assert blocks_markdown(parse_note("# a\n\n##### b"), deeper=3) == "#### a\n\n###### b"
