"""Characters that text formats cannot carry: shown by their code, so that nothing disappears unseen."""

from __future__ import annotations

import re

# What XML 1.0 forbids, which is also what HTML, YAML and CommonMark cannot hold: controls, half pairs, two noncharacters.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def carried(text: str) -> str:
    """The text with a visible ``[U+XXXX]`` for each character that XML cannot carry. Line ends become ``\\n``."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _FORBIDDEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)
