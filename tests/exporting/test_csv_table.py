"""The table opens in any spreadsheet, holds every word, and runs nothing."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from letstalk_desktop.annotations.model import Annotation
from letstalk_desktop.exporting.characters import carried
from letstalk_desktop.exporting.csv_table import COLUMNS, to_csv
from letstalk_desktop.exporting.model import Choices, Order
from letstalk_desktop.exporting.summary import summarize
from tests.exporting import sample
from tests.exporting.golden import check_golden


def table(choices: Choices, marks: list[Annotation]) -> bytes:
    translator = sample.translator_for(choices.language)
    summary = summarize(sample.resource(), sample.chapter, marks, sample.own_concepts(), {}, choices, translator, sample.NOW)
    return to_csv(summary)


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_table_is_stable(language: str) -> None:
    data = table(Choices("community-organizing", language=language, reader=sample.READER), sample.marks())
    assert data.startswith(b"\xef\xbb\xbf" + ",".join(COLUMNS).encode() + b"\r\n")
    check_golden(f"summary.{language}.csv", data.decode("utf-8"))


@pytest.mark.parametrize("order", list(Order))
def test_every_thing_stands_once(order: Order) -> None:
    found = [row["id"] for row in rows(table(Choices("community-organizing", order=order), sample.marks()))]
    assert sorted(found) == sorted(item.id for item in sample.marks() if not item.deleted)


@pytest.mark.parametrize("note", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\u00a0=cmd|' /C calc'!A0", "＝1", "\n=1"])
def test_no_cell_is_a_formula(note: str) -> None:
    (row,) = rows(table(Choices("community-organizing"), [sample.highlight(1, "power", "Others wait.", note=note)]))
    assert row["note"] == "'" + note


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=()), max_size=30))
def test_any_note_comes_back(note: str) -> None:
    (row,) = rows(table(Choices("community-organizing"), [sample.highlight(1, "power", "Others wait.", note=note)]))
    assert row["note"].removeprefix("'") == carried(note).removeprefix("'")
    assert row["quote"] == "Others wait."
