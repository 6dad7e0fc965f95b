"""What other programs get has every key their models require, and positions that are code points."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from letstalk_desktop.annotations.model import Anchor, Annotation, AnnotationType, Kind, Placement
from letstalk_desktop.exporting.webannotation import Exchange, readium_annotations, web_annotations
from tests.exporting import sample
from tests.exporting.golden import check_golden

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
IRI = re.compile(r"[a-z][a-z0-9+.-]*:[!-;=?-\[\]_a-z~]+", re.IGNORECASE)


def exchange(marks: list[Annotation] | None = None, language: str = "en") -> Exchange:
    kept = [item for item in (sample.marks() if marks is None else marks) if not item.deleted]
    bookmark = Annotation(
        "00000000-0000-4000-8000-000000000099",
        AnnotationType.BOOKMARK,
        Anchor("community-organizing", "1.0", "en", "power", "b2", 54, 54),
        created="2026-11-01T00:00:00.000Z",
    )
    items = kept if marks is not None else [*kept, bookmark]
    return Exchange(sample.resource(), sample.chapter, items, sample.own_concepts(), language, sample.NOW, "0.1.0")


def web(marks: list[Annotation] | None = None) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = json.loads(web_annotations(exchange(marks)))["first"]["items"]
    return items


def selector(item: dict[str, Any], kind: str) -> dict[str, Any]:
    found: dict[str, Any] = next(part for part in item["target"]["selector"] if part["type"] == kind)
    return found


@pytest.mark.parametrize("language", ["en", "fr"])
def test_both_files_are_stable(language: str) -> None:
    check_golden(f"notes.{language}.jsonld", web_annotations(exchange(language=language)).decode("utf-8"))
    made, left_out = readium_annotations(exchange(language=language))
    check_golden(f"notes.{language}.annotation", made.decode("utf-8"))
    assert left_out == 2


def test_a_collection_has_what_the_model_requires() -> None:
    document = json.loads(web_annotations(exchange()))
    assert document["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert document["type"] == "AnnotationCollection"
    assert document["total"] == len(document["first"]["items"]) == 12
    assert document["first"]["type"] == "AnnotationPage"
    assert document["first"]["partOf"] == document["id"]
    for item in document["first"]["items"]:
        assert (item["@context"], item["type"]) == ("http://www.w3.org/ns/anno.jsonld", "Annotation")
        assert IRI.fullmatch(item["id"])
        assert IRI.fullmatch(item["target"]["source"])
        assert TIME.fullmatch(item["created"])
        for body in item.get("body", []):
            assert body["type"] == "TextualBody"
            assert isinstance(body["value"], str)
            assert body["purpose"] in ("commenting", "tagging", "classifying", "replying")
        for part in item["target"].get("selector", []):
            position = part.get("refinedBy", part)
            if position["type"] == "TextPositionSelector":
                assert 0 <= position["start"] < position["end"]
            if part["type"] == "TextQuoteSelector":
                assert part["exact"]


def test_positions_are_code_points_on_the_text_of_record() -> None:
    mark = sample.highlight(4, "concepts", "«\u00a0on avance ensemble\u00a0» \U0001f9e9 often")
    (item,) = web([mark])
    text = sample.chapter("concepts", "en").text
    position = selector(item, "TextPositionSelector")
    assert text[position["start"] : position["end"]] == mark.anchor.exact
    inner = selector(item, "CssSelector")
    block = next(block for block in sample.chapter("concepts", "en").blocks if f"#{block.id}" == inner["value"])
    inside = text[block.start : block.end]
    assert inside[inner["refinedBy"]["start"] : inner["refinedBy"]["end"]] == mark.anchor.exact


def test_what_spans_blocks_or_has_no_place_is_not_pinned_to_a_block() -> None:
    text = sample.chapter("concepts", "en").text
    start, end = text.index("Then comes"), text.index("Who is missing") + 3
    wide = sample.highlight(1, "concepts", text[start:end])
    (item,) = web([wide])
    assert [part["type"] for part in item["target"]["selector"]] == ["TextPositionSelector", "TextQuoteSelector"]
    lost = sample.highlight(2, "power", "words that were revised away", placement=Placement.UNPLACED)
    gone = lost.changed(anchor=lost.anchor._replace(chapter="removed"))
    for item in web([lost, gone]):
        assert [part["type"] for part in item["target"]["selector"]] == ["TextQuoteSelector"]


def test_motives_and_bodies_tell_what_the_reader_did() -> None:
    by_id = {item["id"][-2:]: item for item in web()}
    assert by_id["02"]["motivation"] == ["highlighting", "commenting", "tagging"]
    assert [body["value"] for body in by_id["02"]["body"]] == ["Our survey reached 80.", "base building", "éveil", "evidence"]
    assert by_id["07"]["motivation"] == "highlighting"
    assert by_id["09"]["motivation"] == "commenting"
    assert by_id["21"]["motivation"] == "replying"
    assert by_id["99"]["motivation"] == "bookmarking"
    assert by_id["10"]["target"] == {"source": "urn:letstalk:community-organizing:1.0:en"}
    assert by_id["06"]["creator"]["name"] == "Léa"


def test_a_readium_set_has_the_keys_that_its_readers_require() -> None:
    made, _ = readium_annotations(exchange())
    document = json.loads(made)
    assert document["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert document["type"] == "AnnotationSet"
    assert {"id", "type", "name"} <= document["generator"].keys()
    assert TIME.fullmatch(document["generated"])
    assert {"dc:identifier", "dc:format", "dc:title", "dc:publisher", "dc:creator", "dc:date"} == document["about"].keys()
    for item in document["items"]:
        assert {"@context", "id", "created", "type", "motivation", "body", "target"} <= item.keys()
        assert item["motivation"] in ("highlighting", "bookmarking")
        assert item["body"]["type"] == "TextualBody"
        assert isinstance(item["body"]["value"], str)
        assert item["body"]["highlight"] in ("solid", "underline", "strikethrough", "outline", "bookmark")
        assert isinstance(item["target"]["source"], str)
        assert item["target"]["selector"]
        for heading in item["target"].get("meta", {}).get("headings", []):
            assert heading.keys() == {"level", "txt"}
        if "creator" in item:
            assert {"id", "type", "name"} == item["creator"].keys()


def test_kinds_become_the_six_colour_names() -> None:
    made, _ = readium_annotations(exchange([sample.highlight(1, "power", "Others wait.", kind) for kind in Kind]))
    colours = [item["body"]["color"] for item in json.loads(made)["items"]]
    assert colours == ["yellow", "green", "blue", "orange", "pink", "purple"]


def test_awkward_text_travels() -> None:
    note = "\0 \ud800 </script> \U0001f9e9 \u2028 « »"
    marks = [sample.highlight(1, "power", "Others wait.", note=note, author="\ud800x").changed(id="no uuid é")]
    (item,) = web(marks)
    assert item["body"][0]["value"] == note
    assert item["id"] == "urn:letstalk:annotation:no%20uuid%20%C3%A9"
    (item,) = json.loads(readium_annotations(exchange(marks))[0])["items"]
    assert item["body"]["value"] == note
