"""``annotate`` marks exactly the words that are quoted, or says why it cannot."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from letstalk_desktop.library.shelf import Shelf
from letstalk_desktop.paths import find_paths
from letstalk_desktop.settings import write_json
from tests.commands.conftest import Letstalk

Annotate = Callable[..., dict[str, Any]]


def record(language: str) -> str:
    paths = find_paths()
    return Shelf([paths.content], paths.compiled).chapter("small", "power", language).text


def test_a_mark_holds_the_quote_its_place_and_what_was_said_about_it(annotate: Annotate, basedir: Path) -> None:
    write_json(basedir / "config" / "settings.json", {"reader_name": "Ana"})
    made = annotate("power grows", "--kind", "tension", "--note", "*Why?*\n#import", "--concept", "base", "--concept", "base")
    text = record("en")
    assert text[made["start"] : made["end"]] == made["exact"] == "power grows"
    assert made["start"] == text.index("power")
    assert made["prefix"] == text[: made["start"]][-32:]
    assert made["suffix"] == text[made["end"] :][:32]
    wanted = {
        "type": "highlight",
        "resource": "small",
        "edition": "1.0",
        "language": "en",
        "chapter": "power",
        "block": "p-grows",
        "locator": "1.1",
        "kind": "tension",
        "note": "*Why?*\n#import",
        "concepts": ["base"],
        "author": "Ana",
        "visibility": "private",
        "placement": "placed",
        "deleted": "",
    }
    assert {name: made[name] for name in wanted} == wanted
    assert made["created"].endswith("Z")
    assert made["modified"] == made["created"]


def test_it_prints_the_id_and_the_locator(letstalk: Letstalk) -> None:
    said = letstalk("annotate", "small", "practice", "--quote", "Second")
    assert said.status == 0
    (listed,) = letstalk("notes", "--json").json["notes"]
    assert said.out == f"{listed['id']} 2.1\n"
    assert listed["kind"] == "key"


@pytest.mark.parametrize(
    ("typed", "exact"),
    [
        ("Le coeur de l'action 😀", "Le cœur de l’action 😀"),
        ("action 😀 » : écouter", "action 😀 » : e\u0301couter"),
        ("l'action 😀 \": écouter", "l’action 😀 » : e\u0301couter"),
        ("deux\u00a0voisins!", "deux voisins !"),
        (" Mots   cités. ", "Mots cités."),
        ("Lentement. Demandez", "Lentement.\n\nDemandez"),
    ],
)
def test_words_typed_on_an_ordinary_keyboard_are_found(annotate: Annotate, typed: str, exact: str) -> None:
    made = annotate(typed, "--lang", "fr")
    assert made["exact"] == exact
    assert record("fr")[made["start"] : made["end"]] == exact


def test_words_that_stand_twice_are_refused_with_both_places(letstalk: Letstalk) -> None:
    said = letstalk("annotate", "small", "1", "--quote", "It grows slowly.")
    assert (said.status, said.out) == (1, "")
    assert "stands 2 times in chapter 1: 1.1, 1.2." in said.err
    assert letstalk("notes", "--json").json == {"notes": []}


def test_the_same_words_with_enough_around_them_are_one_place(annotate: Annotate) -> None:
    assert annotate("slowly. It grows slowly.")["locator"] == "1.1"


def test_words_that_are_not_there_are_refused_with_where_they_are(letstalk: Letstalk) -> None:
    elsewhere = letstalk("annotate", "small", "1", "--quote", "Second chapter")
    assert elsewhere.status == 1
    assert "is not in chapter 1 (1.1–1.7); it stands at 2.1." in elsewhere.err
    nowhere = letstalk("annotate", "small", "1", "--quote", "No such words " * 20)
    assert nowhere.status == 1
    assert "is not in chapter 1 (1.1–1.7)." in nowhere.err
    assert len(nowhere.err) < 250


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--kind", "blue"), "key, evidence, question, action, tension, story"),
        (("--concept", "bass"), "base, oeuvre"),
        (("--lang", "de"), "en, fr"),
    ],
)
def test_what_is_misspelled_is_wrong_usage_and_the_choices_are_listed(
    letstalk: Letstalk, options: tuple[str, ...], words: str
) -> None:
    said = letstalk("annotate", "small", "1", "--quote", "power", *options)
    assert (said.status, said.out) == (2, "")
    assert words in said.err
    assert letstalk("notes", "--json").json == {"notes": []}


def test_an_empty_quote_is_wrong_usage(letstalk: Letstalk) -> None:
    assert letstalk("annotate", "small", "1", "--quote", " ").status == 2
    assert letstalk("annotate", "small", "1").status == 2


def test_a_kind_may_be_given_by_its_letter(annotate: Annotate) -> None:
    assert annotate("power", "--kind", "E")["kind"] == "evidence"
