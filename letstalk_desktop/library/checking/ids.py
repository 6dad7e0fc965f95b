"""Writes ids into chapters: one for every block that has none, the same in every language, without touching anything else."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from itertools import zip_longest
from pathlib import Path

from letstalk_desktop.errors import ContentError
from letstalk_desktop.library.checking.material import ChapterText, Material, read_material
from letstalk_desktop.library.checking.structure import block_ids, same_shape
from letstalk_desktop.library.manifest import folded
from letstalk_desktop.library.model import Block, BlockKind
from letstalk_desktop.library.source import insert_ids

_PREFIXES = {
    BlockKind.HEADING: "",
    BlockKind.PARAGRAPH: "p-",
    BlockKind.ITEM: "i-",
    BlockKind.TERM: "d-",
    BlockKind.TABLE: "t-",
    BlockKind.FIGURE: "fig-",
    BlockKind.QUESTION: "q-",
    BlockKind.CODE: "c-",
}
_OWN_LINE = (BlockKind.TABLE, BlockKind.FIGURE, BlockKind.CODE)
_SMALL_WORDS = (
    "a an and are as at be but by can do for from had has have he her his how i if in into is it its may no not of on or our "
    "she so than that the their them then there these they this those to us was we were what when where which who why will "
    "with you your "
    "au aux ce ces cette d dans de des du elle elles en est et il ils je l la le les leur leurs lui ma mais me mes n ne nos "
    "notre nous on ou par pas pour qu que qui s sa se ses son sont sur un une vos votre vous y"
)
_SMALL = frozenset(_SMALL_WORDS.split())
_WORDS = 3  # of the text in an id
_LONGEST = 40  # characters


def write_ids(folder: Path) -> list[Path]:
    """Write ``{#id}`` behind every block without an id, in all languages at once; returns the files that changed.

    Chapters whose languages have different sequences of blocks, or that do not compile, are left alone: ``check`` says what
    to mend first. Ids that are there never change; apart from the ids every byte stays. Raises ContentError, OSError.
    """
    material = read_material(folder)
    changed: list[Path] = []
    for chapter in dict.fromkeys(text.chapter for text in material.texts):
        texts = [text for text in material.texts if text.chapter == chapter]
        if all(text.compiled and same_shape(texts[0], text) for text in texts):
            ids = _chosen(material, texts)
            changed += [text.path for text in texts if _write(text, ids)]
    return changed


def _chosen(material: Material, texts: list[ChapterText]) -> list[str]:
    """The id of every block in order: the written one of the first language that has one, else one made of its words."""
    taken = block_ids(material, texts[0].chapter) or set()
    generated = {name for text in texts if text.compiled for name in text.compiled.generated_ids}
    taken = (taken - generated) | {"closing-questions"}
    chosen = []
    for blocks in zip(*(text.compiled.blocks for text in texts if text.compiled), strict=True):
        written = [
            block.id
            for text, block in zip(texts, blocks, strict=True)
            if text.compiled and block.id not in text.compiled.generated_ids
        ]
        name = written[0] if written else id_of(texts[0].words_of(blocks[0]), blocks[0], taken)
        taken.add(name)
        chosen.append(name)
    return chosen


def id_of(words: str, block: Block, taken: set[str]) -> str:
    """A short id from a block's first telling words, not in ``taken``: “The rent, then” → p-rent."""
    parts = re.findall(r"[a-z0-9]+", re.sub(r"[’']", "", folded(words)))
    telling = [part for part in parts if part not in _SMALL] or parts or ["block"]
    base = (_PREFIXES[block.kind] + "-".join(telling[:_WORDS]))[:_LONGEST].rstrip("-")
    name, serial = base, 2
    while name in taken:
        name, serial = f"{base}-{serial}", serial + 1
    return name


def _write(text: ChapterText, ids: list[str]) -> bool:
    """Write the ids that this text lacks; an id whose place cannot be found safely is left out."""
    if text.compiled is None:
        return False
    lacking = {
        index: name
        for index, (block, name) in enumerate(zip(text.compiled.blocks, ids, strict=True))
        if block.id in text.compiled.generated_ids
    }
    raw = text.path.read_bytes().decode("utf-8")
    if raw.count("\r\n") not in (0, raw.count("\n")):
        return False  # line ends of two kinds could not all be kept
    while lacking:
        new = _inserted(raw, text.compiled.blocks, lacking)
        wrong = _first_wrong(text, new, lacking)
        if wrong is None:
            _replace(text.path, new.encode("utf-8"))
            return True
        del lacking[wrong]
    return False


def _replace(path: Path, data: bytes) -> None:
    """Write beside the file, then put it in its place: a full disk must not cost an author a chapter. Raises OSError."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        shutil.copymode(path, name)
        os.replace(name, path.resolve())
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _inserted(raw: str, blocks: list[Block], ids: dict[int, str]) -> str:
    """The source with these ids; a byte-order mark and the line ends stay as they are."""
    mark = "\ufeff" if raw.startswith("\ufeff") else ""
    if "\r\n" in raw:
        return _inserted(raw.replace("\r\n", "\n"), blocks, ids).replace("\n", "\r\n")
    own_line = frozenset(blocks[index].line for index in ids if blocks[index].kind in _OWN_LINE)
    return mark + insert_ids(raw.removeprefix(mark), {blocks[index].line: name for index, name in ids.items()}, own_line)


def _first_wrong(text: ChapterText, new: str, ids: dict[int, str]) -> int | None:
    """Which of the new ids did not reach its block or changed the text; None where all is well."""
    before = text.compiled
    assert before is not None
    try:
        after = text.compile(new.removeprefix("\ufeff").replace("\r\n", "\n"))
    except ContentError:
        return min(ids)
    for index, (block, found) in enumerate(zip_longest(before.blocks, after.blocks)):
        if block is None or found is None or _without_place(block) != _without_place(found):
            return max((one for one in ids if one <= index), default=min(ids))
        written = block.id not in before.generated_ids
        if (index in ids and found.id != ids[index]) or (written and found.id != block.id):
            return index if index in ids else min(ids)
    return None if after.text == before.text and after.spans == before.spans else min(ids)


def _without_place(block: Block) -> Block:
    """The block but for its id and the line of its source (ids on lines of their own move what follows)."""
    return block._replace(id="", line=0)
