"""What is printed survives any terminal."""

from __future__ import annotations

import io
import json
import sys

import pytest

from letstalk_desktop.commands import output


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("utf-8", "L’œuvre\u202f: «\u00a0été\u00a0» – 😀"),
        ("latin-1", "L'oeuvre : «\u00a0été\u00a0» - \\U0001f600"),
        ("ascii", 'L\'oeuvre : " ete " - \\U0001f600'),
    ],
)
def test_what_a_terminal_cannot_show_is_shown_more_plainly(monkeypatch: pytest.MonkeyPatch, encoding: str, shown: str) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="\n")
    monkeypatch.setattr(sys, "stdout", stream)
    output.prepare_streams()
    output.say("L’œuvre\u202f: «\u00a0été\u00a0» – 😀")
    output.finish()
    assert stream.buffer.getvalue().decode(encoding) == f"{shown}\n"  # type: ignore[attr-defined]


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "ascii"])
def test_json_comes_through_every_encoding_unharmed(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", stream)
    output.prepare_streams()
    value = {"exact": "L’œuvre\u202f: 😀"}
    output.print_json(value)
    output.finish()
    assert json.loads(stream.buffer.getvalue().decode(encoding)) == value  # type: ignore[attr-defined]


def test_without_any_output_nothing_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    output.prepare_streams()
    output.say("words")
    output.print_exactly("words")
    output.print_json({})
    output.finish()
    assert sys.stdout is None
