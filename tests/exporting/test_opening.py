"""The opening of a long document looks like its first pages, and is set without the rest."""

from __future__ import annotations

import io
import random
from dataclasses import replace
from functools import cache

import pytest
from pypdf import PdfReader

from letstalk_desktop.annotations.model import Annotation, AnnotationType, Kind
from letstalk_desktop.annotations.places import anchor_at
from letstalk_desktop.exporting.gathering import Notes, Workshop, summary_of
from letstalk_desktop.exporting.model import Choices, Order, Shape, Summary
from letstalk_desktop.exporting.opening import opening
from letstalk_desktop.exporting.pdf import write_pdf
from letstalk_desktop.library.shelf import Shelf
from tests.exporting import sample

RESOURCE = "community-organizing"
PAGES = 4


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    locale = sample.ROOT / "resources" / "locale"
    shelf = Shelf([sample.ROOT / "content"], tmp_path_factory.mktemp("compiled"), locale)
    return Workshop(shelf, locale, sample.FONTS, sample.TEMPLATES)


def summary(workshop: Workshop, count: int, **choices: object) -> Summary:
    chance = random.Random(count)
    shelf = workshop.shelf
    chapters = [shelf.chapter(RESOURCE, entry.id, "en") for entry in shelf.resource(RESOURCE).chapters if entry.number]
    notes = []
    for number in range(count):
        chapter = chance.choice(chapters)
        start = chance.randrange(len(chapter.text) - 300)
        anchor = anchor_at(chapter, start, start + chance.randrange(20, 250))
        identity = f"00000000-0000-4000-8000-{number:012d}"
        note, concepts = "Ask Rosa. " * chance.randrange(20), ("base-building", "power")[: chance.randrange(3)]
        kind = chance.choice(list(Kind))
        notes.append(Annotation(identity, AnnotationType.HIGHLIGHT, anchor, kind, note, concepts))
    return summary_of(Notes(notes), workshop, Choices(RESOURCE, **choices), sample.NOW)  # type: ignore[arg-type]


@cache
def words_of(content: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]


@pytest.mark.parametrize("size", [10.0, 14.0])
@pytest.mark.parametrize(
    ("shape", "order"),
    [
        (Shape.SUMMARY, Order.PLACE),
        (Shape.SUMMARY, Order.KIND),
        (Shape.SUMMARY, Order.CONCEPT),
        (Shape.CONCEPTS, Order.CONCEPT),
        (Shape.CARDS, Order.PLACE),
        (Shape.CHAPTERS, Order.PLACE),
    ],
)
def test_its_pages_hold_the_words_of_the_first_pages(workshop: Workshop, shape: Shape, order: Order, size: float) -> None:
    """Only where the contents name pages do numbers differ: they are not known yet."""
    whole = summary(workshop, 150, shape=shape, order=order, text_size=size)
    begun = opening(whole, PAGES)
    assert begun is not None
    first, full = (words_of(write_pdf(one, sample.FONTS, sample.TEMPLATES).document) for one in (begun, whole))
    assert PAGES <= len(first) < len(full)
    for shown, page in zip(first[:PAGES], full, strict=False):
        assert without_numbers(shown) == without_numbers(page.replace(f" / {len(full)}", ""))


def without_numbers(page: str) -> list[str]:
    """Its words, without the numbers of pages and the dots that lead to them in the contents."""
    return [word for word in page.split() if word.strip(".0123456789")]


def test_a_short_document_is_set_whole(workshop: Workshop) -> None:
    assert opening(summary(workshop, 12), PAGES) is None
    assert opening(replace(summary(workshop, 60), shape=Shape.BRIEF), PAGES) is None


def test_a_to_do_list_longer_than_the_opening_leads_somewhere(workshop: Workshop) -> None:
    """Every link has its place, though the passages of most are left out."""
    whole = summary(workshop, 400)
    long = replace(whole, todo=whole.todo * 8)
    begun = opening(long, PAGES)
    assert begun is not None
    assert write_pdf(begun, sample.FONTS, sample.TEMPLATES).document.startswith(b"%PDF")
