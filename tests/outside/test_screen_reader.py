"""What a screen reader meets from outside: names, roles, the text with its caret, and what is said as things happen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from letstalk_desktop.language import translator
from letstalk_desktop.paths import find_paths
from tests.outside.conftest import Outside

pytestmark = pytest.mark.full

Open = Callable[..., Outside]
# Roles that a reader acts on: each must say what it is for.
CONTROLS = {
    "check box", "check menu item", "combo box", "dial", "entry", "link", "list", "list box", "list item", "menu", "menu item",
    "page tab", "page tab list", "password text", "progress bar", "push button", "radio button", "slider", "spin button",
    "table", "table cell", "text", "toggle button", "tree", "tree item", "tree table",
}  # fmt: skip
DIALOGS = {
    "Settings…": "Settings",
    "Go to paragraph…": "Go to paragraph",
    "Export summary…": "Export",
    "Your notes: backup and restore…": "Your notes",
    "Keyboard shortcuts": "Keyboard shortcuts",
    "Resources…": "Resources",
    "Rename the kinds…": "Names of the kinds",
    "About Let’s Talk Desktop": "About Let’s Talk Desktop",
}


def every(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """An object and all that is in it."""
    yield node
    for child in node["children"]:
        yield from every(child)


def unnamed(node: dict[str, Any]) -> list[str]:
    """What can be seen and acted on, or take the keyboard, without saying what it is."""
    shown = [one for one in every(node) if "SHOWING" in one["states"]]
    return [
        f"{one['role']} {one['description']}"
        for one in shown
        if not one["name"] and (one["role"] in CONTROLS or "FOCUSABLE" in one["states"])
    ]


def ready(outside: Outside, name: str = "") -> dict[str, Any]:
    """The main window, once its page has the keyboard and the notebook is open."""
    outside.page_name = name or outside.page_name

    def opened() -> dict[str, Any] | None:
        window = outside.window()
        if window is None or outside.page() is None:
            return None
        parts = list(every(window))
        if not any(one["role"] == "text" and "FOCUSED" in one["states"] for one in parts):
            return None
        words = [one["name"] for one in parts if one["role"] == "label"]
        return window if any(re.search(r"last backup|sauvegarde", one) for one in words) else None

    found: dict[str, Any] = outside.until("the notebook is open", opened)
    return found


def test_everything_in_the_window_says_what_it_is(open_outside: Open) -> None:
    outside = open_outside()
    window = ready(outside)
    assert unnamed(window) == []
    roles = {one["role"] for one in every(window)}
    assert {"menu bar", "menu item", "push button", "page tab list", "tree", "text", "progress bar"} <= roles
    assert "Start here" in window["name"]
    for key, panel in (("ctrl+shift+k", "Concepts"), ("ctrl+shift+a", "Notes"), ("ctrl+shift+d", "Discuss")):
        outside.keys(key)

        def shown(panel: str = panel) -> bool:
            tabs = [
                one for one in every(outside.window() or window) if one["role"] == "page tab" and "SELECTED" in one["states"]
            ]
            return any(one["name"].startswith(panel) for one in tabs)

        outside.until(f"the panel {panel} is shown", shown)
        assert unnamed(outside.window() or window) == [], panel


def test_the_page_is_a_text_with_a_caret(open_outside: Open) -> None:
    outside = open_outside()
    window = ready(outside)
    page = next(one for one in every(window) if one["name"].startswith("Chapter text"))
    assert page["role"] == "text"
    assert "Text" in page["interfaces"]
    assert {"FOCUSABLE", "FOCUSED", "MULTI_LINE", "SHOWING"} <= set(page["states"])
    found = outside.page()
    assert found is not None
    for heading in ("Start here", "What is this, and who is it for?", "Why should public health care?"):
        assert f"{heading}\n" in found["text"]
    assert "You inspect apartments, run a clinic" in found["text"]
    assert found["caret"] == 0
    outside.keys("Down", "Right", "Right")
    moved = outside.until("the caret moves", lambda: (page := outside.page()) and page["caret"] > 2 and page["caret"])
    carets = [one["detail"] for one in outside.ask("events") if one["type"].startswith("object:text-caret-moved")]
    assert carets[-1] == moved
    outside.keys("alt+Next")
    outside.hears("heading level 2")
    outside.keys("Tab")
    outside.until("a link is said", lambda: any(re.search(r", (concept|reference|link)$", one) for one in outside.heard()))
    outside.keys("ctrl+Next")
    outside.hears("2, Power and health equity")


def test_marks_and_notes_are_said(open_outside: Open) -> None:
    outside = open_outside()
    ready(outside)
    outside.keys("ctrl+Down", "shift+End", "1")
    outside.hears("highlight, Key idea")
    outside.keys("2")
    outside.hears("highlight, Evidence")
    outside.keys("ctrl+m")
    editor = "E Evidence, paragraph 1.1"
    outside.until("the note can be written", lambda: outside.ask("text", role="text", name=editor))
    letters = ["o", "u", "r", "space", "s", "u", "r", "v", "e", "y"]
    outside.keys(*letters)
    outside.until("it is written", lambda: (outside.ask("text", role="text", name=editor) or {}).get("text") == "our survey")
    outside.keys("Escape", "Escape")
    outside.until("the page has the keyboard", lambda: page_focused(outside))
    outside.heard()
    outside.keys("ctrl+Down")
    outside.hears("end of highlight")
    outside.keys("ctrl+Up")
    outside.hears("highlight, Evidence, 1 note")
    outside.keys("ctrl+shift+i")
    outside.until("the place is said", lambda: any("paragraph 1.1" in one and "1 note" in one for one in outside.heard()))
    outside.keys("ctrl+shift+a")
    rows = outside.until("the note is listed", lambda: notes(outside))
    assert len(rows) == 1
    for part in ("Evidence", "1.1", "our survey"):
        assert part in rows[0]
    outside.keys("Escape", "Delete")
    outside.hears("Highlight and note deleted.")
    outside.keys("ctrl+z")
    outside.until("the undoing is said", lambda: any(one.startswith("Undone") for one in outside.heard()))


def other_window(outside: Outside) -> dict[str, Any] | None:
    """A window of the program beside the main one."""
    tree = outside.ask("tree") or {"children": []}
    return next((one for one in tree["children"] if one["role"] != "frame"), None)


def page_focused(outside: Outside) -> bool:
    """The page has the keyboard."""
    window = outside.window()
    return window is not None and any(
        one["name"].startswith(outside.page_name) and "FOCUSED" in one["states"] for one in every(window)
    )


def notes(outside: Outside) -> list[str]:
    """The rows of the notes panel."""
    window = outside.window()
    lists = (
        [one for one in every(window) if one["role"] in ("list", "list box") and "SHOWING" in one["states"]] if window else []
    )
    return [row["name"] for one in lists for row in one["children"] if row["role"] == "list item"]


def test_a_concept_is_explained_and_left_again(open_outside: Open) -> None:
    outside = open_outside()
    ready(outside)
    outside.keys("alt+Next", "alt+Next")
    said: list[str] = []

    def on_a_concept() -> bool:
        outside.keys("Tab")
        said.extend(outside.heard())
        return bool(said) and said[-1].endswith(", concept")

    outside.until("a concept is reached", on_a_concept)
    outside.keys("Return")
    events: list[dict[str, Any]] = []

    def explained() -> bool:
        events.extend(outside.ask("events"))
        words = [one["words"] for one in events if one["type"].startswith("object:announcement")]
        buttons = [one["name"] for one in events if "focused" in one["type"] and one["role"] == "push button"]
        return any(len(one) > 80 for one in words) and "All passages" in buttons

    outside.until("its definition is said and its button has the keyboard", explained)
    outside.keys("Escape")
    outside.until("the page has the keyboard again", lambda: page_focused(outside))


def test_dialogs_say_what_they_are(open_outside: Open) -> None:
    outside = open_outside()
    ready(outside)
    for entry, title in DIALOGS.items():
        assert outside.ask("act", role="menu item", name=entry), entry
        dialog = outside.until(f"{title} opens", lambda title=title: outside.window(title))
        assert dialog["role"] in ("dialog", "frame", "filler"), title
        assert unnamed(dialog) == [], title
        focused = [one for one in every(dialog) if "FOCUSED" in one["states"]]
        assert focused, f"{title} has no keyboard"
        outside.keys("Escape")
        outside.until(f"{title} closes", lambda title=title: outside.window(title) is None)
        outside.until("the page has the keyboard again", lambda: page_focused(outside))


def test_names_are_french_in_french(open_outside: Open, basedir: Path) -> None:
    outside = open_outside(interface_language="fr", reading_language="fr")
    window = ready(outside, "Texte du chapitre")
    french = translator("fr", find_paths(str(basedir)).locale)
    assert unnamed(window) == []

    def in_text() -> bool:
        outside.keys("ctrl+Down")
        page = outside.page()
        return page is not None and page["caret"] > 0

    outside.until("the caret is in a paragraph", in_text)
    outside.keys("shift+End", "1")
    outside.hears("surlignage, Idée clé")
    names = {words for one in every(outside.window() or window) for words in (one["name"], one["description"]) if words}
    english = {words for words in names if french.gettext(words) != words}
    assert english == set()
    assert {"Fichier", "Précédent", "Exporter le sommaire"} <= names
    for key in ("ctrl+comma", "ctrl+g", "ctrl+e", "ctrl+F1"):
        outside.keys(key)
        dialog = outside.until(f"{key} opens", lambda: other_window(outside))
        shown = {words for one in every(dialog) for words in (one["name"], one["description"]) if words}
        assert {words for words in shown if french.gettext(words) != words} == set(), key
        assert unnamed(dialog) == [], key
        outside.keys("Escape")
        outside.until("it closes", lambda: other_window(outside) is None)
    assert "Ctrl+Maj+P" in names, "names of keys"
