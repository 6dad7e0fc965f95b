"""``notes``: the reader's highlights, notes, answers and bookmarks."""

from __future__ import annotations

import argparse
from itertools import groupby
from typing import TYPE_CHECKING

from letstalk_desktop.annotations.exchange import annotation_record
from letstalk_desktop.annotations.kinds import KIND_STYLES, kind_name
from letstalk_desktop.annotations.locators import Locators
from letstalk_desktop.annotations.model import Annotation, AnnotationType, Kind, Placement, Query
from letstalk_desktop.commands.notebooks import open_notebook
from letstalk_desktop.commands.output import print_json, say
from letstalk_desktop.commands.shelving import make_shelf
from letstalk_desktop.errors import LetsTalkError
from letstalk_desktop.language import Translator
from letstalk_desktop.library.shelf import Shelf
from letstalk_desktop.paths import Paths

if TYPE_CHECKING:
    from letstalk_desktop.storage.notebook import Notebook


def run_notes(options: argparse.Namespace, paths: Paths, tr: Translator) -> int:
    """The annotations that the options ask for, in the order of the text."""
    shelf, _unreadable = make_shelf(paths)
    with open_notebook(paths, tr) as notebook:
        found = notebook.annotations(
            Query(
                resource=options.resource,
                kinds=tuple(options.kind),
                concepts=tuple(options.concept),
                text=options.query,
                placement=Placement.UNPLACED if options.unplaced else None,
            )
        )
        if options.resource and not found:
            _check_resource(shelf, notebook, options.resource)
        if options.chapter:
            found = _of_chapter(shelf, found, options)
        locators = Locators(shelf, notebook.kept_text)
        ordered = _in_reading_order(shelf, found)
        listed = [(annotation, locators.of(annotation)) for annotation in ordered]
        names = {} if options.json else notebook.kind_names()
    if options.json:
        print_json({"notes": [annotation_record(annotation, locator) for annotation, locator in listed]})
    elif not listed:
        say(tr.gettext("There are no notes here."))
    else:
        _print(listed, shelf, names, tr)
    return 0


def _check_resource(shelf: Shelf, notebook: Notebook, resource: str) -> None:
    """Raise NotFound for a resource that neither the shelf nor the notebook knows."""
    if not notebook.annotations(Query(resource=resource)):
        shelf.resource(resource)


def _of_chapter(shelf: Shelf, found: list[Annotation], options: argparse.Namespace) -> list[Annotation]:
    """Those of the chapter with this id or number. Raises NotFound where the resource has no such chapter."""
    if options.resource and not any(one.anchor.chapter == options.chapter for one in found):
        try:
            shelf.resource(options.resource)
        except LetsTalkError:
            return []
        wanted = {options.resource: shelf.entry(options.resource, options.chapter).id}
    else:
        wanted = {one.id: entry.id for one in shelf.resources() if (entry := one.entry(options.chapter))}
    return [one for one in found if one.anchor.chapter == wanted.get(one.anchor.resource, options.chapter)]


def _in_reading_order(shelf: Shelf, found: list[Annotation]) -> list[Annotation]:
    """By resource and chapter as on the shelf; notes on a resource or chapter before its passages."""
    resources = {resource.id: number for number, resource in enumerate(shelf.resources())}
    chapters = {
        (resource.id, entry.id): number for resource in shelf.resources() for number, entry in enumerate(resource.chapters)
    }

    def place(one: Annotation) -> tuple[int, str, int, str, int, str]:
        at = one.anchor
        number = chapters.get((at.resource, at.chapter), len(chapters)) if at.chapter else -1
        return resources.get(at.resource, len(resources)), at.resource, number, at.chapter, at.start, one.created

    return sorted(found, key=place)


def _print(listed: list[tuple[Annotation, str]], shelf: Shelf, names: dict[Kind, str], tr: Translator) -> None:
    for (resource, chapter), members in groupby(listed, key=lambda pair: (pair[0].anchor.resource, pair[0].anchor.chapter)):
        say(_heading(shelf, resource, chapter, tr))
        for annotation, locator in members:
            for number, line in enumerate(_lines(annotation, names, tr)):
                say(f"{locator if number == 0 else '':>7}  {line}".rstrip())
        say()
    count = len(listed)
    say(tr.ngettext("{count} in all.", "{count} in all.", count).format(count=count))


def _heading(shelf: Shelf, resource_id: str, chapter: str, tr: Translator) -> str:
    try:
        resource = shelf.resource(resource_id)
    except LetsTalkError:
        return f"{resource_id} · {chapter}" if chapter else resource_id
    title, entry = resource.title(tr.language), resource.entry(chapter)
    if entry is None:
        return f"{title} · {chapter}" if chapter else title
    return f"{title} · {entry.label} {entry.titles.get(tr.language) or entry.id}"


def _lines(one: Annotation, names: dict[Kind, str], tr: Translator) -> list[str]:
    _ = tr.gettext
    types = {
        AnnotationType.NOTE: _("Note"),
        AnnotationType.ANSWER: _("Answer"),
        AnnotationType.BOOKMARK: _("Bookmark"),
    }
    if one.type is AnnotationType.HIGHLIGHT:
        what = f"{KIND_STYLES[one.kind].letter} {kind_name(one.kind, tr, names)}"
    else:
        what = types[one.type]
    if one.placement is Placement.UNPLACED:
        what += " · " + _("unplaced")
    elif one.placement is Placement.DOUBTFUL:
        what += " · " + _("place uncertain")
    lines = [what]
    if one.anchor.exact:
        lines.append(_("“{quote}”").format(quote=" ".join(one.anchor.exact.split("\n"))))
    lines += one.note.splitlines()
    if one.concepts:
        lines.append(_("Concepts: {concepts}").format(concepts=", ".join(one.concepts)))
    return lines
