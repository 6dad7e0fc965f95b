"""Programs of their own that use a notebook, for tests with several processes: ``python -m tests.storage.workers WHAT PATH``.

They tell on standard output what they did, a line each, and wait for a line on standard input where the test says go.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import sqlite3
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from letstalk_desktop.annotations.model import Query
from letstalk_desktop.errors import NotebookError
from letstalk_desktop.storage.notebook import Notebook
from tests.storage.things import highlight, operation

NOBODY = 65534


def say(*words: object) -> None:
    print(json.dumps(words), flush=True)


def now() -> datetime:
    return datetime.now(UTC)


def write_many(path: Path, name: str) -> None:
    """Add 30 notes, one operation each."""
    notebook = Notebook.open(path, now=now())
    for number in range(30):
        notebook.apply(operation(highlight(f"{name}-{number}")), now=now())
    notebook.close()


def write_until_killed(path: Path, seed: str) -> None:
    """Add, change, delete, and take back, without end; each step is said before it is done and after it is on disk."""
    chance = random.Random(seed)
    notebook = Notebook.open(path, now=now())
    say("open")
    known: list[str] = []
    for number in itertools.count():
        what = chance.choice(["add", "add", "edit", "delete", "many", "undo"]) if known else "add"
        if what == "undo":
            say("try", "undo", [])
            notebook.undo(now=now())
            say("done", "undo", [])
            continue
        if what in ("add", "many"):
            names = [f"{seed}-{number}-{index}" for index in range(25 if what == "many" else 1)]
            known += names
        else:
            names = [chance.choice(known)]
        note = f"note {number} " + "œ" * chance.choice([0, 10, 9000])
        deleted = now().isoformat() if what == "delete" else ""
        say("try", what, names)
        notebook.apply(operation(*(highlight(name, note=note, deleted=deleted) for name in names)), now=now())
        say("done", what, names, note, deleted)


def read_and_write_when_possible(path: Path, _argument: str) -> None:
    """Read; then try to write the same note each time the test says so."""
    try:
        notebook = Notebook.open(path, now=now())
    except NotebookError as error:
        say("refused", str(error))
        return
    say("read", sorted(found.id for found in notebook.annotations(Query())), bool(notebook.read_only))
    note = operation(highlight("unsaved", note="not to be lost"))
    for _line in sys.stdin:
        try:
            notebook.apply(note, now=now())
            say("saved", notebook.total(), bool(notebook.read_only))
        except NotebookError as error:
            say("failed", str(error))
    notebook.close()


def hold_lock(path: Path, _argument: str) -> None:
    """Keep the notebook locked for writing until the test lets go."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    say("locked")
    sys.stdin.readline()
    connection.execute("ROLLBACK")
    say("free")


def write_within_limit(path: Path, limit: str) -> None:
    """Write until files may not grow any more, then be given more room and try the same note again."""
    import resource

    notebook = Notebook.open(path, now=now())
    saved = 0
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), resource.RLIM_INFINITY))
    while True:
        note = operation(highlight(f"n{saved:04}", note="x" * 5000))
        try:
            notebook.apply(note, now=now())
        except NotebookError as error:
            say("failed", str(error), saved, notebook.total())
            break
        saved += 1
    sys.stdin.readline()
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    notebook.apply(note, now=now())
    say("saved", notebook.total())
    notebook.close()


def give_up_privileges() -> None:
    """Become an unprivileged user, once everything is imported: the interpreter itself may lie where only root can read."""
    with tempfile.TemporaryDirectory() as folder:
        write_many(Path(folder) / "notebook.sqlite", "warm")
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


if __name__ == "__main__":
    if sys.argv[4:] and os.getuid() == 0:
        give_up_privileges()
    globals()[sys.argv[1]](Path(sys.argv[2]), sys.argv[3])
