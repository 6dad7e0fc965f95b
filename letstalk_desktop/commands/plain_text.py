"""A chapter as plain text: every block as it stands in the text of record, so that what is copied from here can be quoted."""

from __future__ import annotations

from letstalk_desktop.language import Translator
from letstalk_desktop.library.model import Block, BlockKind, Chapter, Container, ContainerKind

_INDENT = "  "


def plain_chapter(chapter: Chapter, translator: Translator, *, numbers: bool = False) -> str:
    """The chapter with title, key points and headings. ``translator`` is that of the chapter's language.

    ``numbers``: each block begins with its locator.
    """
    _ = translator.gettext
    head = f"{chapter.label} {chapter.title}" if chapter.number is not None else chapter.title
    parts = [f"# {head}"]
    if chapter.lede:
        parts.append(chapter.lede)
    if chapter.in_short:
        parts.append("\n".join([_("In short"), *(f"• {point}" for point in chapter.in_short)]))
    margin = max((len(chapter.locator(block)) for block in chapter.blocks), default=0) + 2 if numbers else 0
    before: Block | None = None
    for block in chapter.blocks:
        opened = [index for index in block.containers if before is None or index not in before.containers]
        for index in opened:
            if title := _title(chapter.containers[index], translator):
                depth = block.containers.index(index)
                parts.append(_set(title, _lead(chapter, block.containers[:depth]), "", margin))
        words = _set(_words(chapter, block, translator), _lead(chapter, block.containers), _marker(block), margin)
        if numbers and block.number:
            words = chapter.locator(block).ljust(margin) + words[margin:]
        elif block.kind is BlockKind.HEADING:
            words = words.lstrip()
        if before is not None and not opened and "\n\n" not in chapter.text[before.end : block.start]:
            parts[-1] += f"\n{words}"
        else:
            parts.append(words)
        before = block
    if chapter.footnotes:
        parts.append("\n".join([_("Footnotes"), *(f"• {text}" for _name, text in chapter.footnotes)]))
    return "\n\n".join(parts)


def _title(container: Container, translator: Translator) -> str:
    """What stands above a box; nothing above quotations and lists."""
    if container.kind is not ContainerKind.BOX:
        return ""
    names = {
        "practice": translator.pgettext("box title", "In practice"),
        "story": translator.pgettext("box title", "Story"),
        "key": translator.pgettext("box title", "In short"),
        "question": translator.pgettext("box title", "Question"),
    }
    name = names.get(container.style, container.style)
    return f"[{name} · {container.title}]" if container.title else f"[{name}]"


def _lead(chapter: Chapter, containers: tuple[int, ...]) -> str:
    """What stands before each line of a block: bars for quotations, an indent for what else holds it."""
    return "".join("> " if chapter.containers[index].kind is ContainerKind.QUOTE else _INDENT for index in containers)


def _marker(block: Block) -> str:
    return f"{block.marker} " if block.marker else ""


def _words(chapter: Chapter, block: Block, translator: Translator) -> str:
    text = chapter.text[block.start : block.end]
    match block.kind:
        case BlockKind.HEADING:
            return f"{'#' * max(block.level, 2)} {text}"
        case BlockKind.TABLE:
            rows = [" | ".join(chapter.text[cell.start : cell.end] for cell in row) for row in block.rows]
            if block.header_rows:
                rows.insert(block.header_rows, " | ".join("---" for _cell in block.rows[0]))
            return "\n".join(rows)
        case BlockKind.FIGURE:
            name = translator.gettext("Figure")
            return f"[{name} · {block.description}]\n{text}" if block.description else f"[{name}]\n{text}"
        case _:
            return text


def _set(text: str, lead: str, marker: str, margin: int) -> str:
    """The lines of a text, each behind margin and lead; lines after the first stand under the first word."""
    room, hanging = " " * margin, " " * len(marker)
    first, *others = text.split("\n")
    return "\n".join([f"{room}{lead}{marker}{first}", *(f"{room}{lead}{hanging}{line}" for line in others)])
