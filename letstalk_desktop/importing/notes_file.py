"""Read a file of notes that this program wrote."""

from __future__ import annotations

from pathlib import Path

from letstalk_desktop.annotations.exchange import ExchangeError, NotebookFile, read_notebook
from letstalk_desktop.errors import NotFound, WorldError
from letstalk_desktop.language import N_

_SQLITE = b"SQLite format 3\0"


def read_notes(path: Path) -> NotebookFile:
    """The notes in a file of this program. Raises ExchangeError, or NotFound where there is no such file."""
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise NotFound(N_("There is no such file. Check the name.")) from error
    except OSError as error:
        raise WorldError(
            N_("The file cannot be read ({reason}). Check that you may read it."), reason=error.strerror or error
        ) from error
    if data.startswith(_SQLITE):
        raise ExchangeError(N_("This is a notebook or a backup of one. “letstalk restore” brings it back."))
    return read_notebook(data)
