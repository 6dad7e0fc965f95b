"""Runs of text as the XML of a Word file, in which nothing becomes markup."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from letstalk_desktop.exporting.characters import carried

_RUN_PROPERTIES = re.compile(r"<w:rPr>(.*?)</w:rPr>")
_PROPERTY = re.compile(r"<w:(?P<name>\w+)(?:\s[^>]*)?/>|<w:(?P<block>pBdr|numPr)>.*?</w:(?P=block)>")
_ORDER = (
    "keepNext", "numPr", "pBdr", "bidi", "spacing", "ind",
    "rFonts", "b", "i", "strike", "color", "sz", "u", "shd", "vertAlign", "rtl", "lang",
)  # fmt: skip


def run_xml(text: str, properties: str = "") -> str:
    """A run, or nothing where there is no text."""
    if not text:
        return ""
    return f"<w:r>{f'<w:rPr>{in_order(properties)}</w:rPr>' if properties else ''}{characters_xml(text)}</w:r>"


def in_order(properties: str) -> str:
    """Properties of a run or paragraph in the order that the schema wants."""
    if properties.count("<w:") == 1:
        return properties
    found = {match["name"] or match["block"]: match[0] for match in _PROPERTY.finditer(properties)}
    return "".join(found[name] for name in _ORDER if name in found)


def characters_xml(text: str) -> str:
    """Text in a run; line ends and tabs are elements of their own."""
    parts = []
    for number, line in enumerate(carried(text).split("\n")):
        if number:
            parts.append("<w:br/>")
        for place, piece in enumerate(line.split("\t")):
            if place:
                parts.append("<w:tab/>")
            if piece:
                parts.append(f'<w:t xml:space="preserve">{escape(piece)}</w:t>')
    return "".join(parts)


def field_xml(code: str, properties: str) -> str:
    """A field that Word fills in, with something to show until it does."""
    return f"<w:fldSimple w:instr={quoteattr(f' {code} ')}><w:r>{properties}<w:t>1</w:t></w:r></w:fldSimple>"


def from_right_to_left(runs: str) -> str:
    """The same runs in that direction."""
    runs = runs.replace("<w:r><w:t", "<w:r><w:rPr></w:rPr><w:t")
    return _RUN_PROPERTIES.sub(lambda found: f"<w:rPr>{in_order(found[1] + '<w:rtl/>')}</w:rPr>", runs)
