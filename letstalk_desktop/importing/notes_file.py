"""Read a file of notes that this program wrote: JSON, or a PDF or web page that carries it.

The only file that imports pypdf.
"""

from __future__ import annotations

import logging
import re
from io import BytesIO
from pathlib import Path

from letstalk_desktop.annotations.exchange import ExchangeError, NotebookFile, read_notebook
from letstalk_desktop.errors import NotFound, WorldError
from letstalk_desktop.language import N_

LARGEST = 200_000_000  # bytes of a file; 10,000 notes are some 20 million
ATTACHMENT = "letstalk-notes.json"
_SQLITE = b"SQLite format 3\0"
_BEGINNING = 1024  # bytes, of which the kind of a file is known
# No note can hold this element: `<` is always escaped in a page, in text and in the data. Short runs keep the search linear.
_ELEMENT = re.compile(rb"""<script\b[^<>]{0,200}?\bid=["']letstalk-notes["'][^<>]{0,200}>([^<]*)</script\s*>""", re.IGNORECASE)


def read_notes(path: Path) -> NotebookFile:
    """The notes in a file of this program. Raises ExchangeError, or NotFound where there is no such file."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError as error:
        raise NotFound(N_("There is no such file. Check the name.")) from error
    except OSError as error:
        raise WorldError(
            N_("The file cannot be read ({reason}). Check that you may read it."), reason=error.strerror or error
        ) from error
    if len(data) > LARGEST:
        raise ExchangeError(N_("This file is too large for a file of notes."))
    if data.startswith(_SQLITE):
        raise ExchangeError(N_("This is a notebook or a backup of one. “letstalk restore” brings it back."))
    beginning = data[:_BEGINNING].removeprefix(b"\xef\xbb\xbf").lstrip()
    if beginning.startswith(b"%PDF-"):
        return read_notebook(_carried(_attached(data)))
    if beginning.startswith(b"<"):
        found = _ELEMENT.search(data)
        return read_notebook(_carried(found and found[1]))
    return read_notebook(data)


def _carried(notes: bytes | None) -> bytes:
    if notes is None:
        raise ExchangeError(
            N_("This document carries no notes that can be imported: it was exported without them, or by another program.")
        )
    return notes


def _attached(document: bytes) -> bytes | None:
    """The notes attached to a PDF; None where there are none. What pypdf unpacks has an upper limit."""
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it says about a broken file is no help to a reader
    try:
        for file in pypdf.PdfReader(BytesIO(document)).attachment_list:
            if file.name == ATTACHMENT:
                return bytes(file.content)
    except Exception as error:  # a broken file can make it raise anything
        raise ExchangeError(N_("This PDF cannot be read: it is damaged, or locked with a password.")) from error
    return None
