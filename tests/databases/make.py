"""Make the fixture of the newest revision: ``python -m tests.databases.make``. Refuses to overwrite one."""

from __future__ import annotations

from pathlib import Path

from letstalk_desktop.annotations.model import AnnotationType, Kind, KindName, Visibility
from letstalk_desktop.storage.clock import timestamp
from letstalk_desktop.storage.copying import copy_whole
from letstalk_desktop.storage.notebook import Notebook
from letstalk_desktop.storage.revisions import HEAD
from tests.storage.things import NOW, SECOND, concept, highlight, kept, operation, plan


def main() -> None:
    target = Path(__file__).parent / f"notebook-{HEAD}.sqlite"
    if target.exists():
        raise SystemExit(f"{target} exists; a released schema's fixture does not change")
    work = target.with_suffix(".making")
    notebook = Notebook.open(work, now=NOW)
    first = highlight("highlight-1", concepts=("base", "own-1"), author="Zoé", visibility=Visibility.SHARED)
    notebook.apply(operation(first.changed(note=""), kept(), label="Add highlight", who="Zoé"), now=NOW)
    notebook.apply(operation(first, concept("own-1", term="Entraide"), label="Edit note", who="Zoé"), now=NOW + SECOND)
    others = (
        highlight("highlight-2", start=90, kind=Kind.ACTION, note="", concepts=()),
        highlight("answer", type=AnnotationType.ANSWER, question="q-1", start=40),
        highlight("resource-note", type=AnnotationType.NOTE, resource="zz", chapter="", start=0, end=0, exact=""),
        highlight("deleted", start=70),
    )
    notebook.apply(operation(*others, plan(), KindName(Kind.KEY, "Clé"), label="Import"), now=NOW + SECOND)
    notebook.apply(operation(others[3].changed(deleted=timestamp(NOW)), label="Delete"), now=NOW + 2 * SECOND)
    bookmark = highlight("bookmark", type=AnnotationType.BOOKMARK, chapter="concepts", note="", concepts=())
    notebook.apply(operation(bookmark, label="Add bookmark"), now=NOW + 3 * SECOND)
    notebook.apply(operation(highlight("undone", kind=Kind.STORY), label="Add story"), now=NOW + 4 * SECOND)
    notebook.undo(now=NOW + 5 * SECOND)
    with notebook._database.driver() as connection:
        copy_whole(connection, target)
    notebook.close()
    work.unlink()


if __name__ == "__main__":
    main()
