"""What docs/writing-resources.md tells authors to type is a resource that the checker likes and the shelf reads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from letstalk_desktop.language import translator
from letstalk_desktop.library.checker import Severity, check
from letstalk_desktop.library.shelf import Shelf

DOCS = Path(__file__).parents[2] / "docs"
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAME = re.compile(r"`(wells/[\w./-]+)`")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The example: each boxed file under the name that stands before it; later boxes in Markdown change the chapter."""
    source = (DOCS / "writing-resources.md").read_text(encoding="utf-8")
    chapter = tmp_path / "wells" / "en" / "01-our-well.md"
    for found in FENCE.finditer(source):
        language, text = found.groups()
        if language == "markdown" and chapter.exists():
            whole = chapter.read_text(encoding="utf-8")
            if text.startswith("- "):
                old = next(line for line in whole.split("\n") if "{#i-association}" in line)
                chapter.write_text(whole.replace(old, text.rstrip("\n")), encoding="utf-8")
            continue
        path = tmp_path / NAME.findall(source[: found.start()])[-1]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "wells"


def test_the_example_is_a_resource_without_faults(folder: Path) -> None:
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert names == {"resource.toml", "en/01-our-well.md", "concepts.toml", "references.json", "questions.toml"}
    report = check(folder)
    faults = [one.text(translator("en", None)) for one in report.findings if one.severity is not Severity.NOTE]
    assert faults == []


def test_the_example_is_read_with_its_question_glossary_and_sources(folder: Path, tmp_path: Path) -> None:
    shelf = Shelf([folder.parent], tmp_path / "cache")
    assert [entry.id for entry in shelf.resource("wells").chapters] == ["our-well", "glossary", "references"]
    text = shelf.chapter("wells", "our-well", "en").text
    assert "The road association pays" in text
    assert "Who on your road decides what happens to the water?" in text


def test_the_page_tells_all_kinds_of_questions() -> None:
    from letstalk_desktop.library.checking.discussion import KINDS

    source = (DOCS / "writing-resources.md").read_text(encoding="utf-8")
    assert all(f"`{kind}`" in source for kind in KINDS)
