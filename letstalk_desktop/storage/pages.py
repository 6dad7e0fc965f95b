"""Rows read straight from the pages of a notebook file, for when SQLite itself can no longer find its way through it.

Follows the description of the file format at sqlite.org (fileformat2.html): a table's rows lie in leaf pages of type 13, each
of which can be read without the pages above it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DEFAULT_PAGE = 4096
_MAGIC = b"SQLite format 3\x00"
_LEAF = 13
_MAX_PAYLOAD = 64 * 1024 * 1024  # a damaged length must not make us build gigabytes

Value = str | bytes | int | float | None


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row as it lies in a leaf page."""

    rowid: int
    values: tuple[Value, ...]


def image(database: Path, log: Path) -> bytes:
    """The notebook as it was after the last commit: the file, under the committed pages of its write-ahead log.

    Long enough for what its header promises; what is missing is zeros.
    """
    data = bytearray(database.read_bytes() if database.exists() else b"")
    frames, size, pages = _committed(log.read_bytes() if log.exists() else b"")
    if pages and len(data) < pages * size:
        data.extend(bytes(pages * size - len(data)))
    for number, content in frames.items():
        first = (number - 1) * size
        if len(data) < first + size:
            data.extend(bytes(first + size - len(data)))
        data[first : first + size] = content
    promised = int.from_bytes(data[28:32], "big") * page_size(data) if data.startswith(_MAGIC) else 0
    if len(data) < promised < len(data) + 2**30:
        data.extend(bytes(promised - len(data)))
    return bytes(data)


def page_size(data: bytes | bytearray) -> int:
    """The size of a page in bytes, from the header if there is one."""
    stated = int.from_bytes(data[16:18], "big") if data.startswith(_MAGIC) else 0
    stated = 65536 if stated == 1 else stated
    return stated if stated >= 512 and stated & (stated - 1) == 0 else DEFAULT_PAGE


def _committed(log: bytes) -> tuple[dict[int, bytes], int, int]:
    """The pages that a write-ahead log holds up to its last whole commit, their size, and how many the file then has."""
    if len(log) < 32 or log[:3] != b"\x37\x7f\x06" or log[3] not in (0x82, 0x83):
        return {}, DEFAULT_PAGE, 0
    order = ">" if log[3] == 0x83 else "<"
    size = int.from_bytes(log[8:12], "big")
    if size < 512 or size & (size - 1):
        return {}, DEFAULT_PAGE, 0
    sums = _checksum(log[:24], (0, 0), order)
    pages: dict[int, bytes] = {}
    waiting: dict[int, bytes] = {}
    total = 0
    for first in range(32, len(log) - 24 - size + 1, 24 + size):
        header, content = log[first : first + 24], log[first + 24 : first + 24 + size]
        sums = _checksum(content, _checksum(header[:8], sums, order), order)
        if header[8:16] != log[16:24] or struct.unpack(">II", header[16:24]) != sums:
            break
        number, commit = struct.unpack(">II", header[:8])
        waiting[number] = content
        if commit:
            pages |= waiting
            waiting, total = {}, commit
    return pages, size, total


def _checksum(data: bytes, sums: tuple[int, int], order: str) -> tuple[int, int]:
    one, two = sums
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for index in range(0, len(words), 2):
        one = (one + words[index] + two) & 0xFFFFFFFF
        two = (two + words[index + 1] + one) & 0xFFFFFFFF
    return one, two


def rows(data: bytes) -> Iterator[RawRow]:
    """Every row in every leaf page that can be understood, whichever table it belongs to."""
    size = page_size(data)
    reserved = data[20] if data.startswith(_MAGIC) else 0
    for first in range(0, len(data), size):
        page = data[first : first + size]
        yield from _rows_of_page(data, page, 100 if first == 0 else 0, size, size - reserved)


def _rows_of_page(data: bytes, page: bytes, header: int, size: int, usable: int) -> Iterator[RawRow]:
    if len(page) < header + 8 or page[header] != _LEAF:
        return
    count = int.from_bytes(page[header + 3 : header + 5], "big")
    pointers = header + 8
    for index in range(min(count, (len(page) - pointers) // 2)):
        cell = int.from_bytes(page[pointers + 2 * index : pointers + 2 * index + 2], "big")
        try:
            length, cursor = _varint(page, cell)
            rowid, cursor = _varint(page, cursor)
            payload = _payload(data, page, cursor, length, size, usable)
            yield RawRow(rowid - (1 << 64) if rowid >= 1 << 63 else rowid, _record(payload))
        except (IndexError, ValueError):
            continue


def _payload(data: bytes, page: bytes, cursor: int, length: int, size: int, usable: int) -> bytes:
    """The ``length`` bytes of a row: in the page, and where they do not fit, along a chain of overflow pages."""
    if not 0 < length <= _MAX_PAYLOAD:
        raise ValueError("impossible length")
    if length <= usable - 35:
        content = page[cursor : cursor + length]
        if len(content) < length:
            raise ValueError("row leaves its page")
        return content
    least = (usable - 12) * 32 // 255 - 23
    local = least + (length - least) % (usable - 4)
    local = local if local <= usable - 35 else least
    parts = [page[cursor : cursor + local]]
    following = int.from_bytes(page[cursor + local : cursor + local + 4], "big")
    missing = length - local
    while missing > 0:
        first = (following - 1) * size
        if following < 2 or first + size > len(data):
            raise ValueError("chain of pages is broken")
        taken = min(missing, usable - 4)
        parts.append(data[first + 4 : first + 4 + taken])
        following = int.from_bytes(data[first : first + 4], "big")
        missing -= taken
    return b"".join(parts)


def _record(payload: bytes) -> tuple[Value, ...]:
    header, cursor = _varint(payload, 0)
    if not cursor <= header <= len(payload):
        raise ValueError("impossible header")
    position = header
    values: list[Value] = []
    while cursor < header:
        kind, cursor = _varint(payload, cursor)
        value, position = _value(payload, kind, position)
        values.append(value)
    if position != len(payload):
        raise ValueError("row is longer or shorter than its header says")
    return tuple(values)


_INTEGERS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}


def _value(payload: bytes, kind: int, position: int) -> tuple[Value, int]:
    if kind == 0:
        return None, position
    if kind in _INTEGERS:
        end = position + _INTEGERS[kind]
        return int.from_bytes(payload[position:end], "big", signed=True), end
    if kind == 7:
        return float(struct.unpack(">d", payload[position : position + 8])[0]), position + 8
    if kind in (8, 9):
        return kind - 8, position
    if kind < 12:
        raise ValueError("reserved type")
    end = position + (kind - 12) // 2
    if end > len(payload):
        raise ValueError("value leaves its row")
    content = payload[position:end]
    return (content.decode("utf-8", "replace") if kind % 2 else content), end


def _varint(data: bytes, cursor: int) -> tuple[int, int]:
    value = 0
    for index in range(9):
        byte = data[cursor + index]
        if index == 8:
            return value << 8 | byte, cursor + 9
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, cursor + index + 1
    raise ValueError("endless number")
