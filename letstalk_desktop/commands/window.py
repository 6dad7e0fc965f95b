"""``open``: the window, on a resource or a file. The only command that needs Qt, and it imports it last."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from letstalk_desktop.errors import NotFound, UsageError, WorldError
from letstalk_desktop.language import N_, Translator
from letstalk_desktop.paths import Paths

if TYPE_CHECKING:
    import argparse


def run_open(options: argparse.Namespace, paths: Paths, tr: Translator) -> int:
    """Open the window, or bring the open one to the front; returns when the window is closed."""
    resource, path = _wanted(options.what, paths) if options.what else ("", "")
    if not has_screen():
        raise WorldError(N_("There is no screen to open a window on. “letstalk list” and “letstalk show” work without one."))
    from letstalk_desktop.app import run_window

    return run_window(paths, resource, path)


def _wanted(word: str, paths: Paths) -> tuple[str, str]:
    """The id of a resource, or the absolute path of a file or folder that is meant. Raises NotFound, UsageError."""
    from letstalk_desktop.commands.shelving import make_shelf

    shelf, _unreadable = make_shelf(paths, word)
    looks_like_path = any(mark in word for mark in "/\\.")
    try:
        return shelf.resource(word).id, ""
    except NotFound:
        if Path(word).exists():
            return "", str(Path(word).absolute())
        if looks_like_path:
            raise NotFound(N_("There is no file or folder {path}. Check the name."), path=word) from None
        names = ", ".join(one.id for one in shelf.resources())
        raise UsageError(
            N_("“{word}” is neither a command nor a resource. Resources: {names}. “letstalk --help” lists the commands."),
            word=word,
            names=names,
        ) from None


def has_screen() -> bool:
    """False where Qt would end the program because there is nothing to draw on."""
    if not sys.platform.startswith("linux"):
        return True
    platform = os.environ.get("QT_QPA_PLATFORM", "").split(";")[0].split(":")[0]
    if platform not in ("", "xcb", "wayland"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
