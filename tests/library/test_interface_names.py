"""A text that names a menu or a button says what the interface says, and an author who names one that is not there is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from letstalk_desktop.errors import ContentError
from letstalk_desktop.library.checker import check
from letstalk_desktop.library.interface_names import with_names
from letstalk_desktop.library.shelf import Shelf

FOLDER = """
id = "small"
languages = ["en", "fr", "de"]
title = "Small"
[[chapters]]
id = "one"
"""


def catalogue(folder: Path, **changed: str) -> Path:
    messages = {"&File": "&Fichier", "Export to &PDF…": "Exporter en &PDF…", "R&&D": "R&&D", "Back": "Précédent"}
    made = Catalog(locale="fr")
    for message, translation in (messages | changed).items():
        made.add(message, translation)
    path = folder / "fr" / "LC_MESSAGES" / "letstalk.mo"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_mo(file, made)
    return folder


@pytest.fixture
def locale(tmp_path: Path) -> Path:
    return catalogue(tmp_path / "locale")


@pytest.fixture
def resource(tmp_path: Path) -> Path:
    folder = tmp_path / "shelf" / "small"
    for language in ("en", "fr", "de"):
        (folder / language).mkdir(parents=True)
        text = "## {{ui:Back}} {#h}\n\nOne.\n{{ui:File}}, then **{{ui:Export to PDF…}}**. {#p}\n"
        (folder / language / "01-one.md").write_text(text, encoding="utf-8")
    (folder / "resource.toml").write_text(FOLDER, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Back\n\nOne. File, then Export to PDF…."),
        ("fr", "Précédent\n\nOne. Fichier, then Exporter en PDF…."),
        ("de", "Back\n\nOne. File, then Export to PDF…."),
    ],
)
def test_names_are_those_of_the_interface_in_the_language_of_the_text(
    language: str, words: str, resource: Path, locale: Path, tmp_path: Path
) -> None:
    shelf = Shelf([resource.parent], tmp_path / "cache", locale)
    assert shelf.chapter("small", "one", language).text == words


def test_without_catalogues_names_stay_in_english(resource: Path, tmp_path: Path) -> None:
    assert "File, then" in Shelf([resource.parent], tmp_path / "cache").chapter("small", "one", "fr").text


def test_a_doubled_mark_is_a_letter(locale: Path) -> None:
    assert with_names("{{ui:R&&D}}", "fr", path="x", locale=locale) == "R&D"


@pytest.mark.parametrize(
    ("mark", "says"),
    [("{{ui:Nowhere}}", "“Nowhere”"), ("{{ui:}}", "“”"), ("{{ui:Back}", "not a name"), ("{{ui:{Back}}}", "not a")],
)
@pytest.mark.parametrize("language", ["en", "fr", "de"])
def test_a_name_that_is_not_there_is_an_error_with_its_line(mark: str, says: str, language: str, locale: Path) -> None:
    with pytest.raises(ContentError, match=says) as error:
        with_names(f"First.\n\nThen {mark}.", language, path="en/01-one.md", locale=locale)
    assert (error.value.fields["file"], error.value.fields["line"]) == ("en/01-one.md", 3)


def test_other_braces_are_the_author_s(locale: Path) -> None:
    assert with_names("{{ name }} {{x:y}} {#id}", "fr", path="x", locale=locale) == "{{ name }} {{x:y}} {#id}"


def test_the_checker_and_the_shelf_refuse_the_same_name(resource: Path, locale: Path, tmp_path: Path) -> None:
    path = resource / "fr" / "01-one.md"
    path.write_text(path.read_text(encoding="utf-8").replace("ui:File", "ui:Files"), encoding="utf-8")
    with pytest.raises(ContentError, match="“Files”"):
        Shelf([resource.parent], tmp_path / "cache", locale).chapter("small", "one", "fr")
    found = [(one.file, one.line) for one in check(resource, locale).findings if one.rule == "compile"]
    assert found == [("fr/01-one.md", 4)]
    assert not [one for one in check(resource).findings if one.rule == "compile"]


def test_a_name_that_changes_in_the_catalogue_changes_in_the_text(resource: Path, locale: Path, tmp_path: Path) -> None:
    def text() -> str:
        return Shelf([resource.parent], tmp_path / "cache", locale).chapter("small", "one", "fr").text

    assert text().startswith("Précédent")
    catalogue(locale, Back="En arrière")
    assert text().startswith("En arrière")


def test_a_text_without_names_is_not_compiled_anew_for_a_catalogue(resource: Path, locale: Path, tmp_path: Path) -> None:
    for path in resource.glob("*/01-one.md"):
        path.write_text("Plain.\n", encoding="utf-8")
    keys = set()
    for word in ("Précédent", "En arrière"):
        catalogue(locale, Back=word)
        shelf = Shelf([resource.parent], tmp_path / "cache", locale)
        keys.add(shelf.source_key("small"))
    assert len(keys) == 1
