"""Characters that text formats cannot carry: shown by their code, so that nothing disappears unseen."""

from __future__ import annotations

import re

_PLANES = "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17))
# Controls, half pairs and noncharacters: what XML forbids or HTML calls an error. CommonMark and YAML cannot hold them either.
_FORBIDDEN = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff{_PLANES}]")


def carried(text: str) -> str:
    """The text with a visible ``[U+XXXX]`` for each character that cannot be carried. Line ends become ``\\n``."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _FORBIDDEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


def json_in_html(document: str) -> str:
    """JSON that may stand in an HTML ``script`` element: the same values, with escapes for what HTML would trip over."""
    escaped = _FORBIDDEN.sub(lambda found: "".join(f"\\u{unit:04x}" for unit in _units(found[0])), document)
    return escaped.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _units(character: str) -> list[int]:
    """The UTF-16 code units of a character."""
    data = character.encode("utf-16-be", "surrogatepass")
    return [int.from_bytes(data[index : index + 2], "big") for index in range(0, len(data), 2)]
