"""The reader's settings: an unchangeable value (a named tuple, see library/model.py) and the file it lives in.

Unknown keys are kept, wrong values are replaced by their defaults with a message; a broken file never stops the program.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, NamedTuple

from letstalk_desktop.language import N_

THEMES = ("system", "light", "sepia", "dark", "contrast")
FACES = ("serif", "sans", "legible", "dyslexic")
SPACINGS = ("normal", "spacious")
LANGUAGES = ("", "en", "fr")
CITATION_STYLES = ("apa", "vancouver", "chicago", "plain")


class Settings(NamedTuple):
    """``text_size`` (75–250) and ``interface_size`` (100–200: menus, panels, notes) in per cent; ``line_height`` × font size
    (1.2–2.2); ``measure`` in characters (45–80).
    """

    text_size: int = 100
    interface_size: int = 100
    line_height: float = 1.55
    measure: int = 66
    face: str = "serif"
    spacing: str = "normal"
    theme: str = "system"
    interface_language: str = ""  # '' follows the system
    reading_language: str = ""  # '' follows the interface
    reader_name: str = ""
    show_concepts: bool = True
    show_numbers: bool = True
    citation_style: str = "apa"
    hint_seen: bool = False
    shortcuts: dict[str, str] = {}
    unknown: dict[str, Any] = {}


_RANGES: dict[str, tuple[float, float]] = {
    "text_size": (75, 250),
    "interface_size": (100, 200),
    "line_height": (1.2, 2.2),
    "measure": (45, 80),
}
_CHOICES = {
    "citation_style": CITATION_STYLES,
    "theme": THEMES,
    "face": FACES,
    "spacing": SPACINGS,
    "interface_language": LANGUAGES,
}


def valid(settings: Settings, **changes: Any) -> Settings:
    """The settings with changes, each brought into its range."""
    for name, (low, high) in _RANGES.items():
        if name in changes:
            changes[name] = type(getattr(settings, name))(min(max(changes[name], low), high))
    return settings._replace(**changes)


def load_settings(path: Path) -> tuple[Settings, list[tuple[str, dict[str, object]]]]:
    """The settings in the file and messages (untranslated template, fields) about what was wrong with it."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(stored, dict):
            raise ValueError("not an object")
    except FileNotFoundError:
        return Settings(), []
    except (OSError, ValueError) as error:
        message = N_("Your settings could not be read ({reason}); the program starts with its defaults.")
        return Settings(), [(message, {"reason": error})]
    defaults = Settings()
    known = set(Settings._fields) - {"unknown"}
    values: dict[str, Any] = {}
    messages: list[tuple[str, dict[str, object]]] = []
    for name, value in stored.items():
        if name not in known:
            continue
        if _is_right(name, value, getattr(defaults, name)):
            values[name] = float(value) if isinstance(getattr(defaults, name), float) else value
        else:
            messages.append((N_("The setting “{name}” had a wrong value and has its default again."), {"name": name}))
    unknown = {name: value for name, value in stored.items() if name not in known}
    return Settings(**values, unknown=unknown), messages


def _is_right(name: str, value: object, default: object) -> bool:
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(value, bool) and isinstance(default, bool)
    if name in _RANGES:
        low, high = _RANGES[name]
        kinds = (int,) if isinstance(default, int) else (int, float)
        return isinstance(value, kinds) and low <= value <= high
    if name in _CHOICES:
        return value in _CHOICES[name]
    if isinstance(default, dict):
        return isinstance(value, dict) and all(isinstance(one, str) for pair in value.items() for one in pair)
    return isinstance(value, type(default))


def save_settings(path: Path, settings: Settings) -> None:
    """Write the settings whole or not at all. Raises OSError."""
    stored = {name: value for name, value in settings._asdict().items() if name != "unknown"}
    write_json(path, settings.unknown | stored)


def write_json(path: Path, value: object) -> None:
    """Write a JSON file whole or not at all. Raises OSError."""
    import tempfile  # brings much with it that reading does not need

    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(value, file, ensure_ascii=False, indent=1)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def load_presets(path: Path) -> dict[str, Any]:
    """Named choices for exports; none where the file is missing or broken."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): value for name, value in stored.items() if isinstance(value, dict)} if isinstance(stored, dict) else {}


def save_presets(path: Path, presets: dict[str, Any]) -> None:
    """Keep the presets. Raises OSError."""
    write_json(path, presets)
