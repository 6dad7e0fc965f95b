"""Where the reader is: the last place in each resource, chapters read, the window's shape. Small, disposable, read at start.

A place is kept by text (block id and code points into the block), never by pixel.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

from letstalk_desktop.settings import write_json


class ReadingPlace(NamedTuple):
    """A place to return to: ``offset`` code points into the block with this id."""

    resource: str
    chapter: str
    language: str
    block: str = ""
    offset: int = 0


class ReadingState:
    """The reading state of all resources; ``folders`` are opened resource folders by resource id."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.last = ""
        self.places: dict[str, ReadingPlace] = {}
        self.read: dict[str, set[str]] = {}
        self.window: dict[str, Any] = {}
        self.folders: dict[str, str] = {}

    def remember(self, place: ReadingPlace) -> None:
        """This is where the reader is now."""
        self.last = place.resource
        self.places[place.resource] = place

    def mark_read(self, resource: str, chapter: str, read: bool = True) -> None:
        """The reader reached the end of a chapter (or says that she has not)."""
        chapters = self.read.setdefault(resource, set())
        (chapters.add if read else chapters.discard)(chapter)

    def save(self) -> None:
        """Write the file; a folder that cannot be written costs only the place."""
        value = {
            "last": self.last,
            "places": {key: [place.chapter, place.language, place.block, place.offset] for key, place in self.places.items()},
            "read": {key: sorted(chapters) for key, chapters in self.read.items()},
            "window": self.window,
            "folders": self.folders,
        }
        try:
            write_json(self.path, value)
        except OSError:
            return


def load_state(path: Path) -> ReadingState:
    """The state in the file; an empty one where there is none or it is broken."""
    state = ReadingState(path)
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        state.last = str(stored.get("last", ""))
        for key, (chapter, language, block, offset) in stored.get("places", {}).items():
            state.places[str(key)] = ReadingPlace(str(key), str(chapter), str(language), str(block), int(offset))
        state.read = {str(key): {str(one) for one in chapters} for key, chapters in stored.get("read", {}).items()}
        state.window = dict(stored.get("window", {}))
        state.folders = {str(key): str(folder) for key, folder in stored.get("folders", {}).items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return ReadingState(path)
    return state
