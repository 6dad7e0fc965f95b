"""kill -9 at any moment: every acknowledged change is there, and the notebook is whole."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from letstalk_desktop.storage.damage import check
from tests.storage.test_world import Worker

ROUNDS = 15  # tests/benchmarks/bench_crash.py does 200


@dataclass
class Crash:
    """What one killed program had said. ``acknowledged``: id to (note, deleted); ``open_ids``: begun and not acknowledged."""

    steps: int = 0
    acknowledged: dict[str, tuple[str, str]] = field(default_factory=dict)
    open_ids: set[str] = field(default_factory=set)
    unsure: bool = False  # undo changes things that it does not name


def write_and_kill(path: Path, seed: int) -> Crash:
    """Let a program write, kill it after a random number of lines at whatever it is doing then, and read what it had said."""
    chance = random.Random(seed)
    crash = Crash()
    with Worker("write_until_killed", path, f"r{seed}") as worker:
        assert worker.program.stdout is not None
        lines = [worker.program.stdout.readline() for _ in range(chance.randrange(60))]
        worker.program.kill()
        rest = worker.program.stdout.read()
    for line in [*lines, *rest.splitlines(keepends=True)]:
        if not line.endswith("\n"):
            continue
        word, *said = json.loads(line)
        if word == "try":
            crash.open_ids = set(said[1])
            crash.unsure = said[0] == "undo"
        elif word == "done":
            crash.steps += 1
            crash.open_ids = set()
            crash.unsure = False
            if said[0] == "undo":
                crash.acknowledged.clear()  # what it took back is not said; from here on count what follows
            else:
                crash.acknowledged |= dict.fromkeys(said[1], (said[2], said[3]))
    return crash


def faults(path: Path, crash: Crash) -> list[str]:
    """What is not as it was acknowledged, and what of the notebook does not fit together."""
    found = list(misfits(path))
    connection = sqlite3.connect(path)
    rows = {row[0]: row[1:] for row in connection.execute("SELECT id, note, deleted FROM annotations")}
    for name, expected in crash.acknowledged.items():
        if name not in crash.open_ids and not crash.unsure and rows.get(name) != expected:
            found.append(f"{name} is not what was acknowledged")
    links = connection.execute("SELECT count(*) FROM annotation_concepts").fetchone()[0]
    if links != 2 * len(rows):
        found.append("the look-up of concepts is out of step")
    connection.close()
    return found


def misfits(path: Path) -> Iterator[str]:
    """What of a notebook does not fit together."""
    state = check(path)
    yield from state.errors
    yield from (f"{problem.id}: {problem.reason}" for problem in state.problems)
    connection = sqlite3.connect(path)
    rows = {row[0]: row[1:] for row in connection.execute("SELECT id, note, deleted FROM annotations")}
    journal = "SELECT thing_id, after, max(number) FROM journal WHERE thing = 'annotation' GROUP BY thing_id"
    told = {row[0]: json.loads(row[1]) for row in connection.execute(journal)}
    if told.keys() != rows.keys():
        yield "journal and notes are not about the same things"
    for name in told.keys() & rows.keys():
        if (told[name]["note"], told[name]["deleted"]) != rows[name]:
            yield f"{name} differs from its journal"
    steps = "SELECT count(*) FROM journal WHERE step NOT IN (SELECT number FROM gestures)"
    if connection.execute(steps).fetchone()[0]:
        yield "the journal has steps that undo does not know"
    connection.close()


def test_whenever_the_program_is_killed_every_acknowledged_change_is_there(path: Path) -> None:
    steps = 0
    for seed in range(ROUNDS):
        crash = write_and_kill(path, seed)
        steps += crash.steps
        if path.exists() and path.stat().st_size:
            assert faults(path, crash) == []
    assert steps > ROUNDS
