"""The entry: a private child process, the window at once, or a command. Each imports only what it needs."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence

from letstalk_desktop.commands.window import has_screen


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program. Returns 0 done, 1 the world's fault, 2 wrong usage."""
    gc.disable()  # the window collects by itself (ui/collecting.py); all else ends before it would be worth the time
    words = list(sys.argv[1:] if argv is None else argv)
    if words and words[0].startswith("--letstalk-"):
        from letstalk_desktop.exporting import child, process

        if words[0] == child.PRIVATE_ARGUMENT:
            return child.main(words[1:])
        if words[0] == process.MAKE:
            from letstalk_desktop.commands import making

            return making.main(words[1:])
    if _asks_for_the_window_only(words) and has_screen():
        from letstalk_desktop.app import run_window
        from letstalk_desktop.paths import find_paths

        try:
            return run_window(find_paths(words[-1] if words else None))
        except KeyboardInterrupt:
            return 130
    from letstalk_desktop.commands.terminal import run

    return run(words)


def _asks_for_the_window_only(words: list[str]) -> bool:
    """True for ``letstalk [--basedir DIR]``, which needs no parser of arguments."""
    return not words or (len(words) == 2 and words[0] == "--basedir" and not words[1].startswith("-"))
