"""The shelf: finds resources, bundled and imported, and hands out their chapters."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from letstalk_desktop.errors import ContentError, LetsTalkError, NotFound
from letstalk_desktop.language import N_
from letstalk_desktop.library.cache import CompiledCache
from letstalk_desktop.library.interface_names import OPENING, add_catalogues, catalogue_files
from letstalk_desktop.library.model import REFERENCES, Chapter, ChapterEntry, Resource


class Broken(NamedTuple):
    """A folder that should hold a resource and does not."""

    folder: Path
    error: ContentError


class Shelf:
    """Resources by id. ``folders`` are searched in order for resource folders; a later edition of the same id wins.

    ``locale``: the folder of the catalogues, for texts that name what the interface shows.
    """

    def __init__(self, folders: list[Path], cache_folder: Path, locale: Path | None = None) -> None:
        self.locale = locale
        self._cache = CompiledCache(cache_folder)
        self._search = folders
        self._resources: dict[str, Resource] = {}
        self._folders: dict[str, Path] = {}
        self._files: dict[str, dict[str, str]] = {}
        self._keys: dict[str, str] = {}
        self._chapters: dict[tuple[str, str, str], Chapter] = {}
        self.broken: list[Broken] = []
        self._complete = False

    def resources(self) -> list[Resource]:
        """Every readable resource: community-organizing first, the guide last of the bundled ones, then by title."""
        if not self._complete:
            self._complete = True
            for folder in self._candidates():
                try:
                    self.add(folder)
                except ContentError as error:
                    self.broken.append(Broken(folder, error))
        order = {"community-organizing": 0, "using-letstalk": 1}
        return sorted(self._resources.values(), key=lambda one: (order.get(one.id, 2), one.title("en").casefold()))

    def resource(self, resource_id: str) -> Resource:
        """The resource with this id. Raises NotFound, or ContentError where it is broken."""
        if resource_id in self._resources:
            return self._resources[resource_id]
        if not self._complete:
            for folder in self._candidates():
                if folder.name == resource_id and not self._has_other_edition(resource_id, folder):
                    return self.add(folder)
            self.resources()
            if resource_id in self._resources:
                return self._resources[resource_id]
        for broken in self.broken:
            if broken.folder.name == resource_id:
                raise broken.error
        names = ", ".join(one.id for one in self.resources())
        raise NotFound(N_("There is no resource “{id}”. There are: {names}."), id=resource_id, names=names)

    def _has_other_edition(self, resource_id: str, folder: Path) -> bool:
        return any(other.name == resource_id and other != folder for other in self._candidates())

    def _candidates(self) -> list[Path]:
        found = []
        for place in self._search:
            try:
                found += sorted(folder for folder in place.iterdir() if (folder / "resource.toml").is_file())
            except OSError:
                continue
        return found

    def add(self, folder: Path) -> Resource:
        """Put the resource in ``folder`` on the shelf (unless a later edition stands there). Raises ContentError."""
        if not (folder / "resource.toml").is_file():
            raise ContentError(
                N_("“{folder}” holds no resource.toml; choose the folder of a resource, which has one"), folder=str(folder)
            )
        stamp = source_stamp(folder, self.locale)
        key = self._cache.source_key(folder, stamp)
        if key is None:
            key = source_hash(folder, self.locale)
            self._cache.keep_source_key(folder, stamp, key)
        cached = self._cache.resource(key)
        if cached:
            resource, files = cached
        else:
            from letstalk_desktop.library.manifest import read_resource  # not needed while the cache holds

            resource, files = read_resource(folder)
            self._cache.keep_resource(key, resource, files)
        present = self._resources.get(resource.id)
        if present is None or edition_order(resource.edition) >= edition_order(present.edition):
            self._resources[resource.id] = resource
            self._folders[resource.id], self._files[resource.id], self._keys[resource.id] = folder, files, key
            self._chapters = {at: chapter for at, chapter in self._chapters.items() if at[0] != resource.id}
        return self._resources[resource.id]

    def look_again(self, resource_id: str) -> Resource:
        """Take a later edition of a resource, if one has come to the folders that are searched. Raises as ``resource`` does."""
        for folder in self._candidates():
            if folder.name == resource_id:
                try:
                    self.add(folder)
                except ContentError:
                    continue  # what stands here already is better than one that cannot be read
        return self.resource(resource_id)

    def folder(self, resource_id: str) -> Path:
        """Where the resource's pictures are."""
        self.resource(resource_id)
        return self._folders[resource_id]

    def entry(self, resource_id: str, chapter: str) -> ChapterEntry:
        """The chapter with this id or number. Raises NotFound."""
        resource = self.resource(resource_id)
        entry = resource.entry(chapter)
        if entry is None:
            names = ", ".join(f"{one.label} {one.id}" for one in resource.chapters)
            raise NotFound(N_("There is no chapter “{chapter}”. There are: {names}."), chapter=chapter, names=names)
        return entry

    def chapter(self, resource_id: str, chapter: str, language: str) -> Chapter:
        """A chapter by id or number, in ``language`` or else the resource's first. Raises NotFound, ContentError."""
        resource = self.resource(resource_id)
        entry = self.entry(resource_id, chapter)
        if language not in resource.languages:
            language = resource.languages[0]
        at = (resource_id, language, entry.id)
        if at not in self._chapters:
            self._chapters[at] = self._load(resource, entry, language)
        return self._chapters[at]

    def chapter_once(self, resource_id: str, chapter: str, language: str) -> Chapter:
        """As ``chapter``, but not kept in memory: for a walk through everything. Raises NotFound, ContentError."""
        resource = self.resource(resource_id)
        entry = self.entry(resource_id, chapter)
        language = language if language in resource.languages else resource.languages[0]
        return self._chapters.get((resource_id, language, entry.id)) or self._load(resource, entry, language)

    def source_key(self, resource_id: str) -> str:
        """A hash that differs as soon as any text of the resource does."""
        self.resource(resource_id)
        return self._keys[resource_id]

    def prepare(self, resource_id: str, language: str, stop: Callable[[], bool]) -> None:
        """Compile what is not in the cache yet (the reference list takes a second); for a background thread.

        Leaves off where ``stop`` says so. What cannot be compiled is skipped: opening it will say why.
        """
        for entry in self.resource(resource_id).chapters:
            if stop():
                return
            with contextlib.suppress(LetsTalkError):
                self.chapter_once(resource_id, entry.id, language)
        if self.resource(resource_id).entry(REFERENCES) is not None:  # asked for by every citation
            with contextlib.suppress(LetsTalkError):
                self.chapter(resource_id, REFERENCES, language)

    def is_prepared(self, resource_id: str, chapter: str, language: str) -> bool:
        """True where a chapter can be had at once."""
        return (resource_id, language, chapter) in self._chapters

    def _load(self, resource: Resource, entry: ChapterEntry, language: str) -> Chapter:
        key = self._keys[resource.id]
        chapter = self._cache.chapter(key, language, entry.id)
        if chapter is None:
            from letstalk_desktop.library.chapters import build_chapter

            file = self._files[resource.id].get(entry.id)
            path = self._folders[resource.id] / language / f"{file}.md" if file else None
            chapter = build_chapter(resource, entry, language, path, self.locale)
            self._cache.keep_chapter(key, chapter)
        return chapter


_TEXTS, _PICTURES = (".toml", ".md", ".json"), (".svg", ".png", ".jpg", ".jpeg")


def _sources(folder: Path, inside: str = "") -> Iterator[tuple[str, str]]:
    """The texts and pictures of a resource by their name inside its folder; what cannot be looked into has none."""
    try:
        entries = list(os.scandir(folder / inside))
    except OSError:
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):  # a link may lead anywhere, also back
            yield from _sources(folder, f"{inside}{entry.name}/")
        elif entry.name.endswith((*_TEXTS, *_PICTURES)):
            yield inside + entry.name, entry.path


def source_stamp(folder: Path, locale: Path | None) -> list[tuple[str, int, int, int]]:
    """Name, size and times (of content and of entry, in ns) of every source: while they stay, the sources' hash does too."""
    files = sorted(_sources(folder))
    if locale is not None:
        files += [(str(path), str(path)) for path in catalogue_files(locale)]
    stamp = []
    for name, path in files:
        with contextlib.suppress(OSError):
            found = os.stat(path)
            stamp.append((name, found.st_size, found.st_mtime_ns, found.st_ctime_ns))
    return stamp


def source_hash(folder: Path, locale: Path | None = None) -> str:
    """A hash of all texts of a resource (and the names of its pictures), in hexadecimal.

    The catalogues in ``locale`` count too where a text names what the interface shows.
    """
    import hashlib  # not needed while the stamp holds

    digest = hashlib.sha256()
    names = False
    for relative, name in sorted(_sources(folder)):
        path = Path(name)
        if path.suffix in _TEXTS:
            digest.update(f"\0{relative}\0".encode("utf-8", "surrogatepass"))
            try:
                content = path.read_bytes()
                digest.update(content)
                names = names or OPENING.encode() in content
            except OSError:
                digest.update(b"\1")
        else:
            digest.update(f"\0{relative}\0".encode("utf-8", "surrogatepass"))
    if names:
        add_catalogues(digest, locale)
    return digest.hexdigest()


def edition_order(edition: str) -> tuple[tuple[int, str], ...]:
    """Sorts "1.10" after "1.9"."""
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in re.findall(r"[0-9]+|[^0-9.]+", edition))
