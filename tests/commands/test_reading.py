"""``list`` says what there is to read, ``show`` prints a chapter, and both without opening the notebook."""

from __future__ import annotations

from pathlib import Path

from letstalk_desktop.library.shelf import Shelf
from letstalk_desktop.paths import find_paths
from letstalk_desktop.settings import write_json
from tests.commands.conftest import Letstalk, write_resource


def test_list_names_resources_editions_languages_and_chapters(letstalk: Letstalk) -> None:
    (resource,) = letstalk("list", "--json").json["resources"]
    assert (resource["id"], resource["edition"], resource["languages"]) == ("small", "1.0", ["en", "fr"])
    assert (resource["title"], resource["titles"]["fr"]) == ("Small things", "Petites choses")
    assert [(one["id"], one["number"], one["label"], one["title"]) for one in resource["chapters"]] == [
        ("power", 1, "1", "Power"),
        ("practice", 2, "2", "Practice"),
    ]
    said = letstalk("list", "--lang", "fr")
    assert said.status == 0
    assert "Petites choses" in said.out
    assert "1  power     Pouvoir" in said.out


def test_a_broken_resource_is_told_and_hides_no_other(letstalk: Letstalk, bundled: Path, basedir: Path) -> None:
    write_resource(basedir / "data" / "resources" / "torn", ("resource.toml", "[[chapters]]", "[[chapters"))
    opened = write_resource(basedir / "gone", ("resource.toml", '"small"', '"opened"'))
    write_json(basedir / "config" / "state.json", {"folders": {"opened": str(opened), "lost": str(basedir / "nowhere")}})
    said = letstalk("list", "--json")
    assert said.status == 0
    assert [resource["id"] for resource in said.json["resources"]] == ["opened", "small"]
    assert "torn" in said.err
    assert "resource.toml:" in said.err
    assert "nowhere" in said.err


def test_show_prints_every_block_as_it_can_be_quoted(letstalk: Letstalk) -> None:
    said = letstalk("show", "small", "power", "--numbers")
    assert (said.status, said.err) == (0, "")
    assert said.out == (
        "# 1 Power\n\n"
        "Who can?\n\n"
        "In short\n• Together.\n\n"
        "## Roots\n\n"
        "1.1  The people’s 😀 power grows. It grows slowly.\n\n"
        "1.2  It grows slowly.\n\n"
        "     [In practice · Try it]\n\n"
        "1.3    Ask two neighbours.\n\n"
        "1.4      • one base\n"
        "1.5      • two\n\n"
        "1.6  > Quoted words.\n\n"
        "1.7  who | what\n"
        "     --- | ---\n"
        "     we | act\n"
    )
    assert "\n• one base\n" not in letstalk("show", "small", "1").out
    assert "    • one base\n" in letstalk("show", "small", "1").out


def test_show_in_french_has_french_words_around_the_text(letstalk: Letstalk) -> None:
    said = letstalk("show", "small", "1", "--lang", "fr").out
    assert "# 1 Pouvoir" in said
    assert "Demandez à deux voisins !" in said
    assert "« Le cœur de l’action 😀 » : e\u0301couter." in said
    assert "In practice" not in said


def test_record_is_the_text_of_record_byte_for_byte(letstalk: Letstalk) -> None:
    paths = find_paths()
    for language in ("en", "fr"):
        chapter = Shelf([paths.content], paths.compiled).chapter("small", "power", language)
        said = letstalk("show", "small", "1", "--lang", language, "--record")
        assert said.out == chapter.text
        shown = letstalk("show", "small", "1", "--lang", language, "--json").json
        assert shown["text"] == chapter.text
        spans = [chapter.text[block["start"] : block["end"]] for block in shown["blocks"] if block["locator"] == "1.4"]
        assert spans == ["one base" if language == "en" else "une base"]


def test_what_is_not_there_is_named_with_what_there_is(letstalk: Letstalk) -> None:
    missing = letstalk("show", "nothing", "1")
    assert (missing.status, missing.out) == (1, "")
    assert "“nothing”" in missing.err
    assert "small" in missing.err
    chapter = letstalk("show", "small", "9")
    assert chapter.status == 1
    assert "1 power, 2 practice" in chapter.err
    language = letstalk("show", "small", "1", "--lang", "de")
    assert language.status == 2
    assert "en, fr" in language.err


def test_the_language_is_the_one_set_in_the_program_unless_another_is_asked_for(letstalk: Letstalk, basedir: Path) -> None:
    write_json(basedir / "config" / "settings.json", {"reading_language": "fr"})
    assert "# 1 Pouvoir" in letstalk("show", "small", "1").out
    assert "# 1 Power" in letstalk("show", "small", "1", "--lang", "en").out
    assert letstalk("list", "--json").json["resources"][0]["title"] == "Petites choses"
