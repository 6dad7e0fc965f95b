"""Highlights in documents as they were really revised: found where they belong, or said to be gone."""

from __future__ import annotations

import json
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from letstalk_desktop.annotations.anchoring import Found, Relocator, Result
from letstalk_desktop.annotations.model import Anchor

HISTORIES = Path(__file__).parent / "histories"
ENOUGH = 0.7  # intersection over union with the true place


@cache
def records(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (HISTORIES / name).read_text(encoding="utf-8").splitlines()]


def anchor(case: dict[str, Any]) -> Anchor:
    fields = {name: case[name] for name in ("start", "end", "exact", "prefix", "suffix")}
    return Anchor("resource", "1", "en", "chapter", **fields)


def overlap(result: Found, truth: list[int]) -> float:
    shared = min(result.end, truth[1]) - max(result.start, truth[0])
    return max(0, shared) / (max(result.end, truth[1]) - min(result.start, truth[0]))


def verdict(case: dict[str, Any], result: Result) -> str:
    """right, lost (it is there, and we did not say so) or wrong (a place that is not the true one)."""
    if not isinstance(result, Found):
        return "right" if case["truth"] is None else "lost"
    truths = [truth for truth in (case["truth"], case.get("truth_core")) if truth]
    return "right" if any(overlap(result, truth) >= ENOUGH for truth in truths) else "wrong"


@cache
def verdicts(with_old: bool) -> dict[str, str]:
    by_document: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for case in records("cases.jsonl"):
        by_document[case["doc"]].append(case)
    found: dict[str, str] = {}
    for pair in records("pairs.jsonl"):
        cases = by_document[pair["doc"]]
        relocator = Relocator(pair["new_text"], pair["old_text"] if with_old else None)
        results = relocator.locate_all([anchor(case) for case in cases])
        found.update((case["id"], verdict(case, result)) for case, result in zip(cases, results, strict=True))
    return found


@pytest.mark.parametrize(("with_old", "right", "wrong"), [(True, 0.97, 0.0125), (False, 0.95, 0.0125)])
def test_real_revisions_keep_their_highlights_and_hardly_one_is_misplaced(with_old: bool, right: float, wrong: float) -> None:
    found = list(verdicts(with_old).values())
    assert len(found) == len(records("cases.jsonl")) > 80
    assert found.count("right") / len(found) >= right
    assert found.count("wrong") / len(found) <= wrong


@pytest.mark.parametrize("with_old", [True, False])
@pytest.mark.parametrize("kind", ["unchanged", "context-changed"])
def test_a_quote_that_stands_unchanged_is_always_found(kind: str, with_old: bool) -> None:
    found = verdicts(with_old)
    assert [case["id"] for case in records("cases.jsonl") if case["kind"] == kind and found[case["id"]] != "right"] == []


def test_the_fixture_is_what_it_says() -> None:
    texts = {pair["doc"]: pair for pair in records("pairs.jsonl")}
    for case in records("cases.jsonl"):
        old = texts[case["doc"]]["old_text"]
        assert old[case["start"] : case["end"]] == case["exact"]
        assert old[: case["start"]].endswith(case["prefix"])
        assert old[case["end"] :].startswith(case["suffix"])
