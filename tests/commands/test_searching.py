"""``search`` finds texts and notes together, whatever is typed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from letstalk_desktop.storage import search
from tests.commands.conftest import Letstalk

Annotate = Callable[..., dict[str, Any]]


def test_texts_and_notes_are_found_with_their_places(letstalk: Letstalk, annotate: Annotate) -> None:
    made = annotate("Quoted words", "--note", "about neighbours")
    results = letstalk("search", "neighbour", "--json").json["results"]
    assert {(one["kind"], one["locator"], one["annotation"]) for one in results} == {
        ("text", "1.3", ""),
        ("note", "1.6", made["id"]),
    }
    (text,) = (one for one in results if one["kind"] == "text")
    record = letstalk("show", "small", "1", "--record").out
    assert record[text["start"] : text["end"]] == "neighbours"
    assert [text["snippet"][start:end] for start, end in text["marks"]] == ["neighbours"]
    said = letstalk("search", "neighbour")
    assert "Small things · Power" in said.out
    assert "Note · " in said.out


def test_a_language_or_a_resource_narrows_the_search(letstalk: Letstalk) -> None:
    assert letstalk("search", "coeur", "--lang", "en", "--json").json == {"results": []}
    (found,) = letstalk("search", "coeur", "--lang", "fr", "--json").json["results"]
    assert (found["language"], found["locator"], found["title"]) == ("fr", "1.1", "Pouvoir")
    assert letstalk("search", "coeur", "--resource", "nothing").status == 1
    assert len(letstalk("search", "slowly", "--limit", "1", "--json").json["results"]) == 1
    assert letstalk("search", "slowly", "--limit", "0").status == 2


@pytest.mark.parametrize("query", ["", "   ", '"', "a AND", "x* NOT (", "-power", "c'est \u202f!", "😀"])
def test_nothing_that_is_typed_breaks_the_search(letstalk: Letstalk, query: str) -> None:
    said = letstalk("search", "--json", "--", query)
    assert (said.status, said.err) == (0, "")
    assert isinstance(said.json["results"], list)


def test_where_the_index_cannot_be_kept_the_search_still_answers(letstalk: Letstalk, basedir: Path) -> None:
    (basedir / "cache").mkdir(parents=True)
    (basedir / "cache" / "search.sqlite").mkdir()
    (found,) = letstalk("search", "neighbours", "--json").json["results"]
    assert found["locator"] == "1.3"
    assert search.KINDS[0] == found["kind"]


def test_finding_nothing_is_no_error(letstalk: Letstalk) -> None:
    said = letstalk("search", "xylophone")
    assert (said.status, said.out) == (0, "Nothing was found.\n")
