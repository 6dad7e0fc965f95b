"""The reader's own templates: files in one folder, each of which makes a PDF, a web page or Markdown from a ``Summary``."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from letstalk_desktop.errors import ExportError, NotFound, UsageError
from letstalk_desktop.language import N_

# What a template's ending makes.
MAKES: Mapping[str, str] = {".typ": ".pdf", ".html": ".html", ".md": ".md"}
README = "README.txt"
# Where a page names what a browser fetches without being asked.
_FETCHED = re.compile(
    rb"""<(?:img|script|iframe|audio|video|source|embed|track|input)\b[^>]*?\bsrc\s*=\s*["']?\s*((?:https?:)?//[^"'\s>]+)"""
    rb"""|<(?:link|image|use)\b[^>]*?\bhref\s*=\s*["']?\s*((?:https?:)?//[^"'\s>]+)"""
    rb"""|(?:url\(|@import)\s*["']?\s*((?:https?:)?//[^"')\s>]+)""",
    re.IGNORECASE,
)


class ReaderTemplate(NamedTuple):
    """A template by its file's name in ``folder``; ``makes`` is the ending of the documents it makes."""

    folder: Path
    file: str

    @property
    def name(self) -> str:
        """What the reader calls it."""
        return Path(self.file).stem

    @property
    def makes(self) -> str:
        """The ending of its documents."""
        return MAKES[Path(self.file).suffix.lower()]


def templates_in(folder: Path) -> list[ReaderTemplate]:
    """The templates of a folder by name; files that begin with ``_`` or a dot are parts of others. None without the folder."""
    try:
        names = sorted((path.name for path in folder.iterdir() if path.is_file()), key=lambda name: (name.casefold(), name))
    except OSError:
        return []
    return [ReaderTemplate(folder, name) for name in names if name[0] not in "_." and Path(name).suffix.lower() in MAKES]


def template_named(folder: Path, name: str, ending: str) -> ReaderTemplate:
    """The template that is called ``name`` (with or without its ending) and makes files that end so.

    Raises ``NotFound`` with those there are, ``UsageError`` where it makes another kind of file.
    """
    known = templates_in(folder)
    named = [one for one in known if name in (one.name, one.file)]
    for one in named:
        if one.makes == ending.lower():
            return one
    if named:
        raise UsageError(
            N_("The template {file} makes {ending} files. Give the file that ending."),
            file=named[0].file,
            ending=named[0].makes,
        )
    if known:
        raise NotFound(
            N_("There is no template “{name}” in {folder}. There are: {names}."),
            name=name,
            folder=folder,
            names=", ".join(one.file for one in known),
        )
    raise NotFound(N_("There is no template “{name}”. Templates belong in the folder {folder}."), name=name, folder=folder)


def prepare_folder(folder: Path, bundled: Path, language: str) -> None:
    """Make the folder with a text that tells what belongs in it. Raises ``ExportError``."""
    readme = bundled / f"README.{language}.txt"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / README).exists():
            shutil.copyfile(readme if readme.is_file() else bundled / "README.en.txt", folder / README)
    except OSError as error:
        raise _failure(folder, error) from error


def add_examples(folder: Path, bundled: Path) -> list[str]:
    """Copy the worked example into the folder; files that are there stay as they are. The names of those copied."""
    copied = []
    try:
        for path in sorted((bundled / "example").iterdir()):
            if not (folder / path.name).exists():
                shutil.copyfile(path, folder / path.name)
                copied.append(path.name)
    except OSError as error:
        raise _failure(folder, error) from error
    return copied


def fetched(page: bytes) -> tuple[str, ...]:
    """The addresses from which an HTML page fetches pictures, styles and the like when it is opened; each once."""
    found = (next(filter(None, match.groups())) for match in _FETCHED.finditer(page))
    return tuple(dict.fromkeys(address.decode("utf-8", "replace") for address in found))


def _failure(folder: Path, error: OSError) -> ExportError:
    return ExportError(
        N_("The folder of templates {folder} cannot be written to: {what}"), folder=folder, what=error.strerror or error
    )
