"""Markdown that any program reads alike, and a vault note that Obsidian finds its way in."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from letstalk_desktop.annotations.model import Kind
from letstalk_desktop.annotations.notes import parse_note, plain_text
from letstalk_desktop.exporting.markdown import to_markdown
from letstalk_desktop.exporting.model import Choices, Include, Order, Summary
from letstalk_desktop.exporting.summary import summarize
from tests.exporting import sample
from tests.exporting.golden import check_golden


def make(choices: Choices, marks: list[object] | None = None) -> Summary:
    own, translator = sample.own_concepts(), sample.translator_for(choices.language)
    given_marks = sample.marks() if marks is None else marks
    return summarize(sample.resource(), sample.chapter, given_marks, own, {}, choices, translator, sample.NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("obsidian", [False, True])
def test_the_document_is_stable(language: str, obsidian: bool) -> None:
    choices = Choices("community-organizing", language=language, reader=sample.READER, include=Include(context=obsidian))
    name = f"summary.{language}.{'obsidian.' if obsidian else ''}md"
    check_golden(name, to_markdown(make(choices), obsidian=obsidian))


@pytest.mark.parametrize("order", list(Order))
@pytest.mark.parametrize("obsidian", [False, True])
def test_every_passage_and_note_is_in_it(order: Order, obsidian: bool) -> None:
    text = to_markdown(make(Choices("community-organizing", order=order)), obsidian=obsidian)
    for words in (
        "Who is missing from the room",
        "Our survey reached 80",
        "words that were revised away",
        "Ours. The health unit",
    ):
        assert words in text


def test_obsidian_can_link_to_each_passage_once() -> None:
    text = to_markdown(make(Choices("community-organizing", order=Order.CONCEPT)), obsidian=True)
    identities = [line for line in text.split("\n") if line.startswith("^")]
    assert len(identities) == len(set(identities)) == 8
    front = dict(line.split(": ", 1) for line in text.split("---")[1].strip().split("\n"))
    assert json.loads(front["title"]) == "Let’s Talk: Community organizing"
    assert "key-idea" in json.loads(front["tags"])


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=()), max_size=30) | st.text("#>-*_`[](){}<>!$=|\\\n 1.~^%", max_size=30))
def test_no_note_breaks_out_of_its_place(note: str) -> None:
    marks = [sample.highlight(1, "power", "Others wait.", Kind.ACTION, "x" + note)]
    summary = make(Choices("community-organizing"), marks)  # type: ignore[arg-type]
    shown = plain_text(parse_note(to_markdown(summary)))
    assert shown.rstrip().endswith(summary.footer)
    assert "In short. Power can be built." in shown
    assert "“Others wait.”" in shown
    obsidian = to_markdown(summary, obsidian=True)
    obsidian.encode("utf-8")
    assert f"\n^{summary.groups[0].passages[0].id}\n" in obsidian
