"""Formatted references: CSL-JSON items through a CSL processor (citeproc-py) and the styles in ``styles/``.

The styles follow the APA manual, 7th edition, in English and as French-language universities of Canada adapt it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from io import BytesIO
from typing import Any

_LOCALES = {"en": "en-US", "fr": "fr-CA"}
_TEXTS = (
    "title",
    "container-title",
    "publisher",
    "publisher-place",
    "page",
    "volume",
    "issue",
    "number",
    "edition",
    "DOI",
    "URL",
)
_NAMES = ("author", "editor")
_NAME_PARTS = ("family", "given", "literal", "suffix", "dropping-particle", "non-dropping-particle")
_ITALIC, _UPRIGHT = "\ue000", "\ue001"
_ADDRESS = re.compile(r"https?://\S+$")


@dataclass(frozen=True, slots=True)
class Run:
    """Part of a formatted reference. ``url`` is set where it is an address."""

    text: str
    italic: bool = False
    url: str = ""


def format_references(items: Sequence[Mapping[str, object]], language: str) -> list[tuple[Run, ...]]:
    """Each item as runs of text, in the same order. An item that the processor cannot take is shown by title and address."""
    if not items:
        return []
    style = _Style(language if language in _LOCALES else "en")
    return [style.runs(item) for item in items]


class _Style:
    def __init__(self, language: str) -> None:
        # Imported here because lxml is only needed when references are formatted.
        from citeproc import CitationStylesStyle  # type: ignore[import-untyped]

        source = resources.files(__package__).joinpath("styles", f"apa-{language}.csl").read_bytes()
        self._style = CitationStylesStyle(BytesIO(source), locale=_LOCALES[language], validate=False)

    def runs(self, item: Mapping[str, object]) -> tuple[Run, ...]:
        from citeproc import Citation, CitationItem, CitationStylesBibliography
        from citeproc.source.json import CiteProcJSON  # type: ignore[import-untyped]

        try:
            bibliography = CitationStylesBibliography(self._style, CiteProcJSON([_cleaned(item)]), _Marks)
            bibliography.register(Citation([CitationItem("item")]))
            formatted = "".join(str(part) for part in bibliography.bibliography())
        except Exception:  # a foreign item may hold anything; its title is better than no document
            formatted = ""
        words = formatted or " ".join(str(item[key]) for key in ("title", "DOI", "URL") if item.get(key)) or "?"
        return tuple(_runs(words))


class _Marks:
    """The formatter that citeproc-py calls: italics between two private characters, everything else as it is."""

    @staticmethod
    def preformat(text: str) -> str:
        return text

    @staticmethod
    def Italic(text: str) -> str:
        return f"{_ITALIC}{text}{_UPRIGHT}"

    Oblique = Italic
    Bold = Light = Underline = Superscript = Subscript = SmallCaps = str


def _cleaned(item: Mapping[str, object]) -> dict[str, Any]:
    """The parts of an item that the styles use, in the form that the processor expects."""
    result: dict[str, Any] = {"id": "item", "type": str(item.get("type") or "article")}
    for key in _TEXTS:
        if item.get(key):
            result[key] = re.sub(f"[{_ITALIC}{_UPRIGHT}]", "", str(item[key]))
    for key in _NAMES:
        people: Any = item.get(key) or []
        names = [{part: str(name[part]) for part in _NAME_PARTS if name.get(part)} for name in people]
        names = [{"literal": name["literal"]} if "literal" in name else name for name in names if name]
        if names:
            result[key] = names
    issued: Any = item.get("issued") or {}
    dates = [[int(part) for part in date] for date in issued.get("date-parts") or [] if date]
    if dates:
        result["issued"] = {"date-parts": dates}
    elif issued.get("literal"):
        result["issued"] = {"literal": str(issued["literal"])}
    if number := re.match(r"(\d+)(?:st|nd|rd|th|re|e)?$", result.get("edition", "")):
        result["edition"] = number[1]
    if "issue" in result:
        result["issue"] = re.sub(r"(?<=\d)-(?=\d)", "–", result["issue"])
    if "publisher" in result and [name.get("literal") for name in result.get("author", [])] == [result["publisher"]]:
        del result["publisher"]  # APA: an author that is also the publisher is named once
    return result


def _runs(words: str) -> list[Run]:
    """The processor's text as runs, with no full stop doubled where italics end."""
    words = re.sub(rf"([.?!])({_UPRIGHT}?)\.", r"\1\2", words)
    result: list[Run] = []
    for index, part in enumerate(re.split(f"[{_ITALIC}{_UPRIGHT}]", words)):
        italic = index % 2 == 1
        address = None if italic else _ADDRESS.search(part)
        if address:
            result.extend((Run(part[: address.start()]), Run(address[0], url=address[0])))
        else:
            result.append(Run(part, italic))
    return [run for run in result if run.text]
