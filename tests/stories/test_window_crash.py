"""kill -9 of the real window while a reader marks and writes: whatever she was told is saved is there."""

from __future__ import annotations

import json
import random
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from tests.storage.test_crash import misfits

ROOT = Path(__file__).parents[2]
ROUNDS = 4  # tests/benchmarks/bench_crash.py does 200


class Killed(NamedTuple):
    """What one killed window had told: by annotation its note, and whether it still stood. ``begun``: what it was doing."""

    told: dict[str, tuple[str, bool]]
    begun: str


def mark_and_kill(base: Path, seed: int) -> Killed:
    """Let a reader mark, kill the window after a random number of things she did, and read what she had been told."""
    words = [sys.executable, "-m", "tests.stories.marker", str(base), str(seed)]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as program:
        assert program.stdout is not None
        lines = [program.stdout.readline() for _ in range(random.Random(seed).randrange(40))]
        assert program.poll() is None, "the window ended by itself"
        program.kill()
        rest = program.stdout.read()
    told: dict[str, tuple[str, bool]] = {}
    begun = ""
    for line in [*lines, *rest.splitlines(keepends=True)]:
        if not line.endswith("\n"):
            continue
        word, *said = json.loads(line)
        if word == "try":
            begun = said[0]
        elif word == "told":
            told[said[0]] = (said[1], said[2])
            begun = ""
    return Killed(told, begun)


def lost(path: Path, killed: Killed) -> list[str]:
    """What the reader was told and is not so, and what of the notebook does not fit together."""
    connection = sqlite3.connect(path)
    rows = {row[0]: row[1:] for row in connection.execute("SELECT id, note, deleted FROM annotations")}
    connection.close()
    found = []
    for identity, (note, stands) in killed.told.items():
        row = rows.get(identity)
        if identity != killed.begun and (row is None or (row[1] == "") is not stands or (stands and row[0] != note)):
            found.append(f"{identity} is not what the reader was told")
    return [*found, *misfits(path)]


def test_whenever_the_window_is_killed_all_that_it_called_saved_is_there(tmp_path: Path) -> None:
    told = 0
    for seed in range(ROUNDS):
        killed = mark_and_kill(tmp_path, seed)
        told += len(killed.told)
        notebook = tmp_path / "data" / "notebook.sqlite"
        if notebook.exists() and notebook.stat().st_size:
            assert lost(notebook, killed) == []
    assert told > ROUNDS
