"""The first look shows what the notebook will show, and nothing where something is wrong."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from letstalk_desktop.annotations.model import Query
from letstalk_desktop.storage.clock import timestamp
from letstalk_desktop.storage.glance import first_look
from letstalk_desktop.storage.notebook import Notebook
from tests.storage.things import NOW, highlight, operation


def fill(notebook: Notebook) -> None:
    one, other, gone = highlight("one", start=40, end=60), highlight("other"), highlight("gone")
    notebook.apply(operation(one, other, gone, highlight("elsewhere", chapter="concepts")), now=NOW)
    notebook.apply(operation(gone.changed(deleted=timestamp(NOW))), now=NOW)


def test_it_finds_what_the_open_notebook_finds(notebook: Notebook, path: Path) -> None:
    fill(notebook)
    found = first_look(path, "organizing", "power")
    assert [one.id for one in found] == ["other", "one"]
    assert found == notebook.annotations(Query(resource="organizing", chapter="power"))


def test_it_changes_nothing_and_needs_no_sqlalchemy(notebook: Notebook, path: Path) -> None:
    fill(notebook)
    notebook.close()
    before = path.read_bytes()
    script = (
        "import sys; from pathlib import Path; from letstalk_desktop.storage.glance import first_look; "
        "print(len(first_look(Path(sys.argv[1]), 'organizing', 'power')), 'sqlalchemy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True, timeout=100)
    assert done.stdout.split() == ["2", "False"]
    assert path.read_bytes() == before


@pytest.mark.parametrize("statement", ["PRAGMA user_version = 99", "UPDATE alembic_version SET version_num = '9999'"])
def test_a_notebook_of_another_schema_is_left_to_the_notebook(notebook: Notebook, path: Path, statement: str) -> None:
    fill(notebook)
    notebook.close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)
    assert first_look(path, "organizing", "power") == []


def test_a_bad_row_does_not_hide_the_others(notebook: Notebook, path: Path) -> None:
    fill(notebook)
    notebook.close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE annotations SET kind = 'no such kind' WHERE id = 'one'")
    assert [one.id for one in first_look(path, "organizing", "power")] == ["other"]


@pytest.mark.parametrize("content", [None, b"", b"\0" * 8192, b"SQLite format 3\0" + b"x" * 5000])
def test_what_is_not_there_or_broken_is_not_its_business(path: Path, content: bytes | None) -> None:
    path.parent.mkdir(parents=True)
    if content is not None:
        path.write_bytes(content)
    assert first_look(path, "organizing", "power") == []
    assert path.exists() is (content is not None)
