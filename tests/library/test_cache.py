"""A start parses nothing that has not changed; a stale, truncated, foreign or unwritable cache is as if it were not there."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from letstalk_desktop.library import cache, chapters, manifest
from letstalk_desktop.library.cache import CompiledCache
from letstalk_desktop.library.model import Chapter
from letstalk_desktop.library.shelf import Shelf, source_hash

WriteResource = Callable[..., Path]
RICH = """\
## Why 😀 {#why}

L’œuvre\u00a0: «\u202fe\u0301cole\u202f», re\u00adlire [@zed, p. 2][^n]. {#opening}

!!! story "Told"
    1. one [[base]]

| a | b |
| - | -: |
| 1 | *2* |

![What.](figures/a.svg "Caption")

[^n]: A note.
"""


@pytest.fixture
def folder(write_resource: WriteResource) -> Path:
    return write_resource(changed={"en/01-first.md": RICH, "figures/a.svg": "<svg/>"})


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def read(folder: Path, place: Path, chapter: str = "first") -> Chapter:
    return Shelf([folder.parent], place).chapter("small", chapter, "en")


def forbid_parsing(monkeypatch: pytest.MonkeyPatch) -> None:
    def parsed(*_arguments: object) -> None:
        pytest.fail("this was parsed again")

    monkeypatch.setattr(chapters, "build_chapter", parsed)
    monkeypatch.setattr(manifest, "read_resource", parsed)


@pytest.mark.parametrize("chapter", ["first", "glossary", "references"])
def test_what_comes_from_the_cache_is_what_was_compiled(
    folder: Path, place: Path, chapter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Shelf([folder.parent], place)
    resource, compiled = first.resource("small"), read(folder, place, chapter)
    forbid_parsing(monkeypatch)
    second = Shelf([folder.parent], place)
    assert second.resource("small") == resource
    assert second.chapter("small", chapter, "en") == compiled


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("en/01-first.md", "Other words."),
        ("questions.toml", ""),
        ("concepts.toml", '[[concepts]]\nid = "base"\nterm = "basis"\n'),
    ],
)
def test_any_change_of_the_sources_is_seen(folder: Path, place: Path, file: str, text: str) -> None:
    before, glossary = read(folder, place), read(folder, place, "glossary")
    key = source_hash(folder)
    (folder / file).write_text(text, encoding="utf-8")
    assert source_hash(folder) != key
    after = (read(folder, place), read(folder, place, "glossary"))
    assert after != (before, glossary)
    assert after == (read(folder, place / "fresh"), read(folder, place / "fresh", "glossary"))


def test_a_picture_that_is_gone_is_seen_although_its_text_is_the_same(folder: Path) -> None:
    key = source_hash(folder)
    (folder / "figures" / "a.svg").unlink()
    assert source_hash(folder) != key


def test_one_resource_at_two_places_has_one_key(folder: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(folder, tmp_path / "elsewhere")
    assert source_hash(copy) == source_hash(folder)


def spoilt(stored: bytes) -> list[bytes]:
    head = stored.split(b"\n", 1)[0]
    wrong_shape = json.dumps({"text": 3}).encode()
    return [
        b"",
        stored[:-1],
        stored[: len(stored) // 2],
        head,
        stored + b" ",
        stored.replace(b"Caption", b"caption"),
        stored.replace(b"e", b"f", 1),
        b"letstalk-compiled 1 0.0.0" + stored[stored.index(b" ", 22) :],
        head.rsplit(b" ", 1)[0] + b" " + cache._checksum(wrong_shape).encode() + b"\n" + wrong_shape,
        head.rsplit(b" ", 1)[0] + b" " + cache._checksum(b"[]").encode() + b"\n[]",
        b"\xff\xfe\x00" * 100,
    ]


def test_a_spoilt_cache_is_ignored_and_made_again(folder: Path, place: Path) -> None:
    compiled = read(folder, place)
    (path,) = place.glob("*/en-first.json")
    good = path.read_bytes()
    for content in spoilt(good):
        path.write_bytes(content)
        assert read(folder, place) == compiled
        assert path.read_bytes() == good


def test_a_spoilt_list_of_resources_is_ignored_too(folder: Path, place: Path) -> None:
    resource = Shelf([folder.parent], place).resource("small")
    (path,) = place.glob("*/resource.json")
    good = path.read_bytes()
    for content in spoilt(good):
        path.write_bytes(content)
        assert Shelf([folder.parent], place).resource("small") == resource


def test_a_cache_of_another_version_of_the_program_is_not_read(
    folder: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled = read(folder, place)
    key = source_hash(folder)
    CompiledCache(place).keep_chapter(key, compiled._replace(text="from another version"))
    assert read(folder, place).text == "from another version"
    monkeypatch.setattr(cache, "FORMAT", "letstalk-compiled 1 99.0")
    assert read(folder, place) == compiled


def test_a_file_of_another_resource_is_not_taken_for_this_one(folder: Path, place: Path) -> None:
    compiled = read(folder, place)
    (path,) = place.glob("*/en-first.json")
    CompiledCache(place).keep_chapter("f" * 64, compiled._replace(text="of another"))
    shutil.copy(place / ("f" * 32) / "en-first.json", path)
    assert read(folder, place) == compiled


@pytest.mark.parametrize("obstacle", ["file", "folder"])
def test_a_cache_that_cannot_be_written_only_costs_time(folder: Path, place: Path, obstacle: str) -> None:
    if obstacle == "file":
        place.write_text("not a folder")
    else:
        (place / source_hash(folder)[:32] / "en-first.json").mkdir(parents=True)
    assert read(folder, place).text.startswith("Why 😀")
    assert not [path for path in place.rglob("*") if path.name.startswith("tmp")]


def test_nothing_but_the_cache_is_left_behind(folder: Path, place: Path) -> None:
    read(folder, place)
    assert {path.name for path in place.glob("*/*")} == {"resource.json", "en-first.json"}
