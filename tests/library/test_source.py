"""Ids written back into the author's file stay with their blocks and change nothing else."""

from __future__ import annotations

import pytest

from letstalk_desktop.library.compiler import compile_markdown
from letstalk_desktop.library.model import BlockKind
from letstalk_desktop.library.source import insert_ids, line_of, mark_lines, without_comments
from letstalk_desktop.library.walk import CompiledText

SOURCE = """\
## Heading

One paragraph
on two lines.

- item
- item with
  a second line

> quoted
>
> again

!!! story "Told"
    In a box.

    | a | b |
    | - | - |
    | 1 | 2 |

![A picture.](figures/a.svg "Caption")

Last.
"""
OWN_LINE = (BlockKind.TABLE, BlockKind.FIGURE)


def compiled(source: str) -> CompiledText:
    return compile_markdown(source, path="en/x.md", concept_terms={}, references=set())


def test_written_ids_are_read_again_and_the_text_is_the_same() -> None:
    before = compiled(SOURCE)
    ids = {block.line: f"id-{index}" for index, block in enumerate(before.blocks)}
    own_line = frozenset(block.line for block in before.blocks if block.kind in OWN_LINE)
    after = compiled(insert_ids(SOURCE, ids, own_line))
    assert after.text == before.text
    assert [block.id for block in after.blocks] == list(ids.values())
    assert [block.kind for block in after.blocks] == [block.kind for block in before.blocks]
    assert after.generated_ids == set()


def test_an_id_is_written_once_and_nowhere_else() -> None:
    written = insert_ids(SOURCE, {3: "p"}, frozenset())
    assert written == SOURCE.replace("on two lines.", "on two lines. {#p}")


def test_comments_are_blanked_and_lines_keep_their_numbers() -> None:
    source = "a\n<!-- one\ntwo -->\nb"
    assert without_comments(source) == "a\n\n\nb"
    assert compiled(source + " {#b}").blocks[-1].line == 4


@pytest.mark.parametrize(("token", "occurrence", "line"), [("x", 0, 1), ("x", 1, 3), ("x", 5, 3), ("gone", 0, 1)])
def test_the_line_of_a_word_is_found(token: str, occurrence: int, line: int) -> None:
    assert line_of("x\ny\nx", token, occurrence) == line


def test_marking_keeps_the_number_of_lines() -> None:
    assert mark_lines(SOURCE).count("\n") == SOURCE.count("\n")
