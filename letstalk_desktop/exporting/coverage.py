"""Which characters our fonts can show, read from the fonts' own character maps (OpenType ``cmap``, formats 4 and 12)."""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

# Fonts of the screen only; the templates do not use them.
_SCREEN_ONLY = ("AtkinsonHyperlegible", "OpenDyslexic")
# Shown by no glyph and in need of none: joiners, direction marks, variation selectors, soft hyphen, line separators, tags.
_INVISIBLE = frozenset(
    chr(code)
    for first, last in (
        (0xAD, 0xAD),
        (0x61C, 0x61C),
        (0x200B, 0x200F),
        (0x2028, 0x202E),
        (0x2060, 0x2064),
        (0x2066, 0x2069),
        (0xFE00, 0xFE0F),
        (0xE0020, 0xE007F),
    )
    for code in range(first, last + 1)
)


class Coverage(NamedTuple):
    """The characters of each font; ``all`` is what can be shown one way or another."""

    fonts: tuple[frozenset[str], ...]
    all: frozenset[str]

    def shows(self, cluster: str) -> bool:
        """Whether one font has every character of a cluster, as marks need the font of their letter."""
        visible = [character for character in cluster if character not in _INVISIBLE]
        return any(all(character in font for character in visible) for font in self.fonts)


def read_coverage(fonts: Path) -> Coverage:
    """The coverage of the export fonts in a folder. ``OSError`` where a file cannot be read."""
    sets = tuple(
        frozenset(filter(_is_text, map(chr, _characters(path.read_bytes()))))
        for path in sorted(fonts.iterdir())
        if path.suffix.lower() in (".ttf", ".otf") and not path.name.startswith(_SCREEN_ONLY)
    )
    return Coverage(sets, frozenset().union(*sets) | _INVISIBLE)


def _is_text(character: str) -> bool:
    """Whether PDF/A allows the character: fonts also map byte order marks, control characters and private ones."""
    return not unicodedata.category(character).startswith("C")


def _characters(font: bytes) -> Iterator[int]:
    """The code points of a font; none for a file that is not one."""
    if len(font) < 12:
        return
    tables = {}
    for index in range(struct.unpack_from(">H", font, 4)[0]):
        name, _, offset, _ = struct.unpack_from(">4sLLL", font, 12 + 16 * index)
        tables[name] = offset
    if b"cmap" not in tables:
        return
    start = tables[b"cmap"]
    maps = {}
    for index in range(struct.unpack_from(">H", font, start + 2)[0]):
        platform, encoding, offset = struct.unpack_from(">HHL", font, start + 4 + 8 * index)
        maps[platform, encoding] = start + offset
    for wanted in ((3, 10), (0, 4), (0, 6), (3, 1), (0, 3)):
        if wanted in maps:
            kind = struct.unpack_from(">H", font, maps[wanted])[0]
            yield from _format_12(font, maps[wanted]) if kind == 12 else _format_4(font, maps[wanted])
            return


def _format_12(font: bytes, start: int) -> Iterator[int]:
    count = struct.unpack_from(">L", font, start + 12)[0]
    for first, last, glyph in struct.iter_unpack(">LLL", font[start + 16 : start + 16 + 12 * count]):
        yield from range(first + (glyph == 0), last + 1)


def _format_4(font: bytes, start: int) -> Iterator[int]:
    count = struct.unpack_from(">H", font, start + 6)[0] // 2
    ends, starts = start + 14, start + 16 + 2 * count
    deltas, offsets = starts + 2 * count, starts + 4 * count
    for index in range(count):
        (last,) = struct.unpack_from(">H", font, ends + 2 * index)
        (first,) = struct.unpack_from(">H", font, starts + 2 * index)
        (delta,) = struct.unpack_from(">H", font, deltas + 2 * index)
        (offset,) = struct.unpack_from(">H", font, offsets + 2 * index)
        for code in range(first, min(last, 0xFFFE) + 1):
            if offset == 0:
                glyph = (code + delta) & 0xFFFF
            else:
                (glyph,) = struct.unpack_from(">H", font, offsets + 2 * index + offset + 2 * (code - first))
            if glyph:
                yield code
