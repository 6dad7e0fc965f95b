"""kill -9 of a writing program, and of the real window, 200 times each: ``python -m tests.benchmarks.bench_crash [ROUNDS]``.

Each round starts a program that adds, changes, deletes and takes back notes in one notebook, and kills it at whatever it is
doing. Then every acknowledged change must be there, ``integrity_check`` clean, and the journal agree with the notes. Every
twentieth round begins a new notebook, so that creating one is hit too. Of the window that counts which it has called saved.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.storage.test_crash import faults, write_and_kill
from tests.stories.test_window_crash import lost, mark_and_kill


def main(rounds: int = 200) -> None:
    steps = in_flight = checked = told = 0
    found: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(rounds):
            path = Path(folder) / f"{number // 20}" / "notebook.sqlite"
            crash = write_and_kill(path, number)
            steps += crash.steps
            in_flight += bool(crash.open_ids) or crash.unsure
            checked += len(crash.acknowledged)
            if path.exists() and path.stat().st_size:
                found += [f"round {number}: {fault}" for fault in faults(path, crash)]
    print(f"{'rounds killed':<40}{rounds:>8}")
    print(f"{'of them in the middle of a change':<40}{in_flight:>8}")
    print(f"{'acknowledged operations':<40}{steps:>8}")
    print(f"{'notes compared word for word':<40}{checked:>8}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for number in range(rounds):
            base = Path(folder) / f"{number // 20}"
            killed = mark_and_kill(base, number)
            told += len(killed.told)
            path = base / "data" / "notebook.sqlite"
            if path.exists() and path.stat().st_size:
                found += [f"window, round {number}: {fault}" for fault in lost(path, killed)]
    print(f"{'windows killed':<40}{rounds:>8}")
    print(f"{'notes that they had called saved':<40}{told:>8}")
    print(f"{'faults':<40}{len(found):>8}")
    print("\n".join(found))
    if found:
        raise SystemExit(1)


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
