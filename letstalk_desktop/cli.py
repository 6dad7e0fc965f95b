"""Arguments and commands. Qt is imported only to open the window."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

from letstalk_desktop import __version__
from letstalk_desktop.errors import LetsTalkError, UsageError
from letstalk_desktop.language import INTERFACE_LANGUAGES, N_, Translator, translator
from letstalk_desktop.paths import Paths, find_paths

COMMANDS = (
    "open",
    "list",
    "show",
    "annotate",
    "notes",
    "search",
    "export",
    "import",
    "check-content",
    "backup",
    "restore",
    "check",
)


class _Parser(argparse.ArgumentParser):
    """Raises instead of leaving, so that the message can be translated and the status is ours."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(N_("{message}. “letstalk --help” lists the commands."), message=message)


def environment_language() -> str:
    """The language of the terminal (LC_ALL, LC_MESSAGES, LANG); English where we have no catalogue for it."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            language = value.split("_")[0].split(".")[0].lower()
            return language if language in INTERFACE_LANGUAGES else "en"
    return "en"


def make_parser(tr: Translator) -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    _ = tr.gettext
    parser = _Parser(prog="letstalk", description=_("Read, mark and hand on public health resources."), add_help=True)
    parser.add_argument("--version", action="version", version=f"Let’s Talk Desktop {__version__}")
    parser.add_argument("--basedir", metavar="DIR", help=_("keep all data of the program under DIR"))
    parser.add_argument("--demo", metavar="DIR", help=_("show what the program does, off screen; pictures and a PDF go to DIR"))
    commands = parser.add_subparsers(dest="command", metavar=_("COMMAND"), parser_class=_Parser)

    def command(name: str, words: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=words, description=words)
        made.add_argument("--basedir", metavar="DIR", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
        return made

    from letstalk_desktop.commands import arguments

    arguments.add_all(command, tr)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns 0 done, 1 the world's fault, 2 wrong usage."""
    words = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    if words[:1] == ["--letstalk-typeset"]:  # the program started again as its own typesetter
        from letstalk_desktop.exporting.child import main as typeset

        return typeset(words[1:])
    tr = translator(environment_language(), find_paths(".").locale)
    try:
        if not any(word in COMMANDS or word.startswith("-h") or word in ("--help", "--version") for word in words):
            words = _with_open(words)
        options = make_parser(tr).parse_args(words)
        return _run(options, tr)
    except UsageError as error:
        print(f"letstalk: {error.text(tr)}", file=sys.stderr)
        return 2
    except LetsTalkError as error:
        print(f"letstalk: {error.text(tr)}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130


def _with_open(words: list[str]) -> list[str]:
    """``letstalk [--basedir DIR] [RESOURCE]`` means ``letstalk … open [RESOURCE]``."""
    if words and words[0] == "--demo":
        return words
    at = 0
    while at < len(words) and words[at].startswith("-"):
        at += 1 if "=" in words[at] else 2
    if "--demo" in words or any(word.startswith("--demo=") for word in words):
        return words
    return [*words[:at], "open", *words[at:]]


def _run(options: argparse.Namespace, tr: Translator) -> int:
    paths = find_paths(options.basedir)
    if options.demo:
        from letstalk_desktop.demo import run_demo

        return run_demo(options.demo)
    run: Callable[[argparse.Namespace, Paths, Translator], int] = options.run
    return run(options, paths, tr)
