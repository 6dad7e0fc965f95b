"""CSL-JSON items made ready for the processor: only what it knows, in the form it expects, with what CSL leaves to us."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from letstalk_desktop.library.model import Resource

Item = Mapping[str, object]

_TEXTS = (
    "title",
    "title-short",
    "container-title",
    "collection-title",
    "collection-number",
    "publisher",
    "publisher-place",
    "event",
    "genre",
    "medium",
    "status",
    "archive",
    "authority",
    "version",
    "chapter-number",
    "number",
    "number-of-pages",
    "number-of-volumes",
    "page",
    "volume",
    "issue",
    "edition",
    "section",
    "DOI",
    "URL",
    "ISBN",
    "language",
)
_NAMES = ("author", "editor", "translator", "container-author", "collection-editor")
_NAME_PARTS = ("family", "given", "suffix", "dropping-particle", "non-dropping-particle")
_DATES = ("issued", "accessed", "original-date", "submitted")
_INITIALS = ("apa", "vancouver")  # styles that shorten given names
_NEWS = ("article-newspaper", "article-magazine")
_BY_PUBLISHER = ("report", "webpage", "software")
_UNTITLED = {"en": "[Untitled]", "fr": "[Sans titre]"}
_NO_DATE = {"en": "[date unknown]", "fr": "[date inconnue]"}
_EDITION = {"en": "Edition {edition}", "fr": "Édition {edition}"}
# Prepositions of five letters and more have a capital in Chicago's 18th edition.
_SMALL_WORDS = re.compile("an?|and|as|at|but|by|for|from|in|into|nor|of|on|onto|or|over|so|the|to|up|via|vs|with|yet")


def resource_item(resource: Resource, language: str, edition_language: str) -> dict[str, Any]:
    """A resource as a CSL item: a book with an edition. ``language`` is the chapter's, for the title."""
    edition = resource.edition
    if edition and not edition.isdecimal():
        edition = _EDITION.get(edition_language, _EDITION["en"]).format(edition=edition)
    parts = [int(part) for part in re.findall(r"\d+", resource.published)[:3]]
    item: dict[str, Any] = {
        "id": resource.id,
        "type": "book",
        "title": resource.title(language),
        "author": [_author(resource, author) for author in resource.authors],
        "edition": edition,
        "language": language,
    }
    return {**item, "issued": {"date-parts": [parts]}} if parts else item


def _author(resource: Resource, author: str) -> dict[str, str]:
    family, given = resource.people.get(author, ("", ""))
    return {"family": family, "given": given} if family and given else {"literal": author}


def prepared(item: Item, style: str, language: str, letter: str = "") -> dict[str, Any]:
    """The item as the processor takes it; with no style, unformatted for other programs.

    ``letter`` tells it from others of the same authors and year (“a”).
    """
    result: dict[str, Any] = {"type": plain_text(item.get("type")) or "document"}
    result.update((key, text) for key in _TEXTS if (text := plain_text(item.get(key))))
    if event := plain_text(item.get("event-title")):
        result["event"] = event
    authors = shown_authors(item)
    for key in _NAMES:
        people = authors if key == "author" else item.get(key)
        names = [name for person in _list(people) if (name := _name(person, style))]
        if names:
            result[key] = names
    for key in _DATES:
        if date := _date(item.get(key)):
            result[key] = date
    if style == "vancouver" and "issued" not in result:
        result["issued"] = {"literal": _NO_DATE[language]}  # NLM asks for the words; the style has none
    if letter:
        result["year-suffix"] = letter
    if number := re.match(r"(\d+)\s?(?:st|nd|rd|th|re|er|e)?$", result.get("edition", "")):
        # WORKAROUND: citeproc-py takes the English ordinals 2nd and 3rd where French has the same word for all.
        ordinal = "1re" if number[1] == "1" else f"{number[1]}e"
        result["edition"] = ordinal if language == "fr" else number[1]
    if "issue" in result and style:
        result["issue"] = re.sub(r"(?<=\d)-(?=\d)", "–" if language == "en" else "-", result["issue"])
    if "DOI" in result:
        result["DOI"] = re.sub(r"^(https?://(dx\.)?doi\.org/|doi:\s*)", "", result["DOI"], flags=re.IGNORECASE)
    if (style, language) == ("apa", "fr") and result["type"] == "paper-conference" and "container-title" in result:
        result["type"] = "chapter"  # the French style forgets the proceedings that a paper stands in
    result = _named_once(result, style)
    english = language == "en" and result.get("language", "en")[:2] == "en"
    if style == "chicago" and english and not result.get("title", "[").startswith("["):
        result["title"] = headline(result["title"])
    if not result.get("title"):
        result["title"] = result.pop("container-title", _UNTITLED[language])
    return result


def shown_authors(item: Item) -> list[Any]:
    """Who stands in the author's place. An unsigned article of a newspaper has no author: its title comes first."""
    authors = _list(item.get("author"))
    if item.get("type") in _NEWS and [_literal(person) for person in authors] == [plain_text(item.get("container-title"))]:
        return []
    return authors


def year_letters(items: Mapping[str, Item]) -> dict[str, str]:
    """Letters (“a”, “b”) for items that share all authors and the year, in the order of ``items``."""
    groups: dict[tuple[object, ...], list[str]] = {}
    for key, item in items.items():
        people = _people(item)
        if people:
            groups.setdefault((people, year_of(item)), []).append(key)
    return {
        key: _letters(index) for keys in groups.values() if len(keys) > 1 for index, key in enumerate(keys) if index < 26 * 27
    }


def names_needed(items: Mapping[str, Item], key: str) -> int:
    """How many names tell this item's mark in the text from those of other items of the year (1: the first and “et al.”)."""
    mine, year = families(items[key]), year_of(items[key])
    if len(mine) < 3:
        return 1
    same_year = [families(item) for other, item in items.items() if other != key and year_of(item) == year]
    others = [names for names in same_year if len(names) > 2 and names != mine]
    needed = 1
    while needed < len(mine) and any(names[:needed] == mine[:needed] for names in others):
        needed += 1
    return len(mine) if 1 < needed == len(mine) - 1 else needed  # “et al.” stands for two at least


def headline(title: str) -> str:
    """An English title with capitals as in headlines; what has a capital somewhere keeps its form."""
    words = title.split(" ")
    fresh = True
    for index, word in enumerate(words):
        parts = word.split("-")
        for place, part in enumerate(parts):
            letters = part.strip("“”‘’\"'()[],.:;?!…")
            small = _SMALL_WORDS.fullmatch(letters) and not (fresh and place == 0) and index < len(words) - 1
            if letters.islower() and not small and "." not in letters and "/" not in letters:
                parts[place] = part.replace(letters, letters[0].upper() + letters[1:], 1)
        words[index] = "-".join(parts)
        fresh = word.rstrip('”’"')[-1:] in tuple(":.?!") or word in ("–", "—")
    return " ".join(words)


def _named_once(result: dict[str, Any], style: str) -> dict[str, Any]:
    """An organization may be author, publisher and site at once; it is named once where the style says so."""
    if style == "apa" and result["type"] in _BY_PUBLISHER and not any(result.get(role) for role in _NAMES):
        result = {**result, **({"author": [{"literal": result["publisher"]}]} if "publisher" in result else {})}
    names = result.get("author", [])
    author = names[0].get("literal") if len(names) == 1 else None
    once = style == "apa" or (style == "chicago" and result["type"] == "webpage")
    if author and once and author == result.get("publisher"):
        result = {key: value for key, value in result.items() if not key.startswith("publisher")}
    if author and result["type"] == "webpage" and author == result.get("container-title"):
        result = {key: value for key, value in result.items() if key != "container-title"}
    return result


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def plain_text(value: object) -> str:
    """Words on one line, without the private characters that mark italics."""
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return ""
    return re.sub(r"[\x00-\x20\x7f]+", " ", re.sub("[\ue000\ue001]", "", str(value))).strip(" ")


def _literal(person: object) -> str:
    return plain_text(person.get("literal")) if isinstance(person, dict) else ""


def _name(person: object, style: str) -> dict[str, str]:
    if not isinstance(person, dict):
        return {}
    if literal := _literal(person):
        return {"literal": literal}
    name = {part: text for part in _NAME_PARTS if (text := plain_text(person.get(part)))}
    given = name.get("given", "")
    if not given:
        return {"literal": name["family"]} if "family" in name else {}
    if "family" not in name:
        return {"literal": given}
    if style not in _INITIALS:
        return name
    # WORKAROUND: citeproc-py takes a word without a capital for a particle when it makes initials.
    if given.lower() == given.upper():
        return {"literal": f"{name['family']} {given}"}  # a script without capitals has no initials
    parts = [part[:1].upper() + part[1:] for part in given.split("-")]
    # WORKAROUND: citeproc-py does not know initialize-with-hyphen="false".
    return {**name, "given": (" " if style == "vancouver" else "-").join(part for part in parts if part)}


def _date(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        return {}
    dates = [date for parts in _list(value.get("date-parts"))[:2] if (date := _date_parts(parts))]
    if dates:
        return {"date-parts": dates}
    literal = plain_text(value.get("literal")) or plain_text(value.get("raw"))
    return {"literal": literal} if literal else {}


def _date_parts(parts: object) -> list[int]:
    result: list[int] = []
    for part, limit in zip(_list(parts), (9999, 12, 31), strict=False):
        text = plain_text(part)
        if not re.fullmatch(r"-?\d{1,4}", text) or not int(text) or int(text) > limit:
            break
        result.append(int(text))
    return result


def _people(item: Item) -> tuple[str, ...]:
    return tuple(
        _literal(person) or f"{plain_text(person.get('family'))}, {plain_text(person.get('given'))}"
        for person in shown_authors(item) or _list(item.get("editor"))
        if isinstance(person, dict)
    )


def families(item: Item) -> tuple[str, ...]:
    """The family names (or whole names of organizations) of those in the author's place."""
    people = shown_authors(item) or _list(item.get("editor"))
    return tuple(_literal(person) or plain_text(person.get("family")) for person in people if isinstance(person, dict))


def year_of(item: Item) -> str:
    """The year as printed; empty where there is none."""
    date = _date(item.get("issued"))
    return str(date["date-parts"][0][0]) if "date-parts" in date else str(date.get("literal", ""))


def _letters(index: int) -> str:
    alphabet = "abcdefghijklmnopqrstuvwxyz"
    return alphabet[index] if index < 26 else alphabet[index // 26 - 1] + alphabet[index % 26]


def sort_names(item: Item) -> Iterable[str]:
    """The names by which an item stands in an alphabetical list; a title where nobody is named."""
    return _people(item) or (plain_text(item.get("title")),)
