"""The command line: what was typed, the command that answers, and how an error reads on the terminal."""

from __future__ import annotations

import argparse
import os
import sys
from typing import NoReturn

from letstalk_desktop import __version__
from letstalk_desktop.commands import arguments
from letstalk_desktop.commands.argument_words import translated
from letstalk_desktop.commands.output import OutputError, finish, prepare_streams, warn
from letstalk_desktop.errors import LetsTalkError, UsageError
from letstalk_desktop.language import INTERFACE_LANGUAGES, N_, Translator, translator
from letstalk_desktop.paths import find_paths


class _Parser(argparse.ArgumentParser):
    """Raises instead of leaving, so that the message can be translated and the status is ours."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(N_("{message}. “letstalk --help” lists the commands."), message=message)


def environment_language() -> str:
    """The language of the terminal (LC_ALL, LC_MESSAGES, LANG; on Windows the system's); English where we have no catalogue."""
    named = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    if not named and sys.platform == "win32":
        import ctypes
        import locale

        named = locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")
    language = named.split("_")[0].split(".")[0].lower()
    return language if language in INTERFACE_LANGUAGES else "en"


def make_parser(tr: Translator) -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    _ = tr.gettext
    parser = _Parser(prog="letstalk", description=_("Read, mark and hand on public health resources."), allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"Let’s Talk Desktop {__version__}", help=_("show the version"))
    parser.add_argument("--basedir", metavar=_("DIR"), help=_("keep all data of the program under DIR"))
    demo = _("show what the program does, off screen; pictures and a PDF go to DIR")
    parser.add_argument("--demo", metavar=_("DIR"), help=demo)
    commands = parser.add_subparsers(
        dest="command", title=_("commands"), metavar=_("COMMAND"), parser_class=_Parser, help=_("“COMMAND --help” tells more")
    )

    def command(name: str, words: str) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = commands.add_parser(name, help=words, description=words, allow_abbrev=False)
        made.add_argument("--basedir", metavar=_("DIR"), default=argparse.SUPPRESS, help=argparse.SUPPRESS)
        return made

    arguments.add_all(command, tr)
    return parser


def run(words: list[str]) -> int:
    """Run one command. Returns 0 done, 1 the world's fault, 2 wrong usage."""
    prepare_streams()
    tr = translator(environment_language(), find_paths(".").locale)
    try:
        status = _run(words, tr)
        finish()
        return status
    except UsageError as error:
        warn(error.text(tr))
        return 2
    except LetsTalkError as error:
        if isinstance(error, OutputError):
            _let_go_of_output()
        warn(error.text(tr))
        return 1
    except BrokenPipeError:
        _let_go_of_output()
        return 1
    except KeyboardInterrupt:
        return 130


def _let_go_of_output() -> None:
    """Nobody reads on, or there is no room: what is still in the buffer must not raise again at the end of the program."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(words: list[str], tr: Translator) -> int:
    with translated(tr, find_paths(".").locale):
        try:
            options = make_parser(tr).parse_args(_with_open(words))
        except SystemExit as end:  # after --help and --version
            return int(end.code or 0)
    if options.demo:
        from letstalk_desktop.demo import run_demo

        return run_demo(options.demo)
    return arguments.command_named(options.command or "")(options, find_paths(options.basedir), tr)


def _with_open(words: list[str]) -> list[str]:
    """``letstalk [--basedir DIR] [RESOURCE]`` means ``letstalk … open [RESOURCE]``."""
    at = 0
    while at < len(words) and words[at].partition("=")[0] == "--basedir":
        at += 1 if "=" in words[at] else 2
    first = words[at].partition("=")[0] if at < len(words) else ""
    if at > len(words) or first in (*arguments.COMMANDS, "-h", "--help", "--version", "--demo"):
        return words
    return [*words[:at], "open", *words[at:]]
