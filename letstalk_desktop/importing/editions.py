"""Install a resource from a folder, or a newer edition over an older one: whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from letstalk_desktop.errors import ContentError, LetsTalkError, NotFound, WorldError
from letstalk_desktop.language import N_
from letstalk_desktop.library.model import Resource
from letstalk_desktop.library.shelf import Shelf, edition_order

HEAD = "resource.toml"
_SUFFIXES = frozenset({".toml", ".md", ".json", ".svg", ".png", ".jpg", ".jpeg", ".txt"})
_ASIDE = ".replaced"  # ids have no dot: such a folder is nobody's resource folder but can still be read


class EditionOutcome(StrEnum):
    """What becomes of a resource that comes in."""

    NEW = "new"
    UPDATED = "updated"
    IDENTICAL = "identical"


class EditionRefused(WorldError):
    """The edition is sound but must not take the place of the one that is here."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A resource folder that compiled in all its languages. ``before`` is the edition that is here now, or ''."""

    folder: Path
    resource: Resource
    outcome: EditionOutcome
    before: str = ""


def examine(folder: Path, installed: Shelf, compiled: Path) -> Incoming:
    """Compile the resource in ``folder`` in all languages and compare it with what is ``installed``; changes nothing.

    ``compiled`` is the folder of the compiled cache. Raises ContentError naming file and line, and EditionRefused for an
    edition older than the installed one, or one whose text differs from the installed text of the same edition.
    """
    incoming = Shelf([], compiled, installed.locale)
    resource = incoming.add(folder)
    for language in resource.languages:
        for entry in resource.chapters:
            incoming.chapter(resource.id, entry.id, language)
    try:
        present = installed.resource(resource.id)
    except (NotFound, ContentError):
        return Incoming(folder, resource, EditionOutcome.NEW)
    here = installed.folder(resource.id)
    if edition_order(resource.edition) < edition_order(present.edition):
        raise EditionRefused(
            N_(
                "Edition {edition} of “{id}” is older than edition {present}, which is in {folder}. "
                "To go back, remove that folder first; otherwise give this one a later edition in resource.toml."
            ),
            edition=resource.edition,
            id=resource.id,
            present=present.edition,
            folder=here,
        )
    if _same_files(folder, here):
        return Incoming(folder, resource, EditionOutcome.IDENTICAL, present.edition)
    if resource.edition == present.edition and (chapter := _differing_chapter(incoming, installed, resource, present)):
        raise EditionRefused(
            N_(
                "The text of chapter “{chapter}” differs from the one in {folder}, yet both are edition {edition}. "
                "Give the new text a later edition in resource.toml, so that notes can follow it."
            ),
            chapter=chapter,
            folder=here,
            edition=resource.edition,
        )
    return Incoming(folder, resource, EditionOutcome.UPDATED, present.edition)


def _differing_chapter(incoming: Shelf, installed: Shelf, resource: Resource, present: Resource) -> str:
    """The first chapter that both have in some language, with different texts; '' where there is none."""
    for language in resource.languages:
        for entry in resource.chapters:
            if language in present.languages and present.entry(entry.id) is not None:
                new = incoming.chapter(resource.id, entry.id, language)
                try:
                    if installed.chapter(resource.id, entry.id, language).content_hash != new.content_hash:
                        return entry.id
                except ContentError:
                    continue  # what cannot be read carries no notes
    return ""


def install(incoming: Incoming, imported: Path, compiled: Path) -> Path:
    """Copy the resource into the folder of imported resources; the folder it has there.

    It appears whole or not at all; an older edition there stays until the new one is complete. Raises ContentError where the
    folder has changed meanwhile and no longer compiles, WorldError where it cannot be written.
    """
    target = imported / incoming.resource.id
    try:
        imported.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=".installing-", dir=imported.parent))
        try:
            copy = staging / incoming.resource.id
            _copy(incoming.folder, copy)
            examine(copy, Shelf([], compiled), compiled)
            _put_in_place(copy, target)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    except OSError as error:
        raise _unwritten(error, imported) from error
    return target


def _put_in_place(copy: Path, target: Path) -> None:
    """Two renames. What was there can be read throughout, under another name, and comes back if the second one fails."""
    aside = target.with_name(target.name + _ASIDE)
    _discard(aside)
    if target.exists():
        target.rename(aside)
    try:
        copy.rename(target)
    except OSError:
        if aside.exists():
            aside.rename(target)
        raise
    _discard(aside)


def _discard(folder: Path) -> None:
    """Remove a folder; if only half of it can be removed, what is left is not taken for a resource."""
    with suppress(OSError):
        (folder / HEAD).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


def _files(folder: Path) -> Iterator[Path]:
    """The files of a resource, relative to its folder: texts, data and pictures; nothing hidden, nothing from elsewhere."""
    root = folder.resolve()
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if any(part.startswith(".") for part in relative.parts):
            continue
        wanted = path.suffix.lower() in _SUFFIXES or path.name.startswith(("LICENSE", "LICENCE"))
        if wanted and path.is_file() and path.resolve().is_relative_to(root):
            yield relative


def _same_files(left: Path, right: Path) -> bool:
    names = list(_files(left))
    try:
        return names == list(_files(right)) and all((left / name).read_bytes() == (right / name).read_bytes() for name in names)
    except OSError:
        return False


def _copy(source: Path, target: Path) -> None:
    for relative in _files(source):
        place = target / relative
        place.parent.mkdir(parents=True, exist_ok=True)
        with (source / relative).open("rb") as read, place.open("wb") as written:
            shutil.copyfileobj(read, written)
            written.flush()
            os.fsync(written.fileno())


def _unwritten(error: OSError, imported: Path) -> LetsTalkError:
    if error.errno in (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return WorldError(N_("There is no room left in {folder}. Make room, then import again."), folder=imported)
    return WorldError(
        N_("The resource could not be put into {folder} ({reason}). Check that you may write there, then import again."),
        folder=imported,
        reason=error.strerror or error,
    )
