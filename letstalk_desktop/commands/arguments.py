"""What each command takes. A command's own module is imported when it runs, so that none waits for what others need."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Protocol

from letstalk_desktop.annotations.kinds import KIND_STYLES
from letstalk_desktop.annotations.model import Kind
from letstalk_desktop.errors import UsageError
from letstalk_desktop.language import N_, Translator
from letstalk_desktop.paths import Paths

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
# The values of exporting/model.py, whose import takes longer than most commands; a test holds them equal.
SHAPES = ("summary", "brief", "chapters", "discussion", "facilitator", "concepts", "cards")
ORDERS = ("place", "kind", "concept", "question")
PAPERS = ("letter", "a4")
PARTS = ("in-short", "notes", "concepts", "answers", "todo", "sources")
SMALLEST, LARGEST = 6, 36  # points
# What ``export`` takes where neither an option nor a preset says it.
USUAL_CHOICES: Mapping[str, object] = {
    **dict.fromkeys(("chapter", "kind", "concept", "without"), ()),
    **dict.fromkeys(("since", "until", "lang", "template", "format", "plan"), ""),
    **dict.fromkeys(("shared", "context"), False),
    **{"shape": SHAPES[0], "by": ORDERS[0], "paper": PAPERS[0], "text_size": 10.0},
}

Run = Callable[[argparse.Namespace, Paths, Translator], int]


class MakeCommand(Protocol):
    """Makes the parser of one command."""

    def __call__(self, name: str, words: str) -> argparse.ArgumentParser:
        """The parser of the command ``name``; ``words`` say what it does."""


def command_named(name: str) -> Run:
    """What a command does, from its own module."""
    match name:
        case "open":
            from letstalk_desktop.commands.window import run_open

            return run_open
        case "list":
            from letstalk_desktop.commands.reading import run_list

            return run_list
        case "show":
            from letstalk_desktop.commands.reading import run_show

            return run_show
        case "annotate":
            from letstalk_desktop.commands.marking import run_annotate

            return run_annotate
        case "notes":
            from letstalk_desktop.commands.listing import run_notes

            return run_notes
        case "search":
            from letstalk_desktop.commands.searching import run_search

            return run_search
        case "export":
            from letstalk_desktop.commands.exports import run_export

            return run_export
        case "import":
            from letstalk_desktop.commands.bringing_in import run_import

            return run_import
        case "check-content":
            from letstalk_desktop.commands.content import run_check_content

            return run_check_content
        case "backup":
            from letstalk_desktop.commands.safekeeping import run_backup

            return run_backup
        case "restore":
            from letstalk_desktop.commands.safekeeping import run_restore

            return run_restore
        case "check":
            from letstalk_desktop.commands.safekeeping import run_check

            return run_check
        case _:
            raise UsageError(N_("There is no command “{name}”. “letstalk --help” lists the commands."), name=name)


def add_all(command: MakeCommand, tr: Translator) -> None:
    """Declare every command."""
    _ = tr.gettext
    _open(command, tr)
    _list(command, tr)
    _show(command, tr)
    _annotate(command, tr)
    _notes(command, tr)
    _search(command, tr)
    _export(command, tr)
    _import(command, tr)
    _check_content(command, tr)
    _safekeeping(command, tr)


def _open(command: MakeCommand, tr: Translator) -> None:
    _ = tr.gettext
    made = command("open", _("open the window"))
    made.add_argument("what", nargs="?", default="", metavar=_("RESOURCE|FILE"), help=_("a resource by its id, or a folder"))


def _list(command: MakeCommand, tr: Translator) -> None:
    made = command("list", tr.gettext("list the resources with their chapters, languages and editions"))
    _language(made, tr, tr.gettext("titles in this language"))
    _json(made, tr)


def _show(command: MakeCommand, tr: Translator) -> None:
    _ = tr.gettext
    made = command("show", _("show a chapter as plain text"))
    _place(made, tr)
    _language(made, tr, _("the chapter in this language"))
    how = made.add_mutually_exclusive_group()
    how.add_argument("--numbers", action="store_true", help=_("begin each block with its number, such as 3.12"))
    how.add_argument("--record", action="store_true", help=_("exactly the text of record, on which all positions are measured"))
    _json(how, tr)


def _annotate(command: MakeCommand, tr: Translator) -> None:
    _ = tr.gettext
    made = command("annotate", _("mark a passage, with a note and concepts"))
    _place(made, tr)
    made.add_argument("--quote", required=True, metavar=_("TEXT"), help=_("the words to mark, as they stand in the chapter"))
    made.add_argument("--kind", type=_kind_type(tr), default=Kind.KEY, metavar=_("KIND"), help=_kinds(tr))
    made.add_argument("--note", default="", metavar=_("TEXT"), help=_("a note on the passage, in CommonMark"))
    _concepts(made, tr, _("link a concept; may be given several times"))
    _language(made, tr, _("the language in which the chapter is quoted"))
    _json(made, tr)


def _notes(command: MakeCommand, tr: Translator) -> None:
    _ = tr.gettext
    made = command("notes", _("list highlights, notes, answers and bookmarks"))
    made.add_argument("--resource", default="", metavar=_("ID"), help=_("only those of this resource"))
    made.add_argument("--chapter", default="", metavar=_("CHAPTER"), help=_("only those of the chapter with this id or number"))
    made.add_argument("--kind", action="append", default=[], type=_kind_type(tr), metavar=_("KIND"), help=_kinds(tr))
    _concepts(made, tr, _("only those linked to this concept; may be given several times"))
    made.add_argument("--unplaced", action="store_true", help=_("only those whose words are not in the present edition"))
    made.add_argument("--query", default="", metavar=_("TEXT"), help=_("only those with these words in note or quote"))
    _json(made, tr)


def _search(command: MakeCommand, tr: Translator) -> None:
    _ = tr.gettext
    made = command("search", _("search texts, notes, concepts and questions"))
    made.add_argument("query", metavar=_("QUERY"), help=_("words that are all wanted; a phrase in quotation marks"))
    made.add_argument("--resource", default="", metavar=_("ID"), help=_("only in this resource"))
    made.add_argument("--exact", action="store_true", help=_("the words as written, no other forms of them"))
    made.add_argument("--limit", type=_count_type(tr), default=50, metavar=_("NUMBER"), help=_("at most so many answers"))
    _language(made, tr, _("only texts in this language"))
    _json(made, tr)


def _export(command: MakeCommand, tr: Translator) -> None:
    _ = tr.gettext
    made = command("export", _("make a document of highlights and notes, or of the codebook"))
    # None: not given. What is not given comes from the preset, else from USUAL_CHOICES; see commands/presets.py.
    made.add_argument("out", metavar=_("OUT"), help=_("the file; its ending says the format, such as .pdf, .json or .qdc"))
    what = made.add_argument_group(_("what goes into it"))
    what.add_argument("--resource", default="", metavar=_("ID"), help=_("the resource; by default the only one with notes"))
    chapters = _("only this chapter, by id or number; may be given several times")
    what.add_argument("--chapter", action="append", metavar=_("CHAPTER"), help=chapters)
    what.add_argument("--kind", action="append", type=_kind_type(tr), metavar=_("KIND"), help=_kinds(tr))
    _concepts(what, tr, _("only those linked to this concept; may be given several times"), usual=None)
    what.add_argument("--since", type=_day_type(tr), metavar=_("DAY"), help=_("only what was changed on this day or later"))
    what.add_argument("--until", type=_day_type(tr), metavar=_("DAY"), help=_("only what was changed on this day or earlier"))
    what.add_argument("--query", default="", metavar=_("TEXT"), help=_("only those with these words in note or quote"))
    one = _("only the annotation with this id (“letstalk notes --json” tells it); may be given several times")
    what.add_argument("--id", action="append", default=[], metavar=_("ID"), help=one)
    what.add_argument("--shared", action="store_true", default=None, help=_("only what is marked as shared"))
    left_out = _("leave out one of {parts}; may be given several times").format(parts=", ".join(PARTS))
    what.add_argument("--without", action="append", choices=PARTS, metavar=_("PART"), help=left_out)
    what.add_argument("--context", action="store_true", default=None, help=_("show each quote within its sentence"))
    what.add_argument("--bare", action="store_true", help=_("a PDF or HTML file without the notes as data inside it"))
    what.add_argument("--codebook", action="store_true", help=_("the concepts instead of the notes, as .qdc or .csv"))
    how = made.add_argument_group(_("how it looks"))
    kept = _("the choices kept under this name in the export dialog; options beside it go before them")
    what.add_argument("--preset", default="", metavar=_("NAME"), help=kept)
    own = _("your own template, by its name in the folder of templates (docs/templates.md tells how to write one)")
    how.add_argument("--template", metavar=_("NAME"), help=own)
    _choice(how, "--shape", SHAPES, _("the document: {choices}"), tr)
    plan = _("the session plan of a discussion record or facilitator’s guide, by id or title; an unknown one lists them")
    how.add_argument("--plan", metavar=_("PLAN"), help=plan)
    _choice(how, "--by", ORDERS, _("the order of passages: {choices}"), tr)
    _choice(how, "--paper", PAPERS, _("the paper: {choices}"), tr)
    how.add_argument("--format", choices=["obsidian"], metavar=_("FORMAT"), help=_("obsidian: Markdown for Obsidian"))
    how.add_argument("--text-size", type=_size_type(tr), metavar=_("POINTS"), help=_("the size of the text in points"))
    how.add_argument("--reader", metavar=_("NAME"), help=_("the reader’s name in the document; an empty one leaves it out"))
    how.add_argument("--lang", metavar=_("LANGUAGE"), help=_("the language of the document: en or fr"))
    _json(made, tr)


def _import(command: MakeCommand, tr: Translator) -> None:
    _ = tr.gettext
    made = command("import", _("bring in resource folders, notes from files of this program, or codebooks"))
    made.add_argument(
        "files", nargs="+", metavar=_("FILE|FOLDER"), help=_("a resource folder, a file with notes, or a codebook such as .qdc")
    )
    made.add_argument("--codebook", action="store_true", help=_("read each file as a codebook: a table such as .csv, or XML"))
    made.add_argument(
        "--resource", default="", metavar=_("ID"), help=_("whose concepts are not brought in a second time from a codebook")
    )
    _dry_run(made, tr)
    _json(made, tr)


def _check_content(command: MakeCommand, tr: Translator) -> None:
    _ = tr.gettext
    made = command("check-content", _("check a resource as its authors need it"))
    made.add_argument(
        "folder",
        nargs="?",
        default="",
        metavar=_("FOLDER"),
        help=_("a resource folder; without one this folder or the bundled ones"),
    )
    made.add_argument("--write-ids", action="store_true", help=_("write an id behind every block that has none"))
    _json(made, tr)


def _safekeeping(command: MakeCommand, tr: Translator) -> None:
    _ = tr.gettext
    made = command("backup", _("make a verified copy of the notebook"))
    made.add_argument(
        "out", nargs="?", default="", metavar=_("OUT"), help=_("a file or folder; without it the folder of backups")
    )
    _json(made, tr)
    made = command("restore", _("bring a backup back: add what is missing, take the newer of two states, delete nothing"))
    made.add_argument("file", metavar=_("FILE"), help=_("the backup"))
    made.add_argument("--replace", action="store_true", help=_("put it in the place of the notebook, which is copied first"))
    _dry_run(made, tr)
    _json(made, tr)
    made = command("check", _("say whether the notebook is whole, and which backup is the newest"))
    _json(made, tr)


# --- options that several commands have --------------------------------------------------------------------------------


def _place(made: argparse.ArgumentParser, tr: Translator) -> None:
    _ = tr.gettext
    made.add_argument("resource", metavar=_("RESOURCE"), help=_("the id of a resource; “letstalk list” shows them"))
    made.add_argument("chapter", metavar=_("CHAPTER"), help=_("the id or number of a chapter"))


def _language(made: argparse._ActionsContainer, tr: Translator, words: str) -> None:
    made.add_argument("--lang", default="", metavar=tr.gettext("LANGUAGE"), help=words)


def _json(made: argparse._ActionsContainer, tr: Translator) -> None:
    made.add_argument(
        "--json", action="store_true", help=tr.gettext("print one JSON document (docs/formats.md lists its keys)")
    )


def _dry_run(made: argparse.ArgumentParser, tr: Translator) -> None:
    made.add_argument("--dry-run", action="store_true", help=tr.gettext("only say what would be done"))


def _concepts(made: argparse._ActionsContainer, tr: Translator, words: str, usual: Sequence[str] | None = ()) -> None:
    default = None if usual is None else list(usual)
    made.add_argument("--concept", action="append", default=default, metavar=tr.gettext("ID"), help=words)


def _kinds(tr: Translator) -> str:
    return tr.gettext("one of {kinds}, or its letter").format(kinds=", ".join(Kind))


def _kind_type(tr: Translator) -> Callable[[str], Kind]:
    def kind(word: str) -> Kind:
        """The kind with this id, or the letter that the window shows for it."""
        for one, style in KIND_STYLES.items():
            if word.casefold() in (one.value, style.letter.casefold()):
                return one
        words = tr.gettext("“{word}” is not a kind; choose {kinds}")
        raise argparse.ArgumentTypeError(words.format(word=word, kinds=", ".join(Kind)))

    return kind


def _choice(made: argparse._ActionsContainer, name: str, choices: tuple[str, ...], words: str, tr: Translator) -> None:
    """An option with a few values, the first of which is the usual one."""
    shown = words.format(choices=", ".join(choices))
    made.add_argument(name, choices=choices, metavar=tr.gettext("CHOICE"), help=shown)


def _day_type(tr: Translator) -> Callable[[str], str]:
    def day(word: str) -> str:
        """A day such as 2026-11-23."""
        try:
            return date.fromisoformat(word).isoformat()
        except ValueError:
            words = tr.gettext("“{word}” is not a day such as 2026-11-23")
            raise argparse.ArgumentTypeError(words.format(word=word)) from None

    return day


def _size_type(tr: Translator) -> Callable[[str], float]:
    def size(word: str) -> float:
        """A size of text in points."""
        try:
            found = float(word)
        except ValueError:
            found = 0.0
        if SMALLEST <= found <= LARGEST:
            return found
        words = tr.gettext("“{word}” is not a size from {smallest} to {largest} points")
        raise argparse.ArgumentTypeError(words.format(word=word, smallest=SMALLEST, largest=LARGEST))

    return size


def _count_type(tr: Translator) -> Callable[[str], int]:
    def count(word: str) -> int:
        """A number from 1 on."""
        if word.isascii() and word.isdecimal() and int(word):
            return int(word)
        raise argparse.ArgumentTypeError(tr.gettext("“{word}” is not a number from 1 on").format(word=word))

    return count
