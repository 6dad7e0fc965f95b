"""The shelf of a command: bundled, imported and opened resources, and the language in which one is read."""

from __future__ import annotations

from pathlib import Path

from letstalk_desktop.errors import LetsTalkError, UsageError
from letstalk_desktop.language import N_
from letstalk_desktop.library.model import Resource
from letstalk_desktop.library.shelf import Shelf
from letstalk_desktop.paths import Paths
from letstalk_desktop.reading_state import load_state
from letstalk_desktop.settings import Settings, load_settings


def make_shelf(paths: Paths, resource: str = "") -> tuple[Shelf, list[tuple[str, LetsTalkError]]]:
    """The shelf, and the folders opened in the window that are no longer readable.

    With ``resource`` only the opened folder of that resource is looked at, which is quicker.
    """
    shelf = Shelf([paths.content, paths.imported], paths.compiled, paths.locale)
    unreadable: list[tuple[str, LetsTalkError]] = []
    for resource_id, folder in load_state(paths.config / "state.json").folders.items():
        if resource in ("", resource_id):
            try:
                shelf.look_again(shelf.add(Path(folder)).id)  # a later edition may have been imported
            except LetsTalkError as error:
                unreadable.append((folder, error))
    return shelf, unreadable


def reader_settings(paths: Paths) -> Settings:
    """The reader's settings; the defaults where there are none."""
    return load_settings(paths.config / "settings.json")[0]


def preferred_language(wanted: str, paths: Paths, environment: str) -> str:
    """The language of texts: as wanted, else as set in the program, else that of the terminal."""
    if wanted:
        return wanted
    settings = reader_settings(paths)
    return settings.reading_language or settings.interface_language or environment


def reading_language(resource: Resource, wanted: str, paths: Paths, environment: str) -> str:
    """The language in which to read a resource. Raises UsageError for a wanted one that it does not have."""
    if wanted and wanted not in resource.languages:
        raise UsageError(
            N_("“{resource}” is not written in “{language}”. Its languages: {languages}."),
            resource=resource.id,
            language=wanted,
            languages=", ".join(resource.languages),
        )
    language = preferred_language(wanted, paths, environment)
    return language if language in resource.languages else resource.languages[0]
