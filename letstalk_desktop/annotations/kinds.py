"""The six kinds as data: letter, name and line style, shared by the window, the exports and the command line.

Colour is never the only cue: each kind also has a letter and a line style of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from letstalk_desktop.language import N_, Translator


class Kind(StrEnum):
    """Why a passage was marked."""

    KEY = "key"
    EVIDENCE = "evidence"
    QUESTION = "question"
    ACTION = "action"
    TENSION = "tension"
    STORY = "story"


class KindStyle(NamedTuple):
    """How a kind is told apart. ``name`` is an untranslated literal.

    ``line`` is one of solid, double, dashed, heavy, dash-dot, dotted.
    """

    letter: str
    name: str
    line: str


KIND_STYLES: Mapping[Kind, KindStyle] = {
    Kind.KEY: KindStyle("K", N_("Key idea"), "solid"),
    Kind.EVIDENCE: KindStyle("E", N_("Evidence"), "dashed"),
    Kind.QUESTION: KindStyle("Q", N_("Question"), "dotted"),
    Kind.ACTION: KindStyle("A", N_("Action"), "double"),
    Kind.TENSION: KindStyle("T", N_("Tension"), "heavy"),
    Kind.STORY: KindStyle("S", N_("Story"), "dash-dot"),
}


def kind_name(kind: Kind, translator: Translator, own_names: Mapping[Kind, str] | None = None) -> str:
    """The reader's own name for a kind, else the program's in the translator's language."""
    return (own_names or {}).get(kind) or translator.gettext(KIND_STYLES[kind].name)
