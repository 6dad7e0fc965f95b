"""A notebook of its own for every test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from letstalk_desktop.storage.notebook import Notebook
from tests.storage.things import NOW


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the notebook is."""
    return tmp_path / "data" / "notebook.sqlite"


@pytest.fixture
def notebook(path: Path) -> Iterator[Notebook]:
    """A new, empty notebook."""
    made = Notebook.open(path, now=NOW)
    yield made
    made.close()
