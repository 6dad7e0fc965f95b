"""``list`` and ``show``: what there is to read, and a chapter of it. Neither needs the notebook."""

from __future__ import annotations

import argparse
from typing import Any

from letstalk_desktop.commands.output import print_exactly, print_json, say, warn
from letstalk_desktop.commands.plain_text import plain_chapter
from letstalk_desktop.commands.shelving import make_shelf, preferred_language, reading_language
from letstalk_desktop.language import INTERFACE_LANGUAGES, Translator, translator
from letstalk_desktop.library.model import Chapter, Resource
from letstalk_desktop.library.shelf import Shelf
from letstalk_desktop.paths import Paths


def run_list(options: argparse.Namespace, paths: Paths, tr: Translator) -> int:
    """Every resource with its chapters; what cannot be read is told on the error stream."""
    shelf, unreadable = make_shelf(paths)
    resources = shelf.resources()
    language = preferred_language(options.lang, paths, tr.language)
    problems = [(folder, error.text(tr)) for folder, error in unreadable]
    problems += [(str(broken.folder), broken.error.text(tr)) for broken in shelf.broken]
    for folder, problem in problems:
        warn(tr.gettext("The resource in {folder} cannot be read: {problem}").format(folder=folder, problem=problem))
    if options.json:
        print_json({"resources": [_resource_json(shelf, resource, language) for resource in resources]})
        return 0
    for resource in resources:
        words = tr.gettext("{id}, edition {edition} ({languages})")
        say(resource.title(language))
        say("  " + words.format(id=resource.id, edition=resource.edition, languages=", ".join(resource.languages)))
        width = max(len(entry.id) for entry in resource.chapters)
        for entry in resource.chapters:
            say(f"  {entry.label:>4}  {entry.id:<{width}}  {_text(entry.titles, resource, language) or entry.id}")
        say()
    return 0


def _resource_json(shelf: Shelf, resource: Resource, language: str) -> dict[str, Any]:
    return {
        "id": resource.id,
        "edition": resource.edition,
        "title": resource.title(language),
        "titles": resource.titles,
        "subtitle": _text(resource.subtitles, resource, language),
        "languages": list(resource.languages),
        "authors": list(resource.authors),
        "published": resource.published,
        "licence": resource.licence,
        "folder": str(shelf.folder(resource.id)),
        "chapters": [
            {
                "id": entry.id,
                "number": entry.number,
                "label": entry.label,
                "title": _text(entry.titles, resource, language) or entry.id,
                "titles": entry.titles,
            }
            for entry in resource.chapters
        ],
    }


def _text(texts: dict[str, str], resource: Resource, language: str) -> str:
    """The text in a language, else in the resource's first language that has one."""
    return next(filter(None, (texts.get(one) for one in (language, *resource.languages, *texts))), "")


def run_show(options: argparse.Namespace, paths: Paths, tr: Translator) -> int:
    """A chapter as plain text, as its exact text of record, or block by block as JSON."""
    shelf, _unreadable = make_shelf(paths, options.resource)
    resource = shelf.resource(options.resource)
    language = reading_language(resource, options.lang, paths, tr.language)
    chapter = shelf.chapter(resource.id, options.chapter, language)
    if options.record:
        print_exactly(chapter.text)
    elif options.json:
        print_json(_chapter_json(chapter))
    else:
        words = tr if language == tr.language or language not in INTERFACE_LANGUAGES else translator(language, paths.locale)
        say(plain_chapter(chapter, words, numbers=options.numbers))
    return 0


def _chapter_json(chapter: Chapter) -> dict[str, Any]:
    return {
        "resource": chapter.resource,
        "edition": chapter.edition,
        "language": chapter.language,
        "id": chapter.id,
        "number": chapter.number,
        "label": chapter.label,
        "title": chapter.title,
        "lede": chapter.lede,
        "in_short": list(chapter.in_short),
        "content_hash": chapter.content_hash,
        "text": chapter.text,
        "blocks": [
            {
                "id": block.id,
                "kind": block.kind.value,
                "locator": chapter.locator(block) if block.number else "",
                "start": block.start,
                "end": block.end,
            }
            for block in chapter.blocks
        ],
    }
