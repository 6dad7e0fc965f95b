"""The engine on the command line: one text, its anchors, one answer a line, whatever the lines look like."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from typing import Any

from letstalk_desktop.annotations.anchoring.__main__ import Session

OLD = "A base is the group of people who are organized. Leaders come from it. They listen first and speak later, and they last."
NEW = "What follows is new. " + OLD.replace("Leaders come from it. ", "")


def anchor(name: str, quote: str, **changes: Any) -> dict[str, Any]:
    start = OLD.index(quote)
    end = start + len(quote)
    fields = {"exact": quote, "prefix": OLD[max(0, start - 32) : start], "suffix": OLD[end : end + 32]}
    return {"id": name, "doc": "d", "start": start, "end": end, **fields, **changes}


def talk(*lines: dict[str, Any] | str) -> dict[str, dict[str, Any]]:
    output = io.StringIO()
    session = Session(output)
    for line in lines:
        session.read(line if isinstance(line, str) else json.dumps(line))
    session.answer()
    answers = [json.loads(line) for line in output.getvalue().splitlines()]
    assert len({answer["id"] for answer in answers}) == len(answers)
    return {answer["id"]: answer for answer in answers}


def test_it_answers_with_places_or_null_and_says_how_sure_it_is_and_how_long_it_took() -> None:
    for text in ({"doc": "d", "text": NEW, "old_text": OLD}, {"doc": "d", "text": NEW}):
        answers = talk(text, anchor("a", "group of people"), anchor("b", "Leaders come from it."))
        assert NEW[answers["a"]["start"] : answers["a"]["end"]] == "group of people"
        assert answers["b"]["start"] is None
        for answer in answers.values():
            assert 0 <= answer["confidence"] <= 1
            assert answer["ms"] >= 0


def test_several_texts_blank_lines_and_rubbish_between_them() -> None:
    answers = talk(
        "",
        {"doc": "d", "text": NEW},
        "   ",
        anchor("a", "listen first"),
        "this is no JSON",
        "[1, 2]",
        {"doc": "e", "text": OLD, "old_text": OLD},
        anchor("b", "listen first", doc="e"),
        {"unknown": 1},
    )
    assert NEW[answers["a"]["start"] : answers["a"]["end"]] == "listen first"
    assert OLD[answers["b"]["start"] : answers["b"]["end"]] == "listen first"


def test_texts_may_all_be_announced_before_their_anchors() -> None:
    answers = talk(
        {"doc": "d", "text": NEW, "old_text": OLD},
        {"doc": "e", "text": OLD},
        anchor("a", "listen first"),
        anchor("b", "listen first", doc="e"),
        anchor("c", "speak later"),
    )
    assert NEW[answers["a"]["start"] : answers["a"]["end"]] == "listen first"
    assert OLD[answers["b"]["start"] : answers["b"]["end"]] == "listen first"
    assert NEW[answers["c"]["start"] : answers["c"]["end"]] == "speak later"


def test_missing_and_odd_fields_are_borne() -> None:
    answers = talk(
        {"doc": "d", "text": NEW, "old_text": OLD},
        {"id": 1, "doc": "d", "exact": "the group of people who are organized"},
        {"id": 2, "doc": "d", "start": OLD.index("listen"), "end": OLD.index("listen") + 12},
        {"id": 3, "doc": "d", "exact": "", "start": 10**12, "end": -4, "prefix": None, "suffix": 7},
        {"id": 4, "exact": "speak later", "start": None, "end": "x"},
        {"id": 5, "doc": "never announced", "exact": "speak later"},
    )
    assert NEW[answers[1]["start"] : answers[1]["end"]] == "the group of people who are organized"
    assert NEW[answers[2]["start"] : answers[2]["end"]] == "listen first"
    assert answers[3]["start"] is None
    assert NEW[answers[4]["start"] : answers[4]["end"]] == "speak later"
    assert answers[5]["start"] is None


def test_the_process_answers_in_utf_8_before_its_input_ends() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "letstalk_desktop.annotations.anchoring"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        text = {"doc": "é", "text": "Voilà : « l’œuvre » 🙂 est là."}
        quote = {
            "id": "œ",
            "doc": "é",
            "exact": "« l’œuvre »",
            "prefix": "Voilà : ",
            "suffix": " 🙂 est là.",
            "start": 8,
            "end": 19,
        }
        for message in (text, quote):
            process.stdin.write((json.dumps(message, ensure_ascii=False) + "\n").encode())
        process.stdin.flush()
        answer = json.loads(process.stdout.readline())
        assert (answer["id"], answer["start"], answer["end"]) == ("œ", 8, 19)
        process.stdin.close()
        assert process.stdout.read() == b""
    assert process.returncode == 0
