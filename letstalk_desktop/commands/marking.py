"""``annotate``: mark a quoted passage, with a note and concepts."""

from __future__ import annotations

import argparse
import uuid
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from letstalk_desktop.annotations.exchange import annotation_record
from letstalk_desktop.annotations.model import Annotation, AnnotationType, Operation
from letstalk_desktop.annotations.places import anchor_at, kept_text
from letstalk_desktop.commands.notebooks import now, open_notebook
from letstalk_desktop.commands.output import print_json, say
from letstalk_desktop.commands.quoting import find_quote
from letstalk_desktop.commands.shelving import make_shelf, reader_settings, reading_language
from letstalk_desktop.errors import ContentError, UsageError
from letstalk_desktop.language import N_, Translator
from letstalk_desktop.library.model import Chapter, Resource
from letstalk_desktop.library.shelf import Shelf
from letstalk_desktop.library.text import locator_at
from letstalk_desktop.paths import Paths

if TYPE_CHECKING:
    from letstalk_desktop.storage.notebook import Notebook


def run_annotate(options: argparse.Namespace, paths: Paths, tr: Translator) -> int:
    """Add a highlight; prints its id and locator once it is on disk."""
    shelf, _unreadable = make_shelf(paths, options.resource)
    resource = shelf.resource(options.resource)
    language = reading_language(resource, options.lang, paths, tr.language)
    chapter = shelf.chapter(resource.id, options.chapter, language)
    if not options.quote.strip():
        raise UsageError(N_("The quote is empty. Give some words of the chapter after --quote."))
    start, end = find_quote(chapter, options.quote, lambda: _other_chapters(shelf, resource, chapter))
    author = reader_settings(paths).reader_name
    with open_notebook(paths, tr) as notebook:
        concepts = _known_concepts(options.concept, resource, notebook)
        made = Annotation(
            str(uuid.uuid4()),
            AnnotationType.HIGHLIGHT,
            anchor_at(chapter, start, end),
            options.kind,
            options.note,
            concepts,
            author,
        )
        gesture = str(uuid.uuid4())
        label = N_("Add highlight")
        operation = Operation(str(uuid.uuid4()), gesture, label, author, annotations=(made,), texts=(kept_text(chapter),))
        notebook.apply(operation, now=now())
        stored = notebook.annotation(made.id) or made
    locator = locator_at(chapter, start)
    if options.json:
        print_json(annotation_record(stored, locator))
    else:
        say(f"{stored.id} {locator}")
    return 0


def _other_chapters(shelf: Shelf, resource: Resource, chapter: Chapter) -> Iterator[Chapter]:
    """Those that can be read; a broken one is no reason not to look in the rest."""
    for entry in resource.chapters:
        with suppress(ContentError):
            if entry.id != chapter.id:
                yield shelf.chapter(resource.id, entry.id, chapter.language)


def _known_concepts(wanted: list[str], resource: Resource, notebook: Notebook) -> tuple[str, ...]:
    """The wanted concepts, each once. Raises UsageError with the list of those that there are."""
    known = [concept.id for concept in resource.concepts]
    if any(concept not in known for concept in wanted):
        known += [concept.id for concept in notebook.concepts()]
    for concept in wanted:
        if concept not in known:
            raise UsageError(
                N_("There is no concept “{concept}”. There are: {concepts}."), concept=concept, concepts=", ".join(known)
            )
    return tuple(dict.fromkeys(wanted))
