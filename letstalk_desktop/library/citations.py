"""References as text: the reference list, the mark in the text, a passage copied with its citation.

A CSL processor does the formatting (``csl.py``). Where it or its styles are missing or broken, and for an item it cannot take,
author, year, title and address stand in plain order: no reference can keep a document from being made.
"""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal

from letstalk_desktop.library.csl import AUTHOR_DATE, ITALIC, STYLES, UPRIGHT, Processor
from letstalk_desktop.library.csl_items import (
    Item,
    families,
    names_needed,
    plain_text,
    prepared,
    resource_item,
    year_letters,
    year_of,
)
from letstalk_desktop.library.model import Chapter, Resource
from letstalk_desktop.library.quotations import quoted

Run = tuple[str, str, str]  # words, style ("" | "italic" | "link"), link target
Style = Literal["apa", "vancouver", "chicago"]
CopyStyle = Literal["apa", "vancouver", "chicago", "plain"]

_LOG = logging.getLogger(__name__)
# Words that belong to the citation's own language, not to the window's, so they stand here and not in the catalogue.
_NO_DATE = {"en": "n.d.", "fr": "s.\u00a0d."}
_EDITION = {"en": "edition {edition}", "fr": "édition {edition}"}
_LONG = {"apa": 40, "vancouver": 40, "chicago": 100}  # words from which a quotation stands as a block, without marks
_ITALICS = re.compile(f"[{ITALIC}{UPRIGHT}]")
# What ends a sentence, with the quotation marks after it.
_LAST_MARK = re.compile('(\\.\\.+|[.?!…])([”’»"\u00a0\u202f]*)$')
_LABELS = {
    "page": ("pages", "page", "pp.", "p."),
    "paragraph": ("paragraphs", "paragraph", "paragraphes", "paragraphe", "paras.", "para.", "paragr.", "par.", "¶"),
    "chapter": ("chapters", "chapter", "chapitres", "chapitre", "chaps.", "chap.", "ch."),
    "section": ("sections", "section", "sect.", "sec.", "§"),
    "figure": ("figures", "figure", "figs.", "fig."),
}


def format_reference(item: Item, *, language: str, style: Style = "apa", folder: Path | None = None) -> list[Run]:
    """One CSL item as runs of text. ``folder`` is where other style files than the program's own are."""
    return format_references({"": item}, language=language, style=style, folder=folder)[""]


def brief_reference(item: Item, *, language: str) -> str:
    """Author, year, title and address of one CSL item, at once: no style file is read for it."""
    return plain(_reference(None, item, "apa", _language(language), ""))


def format_references(
    items: Mapping[str, Item], *, language: str, style: Style = "apa", folder: Path | None = None
) -> dict[str, list[Run]]:
    """CSL items as runs of text by key, in the same order and without numbers.

    Items of the same authors and year are told apart by letters, in the order of ``items``. Any language but French is English.
    """
    language = _language(language)
    processor = _processor(style, language, folder) if items else None
    letters = year_letters(items) if style in AUTHOR_DATE else {}
    return {key: _reference(processor, item, style, language, letters.get(key, "")) for key, item in items.items()}


def in_text(
    items: Mapping[str, Item],
    keys_with_pages: Sequence[tuple[str, str]],
    style: Style,
    language: str,
    *,
    folder: Path | None = None,
) -> str:
    """The mark for some references, as ``(Alinsky, 1971, p. 2; Heller et al., 2023)`` or ``(3, p. 2; 7)``.

    ``keys_with_pages`` are keys of ``items`` (all references of the document, in the order of its list: they decide letters
    and numbers) with pages as an author writes them ("p. 2", "pp. 3–4", "para. 5", ""). Keys that are not there are left out.
    """
    return _unmarked(_marked_in_text(items, keys_with_pages, style, _language(language), folder))


def _marked_in_text(
    items: Mapping[str, Item], keys_with_pages: Sequence[tuple[str, str]], style: Style, language: str, folder: Path | None
) -> str:
    """The mark with the processor's own marks of italics, which the title of a work without authors has."""
    cites = [(key, pages.strip()) for key, pages in keys_with_pages if key in items]
    if not cites:
        return ""
    letters = year_letters(items) if style in AUTHOR_DATE else {}
    places = {key: index for index, key in enumerate(items)}
    cites.sort(key=lambda cite: places[cite[0]])
    processor = _processor(style, language, folder)
    if processor:
        try:
            if style not in AUTHOR_DATE:
                ready = [prepared(item, style, language) for item in items.values()]
                return processor.citation(ready, [(places[key], *_locator(pages)) for key, pages in cites])
            found = []  # one by one, because each may need another number of names before “et al.”
            for key, pages in cites:
                one = prepared(items[key], style, language, letters.get(key, ""))
                shown = processor.citation([one], [(0, *_locator(pages))], names_needed(items, key))
                found.append(shown.removeprefix("(").removesuffix(")"))
            return f"({'; '.join(found)})"
        except Exception:  # a foreign item may hold anything; a plain mark is better than no document
            _LOG.exception("the processor cannot cite %s", cites)
    marks = []
    for key, pages in cites:
        if style == "vancouver":
            mark = [str(places[key] + 1)]
        else:
            mark = [_short_names(items[key], language), _year(items[key], language, letters.get(key, ""))]
        marks.append(", ".join([*mark, pages] if pages else mark))
    return f"({'; '.join(marks)})"


def copy_with_citation(
    quote: str,
    resource: Resource,
    chapter: Chapter,
    locator: str,
    *,
    style: CopyStyle,
    language: str,
    folder: Path | None = None,
) -> tuple[str, str]:
    """A passage of ``chapter`` with its source, as plain text and as HTML; ``locator`` as in ``3.12``.

    The citation is in ``language``. In the named styles the full reference follows on a line of its own.
    """
    language = _language(language)
    paragraphs = [words for line in re.split(r"\n+", quote) if (words := re.sub(r"[\x00-\x20\x7f]+", " ", line).strip(" "))]
    if style == "plain":
        source = _plain_source(resource, chapter, locator, language)
        words = quoted("\n".join(paragraphs), language) if paragraphs else ""
        return f"{words} — {source}".lstrip(" —"), _html_quote(
            [words] if words else [], f"— {_escaped(source)}", chapter, language
        )
    item = resource_item(resource, chapter.language, language)
    items = {resource.id: item}
    marked = _marked_in_text(items, [(resource.id, f"¶ {locator}" if locator else "")], style, language, folder)
    cite = _unmarked(marked)
    reference = format_references(items, language=language, style=style, folder=folder)[resource.id]
    if style == "vancouver":
        reference = [("1. ", "", ""), *reference]
    block = len(paragraphs) > 1 or len(quote.split()) >= _LONG[style]
    stop = ""
    if paragraphs and not block:
        words, stop = _sentence(paragraphs[0])
        paragraphs = [quoted(words, language)]
    text = "\n".join([*paragraphs[:-1], f"{' '.join([*paragraphs[-1:], cite])}{stop}", "", plain(reference)])
    source = _html_runs((part, "italic" if index % 2 else "", "") for index, part in enumerate(_ITALICS.split(marked)))
    markup = _html_quote(paragraphs, f"{source}{stop}", chapter, language, block=block)
    return text, f'{markup}<p lang="{language}">{_html_runs(reference)}</p>'


def _sentence(words: str) -> tuple[str, str]:
    """The words without the full stop at their end (or within marks there), and the stop that ends them after the citation."""
    found = _LAST_MARK.search(words)
    if not found:
        return words, ""
    mark, closing = found.groups()
    return (words[: found.start()] + closing if mark == "." else words), "."


def plain(runs: Iterable[Run]) -> str:
    """The words of some runs."""
    return "".join(words for words, _, _ in runs)


def _language(language: str) -> str:
    return "fr" if language.partition("-")[0] == "fr" else "en"


def _processor(style: str, language: str, folder: Path | None) -> Processor | None:
    if (style, language) not in STYLES:
        return None
    try:
        return Processor(style, language, folder)
    except Exception:  # a package or file that is missing or broken; its own exceptions are many and not documented
        _LOG.exception("references cannot be formatted in the style %s", style)
        return None


def _reference(processor: Processor | None, item: Item, style: str, language: str, letter: str) -> list[Run]:
    ready = prepared(item, style, language, letter)
    if processor:
        try:
            words = processor.reference(ready)
            if words.strip(" .()"):
                return _runs(words, ready)
        except Exception:  # a foreign item may hold anything; a plain reference is better than no document
            _LOG.exception("the processor cannot format the reference %s", item.get("id"))
    who = ", ".join(families(item))
    year = _year(item, language, letter)
    title = ready["title"]
    runs: list[Run] = [(f"{who} ({year}). " if who else f"({year}). ", "", ""), (title, "italic", "")]
    address = _address(ready)
    runs.append(("" if title[-1] in ".?!…" else ".", "", ""))
    if address:
        runs += [(" ", "", ""), (address, "link", address)]
    return [run for run in runs if run[0]]


def _address(ready: Mapping[str, object]) -> str:
    """Where an item is on the web; nothing for an address that is not of the web."""
    if ready.get("DOI"):
        return f"https://doi.org/{ready['DOI']}"
    url = str(ready.get("URL", ""))
    return url if re.match(r"https?://[^\s<>\"]+$", url) else ""


def _runs(words: str, ready: Mapping[str, object]) -> list[Run]:
    target = _address(ready)
    shown = next((form for form in (target, f"doi:{ready.get('DOI')}") if target and form in words), "")
    runs: list[Run] = []
    for index, part in enumerate(_ITALICS.split(words)):
        before, address, after = part.rpartition(shown) if shown and shown in part else ("", "", part)
        style = "italic" if index % 2 else ""
        runs += [(before, style, ""), (address, "link", target), (after, style, "")]
    return [run for run in runs if run[0]]


def _unmarked(words: str) -> str:
    return _ITALICS.sub("", words)


def _locator(pages: str) -> tuple[str, str]:
    """Pages as written, as the number and what it numbers; anything else as it is, without a label."""
    words = plain_text(pages)
    for label, forms in _LABELS.items():
        for form in forms:
            if words.casefold().startswith(form) and (rest := words[len(form) :].strip(" \u00a0"))[:1].isdigit():
                return rest, label
    return (words, "page") if words[:1].isdigit() else (words, "")


def _short_names(item: Item, language: str) -> str:
    names = families(item) or (plain_text(item.get("title")),)
    both = " et " if language == "fr" else " & "
    return both.join(names) if len(names) < 3 else f"{names[0]} et al."


def _year(item: Item, language: str, letter: str) -> str:
    year = year_of(item)
    return year + letter if year else "-".join(part for part in (_NO_DATE[language], letter) if part)


def _plain_source(resource: Resource, chapter: Chapter, locator: str, language: str) -> str:
    edition = _EDITION[language].format(edition=resource.edition) if resource.edition else ""
    place = f"¶\u00a0{locator}" if locator else ""
    year = _year(resource_item(resource, chapter.language, language), language, "")
    parts = [", ".join(resource.authors), resource.title(chapter.language), edition, year]
    return ", ".join(part for part in [*parts, place] if part)


def _escaped(words: str) -> str:
    return html.escape(words).replace("\n", "<br>")


def _html_quote(paragraphs: list[str], source: str, chapter: Chapter, language: str, *, block: bool = False) -> str:
    foreign = f' lang="{html.escape(chapter.language)}"' if _language(chapter.language) != language else ""
    shown = [f"<span{foreign}>{_escaped(words)}</span>" if foreign else _escaped(words) for words in paragraphs]
    lines = [*shown[:-1], " ".join([*shown[-1:], source])]
    markup = "".join(f'<p lang="{language}">{line}</p>' for line in lines)
    return f"<blockquote>{markup}</blockquote>" if block else markup


def _html_runs(runs: Iterable[Run]) -> str:
    parts = []
    for words, style, target in runs:
        shown = _escaped(words)
        if style == "italic":
            shown = f"<i>{shown}</i>"
        elif style == "link":
            shown = f'<a href="{html.escape(target)}">{shown}</a>'
        parts.append(shown)
    return "".join(parts)
