"""The notebook with 100,000 annotations against bare sqlite3: ``python -m tests.benchmarks.bench_notebook [COUNT]``.

*Bare* does the same statements on the same file through the ``sqlite3`` module, with the same settings, and makes nothing of
the rows. Times are medians and 99th percentiles in milliseconds; opening is whole processes, smallest of five.
"""

from __future__ import annotations

import json
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from letstalk_desktop.annotations.model import Anchor, Annotation, AnnotationType, Kind, Operation, Query
from letstalk_desktop.storage.backups import Backups
from letstalk_desktop.storage.database import prepare
from letstalk_desktop.storage.merging import Incoming
from letstalk_desktop.storage.notebook import Notebook
from letstalk_desktop.storage.restoring import preview
from letstalk_desktop.storage.salvage import rescue
from tests.benchmarks.bench_window import OURS, fill, measure, screen

STARTS = 10  # the first warms up; the smallest of the others counts
NOW = datetime(2026, 11, 23, 9, 12, tzinfo=UTC)
CHAPTERS = 500
QUOTE = "Power can be built, and it can be shared; it is made by hundreds of conversations."
NOTE = "Note {number}: ask *who* would call first, and **why** they would; then bring it to the table. Été, œuvre."
KINDS = list(Kind)

OPEN_OURS = """
import sys, time; from datetime import datetime, UTC; from pathlib import Path
start = time.perf_counter()
from letstalk_desktop.storage.notebook import Notebook
imported = time.perf_counter()
notebook = Notebook.open(Path(sys.argv[1]), now=datetime.now(UTC)); notebook.total()
print(imported - start, time.perf_counter() - imported)
"""


def annotation(number: int, chapters: int = CHAPTERS) -> Annotation:
    resource, chapter = f"resource-{number % 7}", f"chapter-{number % chapters}"
    anchor = Anchor(
        resource, "1.0", "en", chapter, f"b{number}", number, number + len(QUOTE), QUOTE, "before " * 4, "after " * 5
    )
    concepts = (f"concept-{number % 45}",) if number % 3 == 0 else ()
    return Annotation(
        f"{number:08}-id", AnnotationType.HIGHLIGHT, anchor, KINDS[number % 6], NOTE.format(number=number), concepts
    )


def timed(run: Callable[[], object], times: int = 30) -> tuple[float, float]:
    """Median and 99th percentile in milliseconds."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        taken.append((time.perf_counter() - start) * 1000)
    taken.sort()
    return statistics.median(taken), taken[min(len(taken) - 1, int(len(taken) * 0.99))]


def line(what: str, ours: tuple[float, float], bare: tuple[float, float] | None = None) -> None:
    ratio = f"{bare[0]:>10.2f}{ours[0] / bare[0]:>8.1f}×" if bare else ""
    print(f"{what:<54}{ours[0]:>10.2f}{ours[1]:>10.2f}{ratio}", flush=True)


def opening(path: Path) -> tuple[float, float]:
    """Milliseconds to import, and to open and count, in a new process."""
    taken = []
    for _ in range(5):
        done = subprocess.run([sys.executable, "-c", OPEN_OURS, str(path)], check=True, capture_output=True, text=True)
        taken.append(tuple(float(word) * 1000 for word in done.stdout.split()))
    return min(one[0] for one in taken), min(one[1] for one in taken)


class Bare:
    """The same statements without anything around them."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        prepare(self.connection)
        self.number = 10**7

    def chapter(self) -> list[object]:
        query = "SELECT * FROM annotations WHERE deleted = '' AND resource = ? AND chapter = ? ORDER BY start, created"
        return self.connection.execute(query, ("resource-3", "chapter-3")).fetchall()

    def resource(self) -> list[object]:
        query = "SELECT * FROM annotations WHERE deleted = '' AND resource = ? ORDER BY chapter, start, created"
        return self.connection.execute(query, ("resource-3",)).fetchall()

    def filter(self) -> list[object]:
        query = (
            "SELECT * FROM annotations WHERE deleted = '' AND instr(folded, 'note 99') > 0 ORDER BY resource, chapter, start"
        )
        return self.connection.execute(query).fetchall()

    def concept(self) -> list[object]:
        linked = "SELECT annotation FROM annotation_concepts WHERE concept = ?"
        query = f"SELECT * FROM annotations WHERE +deleted = '' AND id IN ({linked}) ORDER BY resource, chapter, start"
        return self.connection.execute(query, ("concept-3",)).fetchall()

    def add(self) -> None:
        self.number += 1
        names = [row[1] for row in self.connection.execute("PRAGMA table_info(annotations)")][1:]
        copied = ", ".join("?" if name == "id" else f'"{name}"' for name in names)
        columns = ", ".join(f'"{name}"' for name in names)
        self.connection.execute("BEGIN IMMEDIATE")
        self.connection.execute(
            f"INSERT INTO annotations ({columns}) SELECT {copied} FROM annotations LIMIT 1", (str(self.number),)
        )
        self.connection.execute(
            "INSERT INTO journal (operation, gesture, step, act, label, who, at, thing, thing_id, before, after) "
            "VALUES ('o', ?, 1, 'do', 'Add', '', '', 'annotation', ?, NULL, ?)",
            (str(self.number), str(self.number), json.dumps({"note": NOTE * 5})),
        )
        self.connection.execute(
            "INSERT INTO gestures (id, position, label, who, at, state) VALUES (?, 0, '', '', '', 'x')", (self.number,)
        )
        self.connection.execute("COMMIT")


def started(*bases: Path) -> None:
    """Print how long the program takes to a readable page, and to its highlights, with each of these folders."""
    for base in bases:
        fill(str(base))
    code = OURS.replace("WAIT", "0").replace("OPEN", "True")
    with screen() as environment:
        rounds = [[measure(code, environment, str(base)) for base in bases] for _ in range(STARTS)][1:]
    for what, name in (("painted", "launch to readable page"), ("marked", "launch to 200 highlights on it")):
        small, large = (min(times[what] for times in column) for column in zip(*rounds, strict=True))
        print(f"{name}: empty {small:.3f} s, full {large:.3f} s = {large / small:.2f} × (at most 1.10)")


def main(count: int = 100_000) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small, path = folder / "small" / "data" / "notebook.sqlite", folder / "data" / "notebook.sqlite"
        Notebook.open(small, now=NOW).close()
        notebook = Notebook.open(path, now=NOW)
        start = time.perf_counter()
        for first in range(0, count, 10_000):
            batch = tuple(annotation(number) for number in range(first, min(first + 10_000, count)))
            notebook.apply(Operation(f"o{first}", f"g{first}", "Import", annotations=batch), now=NOW)
        took = time.perf_counter() - start
        size = path.stat().st_size / 2**20
        print(f"{count:,} annotations, {size:.0f} MB, written in {took:.1f} s ({took / count * 1e6:.0f} µs each)\n")
        print(f"{'':<54}{'median':>10}{'p99':>10}{'bare':>10}{'ratio':>9}")
        bare = Bare(path)
        numbers = iter(range(10**6, 10**7))

        def add() -> None:
            number = next(numbers)
            notebook.apply(Operation(f"o{number}", f"g{number}", "Add", annotations=(annotation(number),)), now=NOW)

        def edit() -> None:
            number = next(numbers)
            changed = annotation(number % count).changed(note=f"edited {number}")
            notebook.apply(Operation(f"o{number}", f"g{number}", "Edit", annotations=(changed,)), now=NOW)

        rows = len(notebook.annotations(Query(resource="resource-3", chapter="chapter-3")))
        here = Query(resource="resource-3", chapter="chapter-3")
        line(f"a chapter’s {rows} annotations", timed(lambda: notebook.annotations(here)), timed(bare.chapter))
        line("one annotation by id", timed(lambda: notebook.annotation("00000100-id"), 100))
        line("add one, on disk", timed(add, 100), timed(bare.add, 100))
        line("change one, on disk", timed(edit, 100))
        line("undo · redo", timed(lambda: notebook.undo(now=NOW)), None)
        line("", timed(lambda: notebook.redo(now=NOW)))
        whole = Query(resource="resource-3")
        rows = len(notebook.annotations(whole))
        line(f"a resource’s {rows:,} annotations", timed(lambda: notebook.annotations(whole), 5), timed(bare.resource, 5))
        line(
            "filter by words over everything",
            timed(lambda: notebook.annotations(Query(text="NÔTE 99")), 5),
            timed(bare.filter, 5),
        )
        of_concept = Query(concepts=("concept-3",))
        line("annotations of one concept", timed(lambda: notebook.annotations(of_concept), 5), timed(bare.concept, 5))
        line("counts per chapter", timed(lambda: notebook.counts("resource-3"), 10))
        line("total", timed(notebook.total, 10))
        line("has another program written?", timed(notebook.data_version, 200))
        line("changes since", timed(lambda: notebook.changes_since(notebook.counter()), 50))
        backups = Backups.beside(path)
        line("verified backup", timed(lambda: backups.make(notebook.copy_to, NOW), 1))
        line("preview of a restore", timed(lambda: preview(notebook, backups.all()[0].path, now=NOW), 1))
        line(
            "merge of 1,000, half of them new",
            timed(lambda: notebook.merge(Incoming(halves(count)), label="Merge", now=NOW), 1),
        )
        line("look for entries to mend", timed(lambda: notebook.mend(NOW), 1))
        bare.connection.close()
        notebook.close()
        line("salvage of a whole notebook", timed(lambda: rescue(path, folder / "none", folder / "new.sqlite", "2026"), 1))
        imported, empty = opening(small)
        _imported, full = opening(path)
        print(f"\nopen and count in a new process: empty {empty:.1f} ms, full {full:.1f} ms (imports {imported:.0f} ms)")
        started(folder / "small", folder)


def halves(count: int) -> tuple[Annotation, ...]:
    return tuple(annotation(number) for number in [*range(500), *range(count, count + 500)])


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
