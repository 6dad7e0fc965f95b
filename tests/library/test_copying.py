"""A passage copied with its citation, as each style asks for it, in both languages: compared with what was checked by hand."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from letstalk_desktop.library.citations import CopyStyle, copy_with_citation
from letstalk_desktop.library.model import Chapter, Resource
from tests.exporting import sample

GOLDEN = Path(__file__).parent / "golden" / "copied.txt"
STYLES: tuple[CopyStyle, ...] = ("apa", "vancouver", "chicago", "plain")
NAMES = {"Maria Roy": ("Roy", "Maria"), "Jean-Pierre Heller": ("Heller", "Jean-Pierre")}
THREE = {**NAMES, "Ana Bell": ("Bell", "Ana")}


def resources() -> Iterator[tuple[str, Resource]]:
    """Resources as they may be published."""
    made = sample.resource()
    yield "two people", made._replace(authors=tuple(NAMES), people=NAMES)
    yield "three people, second edition", made._replace(authors=tuple(THREE), people=THREE, edition="2")
    yield "an organization", made
    yield (
        "a person and an organization, no edition",
        made._replace(authors=("Maria Roy", "The Water Committee"), people=NAMES, edition=""),
    )
    yield "no year", made._replace(published="")
    yield "a full date", made._replace(published="2026-11-03")
    yield "nobody", made._replace(authors=())


def passages(language: str) -> Iterator[tuple[str, str]]:
    """Passages with their locators."""
    if language == "en":
        yield "Power grows.", "3.12"
        yield "“power before program.”", "3.12"
        yield "who decides?", "3.12–3.13"
        yield "One paragraph.\n\nAnother “one”.", "G.4"
        yield "word " * 45 + "end.", ""
    else:
        yield "Le pouvoir grandit.", "3.12"
        yield "«\u00a0le pouvoir avant le programme.\u00a0»", "3.12"
        yield "qui décide\u00a0?", "3.12–3.13"
        yield "Un paragraphe.\n\nUn «\u00a0autre\u00a0».", "G.4"
        yield "mot " * 45 + "fin.", ""


def copied(style: CopyStyle, language: str) -> Iterator[str]:
    """Everything once; the last resource is met by all passages."""
    yield f"=== {style} {language}"
    chapter: Chapter = sample.chapter("power", language)
    first, *others = passages(language)
    for name, resource in resources():
        yield f"--- {name}"
        for words, locator in [first, *(others if name == "two people" else ())]:
            yield from copy_with_citation(words, resource, chapter, locator, style=style, language=language)


def test_every_style_in_both_languages() -> None:
    made = "\n".join(line for style in STYLES for language in ("en", "fr") for line in copied(style, language)) + "\n"
    made = made.replace("\u00a0", "~")  # so that eyes can check it
    if os.environ.get("LETSTALK_RENEW_GOLDEN"):
        GOLDEN.write_text(made, encoding="utf-8", newline="\n")
    assert made == GOLDEN.read_text(encoding="utf-8")
