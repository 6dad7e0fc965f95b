"""A finished document in memory, and its way to a file: whole, or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from letstalk_desktop.errors import ExportError
from letstalk_desktop.language import N_


class Rendered(NamedTuple):
    """A finished document: one file, or one PNG per page.

    ``replaced``: how often each character had to be replaced. ``plain``: why a reader's template makes no accessible PDF.
    """

    content: tuple[bytes, ...]
    replaced: Mapping[str, int] = MappingProxyType({})
    plain: str = ""

    @property
    def document(self) -> bytes:
        """The bytes of a document that is one file."""
        return self.content[0]

    @property
    def replaced_count(self) -> int:
        """How many characters in all are shown by their code."""
        return sum(self.replaced.values())


def export_file(target: Path, content: bytes, check: Callable[[bytes], None] | None = None) -> None:
    """Write a file beside its place, then put it there in one step. A file that was there stays until then.

    ``check`` is given what the disk has before that, and may raise. Raises ``ExportError``; nothing new is left behind then.
    """
    import tempfile  # the child process has no need of it

    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name[:40]}.", suffix=".part", dir=target.parent)
    except OSError as error:
        raise _failure(target, error) from error
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if check is not None:
            check(beside.read_bytes())
        beside.chmod(_mode(target))
        os.replace(beside, target)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise _failure(target, error) from error
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _mode(target: Path) -> int:
    """The permissions of the file that is replaced, else those of any new file."""
    try:
        return target.stat().st_mode & 0o777
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _sync_folder(folder: Path) -> None:
    """Make the new name outlive a power cut, where the system can."""
    if os.name != "posix":
        return
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        return
    finally:
        os.close(handle)


def _failure(target: Path, error: OSError) -> ExportError:
    if not target.parent.is_dir():
        return ExportError(N_("The folder {folder} does not exist. Choose another place for the file."), folder=target.parent)
    if target.is_dir():
        return ExportError(N_("{file} is a folder. Choose another name for the file."), file=target)
    if error.errno in (13, 1, 30):
        return ExportError(N_("{folder} cannot be written to. Choose another place for the file."), folder=target.parent)
    if error.errno in (28, 122, 27):
        return ExportError(N_("There is no room left in {folder}. Make room or choose another place."), folder=target.parent)
    return ExportError(N_("{file} could not be written: {what}"), file=target, what=error.strerror or str(error))
