"""``check-content`` tells authors what is wrong, where, and writes ids that are missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.conftest import FILES, Letstalk, write_resource


def test_findings_name_file_and_line_and_a_fault_ends_with_1(letstalk: Letstalk, tmp_path: Path) -> None:
    folder = write_resource(tmp_path / "draft", ("en/01-power.md", "[[base]]", "[[bass]]"))
    said = letstalk("check-content", folder)
    assert said.status == 1
    assert f"{folder}/en/01-power.md:10: " in said.out
    assert "bass" in said.out
    row = next(line.split() for line in said.out.splitlines() if line.startswith("en/01-power.md  "))
    assert row[1].isdigit()
    (report,) = letstalk("check-content", folder, "--json").json["resources"]
    assert (report["resource"], report["edition"]) == ("small", "1.0")
    found = [one for one in report["findings"] if one["file"] == "en/01-power.md" and one["severity"] == "error"]
    assert [one["line"] for one in found] == [10]
    assert report["errors"] == len([one for one in report["findings"] if one["severity"] == "error"])


def test_without_a_folder_the_one_we_are_in_is_meant_else_the_bundled_ones(
    letstalk: Letstalk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (bundled,) = letstalk("check-content", "--json").json["resources"]
    assert bundled["folder"].endswith("content/small")
    draft = write_resource(tmp_path / "draft")
    monkeypatch.chdir(draft)
    (here,) = letstalk("check-content", "--json").json["resources"]
    assert here["folder"] == str(draft)
    monkeypatch.chdir(tmp_path)
    (named,) = letstalk("check-content", "draft/resource.toml", "--json").json["resources"]
    assert named["folder"] == "draft"


def test_a_folder_without_resources_is_told(letstalk: Letstalk, tmp_path: Path) -> None:
    said = letstalk("check-content", tmp_path / "nothing")
    assert said.status == 1
    assert "resource.toml" in said.err


def test_missing_ids_are_written_into_all_languages(letstalk: Letstalk, tmp_path: Path) -> None:
    folder = write_resource(tmp_path / "draft", ("en/01-power.md", " {#p-quoted}", ""), ("fr/01-power.md", " {#p-quoted}", ""))
    said = letstalk("check-content", folder, "--write-ids", "--json").json
    assert said["written"] == [str(folder / "en" / "01-power.md"), str(folder / "fr" / "01-power.md")]
    english, french = ((folder / language / "01-power.md").read_text() for language in ("en", "fr"))
    (line,) = (line for line in english.splitlines() if line.startswith("> Quoted words."))
    written = line.removeprefix("> Quoted words.")
    assert written.startswith(" {#")
    assert f"> Mots cités.{written}" in french
    assert english.replace(written, " {#p-quoted}") == FILES["en/01-power.md"].replace("## Roots", english.splitlines()[0])
