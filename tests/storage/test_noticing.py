"""A window notices what another program wrote, and only that."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from letstalk_desktop.annotations.model import Changes, Kind, KindName
from letstalk_desktop.storage.notebook import Notebook
from tests.storage.things import NOW, concept, highlight, operation

WRITE = """
import sys
from datetime import datetime, UTC
from pathlib import Path
from letstalk_desktop.storage.notebook import Notebook
from tests.storage.things import highlight, operation
notebook = Notebook.open(Path(sys.argv[1]), now=datetime.now(UTC))
notebook.apply(operation(highlight("from-outside", chapter="other")), now=datetime.now(UTC))
notebook.close()
"""


def test_another_program_s_note_is_noticed(notebook: Notebook, path: Path) -> None:
    notebook.apply(operation(highlight("mine")), now=NOW)
    counter, version = notebook.counter(), notebook.data_version()
    assert notebook.data_version() == version
    assert notebook.changes_since(counter) == (Changes(), counter)
    subprocess.run([sys.executable, "-c", WRITE, str(path)], check=True)
    assert notebook.data_version() != version
    changes, later = notebook.changes_since(counter)
    assert changes == Changes(frozenset({"from-outside"}), frozenset({("organizing", "other")}))
    assert notebook.changes_since(later) == (Changes(), later)
    assert notebook.total() == 2


def test_own_changes_can_be_left_out(notebook: Notebook, path: Path) -> None:
    second = Notebook.open(path, now=NOW)
    counter = notebook.counter()
    notebook.apply(operation(highlight("mine")), now=NOW)
    second.apply(operation(highlight("theirs"), concept("c"), KindName(Kind.STORY, "Récit")), now=NOW)
    notebook.apply(operation(highlight("mine-too")), now=NOW)
    second.undo(now=NOW)
    changes, counter = notebook.changes_since(counter, by_others=True)
    assert changes.annotations == {"theirs", "mine-too"}
    assert (changes.concepts, changes.kinds) == ({"c"}, {"story"})
    assert second.changes_since(counter, by_others=True) == (Changes(), counter)
    second.close()


def test_a_highlight_that_moves_to_another_chapter_changes_both_pages(notebook: Notebook) -> None:
    notebook.apply(operation(highlight("x", chapter="one")), now=NOW)
    counter = notebook.counter()
    notebook.apply(operation(highlight("x", chapter="two")), now=NOW)
    changes, _counter = notebook.changes_since(counter)
    assert changes.chapters == {("organizing", "one"), ("organizing", "two")}
