"""What is bundled to read keeps its promises: a clean check, the same blocks in every language, figures told in words."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

import pytest

from letstalk_desktop.language import translator
from letstalk_desktop.library.checker import Report, Severity, check
from letstalk_desktop.library.checking.material import Material, read_material
from letstalk_desktop.library.checking.structure import shape
from letstalk_desktop.library.model import BlockKind, SpanKind

CONTENT = Path(__file__).parents[2] / "content"
FOLDERS = sorted(path.parent for path in CONTENT.glob("*/resource.toml"))
PRIMER = CONTENT / "community-organizing"
ENGLISH = translator("en", None)


@pytest.fixture(scope="module", params=FOLDERS, ids=lambda folder: folder.name)
def folder(request: pytest.FixtureRequest) -> Path:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def material(folder: Path) -> Material:
    return read_material(folder)


@pytest.fixture(scope="module")
def primer() -> Report:
    return check(PRIMER)


def test_the_checker_finds_no_error(folder: Path) -> None:
    assert [finding.text(ENGLISH) for finding in check(folder).of(Severity.ERROR)] == []


def test_every_language_has_the_same_blocks_with_the_same_ids(material: Material) -> None:
    for chapter in material.chapters:
        texts = material.of_chapter(chapter["id"])
        assert len(texts) == len(material.languages)
        for text in texts:
            assert text.compiled is not None
            assert text.compiled.generated_ids == set(), text.file
        blocks = [[(block.id, shape(text, block)) for block in text.compiled.blocks] for text in texts if text.compiled]
        assert all(one == blocks[0] for one in blocks), chapter["id"]


def test_every_concept_is_marked_in_every_language_and_defined_in_the_glossary(material: Material) -> None:
    wanted = {concept["id"] for concept in material.concepts}
    for language in material.languages:
        spans = [span for text in material.texts if text.compiled and text.language == language for span in text.compiled.spans]
        assert {span.target for span in spans if span.kind is SpanKind.CONCEPT} == wanted


def test_a_figure_is_described_in_the_page_as_in_the_file(material: Material) -> None:
    for text in material.texts:
        for block in text.compiled.blocks if text.compiled else []:
            if block.kind is BlockKind.FIGURE and block.image.endswith(".svg"):
                told = (
                    ElementTree.parse(material.folder / block.image).getroot().findtext("{http://www.w3.org/2000/svg}desc", "")
                )
                assert block.description == told.strip(), f"{text.file}:{block.line}"


def test_the_primer_has_no_warning_either(primer: Report) -> None:
    assert [finding.text(ENGLISH) for finding in primer.of(Severity.WARNING)] == []
    assert {finding.rule for finding in primer.of(Severity.NOTE)} <= {"chapter-length"}


def test_the_primer_can_be_read_on_a_train(primer: Report) -> None:
    english = [figures for figures in primer.measures if figures.language == "en"]
    assert len(english) == 9
    for figures in english:
        assert 1200 <= figures.words <= (5500 if figures.chapter == "tools" else 2200), figures.file
        assert figures.grade is not None
        assert figures.grade <= 11.5, figures.file


def test_the_primer_gives_groups_something_to_talk_about() -> None:
    primer = read_material(PRIMER)
    assert len(primer.questions) >= 30
    assert set(Counter(question["kind"] for question in primer.questions)) == {
        "recall", "reflect", "interpret", "decide", "position", "challenge",
    }  # fmt: skip
    assert {30, 60, 90} <= {plan["minutes"] for plan in primer.plans}
    figures = {
        block.image.split(".")[0] for text in primer.texts if text.compiled for block in text.compiled.blocks if block.image
    }
    assert len(figures) >= 8


@pytest.mark.parametrize(("language", "words"), [("en", "The NCCDH did not publish"), ("fr", "Le CCNDS ne l’a ni publiée")])
def test_the_first_page_says_whose_it_is_and_sends_readers_to_the_nccdh(language: str, words: str) -> None:
    first = next(text for text in read_material(PRIMER).texts if text.language == language)
    assert first.compiled is not None
    box = next(block for block in first.compiled.blocks if words in first.words_of(block))
    assert box.number < 10
    assert any(span.target.startswith("https://nccdh.ca") for span in first.compiled.spans if span.kind is SpanKind.LINK)
