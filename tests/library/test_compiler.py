"""What an author writes becomes blocks with ids and locators on one text of record; what is wrong is named by file and line."""

from __future__ import annotations

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from letstalk_desktop.errors import ContentError
from letstalk_desktop.library.compiler import compile_markdown
from letstalk_desktop.library.model import Block, BlockKind, ContainerKind, SpanKind
from letstalk_desktop.library.walk import CompiledText

TERMS = {"base": "base", "self-interest": "intérêt personnel"}


def compiled(source: str) -> CompiledText:
    return compile_markdown(source, path="en/01-first.md", concept_terms=TERMS, references={"heller", "zed"})


def texts(result: CompiledText) -> list[str]:
    return [result.text[block.start : block.end] for block in result.blocks]


def spans(result: CompiledText) -> list[tuple[SpanKind, str, str, str]]:
    return [(span.kind, result.text[span.start : span.end], span.target, span.detail) for span in result.spans]


def named(result: CompiledText, block_id: str) -> Block:
    return next(block for block in result.blocks if block.id == block_id)


EVERYTHING = """\
## Why power? {#why}

One paragraph
on two lines. {#p-one}

- first item {#i-one}
- second item

    a paragraph in it {#i-two-more}

    1. nested {#i-nested}

- last

> A quotation. {#quoted}
>
> Its second paragraph.
>
> 2. Its list.

!!! practice "Try it"
    In a box. {#boxed}

    - an item in a box

| Who | What |
| --- | :--: |
| we | [[base|the people]] |

{#table-who}

Table: Who does what. {#table-caption}

![Long description.](figures/cycle.en.svg "A caption.")

{#figure-cycle}

```
code  here
```

Term
:   Its meaning.
"""


def test_everything_but_a_heading_has_the_next_number() -> None:
    result = compiled(EVERYTHING)
    assert [(block.kind.value, block.number) for block in result.blocks] == [
        ("heading", 0),
        ("paragraph", 1),
        ("item", 2),
        ("item", 3),
        ("paragraph", 4),
        ("item", 5),
        ("item", 6),
        ("paragraph", 7),
        ("paragraph", 8),
        ("item", 9),
        ("paragraph", 10),
        ("item", 11),
        ("table", 12),
        ("paragraph", 13),
        ("figure", 14),
        ("code", 15),
        ("term", 16),
        ("paragraph", 17),
    ]


def test_the_text_of_record_parts_blocks_items_rows_and_cells() -> None:
    assert compiled(EVERYTHING).text == (
        "Why power?\n\nOne paragraph on two lines.\n\n"
        "first item\nsecond item\na paragraph in it\nnested\nlast\n\n"
        "A quotation.\n\nIts second paragraph.\n\nIts list.\n\n"
        "In a box.\n\nan item in a box\n\n"
        "Who\tWhat\nwe\tthe people\n\n"
        "Who does what.\n\nA caption.\n\ncode  here\n\nTerm\n\nIts meaning."
    )


def test_ids_of_the_author_are_taken_wherever_they_may_stand() -> None:
    result = compiled(EVERYTHING)
    wanted = {
        "why": "Why power?",
        "p-one": "One paragraph on two lines.",
        "i-one": "first item",
        "i-two-more": "a paragraph in it",
        "i-nested": "nested",
        "quoted": "A quotation.",
        "boxed": "In a box.",
        "table-who": "Who\tWhat\nwe\tthe people",
        "table-caption": "Who does what.",
        "figure-cycle": "A caption.",
    }
    assert {block_id: result.text[named(result, block_id).start : named(result, block_id).end] for block_id in wanted} == wanted
    assert "{" not in result.text
    assert result.generated_ids == {block.id for block in result.blocks} - set(wanted)


def test_each_block_knows_the_line_where_its_text_begins() -> None:
    result = compiled(EVERYTHING)
    lines = EVERYTHING.split("\n")
    for block in result.blocks:
        if block.kind is not BlockKind.CODE:
            first_word = result.text[block.start : block.end].split()[0]
            assert first_word in lines[block.line - 1], block
    assert lines[named(result, "figure-cycle").line - 1].startswith("![")


def test_boxes_quotations_and_lists_hold_their_blocks() -> None:
    result = compiled(EVERYTHING)

    def around(block_id: str) -> list[tuple[ContainerKind, str, str]]:
        found = [result.containers[index] for index in named(result, block_id).containers]
        return [(one.kind, one.style, one.title) for one in found]

    assert around("p-one") == []
    assert around("quoted") == [(ContainerKind.QUOTE, "", "")]
    assert around("boxed") == [(ContainerKind.BOX, "practice", "Try it")]
    assert around("i-nested") == [(ContainerKind.LIST, "bullet", ""), (ContainerKind.LIST, "ordered", "")]
    assert [block.marker for block in result.blocks if block.kind is BlockKind.ITEM] == ["•", "•", "1.", "•", "2.", "•"]


def test_an_ordered_list_counts_from_its_first_number() -> None:
    assert [block.marker for block in compiled("3. three\n4. four\n").blocks] == ["3.", "4."]


def test_a_table_knows_its_cells_header_and_alignment() -> None:
    result = compiled("| Qui | Quoi |\n| --- | --: |\n| nous | [[base|la\u00a0base]] |\n| | fin |\n")
    (table,) = result.blocks
    rows = [[result.text[cell.start : cell.end] for cell in row] for row in table.rows]
    assert rows == [["Qui", "Quoi"], ["nous", "la\u00a0base"], ["", "fin"]]
    assert table.header_rows == 1
    assert [cell.align for cell in table.rows[1]] == ["", "right"]
    assert result.text == "Qui\tQuoi\nnous\tla\u00a0base\n\tfin"


def test_a_figure_has_its_picture_caption_and_description() -> None:
    (figure,) = compiled('![What it shows & why.](figures/cycle.en.svg "L’œuvre\u00a0: tout.")').blocks
    assert (figure.kind, figure.image, figure.description) == (BlockKind.FIGURE, "figures/cycle.en.svg", "What it shows & why.")
    result = compiled("![Only this.](figures/cycle.en.svg)")
    assert texts(result) == ["Only this."]


def test_a_picture_is_looked_for_inside_the_resource_only() -> None:
    (figure,) = compiled("![x](../../figures/a.svg)").blocks
    assert figure.image == "figures/a.svg"


def test_no_break_spaces_and_awkward_characters_stay_as_typed() -> None:
    words = "😀 L’œuvre\u00a0: «\u202fe\u0301cole\u202f» et école, re\u00adlire\u2009; fin"
    result = compiled(words + " {#p}")
    assert result.text == words
    assert texts(result) == [words]


def test_soft_line_ends_and_runs_of_spaces_become_one_space() -> None:
    assert compiled("one\ntwo   three\t four\r\nfive").text == "one two three four five"


def test_inline_markup_is_placed_on_the_text_and_not_in_it() -> None:
    result = compiled("😀 *Soft* and **strong**, `a  b`, [a link](#why), [[base]], [[self-interest|self *interest*]].")
    assert result.text == "😀 Soft and strong, a  b, a link, base, self interest."
    assert spans(result) == [
        (SpanKind.EMPHASIS, "Soft", "", ""),
        (SpanKind.STRONG, "strong", "", ""),
        (SpanKind.CODE, "a  b", "", ""),
        (SpanKind.LINK, "a link", "#why", ""),
        (SpanKind.CONCEPT, "base", "base", ""),
        (SpanKind.CONCEPT, "self interest", "self-interest", ""),
        (SpanKind.EMPHASIS, "interest", "", ""),
    ]


def test_citations_leave_no_trace_in_the_text() -> None:
    result = compiled("Power is shared [@heller; @zed, pp. 3–4]. So it is[@zed].")
    assert result.text == "Power is shared. So it is."
    assert spans(result) == [
        (SpanKind.CITATION, "", "heller", ""),
        (SpanKind.CITATION, "", "zed", "pp. 3–4"),
        (SpanKind.CITATION, "", "zed", ""),
    ]
    assert [span.start for span in result.spans] == [15, 15, 25]


def test_footnotes_stand_beside_the_text() -> None:
    result = compiled("It began here[^a], they say [^b].\n\n[^a]: In *1909*,\n    or so.\n[^b]: Perhaps.\n")
    assert result.text == "It began here, they say."
    assert [(span.kind, span.target) for span in result.spans] == [(SpanKind.FOOTNOTE, "a"), (SpanKind.FOOTNOTE, "b")]
    assert result.footnotes == [("a", "In 1909, or so."), ("b", "Perhaps.")]


def test_a_forced_line_break_is_one_line_end_in_one_block() -> None:
    result = compiled("First line  \nsecond line")
    assert result.text == "First line\nsecond line"
    assert spans(result) == [(SpanKind.LINE_BREAK, "\n", "", "")]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("a <b>bold</b> word", "a <b>bold</b> word"),
        ("AT&amp;T &lt; &nbsp;x", "AT&T < \u00a0x"),
        ("`&amp; <b> [[base]]`", "&amp; <b> [[base]]"),
        ("1 * 2 * 3 and a_b_c", "1 * 2 * 3 and a_b_c"),
        ("\\*not soft\\*", "*not soft*"),
        ("<!-- not shown -->\n\nshown", "shown"),
    ],
)
def test_html_is_shown_as_typed_and_entities_as_characters(source: str, text: str) -> None:
    assert compiled(source).text == text


def test_an_id_is_made_from_the_words_and_does_not_depend_on_the_place() -> None:
    alone, later = compiled("Same words."), compiled("Before.\n\nSame words.\n\nSame words.")
    assert alone.blocks[0].id == later.blocks[1].id
    assert later.blocks[2].id == f"{alone.blocks[0].id}-2"


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        ("Fine.\n\nSee [[nobody]].", 3, "there is no concept “nobody” in concepts.toml"),
        ("Fine.\n\n- so\n- says [@nobody, p. 2]", 4, "there is no reference “nobody” in references.json"),
        (
            'Fine.\n\n!!! warning "W"\n    x',
            3,
            "there is no box of the type “warning”; use one of practice, story, key, question",
        ),
        ("Fine. {#a}\n\n\nAgain. {#a}", 4, "the id “a” is used twice in this chapter; give one of the two another"),
        ("Fine.\n\n![x](https://example.org/x.svg)", 3, "is not in the resource; put it into its folder figures/"),
        ("Fine.\n\n![x](figures/../../x.svg)", 3, "is not in the resource"),
        ("Fine.\n\nPrivate \ue001.", 3, "a private-use character (U+E000 to U+E"),
    ],
)
def test_an_error_names_file_line_and_remedy(source: str, line: int, words: str) -> None:
    with pytest.raises(ContentError) as caught:
        compiled(source)
    assert str(caught.value).startswith(f"en/01-first.md:{line}: ")
    assert words in str(caught.value)


PIECES = [
    *(
        "# ",
        "## ",
        "- ",
        "1. ",
        "> ",
        '!!! practice "T"\n    ',
        "!!! key\n\n    ",
        "    ",
        "\n",
        "\n\n",
        "  \n",
        "---",
        "\t",
        "\r\n",
    ),
    *("| a | b |\n| --- | :-: |\n| c | d |", "|", "Table: c", "\n: def", "```\n", "~~~", "`", "``", "*", "**", "_", "~~", "^"),
    *("[[base]]", "[[base|the people]]", "[[", "]]", "[@zed]", "[@zed, p. 2; @heller]", "[^1]", "\n[^1]: note\n", "\n[a]: b\n"),
    *("{#id}", "{#id-2}", "{: #x}", '![d](figures/a.svg "c")', "![d](figures/a.svg)", "[x](#id)", "[x](http://a)", "\\*"),
    *("<b>", "</div>", '<div markdown="1">', "<!-- c -->", "<?php ?>", "<http://x.y>", "&amp;", "&nbsp;", "&#0;", "&#xD800;"),
    *("\u00a0", "\u202f", "\u00ad", "œ", "e\u0301", "😀", "\u2028", "\x0c", "\x1c", "\x85", "\x00", "\x02", "\x03", "[TOC]"),
    *("a", "word ", "É", "\n*[HTML]: x\n"),
]
MARKDOWN = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4)), max_size=25).map("".join)


@given(MARKDOWN)
def test_any_text_compiles_to_a_sound_chapter_or_names_its_fault(source: str) -> None:
    try:
        result = compiled(source)
    except ContentError as caught:
        event(caught.template)
        where = caught.where
    else:
        where = "en/01-first.md:"
        assert_sound(result, source)
    assert where.startswith("en/01-first.md:")


def assert_sound(result: CompiledText, source: str) -> None:
    """Blocks follow one another without a gap, are numbered in order, and hold every span and cell."""
    lines = source.count("\n") + source.count("\r") + 1
    place = 0
    for block in result.blocks:
        gap = result.text[place : block.start]
        assert gap == "" if block is result.blocks[0] else gap in ("\n", "\n\n")
        words = result.text[block.start : block.end]
        assert block.kind in (BlockKind.CODE, BlockKind.TABLE) or words == words.strip(" \n")
        assert all(block.start <= cell.start <= cell.end <= block.end for row in block.rows for cell in row)
        assert 1 <= block.line <= lines
        place = block.end
    assert place == len(result.text)
    numbered = [block.number for block in result.blocks if block.kind is not BlockKind.HEADING]
    assert numbered == list(range(1, len(numbered) + 1))
    assert len({block.id for block in result.blocks}) == len(result.blocks)
    for span in result.spans:
        assert (span.start == span.end) == (span.kind in (SpanKind.CITATION, SpanKind.FOOTNOTE))
        assert any(block.start <= span.start and span.end <= block.end for block in result.blocks)
    assert not any("\ue000" <= character <= "\ue004" for character in result.text)


WORDS = st.builds(
    str.__add__,
    st.sampled_from("abcéœÉ"),
    st.text(alphabet="abcéœÉ\u0301\u00a0\u202f\u00ad’«»😀,;", max_size=11),
)


@given(st.lists(st.lists(WORDS, min_size=1, max_size=6), min_size=1, max_size=6))
def test_plain_paragraphs_are_kept_character_for_character(paragraphs: list[list[str]]) -> None:
    result = compiled("\n\n".join("\n".join(words) for words in paragraphs))
    assert texts(result) == [" ".join(words) for words in paragraphs]
    assert result.text == "\n\n".join(texts(result))
