"""The user guide tells the truth: every menu, button and key that it names is there, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from letstalk_desktop.language import translator
from letstalk_desktop.library.checker import Report, check
from letstalk_desktop.library.checking.material import ChapterText, read_material
from letstalk_desktop.library.model import SpanKind
from letstalk_desktop.library.shelf import Shelf
from letstalk_desktop.ui.actions import ACTIONS, ActionSpec

ROOT = Path(__file__).parents[2]
GUIDE, LOCALE = ROOT / "content" / "using-letstalk", ROOT / "resources" / "locale"
ACTION_AND_KEY = re.compile(r"\{\{ui:([^}]+)\}\}(?:\*\*)? \(`([^`]+)`\)")
NAME = re.compile(r"\{\{ui:([^}]+)\}\}")
# Keys on a French keyboard, by the portable name of the action table.
FRENCH = {
    "Maj": "Shift", "Suppr": "Del", "Échap": "Esc", "Inser": "Insert", "Entrée": "Enter", "Pg suiv": "PgDown",
    "Pg préc": "PgUp", "Gauche": "Left", "Droite": "Right", "Haut": "Up", "Bas": "Down",
}  # fmt: skip
# Keys that belong to a place, not to a menu: the text, a note, a list, a plan, the screen of a presentation.
OF_PLACES = {
    "Ctrl", "Ctrl+Enter", "Ctrl+Up", "Ctrl+Down", "Insert", "F2", "Del", "Alt+Up", "Alt+Down", "+", "-", "B", "T", "P", "R",
    "Esc",
}  # fmt: skip
ENGLISH = translator("en", None)


@pytest.fixture(scope="module")
def report() -> Report:
    return check(GUIDE, LOCALE)


def texts() -> list[ChapterText]:
    return read_material(GUIDE, LOCALE).texts


def portable(key: str) -> str:
    """A key as the action table writes it."""
    parts = re.split(r"(?<=[^+])\+", key)
    return "+".join(FRENCH.get(part.replace("\u00a0", " "), part) for part in parts)


def spec_of(name: str) -> ActionSpec | None:
    return next((spec for spec in ACTIONS if spec.text.replace("&", "") == name), None)


def keys_of_actions() -> set[str]:
    return {key for spec in ACTIONS for key in spec.keys.split("; ") if key}


def test_the_checker_has_nothing_to_say(report: Report) -> None:
    assert [finding.text(ENGLISH) for finding in report.findings] == []


def test_a_key_beside_a_name_is_the_key_of_that_action() -> None:
    found = 0
    for text in texts():
        for name, key in ACTION_AND_KEY.findall(text.source):
            spec = spec_of(name)
            assert spec is not None, f"{text.file}: “{name}” is not an action, and has no key"
            assert portable(key) in spec.keys.split("; "), f"{text.file}: {name} ({key}); it has {spec.keys}"
            found += 1
    assert found > 80


def test_every_other_key_is_there_too() -> None:
    known = keys_of_actions() | OF_PLACES
    for text in texts():
        for words in re.findall(r"`([^`]+)`", text.source):
            if re.fullmatch(r"(Ctrl|Alt|Shift|Maj)\+.+|F\d+|[A-Z+-]|Esc|Échap|Del|Suppr|Ins\w+", words):
                assert portable(words) in known, f"{text.file}: {words}"


def test_the_languages_name_the_same_things_with_the_same_keys() -> None:
    by_chapter: dict[str, list[tuple[list[str], list[tuple[str, str]]]]] = {}
    for text in texts():
        pairs = [(name, portable(key)) for name, key in ACTION_AND_KEY.findall(text.source)]
        by_chapter.setdefault(text.chapter, []).append((NAME.findall(text.source), pairs))
    for chapter, (english, french) in by_chapter.items():
        assert sorted(english[0]) == sorted(french[0]), chapter
        assert sorted(english[1]) == sorted(french[1]), chapter


def test_what_a_reader_does_most_is_in_the_guide() -> None:
    source = "".join(text.source for text in texts())
    without = {spec.id for spec in ACTIONS if f"{{{{ui:{spec.text.replace('&', '')}}}}}" not in source}
    assert without <= {"quit", "zoom-reset", "hint", "about"}


def test_names_are_shown_in_the_language_of_the_text(tmp_path: Path) -> None:
    shelf = Shelf([GUIDE.parent], tmp_path, LOCALE)
    for language, name in (("en", "Export summary…"), ("fr", "Exporter le sommaire…")):
        chapter = shelf.chapter("using-letstalk", "handing-on", language)
        assert chapter.text[: chapter.text.index(" (Ctrl+E)")].endswith(name)
        for entry in shelf.resource("using-letstalk").chapters:
            assert "{{" not in shelf.chapter("using-letstalk", entry.id, language).text


def test_links_of_the_guide_lead_into_the_guide(tmp_path: Path) -> None:
    shelf = Shelf([GUIDE.parent], tmp_path, LOCALE)
    for text in texts():
        for span in text.compiled.spans if text.compiled else []:
            if span.kind is SpanKind.LINK:
                chapter, _, block = span.target.partition("#")
                ids = {one.id for one in shelf.chapter("using-letstalk", chapter, text.language).blocks}
                assert not block or block in ids, f"{text.file}: {span.target}"
