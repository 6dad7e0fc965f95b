"""What the program writes as JSON comes back without loss, and a damaged file gives up only what is damaged."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from letstalk_desktop.annotations.exchange import ExchangeError, NotebookFile, read_notebook, write_notebook
from letstalk_desktop.annotations.model import (
    Anchor,
    Annotation,
    AnnotationType,
    KeptText,
    Kind,
    KindName,
    OwnConcept,
    Placement,
    SessionPlan,
    Visibility,
)

AWKWARD = '«\u00a0é e\u0301\u202f» \U0001f9e9 \u00ad \0 \ud800 <b> =1+1 \\ " \n\t'
WHOLE = NotebookFile(
    annotations=(
        Annotation(
            "a-1",
            AnnotationType.HIGHLIGHT,
            Anchor("r", "1.0", "fr", "c", "b", 3, 9, AWKWARD, "before", "after"),
            Kind.TENSION,
            AWKWARD,
            ("power-with", "own"),
            "Léa",
            Visibility.SHARED,
            "2026-01-01T00:00:00.000Z",
            "2026-01-02T00:00:00.000Z",
            "2026-01-03T00:00:00.000Z",
            Placement.DOUBTFUL,
        ),
        Annotation("a-2", AnnotationType.ANSWER, Anchor("r", "1.0", "en", "c"), note="Yes", question="q"),
        Annotation("a-3", AnnotationType.BOOKMARK, Anchor("r", "1.0", "en", "c", "b")),
        Annotation("a-4", AnnotationType.NOTE, Anchor("r", "1.0", "en", "")),
    ),
    concepts=(OwnConcept("own", "éveil", AWKWARD, ("power-with",), "R", "c", "m", "d"),),
    kinds=(KindName(Kind.ACTION, "Try this"),),
    plans=(SessionPlan("p", "r", "Plan", ((5, "", "Welcome"), (10, "q", "")), "c", "m", ""),),
    texts=(KeptText("r", "1.0", "en", "c", AWKWARD, (("b", 0, 5, "3.1"),)),),
    generated="2026-11-23T00:00:00.000Z",
    program="test",
)

texts = st.text(st.characters(exclude_categories=()), max_size=12)
annotations = st.builds(
    Annotation,
    id=texts.filter(bool),
    type=st.sampled_from(AnnotationType),
    anchor=st.builds(
        Anchor,
        resource=texts.filter(bool),
        edition=texts,
        language=texts,
        chapter=texts,
        block=texts,
        start=st.integers(0, 9),
        end=st.integers(9, 99),
        exact=texts,
        prefix=texts,
        suffix=texts,
    ),
    kind=st.sampled_from(Kind),
    note=texts,
    concepts=st.lists(texts, max_size=2).map(tuple),
    author=texts,
    visibility=st.sampled_from(Visibility),
    created=texts,
    modified=texts,
    deleted=texts,
    placement=st.sampled_from(Placement),
    question=texts,
)


def changed(**entry: Any) -> bytes:
    """A file with two annotations, the second with other values."""
    document = json.loads(write_notebook(NotebookFile(annotations=WHOLE.annotations[1:3])))
    document["annotations"][1] |= entry
    return json.dumps(document).encode()


def test_everything_comes_back() -> None:
    assert read_notebook(write_notebook(WHOLE)) == WHOLE


@settings(max_examples=60, deadline=None)
@given(st.lists(annotations, max_size=3))
def test_any_annotation_comes_back(made: list[Annotation]) -> None:
    assert read_notebook(write_notebook(NotebookFile(annotations=tuple(made)))).annotations == tuple(made)


def test_the_file_is_utf_8_and_names_its_format_and_places() -> None:
    written = write_notebook(NotebookFile(annotations=WHOLE.annotations[:1], locators={"a-1": "3.12"}))
    document = json.loads(written.decode("utf-8"))
    assert (document["format"], document["version"]) == ("letstalk-notebook", 1)
    assert list(document["annotations"][0]) == [
        "id", "type", "resource", "edition", "language", "chapter", "block", "start", "end", "exact", "prefix", "suffix",
        "locator", "kind", "note", "concepts", "question", "author", "visibility", "placement", "created", "modified",
        "deleted",
    ]  # fmt: skip
    assert document["annotations"][0]["locator"] == "3.12"


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ({"id": ""}, "id is missing"),
        ({"resource": ""}, "resource is missing"),
        ({"kind": "purple"}, "'purple' is not a valid Kind"),
        ({"start": -1}, "start and end are not a span"),
        ({"start": "3"}, "start is not a number"),
        ({"note": 3}, "note is not a text"),
        ({"concepts": "power"}, "concepts is not a list of texts"),
    ],
)
def test_a_damaged_entry_is_rejected_alone(entry: dict[str, Any], reason: str) -> None:
    found = read_notebook(changed(**entry))
    assert [item.id for item in found.annotations] == ["a-2"]
    assert found.rejected == (("annotations[1]", reason),)


def test_an_entry_that_is_no_object_is_rejected_alone() -> None:
    found = read_notebook(b'{"format": "letstalk-notebook", "version": 1, "annotations": [3], "texts": [{}], "plans": {}}')
    assert [place for place, _ in found.rejected] == ["annotations[0]", "texts[0]"]


def test_unknown_keys_do_no_harm_and_missing_ones_have_defaults() -> None:
    entry = {"id": "x", "resource": "r", "colour": "green"}
    document = {"format": "letstalk-notebook", "version": 1, "annotations": [entry], "more": True}
    (item,) = read_notebook(b"\xef\xbb\xbf" + json.dumps(document).encode()).annotations
    assert (item.type, item.kind, item.visibility) == (AnnotationType.HIGHLIGHT, Kind.KEY, Visibility.PRIVATE)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "not a file of notes"),
        (b"\xff\xfe", "not a file of notes"),
        (b"[" * 100_000, "not a file of notes"),
        (b"[]", "not a file of notes from"),
        (b'{"format": "other", "version": 1}', "not a file of notes from"),
        (b'{"format": "letstalk-notebook", "version": 2}', "newer"),
    ],
)
def test_a_file_that_is_not_ours_is_refused_with_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(ExchangeError, match=sentence):
        read_notebook(data)
