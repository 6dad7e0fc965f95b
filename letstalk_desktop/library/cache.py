"""Compiled resources and chapters as JSON files in the cache folder, so that a start parses nothing that has not changed.

A file is one line with a checksum, then JSON. Whatever is truncated, foreign or of another version of the program is as if it
were not there. Writing never fails loudly: a cache that cannot be written is only slower.

The key of everything is a hash of the sources' content. It is kept too, with a stamp of the files it was made from, so that
a start need not read them all; as in git's index, a stamp is not believed of files that had just been written.
"""

from __future__ import annotations

import json
import os
import time
import zlib
from pathlib import Path
from typing import Any

from letstalk_desktop import __version__
from letstalk_desktop.library.model import (
    Block,
    BlockKind,
    Cell,
    Chapter,
    ChapterEntry,
    Concept,
    Container,
    ContainerKind,
    Plan,
    Question,
    Resource,
    Section,
    Span,
    SpanKind,
)

FORMAT = f"letstalk-compiled 2 {__version__}"
_BLOCK_FIELDS = Block._fields
SETTLED_NS = 3_000_000_000  # the coarsest file system counts in two seconds
Stamp = list[tuple[str, int, int, int]]  # of shelf.source_stamp


class CompiledCache:
    """Reads and writes compiled values under one folder; ``key`` is a hash of the resource's sources."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def source_key(self, folder: Path, stamp: Stamp) -> str | None:
        """The key that was found for the sources in ``folder`` when they looked just like this, or None."""
        stored = self._read(_stamp_name(folder), "sources")
        if stored is None or stored.get("stamp") != [list(one) for one in stamp] or stored.get("folder") != str(folder):
            return None
        key = stored.get("key")
        return key if isinstance(key, str) else None

    def keep_source_key(self, folder: Path, stamp: Stamp, key: str) -> None:
        """Keep the key of the sources in ``folder``, unless one of them is so new that a second change could hide."""
        newest = max((max(changed, entry) for _name, _size, changed, entry in stamp), default=0)
        if newest + SETTLED_NS < time.time_ns():
            self._write(_stamp_name(folder), "sources", {"folder": str(folder), "stamp": stamp, "key": key})

    def resource(self, key: str) -> tuple[Resource, dict[str, str]] | None:
        """The cached resource with its chapter files, or None."""
        stored = self._read(key, "resource")
        try:
            return (_resource(stored["resource"]), dict(stored["files"])) if stored else None
        except (KeyError, TypeError, ValueError, AttributeError):
            return None

    def chapter(self, key: str, language: str, chapter: str) -> Chapter | None:
        """The cached chapter, or None."""
        stored = self._read(key, f"{language}-{chapter}")
        try:
            return _chapter(stored) if stored else None
        except (KeyError, TypeError, ValueError, AttributeError):
            return None

    def keep_resource(self, key: str, resource: Resource, files: dict[str, str]) -> None:
        """Store a resource."""
        self._write(key, "resource", {"resource": _plain(resource), "files": files})

    def keep_chapter(self, key: str, chapter: Chapter) -> None:
        """Store a chapter."""
        stored = chapter._asdict()
        stored["blocks"] = [_plain_block(block) for block in chapter.blocks]
        stored["containers"] = [_plain(container) for container in chapter.containers]
        stored["spans"] = [[span.start, span.end, span.kind, span.target, span.detail] for span in chapter.spans]
        stored["sections"] = [_plain(section) for section in chapter.sections]
        self._write(key, f"{chapter.language}-{chapter.id}", stored)

    def _path(self, key: str, name: str) -> Path:
        return self._folder / key[:32] / f"{name}.json"

    def _read(self, key: str, name: str) -> dict[str, Any] | None:
        try:
            head, _, body = self._path(key, name).read_bytes().partition(b"\n")
            if head.decode("ascii") != f"{FORMAT} {key} {_checksum(body)}":
                return None
            stored = json.loads(body)
        except (OSError, ValueError):
            return None
        return stored if isinstance(stored, dict) else None

    def _write(self, key: str, name: str, value: dict[str, Any]) -> None:
        import tempfile  # brings much with it that reading does not need

        path = self._path(key, name)
        try:
            body = json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode("ascii")
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=path.parent)
        except OSError:
            return
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(f"{FORMAT} {key} {_checksum(body)}\n".encode("ascii") + body)
            os.replace(temporary, path)
        except OSError:
            Path(temporary).unlink(missing_ok=True)


def _stamp_name(folder: Path) -> str:
    return f"sources-{zlib.crc32(str(folder).encode('utf-8', 'surrogatepass')):08x}"


def _checksum(body: bytes) -> str:
    return f"{len(body)}-{zlib.crc32(body):08x}"


def _plain(value: Any) -> Any:
    """A value as JSON has it: named tuples as objects, tuples as arrays."""
    if hasattr(value, "_asdict"):
        return {name: _plain(part) for name, part in value._asdict().items()}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    return value


def _plain_block(block: Block) -> list[Any]:
    rows = [[[cell.start, cell.end, cell.align] for cell in row] for row in block.rows]
    return [rows if name == "rows" else getattr(block, name) for name in _BLOCK_FIELDS]


def _block(values: list[Any]) -> Block:
    named = dict(zip(_BLOCK_FIELDS, values, strict=True))
    named["kind"] = BlockKind(named["kind"])
    named["containers"] = tuple(named["containers"])
    named["rows"] = tuple(tuple(Cell(*cell) for cell in row) for row in named["rows"])
    return Block(**named)


def _chapter(stored: dict[str, Any]) -> Chapter:
    stored["blocks"] = tuple(_block(values) for values in stored["blocks"])
    stored["containers"] = tuple(
        Container(ContainerKind(one["kind"]), one["style"], one["title"]) for one in stored["containers"]
    )
    kinds = {kind.value: kind for kind in SpanKind}
    stored["spans"] = tuple(
        Span(start, end, kinds[kind], target, detail) for start, end, kind, target, detail in stored["spans"]
    )
    stored["sections"] = tuple(Section(**one) for one in stored["sections"])
    stored["footnotes"] = tuple((name, text) for name, text in stored["footnotes"])
    stored["in_short"] = tuple(stored["in_short"])
    return Chapter(**stored)


def _resource(stored: dict[str, Any]) -> Resource:
    for name in ("languages", "authors"):
        stored[name] = tuple(stored[name])
    stored["subjects"] = {language: tuple(words) for language, words in stored["subjects"].items()}
    for entry in stored["chapters"]:
        entry["in_short"] = {language: tuple(points) for language, points in entry["in_short"].items()}
    stored["chapters"] = tuple(ChapterEntry(**entry) for entry in stored["chapters"])
    for concept in stored["concepts"]:
        concept["sources"], concept["related"] = tuple(concept["sources"]), tuple(concept["related"])
    stored["concepts"] = tuple(Concept(**concept) for concept in stored["concepts"])
    for question in stored["questions"]:
        question["blocks"] = tuple(question["blocks"])
    stored["questions"] = tuple(Question(**question) for question in stored["questions"])
    for plan in stored["plans"]:
        plan["steps"] = tuple((minutes, question, texts) for minutes, question, texts in plan["steps"])
    stored["plans"] = tuple(Plan(**plan) for plan in stored["plans"])
    stored["people"] = {author: (family, given) for author, (family, given) in stored["people"].items()}
    return Resource(**stored)
