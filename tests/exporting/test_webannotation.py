"""What other programs get has every key their models require, and positions that are code points."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from letstalk_desktop.annotations.model import Anchor, Annotation, AnnotationType, Kind, Placement
from letstalk_desktop.exporting.webannotation import Exchange, readium_annotations, web_annotations
from tests.exporting import sample
from tests.exporting.golden import check_golden

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
IRI = re.compile(r"[a-z][a-z0-9+.-]*:[!-;=?-\[\]_a-z~]+", re.IGNORECASE)


_ORDER = ["CssSelector", "TextPositionSelector", "TextQuoteSelector", "ProgressionSelector"]


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
    assert document["last"] == document["first"]["id"]
    assert document["first"]["startIndex"] == 0
    assert document["generator"].keys() == {"id", "type", "name"}
    assert len({document["id"], document["last"], *(item["id"] for item in document["first"]["items"])}) == 14
    for item in document["first"]["items"]:
        assert (item["@context"], item["type"]) == ("http://www.w3.org/ns/anno.jsonld", "Annotation")
        assert IRI.fullmatch(item["id"])
        assert IRI.fullmatch(item["target"]["source"])
        assert TIME.fullmatch(item["created"])
        for body in item.get("body", []):
            assert body["type"] == "TextualBody"
            assert isinstance(body["value"], str)
            assert body["purpose"] in ("commenting", "tagging", "classifying", "replying", "describing")
            assert body["format"] == ("text/markdown" if body["purpose"] in ("commenting", "replying") else "text/plain")
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
    across, *others = item["target"]["selector"]
    assert [part["type"] for part in others] == ["TextPositionSelector", "TextQuoteSelector"]
    begin, finish = across["startSelector"]["refinedBy"], across["endSelector"]["refinedBy"]
    blocks = {f"#{block.id}": block.start for block in sample.chapter("concepts", "en").blocks}
    assert across["type"] == "RangeSelector"
    assert blocks[across["startSelector"]["value"]] + begin["start"] == blocks["#b1"] + begin["end"] == start
    assert blocks[across["endSelector"]["value"]] + finish["start"] == blocks["#b2"] + finish["end"] == end
    (read,) = json.loads(readium_annotations(exchange([wide]))[0])["items"]
    kinds = [part["type"] for part in read["target"]["selector"]]
    assert kinds == ["TextPositionSelector", "TextQuoteSelector", "ProgressionSelector"]
    lost = sample.highlight(2, "power", "words that were revised away", placement=Placement.UNPLACED)
    gone = lost.changed(anchor=lost.anchor._replace(chapter="removed"))
    for item in web([lost, gone]):
        assert [part["type"] for part in item["target"]["selector"]] == ["TextQuoteSelector"]


def test_motives_and_bodies_tell_what_the_reader_did() -> None:
    by_id = {item["id"][-2:]: item for item in web()}
    assert by_id["02"]["motivation"] == ["highlighting", "commenting", "tagging"]
    assert [body["value"] for body in by_id["02"]["body"]] == ["Our survey reached 80.", "base building", "éveil", "evidence"]
    assert [body.get("language") for body in by_id["02"]["body"]] == ["en", "en", None, "en"]
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
        assert item["body"]["format"] == "text/plain"
        assert item["body"]["language"] in ("en", "fr")
        assert ("tag" in item["body"]) == ("tags" in item["body"])
        assert item["body"].get("tag") == (item["body"].get("tags") or [None])[0]
        order = [part["type"] for part in item["target"]["selector"]]
        assert order
        assert order == sorted(order, key=_ORDER.index)
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
    assert item["body"][0]["value"] == note.replace("\ud800", "\ufffd")
    assert item["id"] == "urn:letstalk:annotation:no%20uuid%20%C3%A9"
    made = readium_annotations(exchange(marks))[0]
    (item,) = json.loads(made)["items"]
    assert "</script> \U0001f9e9 \u2028 « »" in item["body"]["value"]
    assert b"\\ud800" not in made


def test_a_place_whose_words_are_others_is_no_place() -> None:
    stale = sample.highlight(1, "power", "Others wait.")
    stale = stale.changed(anchor=stale.anchor._replace(start=0, end=12))
    (item,) = web([stale])
    assert [part["type"] for part in item["target"]["selector"]] == ["TextQuoteSelector"]
    assert "state" not in item["target"]
    (read,) = json.loads(readium_annotations(exchange([stale]))[0])["items"]
    assert [part["type"] for part in read["target"]["selector"]] == ["TextQuoteSelector"]
    assert "meta" not in read["target"]


def test_a_position_says_of_which_state_of_the_text_it_is_one() -> None:
    placed, lost = web(
        [
            sample.highlight(1, "power", "Others wait."),
            sample.highlight(2, "power", "words that were revised away", placement=Placement.UNPLACED),
        ]
    )
    assert placed["target"]["state"] == {"type": "TimeState", "sourceDate": "2026-11-24T00:30:00.000Z"}
    assert placed["target"]["source"] == "urn:letstalk:community-organizing:1.0:en:power"
    assert "state" not in lost["target"]


def test_an_answer_is_on_its_question() -> None:
    (item,) = web([sample.answer(1, "We did.")])
    assert item["target"] == {"source": "urn:letstalk:community-organizing:1.0:en:concepts#q-self-interest"}
    purposes = {body["purpose"]: body["value"] for body in item["body"]}
    assert purposes == {"replying": "We did.", "describing": "Whose self-interest did our last project begin with?"}
    asked = sample.answer(2, "Nobody.")
    (item,) = web([asked.changed(anchor=asked.anchor._replace(block="b2", exact="words of the question"))])
    assert item["target"]["source"] == "urn:letstalk:community-organizing:1.0:en:concepts"
    assert item["target"]["selector"] == [{"type": "CssSelector", "value": "#b2"}]


def test_writing_from_right_to_left_is_told() -> None:
    mark = sample.highlight(1, "power", "Others wait.", note="שלום *עולם*")
    (item,) = web([mark])
    assert item["body"][0]["textDirection"] == "rtl"
    assert all("textDirection" not in body for body in item["body"][1:])
    (read,) = json.loads(readium_annotations(exchange([mark]))[0])["items"]
    assert (read["body"]["value"], read["body"]["textDirection"]) == ("שלום עולם", "rtl")


def test_plain_text_holds_no_markup_and_loses_no_note() -> None:
    marks = [
        sample.highlight(1, "power", "Others wait.", note="Ask the group: *who* names the problem?\n\n- one\n- two"),
        sample.highlight(2, "power", "Others wait.", note="[a]: https://example.org"),
    ]
    first, second = json.loads(readium_annotations(exchange(marks))[0])["items"]
    assert first["body"]["value"] == "Ask the group: who names the problem?\n- one\n- two"
    assert second["body"]["value"] == "[a]: https://example.org"


def test_times_are_utc_whatever_they_were() -> None:
    mark = sample.highlight(1, "power", "Others wait.")
    (east,) = web([mark.changed(created="2026-11-23T09:12:00+02:00", modified="2026-11-23 08:00")])
    assert (east["created"], east["modified"]) == ("2026-11-23T07:12:00.000Z", "2026-11-23T08:00:00.000Z")
    (none,) = web([mark.changed(created="last week", modified="")])
    assert none["created"] == "2026-11-24T00:30:00.000Z"
    assert "modified" not in none


@pytest.mark.parametrize(("identity", "shown"), [("p-1", "#p-1"), ("3-words", "#\\33 -words"), ("-3", "#-\\33 ")])
def test_an_element_is_named_as_css_names_it(identity: str, shown: str) -> None:
    chapter = sample.chapter("power", "en")
    named = chapter._replace(blocks=tuple(block._replace(id=identity) for block in chapter.blocks))
    made = replace(exchange([sample.highlight(1, "power", "Others wait.")]), load_chapter=lambda *_: named)
    (item,) = json.loads(web_annotations(made))["first"]["items"]
    assert selector(item, "CssSelector")["value"] == shown


def test_the_empty_notebook_is_a_collection_too() -> None:
    document = json.loads(web_annotations(exchange([])))
    assert (document["total"], document["first"]["items"]) == (0, [])
    assert json.loads(readium_annotations(exchange([]))[0])["items"] == []
