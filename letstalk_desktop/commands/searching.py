"""``search``: the texts of all resources, the reader's notes and answers, concepts and questions, in one ranked list."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from letstalk_desktop.commands.notebooks import open_notebook
from letstalk_desktop.commands.output import print_json, say
from letstalk_desktop.commands.shelving import make_shelf, preferred_language
from letstalk_desktop.errors import NotebookError
from letstalk_desktop.language import Translator
from letstalk_desktop.paths import Paths

if TYPE_CHECKING:
    from letstalk_desktop.storage.search import Hit, SearchIndex


def run_search(options: argparse.Namespace, paths: Paths, tr: Translator) -> int:
    """The best answers, best first; 0 also where there are none."""
    shelf, _unreadable = make_shelf(paths)
    if options.resource:
        shelf.resource(options.resource)
    near = preferred_language(options.lang, paths, tr.language)
    with open_notebook(paths, tr) as notebook, _index(paths.search) as index:
        index.update(shelf, notebook)
        hits = index.search(
            options.query,
            languages=(options.lang,) if options.lang else (),
            resources=(options.resource,) if options.resource else (),
            exact=options.exact,
            limit=options.limit,
            near=(options.resource, near),
        )
    if options.json:
        print_json({"results": [_record(hit) for hit in hits]})
    elif not hits:
        say(tr.gettext("Nothing was found."))
    for hit in hits if not options.json else ():
        say(f"{hit.resource_title} · {hit.title}")
        say(f"{hit.locator:>7}  {_name(hit, tr)}{' '.join(hit.snippet.split())}")
        say()
    return 0


@contextmanager
def _index(path: Path) -> Iterator[SearchIndex]:
    """The index, which is only a convenience: where its place cannot be written, one is made for this search alone."""
    from letstalk_desktop.storage.search import SearchIndex

    with tempfile.TemporaryDirectory(prefix="letstalk-") as folder:
        try:
            index = SearchIndex.open(path)
        except NotebookError:
            index = SearchIndex.open(Path(folder) / path.name)
        try:
            yield index
        finally:
            index.close()


def _record(hit: Hit) -> dict[str, Any]:
    return {
        "kind": hit.kind,
        "resource": hit.resource,
        "resource_title": hit.resource_title,
        "language": hit.language,
        "chapter": hit.chapter,
        "title": hit.title,
        "block": hit.block,
        "locator": hit.locator,
        "start": hit.start,
        "end": hit.end,
        "snippet": hit.snippet,
        "marks": [list(mark) for mark in hit.marks],
        "score": round(hit.score, 3),
        "annotation": hit.annotation,
        "concept": hit.concept,
        "question": hit.question,
    }


def _name(hit: Hit, tr: Translator) -> str:
    _ = tr.gettext
    names = {"note": _("Note"), "answer": _("Answer"), "concept": _("Concept"), "question": _("Question")}
    return f"{names[hit.kind]} · " if hit.kind in names else ""
